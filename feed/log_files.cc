#include "feed/log_files.h"

#include "registry/journal.h"

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Error;
using registry::Result;
using registry::lmdb::ReadTxn;

Error beyond_the_end(const Tile& tile) {
  return {Code::not_found, "", "", path_of(tile) + " はまだありません", path_of(tile) + " is not there yet"};
}

Result<std::string> bundle(const ReadTxn& txn, const Tile& tile) {
  std::string octets;
  const std::uint64_t first = tile.index * kTileWidth;
  for (std::uint64_t n = first; n < first + tile.width; ++n) {
    const auto leaf = registry::journal::leaf(txn, registry::Seq{n});
    if (!leaf) return beyond_the_end(tile);
    append_entry(octets, leaf->value());
  }
  return octets;
}

}  // namespace

Result<std::string> log_file(const ReadTxn& txn, const Tile& tile) {
  if (tile.entries) return bundle(txn, tile);
  const auto hashes = registry::journal::tile(txn, tile.level, tile.index, tile.width);
  if (hashes.size() != tile.width) return beyond_the_end(tile);
  return tile_octets(hashes);
}

ReadTile tiles_in(const ReadTxn& txn) {
  return [&txn](const Tile& tile) { return log_file(txn, tile); };
}

}  // namespace ismap::feed
