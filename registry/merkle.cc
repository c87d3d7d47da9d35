#include "registry/merkle.h"

#include <algorithm>
#include <string>

namespace ismap::registry {

Digest node_hash(const Digest& left, const Digest& right) {
  std::string input(1, '\x01');
  input.append(left.value().begin(), left.value().end());
  input.append(right.value().begin(), right.value().end());
  return sha256(input);
}

void Tree::append(const Digest& leaf) {
  Digest node = leaf;
  // Like adding one in binary: each set low bit is a subtree that is now complete with its right half.
  for (std::uint64_t carry = size_; (carry & 1U) != 0; carry >>= 1U) {
    node = node_hash(range_.back(), node);
    range_.pop_back();
  }
  range_.push_back(node);
  ++size_;
}

void Tree::append(std::span<const Digest> leaves) {
  for (const Digest& leaf : leaves) append(leaf);
}

Tree Tree::of_rows(std::span<const std::vector<Digest>> rows) {
  Tree whole;
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    Tree part;
    part.append(*row);
    whole.range_.insert(whole.range_.end(), part.range_.begin(), part.range_.end());
    whole.size_ = whole.size_ * kTileWidth + part.size_;
  }
  return whole;
}

Digest Tree::root() const {
  if (range_.empty()) return sha256("");
  Digest node = range_.back();
  std::for_each(range_.rbegin() + 1, range_.rend(), [&](const Digest& left) { node = node_hash(left, node); });
  return node;
}

Digest root_of(std::span<const Digest> leaves) {
  Tree tree;
  tree.append(leaves);
  return tree.root();
}

}  // namespace ismap::registry
