#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "feed/tiles.h"
#include "registry/digest.h"
#include "registry/result.h"
#include "registry/strong.h"

/// Proofs that a leaf is in the log and that one state of the log continues another: made from tiles, checked without
/// them. Source: RFC 6962 §2.1; RFC 9162 §2.1.3, §2.1.4; C2SP tlog-proof.md.
namespace ismap::feed {

/// Gives the octets of one tile of hashes; it is only asked for tiles that a tree of the size in hand has.
/// What it refuses is handed on.
using ReadTile = std::function<registry::Result<std::string>(const Tile&)>;

/// Hashes from the leaf's (or the old tree's) side up to the root.
using ProofPath = std::vector<registry::Digest>;

/// Root of the tree at that size. Cost: at most one tile a level. Errors: malformed (a tile of another length), and
/// those of `read`.
registry::Result<registry::Digest> root_at(const ReadTile& read, registry::TreeSize size);

/// PATH(seq, D[size]) of RFC 6962 §2.1.1. Errors: invalid when the tree has no such leaf; as root_at.
registry::Result<ProofPath> inclusion_path(const ReadTile& read, registry::Seq seq, registry::TreeSize size);

/// PROOF(from, D[to]) of RFC 6962 §2.1.2; empty from nothing and from the same size.
/// Errors: invalid when the tree would shrink; as root_at.
registry::Result<ProofPath> consistency_path(const ReadTile& read, registry::TreeSize from, registry::TreeSize to);

/// Whether the path leads from the leaf hash at `seq` to the root, with no hash left over.
bool verify_inclusion(const registry::Digest& leaf, registry::Seq seq, registry::TreeSize size,
                      std::span<const registry::Digest> path, const registry::Digest& root);

/// A log at one moment.
struct TreeHead {
  registry::TreeSize size;
  registry::Digest root;
  friend bool operator==(const TreeHead&, const TreeHead&) = default;
};

/// Whether the path shows that `to` begins with all leaves of `from`, with no hash left over.
bool verify_consistency(const TreeHead& from, const TreeHead& to, std::span<const registry::Digest> path);

/// A proof of inclusion as a text of its own. Nobody has checked it yet.
struct TlogProof {
  registry::Seq index;
  ProofPath path;
  std::string checkpoint;            ///< the whole signed note
  std::optional<std::string> extra;  ///< not covered by any signature; we never write it
  friend bool operator==(const TlogProof&, const TlogProof&) = default;
};

/// The text, and strictly back. Errors: malformed.
std::string to_string(const TlogProof& proof);
registry::Result<TlogProof> parse_tlog_proof(std::string_view text);

}  // namespace ismap::feed
