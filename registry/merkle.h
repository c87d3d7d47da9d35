#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "registry/digest.h"
#include "registry/strong.h"

/// The Merkle tree of the log over its leaf hashes. Source: RFC 6962 §2.1.
namespace ismap::registry {

/// A tile of the log holds the hashes of 2^8 subtrees side by side. Source: C2SP tlog-tiles.
inline constexpr std::uint64_t kTileWidth = 256;

/// Hash of a node: SHA-256(0x01 ‖ left ‖ right).
Digest node_hash(const Digest& left, const Digest& right);

/// A log that only grows, kept as its compact range: the roots of the perfect subtrees that its size is the sum of,
/// largest first. A copy is cheap: at most 64 hashes.
class Tree {
 public:
  /// Adds one leaf. Cost: one hash on average.
  void append(const Digest& leaf);
  void append(std::span<const Digest> leaves);
  /// The tree over what `rows` name: rows[L] holds the hashes at level 8·L that no hash of the row above covers, so at
  /// most 255 each. REQUIRES: rows as the log's tiles give them for one size.
  static Tree of_rows(std::span<const std::vector<Digest>> rows);

  [[nodiscard]] TreeSize size() const { return TreeSize{size_}; }
  /// Root at the current size; SHA-256 of nothing for the empty tree. Cost: O(log size).
  [[nodiscard]] Digest root() const;
  /// Roots of the perfect subtrees, largest first.
  [[nodiscard]] const std::vector<Digest>& range() const { return range_; }

 private:
  std::uint64_t size_ = 0;
  std::vector<Digest> range_;
};

/// Root of a whole log.
Digest root_of(std::span<const Digest> leaves);

}  // namespace ismap::registry
