#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <map>
#include <memory>
#include <system_error>

#include "feed/files.h"
#include "feed/mirror.h"
#include "feed/restore.h"
#include "registry/attachments/attachments.h"
#include "registry/audit.h"
#include "registry/journal.h"
#include "registry/tables.h"
#include "registry/text.h"
#include "server/auth.h"
#include "server/command/commands.h"
#include "server/command/local_client.h"
#include "server/command/report.h"
#include "server/command/url_source.h"
#include "server/command/verify_command.h"
#include "server/office/attachment_store.h"
#include "server/office/clock.h"
#include "server/office/data_folder.h"
#include "server/office/folder_clock.h"

/// Commands that make copies and that make a register from one: backup, mirror, restore.
namespace ismap::server {

using registry::Done;
using registry::Json;
using registry::Result;

namespace {

constexpr const char* kTrustFiles[] = {"root.jwks", "keysver"};

int no_such_source(const std::string& base) {
  fmt::print(stderr, "ismap-liu: the publication is a folder or http(s)://HOST, not {}\n", base);
  return kExitUsage;
}

/// Copies what verifiers pin, unless it is there.
Result<Done> copy_trust(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (std::filesystem::exists(to)) return Done{};
  auto made = feed::make_folder(to, std::filesystem::perms::owner_all);
  for (const char* name : kTrustFiles) {
    if (!made.ok()) return made;
    const auto octets = feed::read_file(from / name);
    if (!octets.ok()) return octets.errors();
    made = feed::write_new_file(to / name, *octets, feed::FileMode::everyone_reads);
  }
  return made;
}

/// Now, or in a rehearsal when its last event was recorded: a backup is told no other time.
Result<registry::Instant> time_of_backup(const registry::lmdb::Env& env) {
  const auto time = folder_time(env);
  if (!time.ok()) return time.errors();
  if (*time == FolderTime::real) return system_now();
  return env.read([](const registry::lmdb::ReadTxn& txn) -> Result<registry::Instant> {
    return registry::journal::last_recorded_at(txn).value_or(registry::Instant{});
  });
}

/// Enters in the ledger that a copy is made, and where: by the server that owns the folder, or here.
Result<Done> record_backup(const std::filesystem::path& data, const std::filesystem::path& out) {
  const Json where{{"out", std::filesystem::absolute(out).string()}};
  LocalRequest request;
  request.path = "/local/backups";
  request.body = registry::canonical(where);
  if (const auto answered = ask_server(data, request)) {
    if (!answered->ok()) return answered->errors();
    return Done{};
  }
  auto lock = FolderLock::take(data);
  if (!lock.ok()) return lock.errors();
  const auto env = registry::tables::open(data, {});
  if (!env.ok()) return env.errors();
  const auto at = time_of_backup(**env);
  if (!at.ok()) return at.errors();
  const registry::Actor who = local_actor(registry::Role::operator_, ::getuid());
  return (*env)->write([&](registry::lmdb::WriteTxn& txn) -> Result<Done> {
    registry::audit::note(txn, "backup", who, *at, where);
    return Done{};
  });
}

Result<std::unique_ptr<registry::lmdb::Env>> open_to_copy(const std::filesystem::path& data) {
  registry::lmdb::EnvOptions read_only;
  read_only.read_only = true;
  return registry::tables::open(data, read_only);
}

Result<std::map<std::string, std::uint64_t>> named_files_of(const registry::lmdb::Env& env) {
  return env.read([](const registry::lmdb::ReadTxn& txn) { return registry::attachments::named_files(txn); });
}

/// Copies the files that attachments in `env` name, unless they are in the copy already. Those that are gone are left
/// out: with `all` that is an error. Errors: unavailable.
Result<Done> copy_attachments(const registry::lmdb::Env& env, const std::filesystem::path& from,
                              const std::filesystem::path& to, bool all) {
  const auto named = named_files_of(env);
  if (!named.ok()) return named.errors();
  for (const auto& file : *named) {
    std::error_code failure;
    if (std::filesystem::exists(to / file.first)) continue;
    std::filesystem::copy_file(from / file.first, to / file.first, failure);
    if (!failure || (failure == std::errc::no_such_file_or_directory && !all)) continue;
    return registry::Error{
        registry::Code::unavailable, "", "",
        fmt::format("添付ファイル {} を複製できません（{}）。もう一度行い、同じなら fsck で確かめてください",
                    file.first, failure.message()),
        fmt::format("the attached file {} cannot be copied ({}): try again, and if it stays so ask fsck", file.first,
                    failure.message())};
  }
  return Done{};
}

/// The database and the files that it names. Files are copied before it and what came meanwhile after it, so that one
/// that is detached in between is there; it is removed from the copy when that is served.
Result<Done> copy_register(const registry::lmdb::Env& env, const std::filesystem::path& data,
                           const std::filesystem::path& out) {
  const auto from = attachments_folder(data);
  const auto to = attachments_folder(out);
  if (auto copied = copy_attachments(env, from, to, false); !copied.ok()) return copied;
  if (auto copied = env.copy_to(out / "lmdb"); !copied.ok()) return copied;
  registry::lmdb::EnvOptions read_only;
  read_only.read_only = true;
  auto copy = registry::tables::open(out, read_only);
  if (!copy.ok()) return copy.errors();
  auto copied = copy_attachments(**copy, from, to, true);
  copy->reset();
  std::filesystem::remove(out / "lmdb" / "lock.mdb");  // of this reading
  return copied;
}

/// A copy is made also where that cannot be recorded: a full disk or a busy folder are no reason to have none.
Result<Done> back_up(const std::filesystem::path& data, const std::filesystem::path& out) {
  if (const auto there = open_to_copy(data); !there.ok()) return there.errors();
  for (const std::filesystem::path& folder : {out, out / "lmdb", attachments_folder(out)}) {
    auto made = feed::make_folder(folder, std::filesystem::perms::owner_all);
    if (!made.ok()) return made;
  }
  if (const auto recorded = record_backup(data, out); !recorded.ok()) {
    fmt::print(stderr, "注意: この複製は台帳に記録できません / this copy cannot be entered in the ledger\n");
    print_errors(recorded.errors());
  }
  const auto env = open_to_copy(data);
  if (!env.ok()) return env.errors();
  if (auto copied = copy_register(**env, data, out); !copied.ok()) return copied;
  if (auto copied = copy_trust(data / "trust", out / "trust"); !copied.ok()) return copied;
  return feed::sync_file_system(out);
}

/// Makes or opens the database of a folder that this process owns, and continues the mirror's log in it.
Result<feed::RestoreReport> restore_here(const RestoreOptions& options, const feed::verify::Source& mirror) {
  const std::filesystem::path& data = options.data.folder;
  if (!std::filesystem::exists(data)) {
    const auto made = feed::make_folder(data, std::filesystem::perms::owner_all);
    if (!made.ok()) return made.errors();
  }
  auto lock = FolderLock::take(data);
  if (!lock.ok()) return lock.errors();
  const auto passphrase = passphrase_of(options.data);
  if (!passphrase.ok()) return passphrase.errors();
  const auto keys = feed::load_keys(data / "keys", *passphrase);
  if (!keys.ok()) return keys.errors();
  registry::lmdb::EnvOptions create;
  create.create = true;
  const auto env = registry::tables::open(data, create);
  if (!env.ok()) return env.errors();
  const std::filesystem::path own_trust = data / "trust";
  const std::filesystem::path trust = options.trust.empty() ? own_trust : options.trust;
  const auto clock = choose_clock(**env, data, options.data.clock, ClockUse::work);
  if (!clock.ok()) return clock.errors();
  auto report =
      feed::restore(**env, data, *keys, mirror, trust, (*clock)(), local_actor(registry::Role::operator_, ::getuid()));
  if (!report.ok()) return report;
  if (auto copied = copy_trust(trust, own_trust); !copied.ok()) return copied.errors();
  return report;
}

}  // namespace

int run_backup(const BackupOptions& options) {
  if (const auto done = back_up(options.data.folder, options.out); !done.ok()) return failed(done.errors());
  fmt::print(
      "{} に複製しました。秘密鍵と署名の控えは含みません / copied to {}; private keys and the guard file are not in "
      "it.\n",
      options.out.string(), options.out.string());
  return kExitDone;
}

int run_restore(const RestoreOptions& options) {
  const auto mirror = open_source(options.mirror);
  if (mirror == nullptr) return no_such_source(options.mirror);
  const auto report = restore_here(options, *mirror);
  if (!report.ok()) return failed(report.errors());
  if (options.json) {
    const Json json{{"added", report->added}, {"tree_size", report->size.value()}, {"ver", report->ver.value()}};
    fmt::print("{}\n", json.dump(2));
  } else {
    fmt::print("{} events were added; the log has {}, last published as version {}.\n", report->added,
               report->size.value(), report->ver.value());
  }
  return kExitDone;
}

int run_mirror(const MirrorOptions& options) {
  const auto origin = open_source(options.origin);
  if (origin == nullptr) return no_such_source(options.origin);
  const registry::Instant now = options.now ? registry::Instant{0}.plus_seconds(*options.now) : system_now();
  const auto report =
      feed::mirror(*origin, options.folder, {options.trust, now, options.services, options.all_services});
  if (!report.ok()) return failed(report.errors());
  const int code = print_report(report->verification, options.json);
  fmt::print(stderr, "{} requests, {} octets received, {} files written\n", report->requests, report->octets,
             report->written);
  return code;
}

}  // namespace ismap::server
