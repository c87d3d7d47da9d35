#include "feed/verify/leaves.h"

#include <fmt/format.h>

#include <algorithm>

#include "feed/verify/octets.h"
#include "registry/digest.h"
#include "registry/merkle.h"

namespace ismap::feed::verify {

namespace {

using registry::Day;
using registry::Digest;
using registry::Done;
using registry::EventKind;
using registry::Instant;
using registry::Seq;
using registry::TreeSize;

constexpr std::size_t kMaxLeaf = 60'000;
constexpr std::string_view kNull = "null";
constexpr const char* kEntries = "/log/tile/entries";

/// A member of the record, which stands below `record`.
std::string_view of_record(const std::vector<Member>& members, std::string_view name) {
  bool inside = false;
  for (const Member& member : members) {
    if (member.depth == 1) inside = member.name == "record";
    if (inside && member.depth == 2 && member.name == name) return member.value;
  }
  return {};
}

bool is_id(std::string_view id) {
  return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

bool is_hex_digest(std::string_view text) { return registry::digest_from_hex(text).has_value(); }

/// Exactly 24 characters, and a time that there is.
bool is_instant(std::string_view text) {
  const auto at = Instant::parse(text);
  return text.size() == 24 && at && at->iso() == text;
}

/// What only a correction has, and a correction must have.
bool is_correction_sound(std::string_view changes, std::string_view corrects, EventKind kind, Seq seq) {
  if (kind != EventKind::corrected) return changes == kNull && corrects == kNull;
  const auto corrected = unsigned_of(corrects);
  return changes.starts_with('{') && corrected && *corrected < seq.value();
}

bool read_key_record(const std::vector<Member>& members, Leaf& leaf) {
  const bool is_key = leaf.kind == EventKind::key;
  if (is_key != (leaf.id == registry::kKeysRecord)) return false;
  if (!is_key) return true;
  leaf.key_sha256 = plain_of(of_record(members, "sha256")).value_or("");
  leaf.key_ver = unsigned_of(of_record(members, "ver")).value_or(0);
  return is_hex_digest(leaf.key_sha256) && leaf.key_ver > 0;
}

/// Strings that have no escapes and no freedom of form.
bool read_texts(const std::vector<std::string_view>& values, Leaf& leaf) {
  const auto effective = plain_of(values[3]);
  const auto kind = plain_of(values[4]);
  const auto origin = plain_of(values[5]);
  const auto recorded_at = plain_of(values[9]);
  const auto rules = plain_of(values[10]);
  const auto known = kind ? registry::event_kind(*kind) : std::nullopt;
  if (!known || !effective || !Day::parse(*effective) || !origin || !recorded_at || !is_instant(*recorded_at) ||
      !rules || !Day::parse(*rules)) {
    return false;
  }
  leaf.kind = *known;
  leaf.origin = *origin;
  leaf.recorded_at = *recorded_at;
  const std::string_view article = values[0];
  leaf.article = article == kNull ? "" : plain_of(article).value_or("");
  return article == kNull || !leaf.article.empty();
}

Finding at_leaf(Fault fault, std::size_t seq) { return {fault, kEntries, fmt::format("leaf {}", seq)}; }

Checked<std::string> read_tile_octets(const Source& source, const Tile& tile) {
  auto octets = source.get(path_of(tile));
  if (octets || octets.finding().fault != Fault::missing || tile.width == kTileWidth) return octets;
  Tile full = tile;
  full.width = kTileWidth;
  auto whole = source.get(path_of(full));
  if (!whole) return octets;
  if (!tile.entries) {
    whole->resize(std::min(whole->size(), std::size_t{tile.width} * 32));
    return whole;
  }
  const auto leaves = parse_bundle(*whole, kTileWidth);
  if (!leaves) return octets;
  std::string beginning;
  for (std::size_t i = 0; i < tile.width; ++i) append_entry(beginning, (*leaves)[i]);
  return beginning;
}

/// All hashes of one level.
Checked<std::vector<Digest>> read_level(const Source& source, std::uint8_t level, TreeSize size) {
  std::vector<Digest> hashes;
  for (std::uint64_t index = 0;; ++index) {
    const auto tile = tile_at(level, index, size);
    if (!tile) return hashes;
    const auto octets = read_tile_octets(source, *tile);
    if (!octets) return octets.finding();
    const auto some = parse_tile(*octets, tile->width);
    if (!some) return Finding{Fault::tile_malformed, path_of(*tile), ""};
    hashes.insert(hashes.end(), some->begin(), some->end());
  }
}

/// The hashes that the level above must have.
std::vector<Digest> above(std::span<const Digest> hashes) {
  std::vector<Digest> roots;
  for (std::size_t at = 0; at + kTileWidth <= hashes.size(); at += kTileWidth) {
    roots.push_back(root_of(hashes.subspan(at, kTileWidth)));
  }
  return roots;
}

}  // namespace

std::optional<Leaf> read_leaf(std::string_view octets) {
  const auto members = octets.size() <= kMaxLeaf ? canonical_members(octets) : std::nullopt;
  const auto values = members ? values_of(*members, {"article", "changes", "corrects", "effective", "event", "origin",
                                                     "prev", "receipt", "record", "recorded_at", "rules", "seq"})
                              : std::nullopt;
  Leaf leaf;
  leaf.octets = octets;
  if (!values || !read_texts(*values, leaf)) return std::nullopt;
  const auto seq = unsigned_of((*values)[11]);
  const auto id = plain_of(of_record(*members, "id"));
  if (!seq || !id || !is_id(*id)) return std::nullopt;
  leaf.seq = Seq{*seq};
  leaf.id = *id;
  if ((*values)[6] != kNull) {
    const auto prev = unsigned_of((*values)[6]);
    if (!prev) return std::nullopt;
    leaf.prev = Seq{*prev};
  }
  const std::string_view receipt = (*values)[7];
  if (receipt != kNull && !is_hex_digest(plain_of(receipt).value_or(""))) return std::nullopt;
  if (!is_correction_sound((*values)[1], (*values)[2], leaf.kind, leaf.seq)) return std::nullopt;
  return read_key_record(*members, leaf) ? std::optional(leaf) : std::nullopt;
}

ReadTile tiles_from(const Source& source) {
  return [&source](const Tile& tile) -> registry::Result<std::string> {
    auto octets = read_tile_octets(source, tile);
    if (octets) return std::move(*octets);
    return registry::Error{registry::Code::not_found, path_of(tile), "", "タイルがありません",
                           "the tile cannot be read"};
  };
}

Checked<std::vector<Digest>> read_tiles(const Source& source, const Checkpoint& checkpoint) {
  auto hashes = read_level(source, 0, checkpoint.size);
  if (!hashes) return hashes;
  if (root_of(*hashes) != checkpoint.root) return Finding{Fault::tile_root, "/log/tile/0", ""};
  std::vector<Digest> expected = above(*hashes);
  for (std::uint8_t level = 1; !expected.empty(); ++level) {
    const auto published = read_level(source, level, checkpoint.size);
    if (!published) return published.finding();
    if (*published != expected) return Finding{Fault::tile_root, fmt::format("/log/tile/{}", level), ""};
    expected = above(expected);
  }
  return hashes;
}

Checked<std::vector<std::string>> read_bundles(const Source& source, const std::vector<Digest>& hashes) {
  std::vector<std::string> bundles;
  std::size_t seq = 0;
  for (const Tile& tile : bundles_of(TreeSize{hashes.size()})) {
    auto octets = read_tile_octets(source, tile);
    if (!octets) return octets.finding();
    const auto leaves = parse_bundle(*octets, tile.width);
    if (!leaves) return Finding{Fault::entries_malformed, path_of(tile), leaves.errors().front().en};
    for (const std::string_view leaf : *leaves) {
      if (registry::leaf_hash(leaf) != hashes[seq]) {
        return Finding{Fault::entries_root, path_of(tile), fmt::format("leaf {}", seq)};
      }
      ++seq;
    }
    bundles.push_back(std::move(*octets));
  }
  return bundles;
}

Checked<Done> replay(Log& log, std::string_view origin, Instant latest) {
  const std::string last_time = latest.iso();
  for (const std::string& bundle : log.bundles) {
    const std::size_t left = log.hashes.size() - log.leaves.size();
    const auto leaves = parse_bundle(bundle, static_cast<std::uint16_t>(std::min<std::size_t>(left, kTileWidth)));
    for (const std::string_view octets : leaves.value()) {
      const std::size_t seq = log.leaves.size();
      const auto leaf = read_leaf(octets);
      if (!leaf) return at_leaf(Fault::leaf_malformed, seq);
      if (leaf->seq.value() != seq) return at_leaf(Fault::leaf_seq, seq);
      if (leaf->origin != origin) return at_leaf(Fault::leaf_origin, seq);
      std::vector<std::size_t>& history = log.history[leaf->id];
      const auto prev = history.empty() ? std::nullopt : std::optional(Seq{history.back()});
      if (leaf->prev != prev) return at_leaf(Fault::leaf_prev, seq);
      // Both are always 24 characters, so that their order is that of time.
      const bool back = !log.leaves.empty() && leaf->recorded_at < log.leaves.back().recorded_at;
      if (back || leaf->recorded_at > last_time) return at_leaf(Fault::leaf_time, seq);
      history.push_back(seq);
      log.leaves.push_back(*leaf);
    }
  }
  return Done{};
}

Checked<Done> check_key_leaves(const Log& log, const Source& source, KeyHistory& keys) {
  const auto history = log.history.find(registry::kKeysRecord);
  const std::uint64_t newest = keys.newest().ver.value();
  const bool begins = !log.leaves.empty() && log.leaves.front().kind == EventKind::key;
  if (!begins || history == log.history.end() || history->second.size() != newest) {
    return Finding{Fault::leaf_key, kEntries, "not one key leaf a version, the first at the beginning"};
  }
  // Newest first: what stands before the pinned version is believed only after the log has shown its digest.
  for (std::uint64_t ver = newest; ver > 0; --ver) {
    const Leaf& leaf = log.leaves[history->second[ver - 1]];
    auto kept = keys.document(registry::KeySetVersion{ver});
    std::string earlier;
    if (!kept) {
      auto octets = source.get(fmt::format("/v1/keys/{}.json", ver));
      if (!octets) return octets.finding();
      earlier = std::move(*octets);
    }
    const std::string_view octets = kept ? *kept : std::string_view(earlier);
    if (leaf.key_ver != ver || registry::hex(registry::sha256(octets)) != leaf.key_sha256) {
      return at_leaf(Fault::leaf_key, leaf.seq.value());
    }
    if (kept) continue;
    if (auto added = keys.add_earlier(earlier); !added) return added;
  }
  return Done{};
}

}  // namespace ismap::feed::verify
