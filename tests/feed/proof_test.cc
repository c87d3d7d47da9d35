#include "feed/proof.h"

#include <gtest/gtest.h>

#include <bit>
#include <map>

#include "feed/crypto.h"
#include "registry/merkle.h"
#include "tests/feed/tile_log.h"

namespace ismap::feed {
namespace {

using registry::Digest;
using registry::Result;
using registry::Seq;
using registry::TreeSize;
using Leaves = std::span<const Digest>;

ProofPath with(ProofPath path, const Digest& last) {
  path.push_back(last);
  return path;
}

/// RFC 6962 §2.1, §2.1.1 and §2.1.2 as they are written: the slow twin. The root of a perfect subtree is kept.
class Twin {
 public:
  explicit Twin(Leaves leaves) : leaves_(leaves) {}

  Digest root(std::size_t begin, std::size_t end) {
    if (begin == end) return registry::sha256("");
    if (end - begin == 1) return leaves_[begin];
    if (const auto kept = perfect_.find({begin, end}); kept != perfect_.end()) return kept->second;
    const std::size_t k = begin + split(end - begin);
    const Digest hash = node_hash(root(begin, k), root(k, end));
    if (std::has_single_bit(end - begin)) perfect_.emplace(std::make_pair(begin, end), hash);
    return hash;
  }

  ProofPath path(std::size_t m, std::size_t begin, std::size_t end) {
    if (end - begin == 1) return {};
    const std::size_t k = begin + split(end - begin);
    return m < k ? with(path(m, begin, k), root(k, end)) : with(path(m, k, end), root(begin, k));
  }

  ProofPath subproof(std::size_t m, std::size_t begin, std::size_t end, bool whole) {
    if (m == end) return whole ? ProofPath{} : ProofPath{root(begin, end)};
    const std::size_t k = begin + split(end - begin);
    return m <= k ? with(subproof(m, begin, k, whole), root(k, end)) : with(subproof(m, k, end, false), root(begin, k));
  }

 private:
  static std::size_t split(std::size_t n) {
    std::size_t k = 1;
    while (k * 2 < n) k *= 2;
    return k;
  }

  Leaves leaves_;
  std::map<std::pair<std::size_t, std::size_t>, Digest> perfect_;
};

/// Every place of a small tree; of a larger one the edges and some between.
std::vector<std::size_t> places(std::size_t size) {
  std::vector<std::size_t> out;
  const std::size_t step = size <= 24 ? 1 : size / 5;
  for (std::size_t m = 0; m < size; m += step) out.push_back(m);
  for (const std::size_t m : {size - 1, std::size_t{256}}) {
    if (m < size) out.push_back(m);
  }
  return out;
}

void expect_as_the_twin(const TileLog& log, Twin& twin, std::size_t n) {
  const TreeSize size{n};
  const Digest root = twin.root(0, n);
  ASSERT_EQ(root_at(log.read(), size).value(), root) << n;
  for (const std::size_t m : places(n)) {
    const ProofPath path = inclusion_path(log.read(), Seq{m}, size).value();
    ASSERT_EQ(path, twin.path(m, 0, n)) << m << " of " << n;
    ASSERT_TRUE(verify_inclusion(log.leaves()[m], Seq{m}, size, path, root)) << m << " of " << n;
    const ProofPath growth = consistency_path(log.read(), TreeSize{m}, size).value();
    ASSERT_EQ(growth, m == 0 ? ProofPath{} : twin.subproof(m, 0, n, true)) << m << " to " << n;
    ASSERT_TRUE(verify_consistency({TreeSize{m}, twin.root(0, m)}, {size, root}, growth)) << m << " to " << n;
  }
}

TEST(Proof, IsThatOfItsRecursiveTwinAtEverySmallSize) {
  const TileLog log(300);
  Twin twin(log.leaves());
  for (std::size_t n = 1; n <= 300; ++n) expect_as_the_twin(log, twin, n);
}

TEST(Proof, IsThatOfItsRecursiveTwinWhereALevelBegins) {
  const TileLog log(65'536 + 300);
  Twin twin(log.leaves());
  for (const std::size_t n : {511U, 512U, 513U, 65'535U, 65'536U, 65'537U, 65'793U}) expect_as_the_twin(log, twin, n);
}

TEST(Proof, OfNothing) {
  const TileLog log(3);
  EXPECT_EQ(root_at(log.read(), TreeSize{0}).value(), registry::sha256(""));
  EXPECT_FALSE(inclusion_path(log.read(), Seq{0}, TreeSize{0}).ok());
  EXPECT_FALSE(inclusion_path(log.read(), Seq{3}, TreeSize{3}).ok());
  EXPECT_FALSE(consistency_path(log.read(), TreeSize{3}, TreeSize{2}).ok());
  EXPECT_TRUE(consistency_path(log.read(), TreeSize{3}, TreeSize{3}).value().empty());
  const Digest root = root_at(log.read(), TreeSize{3}).value();
  EXPECT_TRUE(verify_consistency({TreeSize{0}, registry::sha256("")}, {TreeSize{3}, root}, {}));
  EXPECT_FALSE(verify_consistency({TreeSize{0}, root}, {TreeSize{3}, root}, {})) << "not the root of nothing";
  EXPECT_FALSE(verify_inclusion(root, Seq{0}, TreeSize{0}, {}, root));
}

TEST(Proof, OfATileThatCannotBeReadIsRefused) {
  const ReadTile missing = [](const Tile&) -> Result<std::string> {
    return registry::Error{registry::Code::not_found, "", "", "", "absent"};
  };
  const ReadTile shorter = [](const Tile&) -> Result<std::string> { return std::string(31, 'x'); };
  for (const ReadTile& read : {missing, shorter}) {
    EXPECT_FALSE(root_at(read, TreeSize{5}).ok());
    EXPECT_FALSE(inclusion_path(read, Seq{2}, TreeSize{5}).ok());
    EXPECT_FALSE(consistency_path(read, TreeSize{2}, TreeSize{5}).ok());
  }
}

TEST(Proof, ThatIsChangedAnywhereIsRefused) {
  const TileLog log(13);
  const TreeSize size{13};
  const Digest root = root_at(log.read(), size).value();
  const Digest other = registry::sha256("other");
  for (std::uint64_t m = 0; m < 13; ++m) {
    const ProofPath path = inclusion_path(log.read(), Seq{m}, size).value();
    const Digest& leaf = log.leaves()[m];
    EXPECT_FALSE(verify_inclusion(other, Seq{m}, size, path, root));
    EXPECT_FALSE(verify_inclusion(leaf, Seq{m}, size, path, other));
    EXPECT_FALSE(verify_inclusion(leaf, Seq{m == 0 ? 1 : m - 1}, size, path, root)) << m;
    EXPECT_FALSE(verify_inclusion(leaf, Seq{m}, size, with(path, other), root));
    EXPECT_FALSE(verify_inclusion(leaf, Seq{m}, size, std::span(path).first(path.size() - 1), root));
    for (std::size_t at = 0; at < path.size(); ++at) {
      ProofPath changed = path;
      changed[at] = other;
      EXPECT_FALSE(verify_inclusion(leaf, Seq{m}, size, changed, root));
    }
  }
}

TEST(Proof, OfAnotherPastIsRefused) {
  const TileLog log(13);
  const TreeHead now{TreeSize{13}, root_at(log.read(), TreeSize{13}).value()};
  const Digest other = registry::sha256("other");
  for (std::uint64_t m = 1; m < 13; ++m) {
    const TreeHead before{TreeSize{m}, root_at(log.read(), TreeSize{m}).value()};
    const ProofPath path = consistency_path(log.read(), before.size, now.size).value();
    EXPECT_FALSE(verify_consistency({before.size, other}, now, path)) << m;
    EXPECT_FALSE(verify_consistency(before, {now.size, other}, path)) << m;
    EXPECT_FALSE(verify_consistency(before, now, with(path, other))) << m;
    EXPECT_FALSE(verify_consistency(before, now, {})) << m;
    EXPECT_FALSE(verify_consistency(now, before, path)) << "a log does not shrink";
    for (std::size_t at = 0; at < path.size(); ++at) {
      ProofPath changed = path;
      changed[at] = other;
      EXPECT_FALSE(verify_consistency(before, now, changed)) << m << " at " << at;
    }
  }
  EXPECT_FALSE(verify_consistency(now, {now.size, other}, {})) << "two roots of one size: a split view";
}

TlogProof example_proof() {
  const TileLog log(5);
  return {
      Seq{3}, inclusion_path(log.read(), Seq{3}, TreeSize{5}).value(), "example.com/log\n5\nAAAA\n\n\u2014 x y\n", {}};
}

TEST(TlogProofText, IsReadBack) {
  TlogProof proof = example_proof();
  const std::string text = to_string(proof);
  EXPECT_TRUE(text.starts_with("c2sp.org/tlog-proof@v1\nindex 3\n")) << text;
  EXPECT_TRUE(text.ends_with("=\n\n" + proof.checkpoint)) << text;
  EXPECT_EQ(parse_tlog_proof(text).value(), proof);
  proof.extra = "more";
  EXPECT_TRUE(to_string(proof).starts_with("c2sp.org/tlog-proof@v1\nextra bW9yZQ==\nindex 3\n"));
  EXPECT_EQ(parse_tlog_proof(to_string(proof)).value(), proof);
  const TlogProof only{Seq{0}, {}, "x", {}};
  EXPECT_EQ(to_string(only), "c2sp.org/tlog-proof@v1\nindex 0\n\nx");
  EXPECT_EQ(parse_tlog_proof(to_string(only)).value(), only);
}

TEST(TlogProofText, IsRefusedWhenItIsSpelledOtherwise) {
  const std::string hash = base64(std::string(32, 'h')) + "\n";
  const std::string head = "c2sp.org/tlog-proof@v1\n";
  std::string many;
  for (int i = 0; i < 65; ++i) many += hash;
  const std::vector<std::string> texts{"",
                                       head,
                                       "c2sp.org/tlog-proof@v2\nindex 0\n\nx",
                                       head + "index 0",
                                       head + "index 0\n",
                                       head + "index 0\n\n",
                                       head + "index 00\n\nx",
                                       head + "index 01\n\nx",
                                       head + "index -1\n\nx",
                                       head + "index +1\n\nx",
                                       head + "index  1\n\nx",
                                       head + "index\n\nx",
                                       head + "index 18446744073709551616\n\nx",
                                       head + "extra !\nindex 0\n\nx",
                                       head + "extra YQ==\nextra YQ==\nindex 0\n\nx",
                                       head + "index 0\nextra YQ==\n\nx",
                                       head + "index 0\n" + hash.substr(4) + "\nx",
                                       head + "index 0\n" + hash,
                                       head + "index 0\n" + many + "\nx",
                                       head + "index 0\r\n\nx",
                                       head + "\nindex 0\n\nx"};
  for (const std::string& text : texts) {
    EXPECT_FALSE(parse_tlog_proof(text).ok()) << text;
  }
}

}  // namespace
}  // namespace ismap::feed
