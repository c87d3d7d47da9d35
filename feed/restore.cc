#include "feed/restore.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "feed/atom.h"
#include "feed/guard.h"
#include "feed/key_schedule.h"
#include "feed/last_signed.h"
#include "feed/tiles.h"
#include "feed/verify/kept_source.h"
#include "registry/journal.h"
#include "registry/ledger.h"
#include "registry/tables.h"

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Done;
using registry::Error;
using registry::Instant;
using registry::Json;
using registry::Result;
using registry::lmdb::Env;
using registry::lmdb::ReadTxn;
using registry::lmdb::WriteTxn;
namespace journal = registry::journal;
namespace tables = registry::tables;
using verify::KeptSource;
using verify::Source;

Error unverified(const verify::Finding& finding) {
  return {Code::invalid, finding.document, "",
          fmt::format("複製を検証できません（{}）: {}", code_of(finding.fault), ja_of(finding.fault)),
          fmt::format("the mirror does not verify ({}): {}", code_of(finding.fault), en_of(finding.fault))};
}

Error other_event(std::uint64_t seq) {
  return {
      Code::conflict, "", "",
      fmt::format("事象 {} が複製と異なります。別の台帳か、古い写しから続けて記録された台帳です。復元しません", seq),
      fmt::format("event {} differs from the mirror's: another log, or one that went on from an old copy; nothing "
                  "is restored",
                  seq)};
}

Error mirror_is_older() {
  return {Code::conflict, "", "",
          "この複製は、ここで最後に公表したものより古いため使えません。新しい複製を使ってください",
          "this mirror is older than what was last published here: use a newer one"};
}

Error not_what_was_signed(registry::TreeSize size) {
  return {Code::conflict, "", "",
          fmt::format("この複製の最初の {} 件は、ここで署名したものと異なります。復元しません", size.value()),
          fmt::format("the first {} events of this mirror are not what was signed here: nothing is restored",
                      size.value())};
}

/// When the mirror's list says that it was signed; nobody has checked it yet.
Result<Instant> signing_time(const Source& mirror) {
  const auto octets = mirror.get(verify::kListJsonPath);
  if (!octets) return unverified(octets.finding());
  const Json list = Json::parse(*octets, nullptr, false);
  if (!list.is_object() || !list.contains("iat") || !list.at("iat").is_number_unsigned()) {
    return unverified({verify::Fault::list_malformed, verify::kListJsonPath, ""});
  }
  return Instant{0}.plus_seconds(list.at("iat").get<std::int64_t>() % (std::int64_t{1} << 40));
}

/// A mirror that verifies, with all that was read of it.
struct Verified {
  std::unique_ptr<KeptSource> mirror;
  verify::Report report;
};

/// Verifies the mirror as of the time when its list was signed. A site may publish while it is being read: then it is
/// read again from the beginning.
Result<Verified> verified_mirror(const Source& origin, const std::filesystem::path& trust, Instant now) {
  for (int attempt = 1;; ++attempt) {
    Verified read{std::make_unique<KeptSource>(origin), {}};
    const auto signed_at = signing_time(*read.mirror);
    if (!signed_at) return signed_at.errors();
    read.report = verify::verify_site(*read.mirror, {trust, std::nullopt, std::min(now, *signed_at), {}});
    if (!read.report.finding) return read;
    const auto seen = read.mirror->get(verify::kListJsonPath);
    const auto present = origin.get(verify::kListJsonPath);
    const bool same = !seen || !present || *seen == *present;
    if (same || attempt == verify::kMaxAttempts) return unverified(*read.report.finding);
  }
}

/// The leaves of one entry bundle.
Result<std::vector<std::string>> leaves_in(const Source& mirror, const Tile& bundle) {
  const auto octets = mirror.get(path_of(bundle));
  if (!octets) return unverified(octets.finding());
  const auto leaves = parse_bundle(*octets, bundle.width);
  if (!leaves) return leaves.errors();
  return std::vector<std::string>(leaves->begin(), leaves->end());
}

/// Compares what the journal has with the mirror, and adds what it lacks. Gives the number of leaves added.
Result<std::uint64_t> add_leaves(WriteTxn& txn, const Source& mirror, registry::TreeSize size) {
  std::uint64_t added = 0;
  for (const Tile& bundle : bundles_of(size)) {
    const auto leaves = leaves_in(mirror, bundle);
    if (!leaves) return leaves.errors();
    std::uint64_t seq = bundle.index * kTileWidth;
    for (const std::string& leaf : *leaves) {
      const auto known = journal::leaf(txn, registry::Seq{seq});
      if (known && known->value() != leaf) return other_event(seq);
      if (!known) {
        if (auto appended = journal::append_leaf(txn, leaf); !appended) return appended.errors();
        ++added;
      }
      ++seq;
    }
  }
  return added;
}

/// Key sets and archives stand in no leaf: they are taken over as published.
Result<Done> add_documents(WriteTxn& txn, const Source& mirror, registry::TreeSize size) {
  const auto newest = tables::latest(txn, "keys");
  const auto event = journal::event(txn, newest.value_or(registry::Seq{0}));
  if (!event) return event.errors();
  for (std::uint64_t n = 1; n <= event->record.at("ver").get<std::uint64_t>(); ++n) {
    const auto octets = mirror.get(fmt::format("/v1/keys/{}.json", n));
    if (!octets) return unverified(octets.finding());
    txn.put(tables::kKeySets, registry::lmdb::key_of(n), *octets);
  }
  for (std::uint64_t n = 0; n < size.value() / kArchiveEvents; ++n) {
    const auto octets = mirror.get(archive_path(n));
    if (!octets) return unverified(octets.finding());
    txn.put(tables::kArchives, registry::lmdb::key_of(n), *octets);
  }
  return Done{};
}

/// The guard file, if there is one that can be read: a missing or torn one is what a restore mends.
std::optional<Guard> present_guard(const std::filesystem::path& data_folder) {
  const auto guard = read_guard(data_folder);
  return guard ? std::optional(*guard) : std::nullopt;
}

/// What was last signed, by all that is known of it: the mirror, the guard file and the database. `ver` and `iat` never
/// go back. Errors: conflict when the mirror is older than the guard, or of another history.
Result<Guard> signed_so_far(const ReadTxn& txn, const verify::Report& report, const std::optional<Guard>& guard) {
  Guard last{report.iat, report.root, report.size, report.ver};
  if (guard) {
    if (guard->size > report.size) return mirror_is_older();
    if (journal::tree(txn, guard->size).root() != guard->root) return not_what_was_signed(guard->size);
    last.iat = std::max(last.iat, guard->iat);
    last.ver = std::max(last.ver, guard->ver);
  }
  return not_below(txn, last);
}

/// What continuing the log came to.
struct Continued {
  std::uint64_t added = 0;
  Guard last;
};

void enter_restore(WriteTxn& txn, const registry::Actor& who, std::uint64_t added, Instant now) {
  registry::ledger::append(txn, Json{{"act", "restore"},
                                     {"actor", to_json(who)},
                                     {"article", nullptr},
                                     {"at", now.iso()},
                                     {"events", Json::array()},
                                     {"leaves_added", added}});
}

/// All that the mirror adds, and only if the journal is then the log that was verified.
Result<Continued> continue_log(WriteTxn& txn, const Verified& from, const std::optional<Guard>& guard) {
  const verify::Report& report = from.report;
  if (journal::size(txn) > report.size) return mirror_is_older();
  const auto added = add_leaves(txn, *from.mirror, report.size);
  if (!added) return added.errors();
  if (journal::size(txn) != report.size || journal::tree(txn, report.size).root() != report.root) {
    return unverified({verify::Fault::entries_root, "/log/tile/entries", "not the log that was verified"});
  }
  if (auto done = add_documents(txn, *from.mirror, report.size); !done) return done.errors();
  const auto last = signed_so_far(txn, report, guard);
  if (!last) return last.errors();
  remember_signed(txn, *last);
  return Continued{*added, *last};
}

/// Whether the folder has a key for each role of the key set.
Result<Done> check_signers(const HeldKeys& keys, const Source& mirror, const std::string& origin) {
  const auto octets = mirror.get("/v1/keys.json");
  if (!octets) return unverified(octets.finding());
  const auto set = open_key_set(*octets);
  if (!set) return set.errors();
  return check_keys(keys, *set, origin);
}

}  // namespace

Result<RestoreReport> restore(Env& env, const std::filesystem::path& data_folder, const HeldKeys& keys,
                              const Source& mirror, const std::filesystem::path& trust, Instant now,
                              const registry::Actor& who) {
  const auto from = verified_mirror(mirror, trust, now);
  if (!from) return from.errors();
  if (auto good = check_signers(keys, *from->mirror, from->report.origin); !good) return good.errors();
  const auto guard = present_guard(data_folder);
  const auto continued = env.write([&](WriteTxn& txn) {
    auto done = continue_log(txn, *from, guard);
    if (done) enter_restore(txn, who, done->added, now);
    return done;
  });
  if (!continued) return continued.errors();
  if (auto guarded = write_guard(data_folder, continued->last); !guarded) return guarded.errors();
  return RestoreReport{from->report.size, continued->last.ver, continued->added};
}

}  // namespace ismap::feed
