#include "feed/tiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Digest;
using registry::Error;
using registry::Result;
using registry::TreeSize;

constexpr std::string_view kTiles = "/log/tile/";
constexpr std::string_view kEntries = "entries";
constexpr std::string_view kPartial = ".p/";
constexpr std::size_t kHashOctets = 32;
constexpr std::size_t kLengthOctets = 2;
constexpr std::size_t kMaxEntry = 0xFFFF;
constexpr unsigned kLevelBits = 8;  ///< a tile is a subtree of this height
constexpr std::uint64_t kGroup = 1000;

Error no_tile() { return {Code::not_found, "", "", "そのようなタイルはありません", "there is no such tile"}; }

Error malformed_tile(std::string en) {
  return {Code::malformed, "", "", "タイルとして読めません", "not a tile: " + std::move(en)};
}

/// Hashes at a level of a tree.
std::uint64_t count_at(std::uint8_t level, TreeSize size) {
  const unsigned shift = kLevelBits * level;
  return shift >= 64 ? 0 : size.value() >> shift;
}

/// "x001/x234/067" for 1234067.
std::string grouped(std::uint64_t index) {
  std::string out = fmt::format("{:03}", index % kGroup);
  for (index /= kGroup; index > 0; index /= kGroup) out = fmt::format("x{:03}/{}", index % kGroup, out);
  return out;
}

/// Reads digits and nothing else. What is spelled otherwise than we write is found by writing it again.
template <class T>
std::optional<T> number(std::string_view digits) {
  T value{};
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || failure != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> ungrouped(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != 'x' && c != '/') digits += c;
  }
  return number<std::uint64_t>(digits);
}

/// The tile that the path means if it is well spelled.
std::optional<Tile> read_path(std::string_view path) {
  if (!path.starts_with(kTiles)) return std::nullopt;
  path.remove_prefix(kTiles.size());
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  Tile tile;
  tile.entries = path.substr(0, slash) == kEntries;
  const auto level = tile.entries ? std::optional<std::uint8_t>(0) : number<std::uint8_t>(path.substr(0, slash));
  std::string_view rest = path.substr(slash + 1);
  if (const std::size_t partial = rest.find(kPartial); partial != std::string_view::npos) {
    tile.width = number<std::uint16_t>(rest.substr(partial + kPartial.size())).value_or(0);
    if (tile.width == 0 || tile.width >= kTileWidth) return std::nullopt;
    rest = rest.substr(0, partial);
  }
  const auto index = ungrouped(rest);
  if (!level || *level > kMaxTileLevel || !index) return std::nullopt;
  tile.level = *level;
  tile.index = *index;
  return tile;
}

std::vector<Tile> level_of(std::uint8_t level, TreeSize size, bool entries) {
  std::vector<Tile> tiles;
  const std::uint64_t count = count_at(level, size);
  for (std::uint64_t index = 0; index < count / kTileWidth; ++index) {
    tiles.push_back(Tile{level, index, kTileWidth, entries});
  }
  const auto rest = static_cast<std::uint16_t>(count % kTileWidth);
  if (rest > 0) tiles.push_back(Tile{level, count / kTileWidth, rest, entries});
  return tiles;
}

}  // namespace

std::string path_of(const Tile& tile) {
  std::string path(kTiles);
  path += tile.entries ? std::string(kEntries) : fmt::format("{}", tile.level);
  path += '/';
  path += grouped(tile.index);
  if (tile.width != kTileWidth) path += fmt::format("{}{}", kPartial, tile.width);
  return path;
}

Result<Tile> parse_tile_path(std::string_view path) {
  const auto tile = read_path(path);
  if (!tile || path_of(*tile) != path) return no_tile();
  return *tile;
}

std::optional<Tile> tile_at(std::uint8_t level, std::uint64_t index, TreeSize size) {
  const std::uint64_t count = count_at(level, size);
  if (index < count / kTileWidth) return Tile{level, index, kTileWidth, false};
  const auto rest = static_cast<std::uint16_t>(count % kTileWidth);
  if (index > count / kTileWidth || rest == 0) return std::nullopt;
  return Tile{level, index, rest, false};
}

std::optional<Tile> bundle_at(std::uint64_t index, TreeSize size) {
  auto tile = tile_at(0, index, size);
  if (tile) tile->entries = true;
  return tile;
}

bool is_within(const Tile& tile, TreeSize size) {
  const auto at = tile_at(tile.level, tile.index, size);
  return at && tile.width > 0 && tile.width <= at->width;
}

std::vector<Tile> tiles_of(TreeSize size) {
  std::vector<Tile> tiles;
  for (std::uint8_t level = 0; count_at(level, size) > 0; ++level) {
    const std::vector<Tile> more = level_of(level, size, false);
    tiles.insert(tiles.end(), more.begin(), more.end());
  }
  return tiles;
}

std::vector<Tile> bundles_of(TreeSize size) { return level_of(0, size, true); }

std::string tile_octets(std::span<const Digest> hashes) {
  std::string octets;
  octets.reserve(hashes.size() * kHashOctets);
  for (const Digest& hash : hashes) octets.append(hash.value().begin(), hash.value().end());
  return octets;
}

Result<std::vector<Digest>> parse_tile(std::string_view octets, std::uint16_t width) {
  if (octets.size() != width * kHashOctets) return malformed_tile(fmt::format("{} hashes are expected", width));
  std::vector<Digest> hashes;
  hashes.reserve(width);
  for (std::size_t at = 0; at < octets.size(); at += kHashOctets) {
    std::array<std::uint8_t, kHashOctets> hash{};
    std::copy_n(octets.begin() + static_cast<std::ptrdiff_t>(at), kHashOctets, hash.begin());
    hashes.emplace_back(hash);
  }
  return hashes;
}

void append_entry(std::string& bundle, std::string_view leaf) {
  if (leaf.size() > kMaxEntry) throw std::length_error("a leaf does not fit an entry bundle");
  bundle += static_cast<char>(leaf.size() >> 8U);
  bundle += static_cast<char>(leaf.size() & 0xFFU);
  bundle += leaf;
}

Result<std::vector<std::string_view>> parse_bundle(std::string_view octets, std::uint16_t width) {
  std::vector<std::string_view> leaves;
  leaves.reserve(width);
  while (!octets.empty()) {
    if (octets.size() < kLengthOctets) return malformed_tile("the bundle ends inside a length");
    const std::size_t length =
        (std::size_t{static_cast<unsigned char>(octets[0])} << 8U) | static_cast<unsigned char>(octets[1]);
    octets.remove_prefix(kLengthOctets);
    if (octets.size() < length) return malformed_tile("the bundle ends inside a leaf");
    leaves.push_back(octets.substr(0, length));
    octets.remove_prefix(length);
    if (leaves.size() > width) break;
  }
  if (leaves.size() != width) return malformed_tile(fmt::format("{} leaves are expected", width));
  return leaves;
}

}  // namespace ismap::feed
