#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "registry/digest.h"
#include "registry/strong.h"

/// The Merkle tree of the log over its leaf hashes. Source: RFC 6962 §2.1.
namespace ismap::feed {

using registry::leaf_hash;

/// Hash of a node: SHA-256(0x01 ‖ left ‖ right).
registry::Digest node_hash(const registry::Digest& left, const registry::Digest& right);

/// A log that only grows, kept as its compact range: the roots of the perfect subtrees that its size is the sum of,
/// largest first. A copy is cheap: at most 64 hashes.
class Tree {
 public:
  /// Adds one leaf. Cost: one hash on average.
  void append(const registry::Digest& leaf);
  void append(std::span<const registry::Digest> leaves);

  [[nodiscard]] registry::TreeSize size() const { return registry::TreeSize{size_}; }
  /// Root at the current size; SHA-256 of nothing for the empty tree. Cost: O(log size).
  [[nodiscard]] registry::Digest root() const;
  /// Roots of the perfect subtrees, largest first.
  [[nodiscard]] const std::vector<registry::Digest>& range() const { return range_; }

 private:
  std::uint64_t size_ = 0;
  std::vector<registry::Digest> range_;
};

/// Root of a whole log.
registry::Digest root_of(std::span<const registry::Digest> leaves);

}  // namespace ismap::feed
