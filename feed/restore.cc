#include "feed/restore.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "feed/atom.h"
#include "feed/guard.h"
#include "feed/key_schedule.h"
#include "feed/tiles.h"
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
using verify::Source;

Error refused(const verify::Finding& finding) {
  return {Code::invalid, finding.document, "",
          fmt::format("複製を検証できません（{}）: {}", code_of(finding.fault), ja_of(finding.fault)),
          fmt::format("the mirror does not verify ({}): {}", code_of(finding.fault), en_of(finding.fault))};
}

Error beside(std::uint64_t seq) {
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

/// What the mirror's list says of itself.
struct ListHead {
  std::uint64_t ver = 0;
  Instant iat;
};

Result<ListHead> list_head(const Source& mirror) {
  const auto octets = mirror.get("/v1/list.json");
  if (!octets) return refused(octets.finding());
  const Json list = Json::parse(*octets, nullptr, false);
  if (!list.is_object() || !list.contains("iat") || !list.contains("ver") || !list.at("iat").is_number_unsigned() ||
      !list.at("ver").is_number_unsigned()) {
    return refused({verify::Fault::list_malformed, "/v1/list.json", ""});
  }
  return ListHead{list.at("ver").get<std::uint64_t>(),
                  Instant{0}.plus_seconds(list.at("iat").get<std::int64_t>() % (std::int64_t{1} << 40))};
}

/// The leaves of one entry bundle.
Result<std::vector<std::string>> leaves_of(const Source& mirror, const Tile& bundle) {
  const auto octets = mirror.get(path_of(bundle));
  if (!octets) return refused(octets.finding());
  const auto leaves = parse_bundle(*octets, bundle.width);
  if (!leaves) return leaves.errors();
  return std::vector<std::string>(leaves->begin(), leaves->end());
}

/// Compares what the journal has with the mirror, and adds what it lacks; one transaction a bundle.
Result<std::uint64_t> add_leaves(Env& env, const Source& mirror, registry::TreeSize size) {
  std::uint64_t added = 0;
  for (const Tile& bundle : bundles_of(size)) {
    const auto leaves = leaves_of(mirror, bundle);
    if (!leaves) return leaves.errors();
    const auto done = env.write([&](WriteTxn& txn) -> Result<Done> {
      std::uint64_t seq = bundle.index * kTileWidth;
      for (const std::string& leaf : *leaves) {
        const auto known = journal::leaf(txn, registry::Seq{seq});
        if (known && known->value() != leaf) return beside(seq);
        if (!known) {
          if (auto appended = journal::append_leaf(txn, leaf); !appended) return appended;
          ++added;
        }
        ++seq;
      }
      return Done{};
    });
    if (!done) return done.errors();
  }
  return added;
}

/// Key sets and archives stand in no leaf: they are taken over as published.
Result<Done> add_documents(Env& env, const Source& mirror, registry::TreeSize size, std::uint64_t added) {
  return env.write([&](WriteTxn& txn) -> Result<Done> {
    const auto newest = tables::latest(txn, "keys");
    const auto event = journal::event(txn, newest.value_or(registry::Seq{0}));
    if (!event) return event.errors();
    for (std::uint64_t n = 1; n <= event->record.at("ver").get<std::uint64_t>(); ++n) {
      const auto octets = mirror.get(fmt::format("/v1/keys/{}.json", n));
      if (!octets) return refused(octets.finding());
      txn.put(tables::kKeySets, registry::lmdb::key_of(n), *octets);
    }
    for (std::uint64_t n = 0; n < size.value() / kArchiveEvents; ++n) {
      const auto octets = mirror.get(archive_path(n));
      if (!octets) return refused(octets.finding());
      txn.put(tables::kArchives, registry::lmdb::key_of(n), *octets);
    }
    const auto at = journal::last_recorded_at(txn);
    registry::ledger::append(txn, Json{{"act", "restore"},
                                       {"actor", {{"role", "operator"}, {"organisation", nullptr}}},
                                       {"article", nullptr},
                                       {"at", at ? at->iso() : ""},
                                       {"events", Json::array()},
                                       {"leaves_added", added}});
    return Done{};
  });
}

/// Whether the mirror has all that the journal and the guard know of, before anything is written.
Result<Done> check_not_behind(const Env& env, const std::filesystem::path& data_folder, registry::TreeSize size,
                              std::uint64_t ver) {
  const auto here = env.read([](const ReadTxn& txn) -> Result<registry::TreeSize> { return journal::size(txn); });
  if (!here) return here.errors();
  if (*here > size) return mirror_is_older();
  const auto guard = read_guard(data_folder);
  if (guard && (guard->size > size || guard->ver.value() > ver)) return mirror_is_older();
  return Done{};
}

/// Whether the folder has a key for each role of the key set.
Result<Done> check_signers(const HeldKeys& keys, const Source& mirror, const std::string& origin) {
  const auto octets = mirror.get("/v1/keys.json");
  if (!octets) return refused(octets.finding());
  const auto set = open_key_set(*octets);
  if (!set) return set.errors();
  return check_keys(keys, *set, origin);
}

/// Origin of the mirror's log, from its verified checkpoint.
Result<Checkpoint> checkpoint_of(const Source& mirror) {
  const auto octets = mirror.get("/log/checkpoint");
  if (!octets) return refused(octets.finding());
  const auto note = parse_note(*octets);
  if (!note) return note.errors();
  return parse_checkpoint(note->text);
}

}  // namespace

Result<RestoreReport> restore(Env& env, const std::filesystem::path& data_folder, const HeldKeys& keys,
                              const Source& mirror, const std::filesystem::path& trust, Instant now) {
  const auto head = list_head(mirror);
  if (!head) return head.errors();
  const Instant as_of = std::min(now, head->iat);
  const verify::Report report = verify::verify_site(mirror, {trust, std::nullopt, as_of, {}});
  if (report.finding) return refused(*report.finding);
  const auto checkpoint = checkpoint_of(mirror);
  if (!checkpoint) return checkpoint.errors();
  if (auto good = check_signers(keys, mirror, checkpoint->origin); !good) return good.errors();
  if (auto good = check_not_behind(env, data_folder, report.size, report.ver.value()); !good) return good.errors();
  const auto added = add_leaves(env, mirror, report.size);
  if (!added) return added.errors();
  if (auto done = add_documents(env, mirror, report.size, *added); !done) return done.errors();
  const auto root =
      env.read([&](const ReadTxn& txn) -> Result<registry::Digest> { return journal::tree(txn, report.size).root(); });
  if (!root) return root.errors();
  const auto guarded = write_guard(data_folder, {head->iat, *root, report.size, report.ver});
  if (!guarded) return guarded.errors();
  return RestoreReport{report.size, report.ver, *added};
}

}  // namespace ismap::feed
