#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "registry/merkle.h"
#include "registry/result.h"
#include "registry/strong.h"

/// Tiles and entry bundles: where the log's hashes and leaves are published, and their octets.
/// Source: C2SP tlog-tiles.md.
namespace ismap::feed {

/// Hashes in a full tile, and leaves in a full entry bundle.
using registry::kTileWidth;
/// The highest level that a path can name. A tree of 2^64−1 leaves ends at level 7.
inline constexpr std::uint8_t kMaxTileLevel = 63;

/// Address of one tile. An entry bundle stands beside the tile of level 0 with the same index and width.
struct Tile {
  std::uint8_t level = 0;  ///< 0 to 63; 0 for entries
  std::uint64_t index = 0;
  std::uint16_t width = kTileWidth;  ///< 1 to 256; 256 is a full tile
  bool entries = false;              ///< leaves instead of hashes
  friend auto operator<=>(const Tile&, const Tile&) = default;
};

/// "/log/tile/<L>/<N>[.p/<W>]" or "/log/tile/entries/<N>[.p/<W>]": N in groups of three digits, x001/x234/067.
std::string path_of(const Tile& tile);

/// Reads a path strictly: what path_of writes and no other spelling. Errors: not_found.
registry::Result<Tile> parse_tile_path(std::string_view path);

/// The tile at this place in a tree of that size: full, partial, or nothing where the tree has no hash yet.
std::optional<Tile> tile_at(std::uint8_t level, std::uint64_t index, registry::TreeSize size);
/// Likewise for the entry bundle.
std::optional<Tile> bundle_at(std::uint64_t index, registry::TreeSize size);

/// Whether a tree of that size holds every hash or leaf of the tile; also true of partial tiles of smaller trees.
bool is_within(const Tile& tile, registry::TreeSize size);

/// All tiles of hashes of a tree: the full ones of each level and the one partial of each level, lowest level first.
std::vector<Tile> tiles_of(registry::TreeSize size);
/// All entry bundles of a tree.
std::vector<Tile> bundles_of(registry::TreeSize size);

/// A tile's octets, 32 a hash, and strictly back: exactly `width` hashes. Errors: malformed.
std::string tile_octets(std::span<const registry::Digest> hashes);
registry::Result<std::vector<registry::Digest>> parse_tile(std::string_view octets, std::uint16_t width);

/// Adds one leaf to an entry bundle: its length as a big-endian uint16, then its octets.
/// REQUIRES: at most 65,535 octets.
void append_entry(std::string& bundle, std::string_view leaf);

/// The leaves of a bundle, as views into `octets`: exactly `width` of them and nothing after. Errors: malformed.
registry::Result<std::vector<std::string_view>> parse_bundle(std::string_view octets, std::uint16_t width);

}  // namespace ismap::feed
