#include "feed/proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <map>

#include "feed/crypto.h"
#include "feed/note.h"
#include "registry/merkle.h"

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Digest;
using registry::Error;
using registry::Result;
using registry::Seq;
using registry::TreeSize;

constexpr std::string_view kHeader = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";
constexpr std::size_t kMaxPath = 64;
constexpr std::size_t kMaxProof = 1'100'000;
constexpr unsigned kTileHeight = 8;

Error outside() {
  return {Code::invalid, "", "", "ログにその位置又は大きさはありません", "the log has no such position or size"};
}

Error malformed_proof(std::string en) {
  return {Code::malformed, "", "", "ログの証明として読めません", "not a log proof: " + std::move(en)};
}

/// Leaves begin to end; begin is a multiple of every power of two in their number.
struct Range {
  std::uint64_t begin;
  std::uint64_t end;
};

/// The largest power of two below the number of leaves: where RFC 6962 splits. REQUIRES: two leaves or more.
std::uint64_t split(const Range& range) { return std::bit_floor(range.end - range.begin - 1); }

/// Hashes of subtrees of one tree, out of its tiles; each tile is read once.
class Subtrees {
 public:
  Subtrees(const ReadTile& read, TreeSize size) : read_(read), size_(size) {}

  /// MTH(D[begin:end]).
  Result<Digest> hash(const Range& range) {
    std::vector<Digest> perfect;  // largest first
    std::uint64_t begin = range.begin;
    while (begin < range.end) {
      const auto height = static_cast<unsigned>(std::bit_width(range.end - begin) - 1);
      const auto one = perfect_hash(height, begin >> height);
      if (!one) return one.errors();
      perfect.push_back(*one);
      begin += std::uint64_t{1} << height;
    }
    if (perfect.empty()) return registry::sha256("");
    Digest node = perfect.back();
    std::for_each(perfect.rbegin() + 1, perfect.rend(), [&](const Digest& left) { node = node_hash(left, node); });
    return node;
  }

 private:
  /// Root of the `index`-th perfect subtree of that height: the lowest tile that holds it is read.
  Result<Digest> perfect_hash(unsigned height, std::uint64_t index) {
    const auto level = static_cast<std::uint8_t>(height / kTileHeight);
    const unsigned above = height % kTileHeight;  // height of the subtree over the tile's hashes
    const std::uint64_t first = index << above;
    const auto hashes = tile(level, first / kTileWidth);
    if (!hashes) return hashes.errors();
    registry::Tree tree;
    tree.append(std::span<const Digest>(**hashes).subspan(first % kTileWidth, std::size_t{1} << above));
    return tree.root();
  }

  Result<const std::vector<Digest>*> tile(std::uint8_t level, std::uint64_t index) {
    const auto address = tile_at(level, index, size_);
    if (!address) return outside();
    const auto kept = tiles_.find(*address);
    if (kept != tiles_.end()) return &kept->second;
    const auto octets = read_(*address);
    if (!octets) return octets.errors();
    auto hashes = parse_tile(*octets, address->width);
    if (!hashes) return hashes.errors();
    return &tiles_.emplace(*address, std::move(*hashes)).first->second;
  }

  const ReadTile& read_;
  TreeSize size_;
  std::map<Tile, std::vector<Digest>> tiles_;
};

/// Hashes of the ranges, last first: they are found from the root down and written from the leaf up.
Result<ProofPath> upwards(const ReadTile& read, TreeSize size, const std::vector<Range>& downwards) {
  Subtrees subtrees(read, size);
  ProofPath path;
  for (auto range = downwards.rbegin(); range != downwards.rend(); ++range) {
    const auto hash = subtrees.hash(*range);
    if (!hash) return hash.errors();
    path.push_back(*hash);
  }
  return path;
}

bool is_odd(std::uint64_t n) { return (n & 1U) != 0; }

/// "index N", decimal without a leading zero.
std::optional<Seq> read_index(std::string_view line) {
  if (!line.starts_with(kIndex)) return std::nullopt;
  line.remove_prefix(kIndex.size());
  std::uint64_t index = 0;
  const auto [end, failure] = std::from_chars(line.data(), line.data() + line.size(), index);
  const bool whole = !line.empty() && failure == std::errc{} && end == line.data() + line.size();
  if (!whole || (line.front() == '0' && line.size() > 1)) return std::nullopt;
  return Seq{index};
}

/// Lines of hashes up to the empty line. Advances `rest`.
Result<ProofPath> read_hashes(std::string_view& rest) {
  ProofPath path;
  for (auto line = next_line(rest); line; line = next_line(rest)) {
    if (line->empty()) return path;
    const auto octets = from_base64(*line);
    auto hash = octets ? parse_tile(*octets, 1) : Result<ProofPath>(octets.errors());
    if (!hash || path.size() >= kMaxPath) return malformed_proof("a line is not a hash");
    path.push_back(hash->front());
  }
  return malformed_proof("there is no empty line before the checkpoint");
}

}  // namespace

Result<Digest> root_at(const ReadTile& read, TreeSize size) { return Subtrees(read, size).hash({0, size.value()}); }

Result<ProofPath> inclusion_path(const ReadTile& read, Seq seq, TreeSize size) {
  if (seq.value() >= size.value()) return outside();
  std::vector<Range> siblings;
  Range range{0, size.value()};
  while (range.end - range.begin > 1) {
    const std::uint64_t middle = range.begin + split(range);
    const bool left = seq.value() < middle;
    siblings.push_back(left ? Range{middle, range.end} : Range{range.begin, middle});
    (left ? range.end : range.begin) = middle;
  }
  return upwards(read, size, siblings);
}

Result<ProofPath> consistency_path(const ReadTile& read, TreeSize from, TreeSize to) {
  if (from > to) return outside();
  if (from == to || from.value() == 0) return ProofPath{};
  std::vector<Range> ranges;
  Range range{0, to.value()};
  while (range.end != from.value()) {
    const std::uint64_t middle = range.begin + split(range);
    const bool left = from.value() <= middle;
    ranges.push_back(left ? Range{middle, range.end} : Range{range.begin, middle});
    (left ? range.end : range.begin) = middle;
  }
  // What is left is the old tree itself, which the verifier knows, unless it is only the old tree's right edge.
  if (range.begin != 0) ranges.push_back(range);
  return upwards(read, to, ranges);
}

// Source: RFC 9162 §2.1.3.2.
bool verify_inclusion(const Digest& leaf, Seq seq, TreeSize size, std::span<const Digest> path, const Digest& root) {
  if (seq.value() >= size.value()) return false;
  std::uint64_t node = seq.value();
  std::uint64_t last = size.value() - 1;
  Digest hash = leaf;
  for (const Digest& sibling : path) {
    if (last == 0) return false;
    if (is_odd(node) || node == last) {
      hash = node_hash(sibling, hash);
      while (!is_odd(node) && node != 0) {
        node >>= 1U;
        last >>= 1U;
      }
    } else {
      hash = node_hash(hash, sibling);
    }
    node >>= 1U;
    last >>= 1U;
  }
  return last == 0 && hash == root;
}

// Source: RFC 9162 §2.1.4.2.
bool verify_consistency(const TreeHead& from, const TreeHead& to, std::span<const Digest> path) {
  if (from.size == to.size) return path.empty() && from.root == to.root;
  if (from.size.value() == 0) return path.empty() && from.root == registry::sha256("");
  if (from.size > to.size || path.empty()) return false;
  const bool perfect = std::has_single_bit(from.size.value());
  std::uint64_t node = from.size.value() - 1;
  std::uint64_t last = to.size.value() - 1;
  while (is_odd(node)) {
    node >>= 1U;
    last >>= 1U;
  }
  Digest old_hash = perfect ? from.root : path.front();
  Digest new_hash = old_hash;
  for (const Digest& hash : perfect ? path : path.subspan(1)) {
    if (last == 0) return false;
    if (is_odd(node) || node == last) {
      old_hash = node_hash(hash, old_hash);
      new_hash = node_hash(hash, new_hash);
      while (!is_odd(node) && node != 0) {
        node >>= 1U;
        last >>= 1U;
      }
    } else {
      new_hash = node_hash(new_hash, hash);
    }
    node >>= 1U;
    last >>= 1U;
  }
  return last == 0 && old_hash == from.root && new_hash == to.root;
}

std::string to_string(const TlogProof& proof) {
  std::string text(kHeader);
  text += '\n';
  if (proof.extra) text += fmt::format("{}{}\n", kExtra, base64(*proof.extra));
  text += fmt::format("{}{}\n", kIndex, proof.index.value());
  for (const Digest& hash : proof.path) {
    text += base64(tile_octets({&hash, 1}));
    text += '\n';
  }
  text += '\n';
  text += proof.checkpoint;
  return text;
}

Result<TlogProof> parse_tlog_proof(std::string_view text) {
  if (text.size() > kMaxProof || next_line(text) != kHeader) return malformed_proof("the first line is wrong");
  TlogProof proof;
  auto line = next_line(text);
  if (line && line->starts_with(kExtra)) {
    auto extra = from_base64(line->substr(kExtra.size()));
    if (!extra) return malformed_proof("the extra data is not Base64");
    proof.extra = std::move(*extra);
    line = next_line(text);
  }
  const auto index = line ? read_index(*line) : std::nullopt;
  if (!index) return malformed_proof("there is no index");
  proof.index = *index;
  auto path = read_hashes(text);
  if (!path) return path.errors();
  if (text.empty()) return malformed_proof("there is no checkpoint");
  proof.path = std::move(*path);
  proof.checkpoint = text;
  return proof;
}

}  // namespace ismap::feed
