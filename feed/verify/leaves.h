#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feed/note.h"
#include "feed/proof.h"
#include "feed/verify/key_history.h"
#include "feed/verify/source.h"
#include "registry/event.h"

/// The log as a mirror has it: tiles, leaves, and what the leaves amount to (formats: Leaf, Log).
namespace ismap::feed::verify {

/// One leaf, read once. Views are into the bundle that it came in.
struct Leaf {
  std::string_view octets;
  registry::Seq seq;
  std::optional<registry::Seq> prev;
  registry::EventKind kind = registry::EventKind::key;
  std::string_view id;           ///< of its record
  std::string_view origin;       ///< of its log
  std::string_view recorded_at;  ///< 24 characters
  std::string_view article;      ///< "" for none
  std::string_view key_sha256;   ///< of a key leaf
  std::uint64_t key_ver = 0;     ///< of a key leaf
};

/// Reads a leaf strictly: its one form, each member of its kind and in its range. What a record holds beyond its id is
/// the register's matter. Nothing when it is not a leaf.
std::optional<Leaf> read_leaf(std::string_view octets);

/// Hashes and leaves of a log.
struct Log {
  std::vector<registry::Digest> hashes;
  std::vector<std::string> bundles;
  std::vector<Leaf> leaves;
  std::map<std::string_view, std::vector<std::size_t>> history;  ///< seqs by record id, oldest first
};

/// Reads tiles through a source; where a partial tile is gone, the beginning of the full one stands for it.
ReadTile tiles_from(const Source& source);

/// Reads the tiles of a tree and checks that all of them hash to its root.
/// Faults: missing, unreachable, too_large, tile_malformed, tile_root.
Checked<std::vector<registry::Digest>> read_tiles(const Source& source, const Checkpoint& checkpoint);

/// Reads the entry bundles and checks each leaf against its hash.
/// Faults: missing, unreachable, too_large, entries_malformed, entries_root.
Checked<std::vector<std::string>> read_bundles(const Source& source, const std::vector<registry::Digest>& hashes);

/// Replays all leaves: their form, number, origin, previous event and time, up to `latest`. Fills leaves and history.
/// Faults: leaf_malformed, leaf_seq, leaf_origin, leaf_prev, leaf_time.
Checked<registry::Done> replay(Log& log, std::string_view origin, registry::Instant latest);

/// Checks that the key leaves are versions 1, 2, … up to the newest, and commit to their octets; takes the versions
/// before the pinned one from the source.
/// Faults: leaf_key, missing, unreachable, too_large, keys_malformed, keys_version.
Checked<registry::Done> check_key_leaves(const Log& log, const Source& source, KeyHistory& keys);

}  // namespace ismap::feed::verify
