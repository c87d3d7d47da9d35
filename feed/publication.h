#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "feed/generation.h"
#include "feed/guarded.h"
#include "feed/key_ceremony.h"
#include "feed/keys.h"
#include "feed/snapshot.h"
#include "feed/witness.h"
#include "registry/lmdb/env.h"
#include "registry/result.h"
#include "registry/strong.h"
#include "registry/time.h"

namespace ismap::feed {

/// A point of a publication at which a test may make it fail.
enum class PublishStep { before_archives, before_guard, before_swap };

struct PublisherSettings {
  std::string iss;  ///< "https://HOST", as in the key set
  std::int64_t list_life_seconds = kListLifeSeconds;
  /// Called at the beginning of each publication, under no lock of the publisher: appends the removals that are due
  /// (12.1). It must not publish.
  std::function<registry::Result<registry::Done>(registry::Instant)> before;
  /// Asks the witnesses of the key set, if it names any. It may take seconds, not more.
  Cosign cosign;
  /// Called at each step; what it refuses ends the publication there.
  std::function<registry::Result<registry::Done>(PublishStep)> at;
};

/// Signs generations of the journal, one after the other, and holds the current one.
///
/// The life of a generation (formats: Publishing): guard, clock and key set are checked; due removals are appended;
/// one read transaction gives the journal's state; keys are chosen; stored feeds that a new key set makes worthless are
/// forgotten; archives that are missing are signed and stored; the
/// list, the feed and the checkpoint are rendered and signed with one `ver`; the database and the guard file remember
/// it, durably; only then the generation is current. A failure before the guard leaves no trace; one after it costs a
/// version number. What is kept between generations follows from the journal.
///
/// Where the key set names witnesses, they cosign the checkpoint before anything that holds it is rendered; without
/// their quorum nothing is published, for a verifier would refuse it, and the generation before stands until it
/// expires.
///
/// Thread: any. Publications run one at a time; current() never waits for one.
class Publisher {
 public:
  /// REQUIRES: `env` outlives the publisher.
  Publisher(registry::lmdb::Env& env, HeldKeys keys, std::filesystem::path data_folder, PublisherSettings settings);

  /// Whether a publication at `now` could be signed: to be asked before anything is decided. Waits for one that runs.
  /// Errors: unavailable, with every reason and its way out; corrupt.
  registry::Result<registry::Done> may_sign(registry::Instant now);

  /// The keys that sign at `now`: each published long enough (key_schedule.h). Errors: as may_sign.
  registry::Result<std::shared_ptr<const Keys>> signers(registry::Instant now);

  /// Replaces the keys that this publisher can sign with; which of them does is said by the key set.
  void take_keys(HeldKeys keys);

  /// What a draft of the next key set would become: asked before it is recorded. It may follow a key set that has
  /// expired or that nobody can sign with any more. Errors: those of check_install; unavailable as may_sign, for guard
  /// and clock.
  registry::Result<Installable> check_keys(const Draft& draft, registry::Instant now);

  /// Signs and swaps in the next generation.
  /// REQUIRES: `now` was read just before the call. It may have waited for other publications: then their `iat`
  /// counts if it is later, so that waiting is not taken for a clock that went back.
  /// Errors: as may_sign; those of the hooks.
  registry::Result<std::shared_ptr<const Generation>> publish(registry::Instant now);

  /// The current generation if it covers the first `size` events, else the next one: waiting acts share one signature.
  registry::Result<std::shared_ptr<const Generation>> publish_covering(registry::TreeSize size, registry::Instant now);

  /// The generation of the last publication of this process, or null before the first.
  [[nodiscard]] std::shared_ptr<const Generation> current() const;

  [[nodiscard]] const FeedNames& names() const { return names_; }

  /// Whether the last publication failed: something may be recorded that is not published yet.
  [[nodiscard]] bool failing() const { return failing_; }

 private:
  using Published = std::shared_ptr<const Generation>;

  registry::Result<Published> next(std::optional<registry::TreeSize> wanted, registry::Instant now);
  registry::Result<Published> attempt(std::optional<registry::TreeSize> wanted, registry::Instant now);
  registry::Result<Published> sign_next(Memory& memory, registry::Instant now);
  /// Guard, ground and keys if signing is allowed.
  struct Permit;
  struct Allowed;
  registry::Result<Permit> permit(const registry::lmdb::ReadTxn& txn, Memory& memory, registry::Instant now) const;
  registry::Result<std::shared_ptr<const Keys>> signers_after(const Published& seen, registry::Instant now);
  [[nodiscard]] registry::Instant not_behind(const Published& seen, registry::Instant now) const;
  [[nodiscard]] registry::Result<registry::Done> step(PublishStep at) const;
  /// Forgets the archives that no verifier believes any more, and signs those that are missing.
  registry::Result<registry::Done> keep_archives(Memory& memory, const Permit& permit, registry::TreeSize size);
  /// The checkpoint of a snapshot, signed by the log and as many witnesses as the key set asks for.
  [[nodiscard]] registry::Result<std::string> checkpoint(const Permit& permit, const Snapshot& snapshot,
                                                         registry::Instant now) const;

  registry::lmdb::Env& env_;
  Guarded<HeldKeys> keys_;
  std::filesystem::path data_folder_;
  PublisherSettings settings_;
  FeedNames names_;
  Guarded<Memory> memory_;  ///< held for the length of a publication
  Guarded<Published> current_;
  std::atomic<bool> failing_ = false;
};

}  // namespace ismap::feed
