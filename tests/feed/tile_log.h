#pragma once

#include <string>
#include <vector>

#include "feed/proof.h"
#include "feed/tiles.h"
#include "registry/merkle.h"

namespace ismap::feed {

/// A log held whole in memory that serves the tiles of each of its sizes.
class TileLog {
 public:
  explicit TileLog(std::size_t leaves) {
    levels_.emplace_back();
    for (std::size_t n = 0; n < leaves; ++n) levels_[0].push_back(registry::leaf_hash(std::to_string(n)));
    while (levels_.back().size() >= kTileWidth) {
      std::vector<registry::Digest> above;
      const std::span<const registry::Digest> below(levels_.back());
      for (std::size_t at = 0; at + kTileWidth <= below.size(); at += kTileWidth) {
        above.push_back(root_of(below.subspan(at, kTileWidth)));
      }
      levels_.push_back(std::move(above));
    }
  }

  [[nodiscard]] std::span<const registry::Digest> leaves() const { return levels_.front(); }

  [[nodiscard]] ReadTile read() const {
    return [this](const Tile& tile) -> registry::Result<std::string> {
      const std::span<const registry::Digest> level(levels_.at(tile.level));
      return tile_octets(level.subspan(tile.index * kTileWidth, tile.width));
    };
  }

 private:
  std::vector<std::vector<registry::Digest>> levels_;
};

}  // namespace ismap::feed
