#include "server/command/key_commands.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "feed/files.h"
#include "feed/init.h"
#include "feed/key_ceremony.h"
#include "registry/tables.h"
#include "server/auth.h"
#include "server/command/desk_work.h"
#include "server/command/key_report.h"
#include "server/command/options.h"
#include "server/command/report.h"
#include "server/office/folder_clock.h"
#include "server/office/tasks.h"

namespace ismap::server {

using feed::KeyGround;
using feed::KeySet;
using registry::Code;
using registry::Done;
using registry::Error;
using registry::Instant;
using registry::Json;
using registry::Result;

namespace {

/// What a change of keys stands on, and the time of it.
struct Ground {
  KeyGround keys;
  Instant now;
};

/// Reads it; a server may be running on the folder.
Result<Ground> read_ground(const FolderPlace& data) {
  registry::lmdb::EnvOptions read_only;
  read_only.read_only = true;
  auto env = registry::tables::open(data.folder, read_only);
  if (!env.ok()) return env.errors();
  const auto clock = choose_clock(**env, data.folder, data.clock, ClockUse::look);
  if (!clock.ok()) return clock.errors();
  auto keys = (*env)->read([&](const registry::lmdb::ReadTxn& txn) { return feed::read_key_ground(txn, data.folder); });
  if (!keys.ok()) return keys.errors();
  return Ground{std::move(*keys), (*clock)()};
}

std::filesystem::path keys_of(const KeyOptions& options) { return options.data.folder / "keys"; }

/// A draft in the making: the next version, and the keys that were made for it. They go with it unless it is kept.
class Making {
 public:
  explicit Making(KeySet set) : next(std::move(set)) {}
  ~Making() {
    for (const feed::FreshKey& key : fresh) feed::take_back(key);
  }
  Making(const Making&) = delete;
  Making& operator=(const Making&) = delete;
  void keep() { fresh.clear(); }

  KeySet next;
  std::vector<feed::FreshKey> fresh;
};

/// Makes the next key of a role in DIR/keys and names it in the next version.
Result<Done> add_fresh(Making& making, feed::KeyRole role, const Ground& ground, const KeyOptions& options,
                       const feed::Passphrase& passphrase) {
  KeySet& next = making.next;
  auto fresh = feed::make_key(keys_of(options), role, feed::names_of(next.iss).host, ground.now, passphrase);
  if (!fresh.ok()) return fresh.errors();
  feed::add_key(next, role, *fresh, ground.keys.origin);
  making.fresh.push_back(std::move(*fresh));
  return Done{};
}

Result<Done> rotate_root(KeySet& next, const KeyOptions& options) {
  feed::RootChange change;
  for (const std::string& file : options.add) {
    const auto octets = read_input(file);
    const auto jwk = octets.ok() ? registry::parse_json(*octets) : Result<Json>(octets.errors());
    if (!jwk.ok()) return jwk.errors();
    change.add.push_back(*jwk);
  }
  change.remove = options.remove;
  change.threshold = options.threshold;
  return feed::change_roots(next, change);
}

Result<Done> rotate(Making& making, const Ground& ground, const KeyOptions& options) {
  if (options.roles == std::vector<std::string>{"root"}) return rotate_root(making.next, options);
  const auto passphrase = passphrase_of(options.data);
  if (!passphrase.ok()) return passphrase.errors();
  std::vector<feed::KeyRole> roles;
  for (const std::string& name : options.roles) {
    const auto role = feed::key_role(name);
    if (!role) {
      return Error{Code::invalid, "", "", "役割は jwt、log、atom のいずれか（複数可）か、root だけです",
                   "a role is jwt, log or atom, several at once, or root alone"};
    }
    roles.push_back(*role);
  }
  for (const feed::KeyRole role : roles) {
    if (auto added = add_fresh(making, role, ground, options, *passphrase); !added.ok()) return added;
  }
  return Done{};
}

Result<Done> retire(KeySet& next, const Ground& ground, const KeyOptions& options) {
  for (const std::string& kid : options.kids) {
    if (auto retired = feed::retire(next, ground.keys, kid, ground.now); !retired.ok()) return retired;
  }
  return Done{};
}

/// Revokes, and makes another key for a role that has none left.
Result<Done> revoke(Making& making, const Ground& ground, const KeyOptions& options) {
  KeySet& next = making.next;
  feed::Revocation revocation;
  revocation.reason = options.reason;
  if (options.last_good_ver) revocation.last_good_ver = registry::ListVersion{*options.last_good_ver};
  if (options.last_good_size) revocation.last_good_size = registry::TreeSize{*options.last_good_size};
  const auto passphrase = passphrase_of(options.data);
  if (!passphrase.ok()) return passphrase.errors();
  for (const std::string& kid : options.kids) {
    const auto role = feed::role_of(next, kid);
    revocation.kid = kid;
    if (auto revoked = feed::revoke(next, ground.keys, revocation, ground.now); !revoked.ok()) return revoked;
    if (!role || !feed::kids_of(next, *role).empty()) continue;
    if (auto added = add_fresh(making, *role, ground, options, *passphrase); !added.ok()) return added;
  }
  return Done{};
}

Result<Done> change(Making& making, const Ground& ground, const KeyOptions& options) {
  switch (options.action) {
    case KeyOptions::Action::rotate:
      return rotate(making, ground, options);
    case KeyOptions::Action::retire:
      return retire(making.next, ground, options);
    case KeyOptions::Action::revoke:
      return revoke(making, ground, options);
    case KeyOptions::Action::witness:
      return feed::change_witnesses(making.next, {options.add, options.remove, options.threshold});
    default:
      return Done{};  // renew: a new life alone
  }
}

void print_words(const feed::Draft& draft) {
  for (const feed::Words& words : feed::differences(feed::before_of(draft), feed::next_of(draft))) {
    fmt::print("  {}\n      {}\n", words.ja, words.en);
  }
}

void print_signatures(const feed::Signatures& have) {
  fmt::print("署名 / signed: いまの版 / present version {}/{}、次の版 / next version {}/{}\n", have.before,
             have.before_needed, have.next, have.next_needed);
}

/// The server's first half: the next version as a draft, without a signature.
int write_draft(const KeyOptions& options) {
  const auto ground = read_ground(options.data);
  if (!ground.ok()) return failed(ground.errors());
  Making making(feed::next_key_set(ground->keys, ground->now));
  if (auto changed = change(making, *ground, options); !changed.ok()) return failed(changed.errors());
  if (auto allowed = feed::check_change(ground->keys, making.next, ground->now); !allowed.ok()) {
    return failed(allowed.errors());
  }
  const feed::Draft draft = feed::draft_of(ground->keys, making.next);
  const auto written = feed::write_new_file(options.draft, feed::to_octets(draft), feed::FileMode::everyone_reads);
  if (!written.ok()) return failed(written.errors());
  making.keep();
  print_words(draft);
  fmt::print(
      "案を {0} に書きました。ルート鍵の所有者が key sign で署名し、key install で公表します。\n"
      "wrote {0}: to be signed with key sign where the root keys are, and published with key install\n",
      options.draft.string());
  return kExitDone;
}

bool agreed() {
  fmt::print("この内容に署名しますか。はいなら yes と入力してください / sign this? type yes: ");
  std::fflush(stdout);
  std::string answer;
  return std::getline(std::cin, answer) && answer == "yes";
}

/// The offline half.
int sign_draft(const KeyOptions& options) {
  const auto passphrase = passphrase_of(options.data);
  if (!passphrase.ok()) return failed(passphrase.errors());
  const auto octets = feed::read_file(options.draft);
  auto draft = octets.ok() ? feed::parse_draft(*octets) : Result<feed::Draft>(octets.errors());
  if (!draft.ok()) return failed(draft.errors());
  print_words(*draft);
  if (!options.yes && !agreed()) {
    return failed({{Code::invalid, "", "", "署名しませんでした", "nothing was signed"}});
  }
  for (const std::filesystem::path& file : options.roots) {
    const auto root = feed::PrivateKey::read(file, feed::KeyKind::es256, *passphrase);
    if (!root.ok()) return failed(root.errors());
    if (auto added = feed::sign(*draft, *root); !added.ok()) return failed(added.errors());
  }
  if (auto written = feed::replace_file(options.draft, feed::to_octets(*draft)); !written.ok()) {
    return failed(written.errors());
  }
  print_signatures(feed::signatures_of(*draft));
  return kExitDone;
}

int make_root(const KeyOptions& options) {
  const auto passphrase = passphrase_of(options.data);
  if (!passphrase.ok()) return failed(passphrase.errors());
  const auto root = feed::PrivateKey::generate(feed::KeyKind::es256);
  if (auto written = root.write(options.draft, *passphrase); !written.ok()) return failed(written.errors());
  const auto written =
      feed::write_new_file(options.public_out, registry::canonical(root.jwk()) + "\n", feed::FileMode::everyone_reads);
  if (!written.ok()) return failed(written.errors());
  fmt::print("root key {}\n", root.kid());
  return kExitDone;
}

int install(const KeyOptions& options) {
  const auto draft = feed::read_file(options.draft);
  if (!draft.ok()) return failed(draft.errors());
  LocalRequest request;
  request.path = "/local/keys";
  request.body = *draft;
  const auto here = [&](Office& office) {
    return tasks::install_keys(office, local_actor(registry::Role::operator_, ::getuid()), *draft);
  };
  return finish(have_done(options.data, request, here), print_json);
}

int list(const KeyOptions& options) {
  const auto ground = read_ground(options.data);
  if (!ground.ok()) return failed(ground.errors());
  const Json report = key_report(ground->keys, ground->now);
  if (options.json) {
    print_json(report);
  } else {
    fmt::print("{}", key_report_text(report));
  }
  if (feed::root_is_online(keys_of(options))) {
    fmt::print(
        stderr,
        "注意: {0}/root.pem がまだあります。オフラインに移してください / {0}/root.pem is still here: take it offline\n",
        keys_of(options).string());
  }
  return kExitDone;
}

}  // namespace

int run_key(const KeyOptions& options) {
  switch (options.action) {
    case KeyOptions::Action::list:
      return list(options);
    case KeyOptions::Action::sign:
      return sign_draft(options);
    case KeyOptions::Action::new_root:
      return make_root(options);
    case KeyOptions::Action::install:
      return install(options);
    default:
      return write_draft(options);
  }
}

}  // namespace ismap::server
