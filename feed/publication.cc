#include "feed/publication.h"

#include <algorithm>
#include <utility>

#include "feed/last_signed.h"
#include "feed/log_files.h"
#include "feed/rendering.h"
#include "feed/stored_feeds.h"

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Done;
using registry::Error;
using registry::Errors;
using registry::Instant;
using registry::Result;
using registry::lmdb::ReadTxn;

/// Whatever is wrong with the guard file, to the edge it means: not now.
Errors unavailable(Errors errors) {
  for (Error& error : errors) error.code = Code::unavailable;
  return errors;
}

Error other_issuer(const std::string& published, const std::string& configured) {
  return {Code::unavailable, "", "",
          "公開の名義（" + configured + "）が鍵セットの名義（" + published +
              "）と異なるため、署名しません。設定を直してください",
          "the configured issuer " + configured + " is not that of the key set, " + published + "; mend the setting"};
}

}  // namespace

struct Publisher::Permit {
  Guard guard;
  Ground ground;
  std::shared_ptr<const Keys> keys;
};

/// A publication that is read and allowed, not yet signed.
struct Publisher::Allowed {
  Permit permit;
  Snapshot snapshot;
};

Publisher::Publisher(registry::lmdb::Env& env, HeldKeys keys, std::filesystem::path data_folder,
                     PublisherSettings settings)
    : env_(env),
      keys_(std::move(keys)),
      data_folder_(std::move(data_folder)),
      settings_(std::move(settings)),
      names_(names_of(settings_.iss)) {}

std::shared_ptr<const Generation> Publisher::current() const {
  return current_.with([](const Published& published) { return published; });
}

Result<Publisher::Permit> Publisher::permit(const ReadTxn& txn, Memory& memory, Instant now) const {
  auto guard = read_last_signed(txn, data_folder_);
  if (!guard) return unavailable(guard.errors());
  auto ground = read_ground(txn, *guard, memory);
  if (!ground) return ground.errors();
  const auto allowed = check(*guard, {ground->size, ground->root_at_guard, now, ground->key_set.exp});
  if (!allowed) return allowed.errors();
  auto keys = keys_.with([&](const HeldKeys& held) {
    return choose_keys(held, ground->key_set, ground->key_ages, ground->origin,
                       {now, guard->size, settings_.list_life_seconds});
  });
  if (!keys) return keys.errors();
  if (ground->key_set.iss != settings_.iss) return other_issuer(ground->key_set.iss, settings_.iss);
  return Permit{*guard, std::move(*ground), std::make_shared<const Keys>(std::move(*keys))};
}

Instant Publisher::not_behind(const Published& seen, Instant now) const {
  const Published present = current();
  return present == nullptr || present == seen ? now : std::max(now, present->signed_at);
}

Result<std::shared_ptr<const Keys>> Publisher::signers_after(const Published& seen, Instant now) {
  return memory_.with([&](Memory& memory) {
    return env_.read([&](const ReadTxn& txn) -> Result<std::shared_ptr<const Keys>> {
      const auto allowed = permit(txn, memory, not_behind(seen, now));
      if (!allowed) return allowed.errors();
      return allowed->keys;
    });
  });
}

Result<std::shared_ptr<const Keys>> Publisher::signers(Instant now) { return signers_after(current(), now); }

Result<Done> Publisher::may_sign(Instant now) {
  const auto allowed = signers(now);
  if (!allowed) return allowed.errors();
  return Done{};
}

void Publisher::take_keys(HeldKeys keys) {
  keys_.with([&](HeldKeys& held) { held = std::move(keys); });
}

Result<Installable> Publisher::check_keys(const Draft& draft, Instant now) {
  return memory_.with([&](Memory& memory) {
    return env_.read([&](const ReadTxn& txn) -> Result<Installable> {
      const auto guard = read_last_signed(txn, data_folder_);
      if (!guard) return unavailable(guard.errors());
      const auto ground = read_ground(txn, *guard, memory);
      if (!ground) return ground.errors();
      const KeyGround keys{memory.key_versions, ground->origin, *guard, settings_.list_life_seconds};
      auto installable = keys_.with([&](const HeldKeys& held) { return check_install(keys, draft, held, now); });
      if (!installable) return installable;
      const auto allowed = check(*guard, {ground->size, ground->root_at_guard, now, installable->set.exp});
      if (!allowed) return allowed.errors();
      return installable;
    });
  });
}

Result<Done> Publisher::step(PublishStep at) const { return settings_.at ? settings_.at(at) : Done{}; }

Result<std::string> Publisher::checkpoint(const Permit& permit, const Snapshot& snapshot, Instant now) const {
  std::string signed_by_log = sign_checkpoint({permit.ground.origin, snapshot.size, snapshot.root}, permit.keys->log);
  const KeySet& set = permit.ground.key_set;
  if (set.witnesses.empty()) return signed_by_log;
  CosignRequest request;
  request.checkpoint = std::move(signed_by_log);
  request.size = snapshot.size;
  request.witnesses = set.witnesses;
  request.quorum = set.witness_quorum;
  request.published = permit.guard.size;
  request.now = now;
  request.proof = [&](registry::TreeSize from) {
    return env_.read([&](const ReadTxn& txn) { return consistency_path(tiles_in(txn), from, snapshot.size); });
  };
  return with_cosignatures(request, settings_.cosign ? settings_.cosign(request) : "");
}

Result<Done> Publisher::keep_archives(Memory& memory, const Permit& permit, registry::TreeSize size) {
  if (auto go = step(PublishStep::before_archives); !go) return go;
  const KeySet& set = permit.ground.key_set;
  if (memory.feeds_believed_by != set.ver) {
    if (auto forgotten = forget_unbelievable_feeds(env_, set); !forgotten) return forgotten;
    memory.feeds_believed_by = set.ver;
  }
  return store_archives(env_, size, *permit.keys, names_);
}

Result<Publisher::Published> Publisher::sign_next(Memory& memory, Instant now) {
  auto read = env_.read([&](const ReadTxn& txn) -> Result<Allowed> {
    auto allowed = permit(txn, memory, now);
    if (!allowed) return allowed.errors();
    auto snapshot = read_snapshot(txn, names_, memory);
    if (!snapshot) return snapshot.errors();
    return Allowed{std::move(*allowed), std::move(*snapshot)};
  });
  if (!read) return read.errors();
  const Permit& permitted = read->permit;
  Snapshot& snapshot = read->snapshot;
  if (auto stored = keep_archives(memory, permitted, snapshot.size); !stored) return unavailable(stored.errors());
  const Published before = current();
  const std::uint64_t last = std::max(permitted.guard.ver.value(), before == nullptr ? 0 : before->ver.value());
  const Instant iat = Instant{0}.plus_seconds(now.unix_seconds());
  auto cosigned = checkpoint(permitted, snapshot, now);
  if (!cosigned) return cosigned.errors();
  const Stamp stamp{registry::ListVersion{last + 1}, iat, iat.plus_seconds(settings_.list_life_seconds),
                    std::move(*cosigned)};
  Published next = std::make_shared<const Generation>(
      render(snapshot, permitted.ground, stamp, permitted.keys, names_, before.get()));

  memory.services = std::move(snapshot.services);
  memory.entries = std::move(snapshot.entries);
  if (auto go = step(PublishStep::before_guard); !go) return go.errors();
  const Guard guard{iat, snapshot.root, snapshot.size, stamp.ver};
  if (auto written = write_last_signed(env_, data_folder_, guard); !written) return unavailable(written.errors());
  if (auto go = step(PublishStep::before_swap); !go) return go.errors();
  current_.with([&](Published& published) {
    published = next;
    return Done{};
  });
  failing_ = false;
  return next;
}

Result<Publisher::Published> Publisher::next(std::optional<registry::TreeSize> wanted, Instant now) {
  Result<Published> published = attempt(wanted, now);
  if (!published.ok()) failing_ = true;  // only the next generation takes it back
  return published;
}

Result<Publisher::Published> Publisher::attempt(std::optional<registry::TreeSize> wanted, Instant now) {
  const Published seen = current();
  if (wanted && seen != nullptr && seen->size >= *wanted) return seen;
  if (auto allowed = signers_after(seen, now); !allowed) return allowed.errors();
  if (settings_.before) {
    if (auto done = settings_.before(now); !done) return done.errors();
  }
  return memory_.with([&](Memory& memory) -> Result<Published> {
    const Published present = current();
    if (wanted && present != nullptr && present->size >= *wanted) return present;
    return sign_next(memory, not_behind(seen, now));
  });
}

Result<std::shared_ptr<const Generation>> Publisher::publish(Instant now) { return next(std::nullopt, now); }

Result<std::shared_ptr<const Generation>> Publisher::publish_covering(registry::TreeSize size, Instant now) {
  return next(size, now);
}

}  // namespace ismap::feed
