#include "feed/tiles.h"

#include <gtest/gtest.h>

#include "registry/digest.h"

namespace ismap::feed {
namespace {

using registry::TreeSize;

TEST(TilePath, IsWrittenInGroupsOfThree) {
  EXPECT_EQ(path_of({0, 0, 256, false}), "/log/tile/0/000");
  EXPECT_EQ(path_of({0, 1'234'067, 256, false}), "/log/tile/0/x001/x234/067");
  EXPECT_EQ(path_of({2, 0, 1, false}), "/log/tile/2/000.p/1");
  EXPECT_EQ(path_of({0, 999, 255, true}), "/log/tile/entries/999.p/255");
  EXPECT_EQ(path_of({0, 1000, 256, true}), "/log/tile/entries/x001/000");
  EXPECT_EQ(path_of({63, 18'446'744'073'709'551'615U, 256, false}), "/log/tile/63/x018/x446/x744/x073/x709/x551/615");
}

TEST(TilePath, IsReadBack) {
  for (const std::uint64_t index : {0ULL, 9ULL, 999ULL, 1000ULL, 1'000'000ULL, 18'446'744'073'709'551'615ULL}) {
    for (const std::uint16_t width : {std::uint16_t{1}, std::uint16_t{255}, std::uint16_t{256}}) {
      for (const bool entries : {false, true}) {
        const Tile tile{entries ? std::uint8_t{0} : std::uint8_t{63}, index, width, entries};
        EXPECT_EQ(parse_tile_path(path_of(tile)).value(), tile) << path_of(tile);
      }
    }
  }
}

TEST(TilePath, HasNoOtherSpelling) {
  for (const char* path : {"",
                           "/",
                           "/log/tile",
                           "/log/tile/",
                           "/log/tile/0",
                           "/log/tile/0/",
                           "/log/tile/0/0",
                           "/log/tile/0/00",
                           "/log/tile/0/0000",
                           "/log/tile/0/1000",
                           "/log/tile/0/x000/000",
                           "/log/tile/0/x000/001",
                           "/log/tile/0/001/000",
                           "/log/tile/0/x001/x000",
                           "/log/tile/0/x1/000",
                           "/log/tile/0/x001//000",
                           "/log/tile/0/x001/000/",
                           "/log/tile/00/000",
                           "/log/tile/01/000",
                           "/log/tile/64/000",
                           "/log/tile/256/000",
                           "/log/tile/-1/000",
                           "/log/tile/+1/000",
                           "/log/tile//000",
                           "/log/tile/0/000.p/0",
                           "/log/tile/0/000.p/256",
                           "/log/tile/0/000.p/01",
                           "/log/tile/0/000.p/",
                           "/log/tile/0/000.p",
                           "/log/tile/0/000.p/65537",
                           "/log/tile/0/000.p/1/",
                           "/log/tile/0/000.p/1.p/1",
                           "/log/tile/0/000.P/1",
                           "/log/tile/0/ 00",
                           "/log/tile/entries/",
                           "/log/tile/entries/0/000",
                           "/log/tile/Entries/000",
                           "log/tile/0/000",
                           "/log/tile/0/000 ",
                           "/log/tile/0/000\n",
                           "/log/tile/0/x018/x446/x744/x073/x709/x551/616",
                           "/log/tile/0/x999/x999/x999/x999/x999/x999/x999/999",
                           "/log/tile/0/../0/000",
                           "/log/tile/0/%30%30%30",
                           "/log/tile/0/0x00/"}) {
    EXPECT_FALSE(parse_tile_path(path).ok()) << path;
  }
}

// C2SP tlog-tiles: "a tree of size 70,000 will be represented by 273 full level 0 tiles, one partial level 0 tile of
// width 112, one full level 1 tile, one partial level 1 tile of width 17, and one partial level 2 tile of width 1".
TEST(Tiles, AreThoseOfTheSpecificationsExample) {
  const auto tiles = tiles_of(TreeSize{70'000});
  ASSERT_EQ(tiles.size(), 277U);
  EXPECT_EQ(tiles[272], (Tile{0, 272, 256, false}));
  EXPECT_EQ(tiles[273], (Tile{0, 273, 112, false}));
  EXPECT_EQ(tiles[274], (Tile{1, 0, 256, false}));
  EXPECT_EQ(tiles[275], (Tile{1, 1, 17, false}));
  EXPECT_EQ(tiles[276], (Tile{2, 0, 1, false}));
  EXPECT_EQ(bundles_of(TreeSize{70'000}).size(), 274U);
  EXPECT_EQ(bundles_of(TreeSize{70'000}).back(), (Tile{0, 273, 112, true}));
}

TEST(Tiles, OfSmallTrees) {
  EXPECT_TRUE(tiles_of(TreeSize{0}).empty());
  EXPECT_TRUE(bundles_of(TreeSize{0}).empty());
  EXPECT_EQ(tiles_of(TreeSize{1}), (std::vector<Tile>{{0, 0, 1, false}}));
  EXPECT_EQ(tiles_of(TreeSize{255}), (std::vector<Tile>{{0, 0, 255, false}}));
  EXPECT_EQ(tiles_of(TreeSize{256}), (std::vector<Tile>{{0, 0, 256, false}, {1, 0, 1, false}}));
  EXPECT_EQ(tiles_of(TreeSize{257}), (std::vector<Tile>{{0, 0, 256, false}, {0, 1, 1, false}, {1, 0, 1, false}}));
}

TEST(Tiles, AreFoundByTheirPlace) {
  EXPECT_EQ(tile_at(0, 0, TreeSize{300}), (Tile{0, 0, 256, false}));
  EXPECT_EQ(tile_at(0, 1, TreeSize{300}), (Tile{0, 1, 44, false}));
  EXPECT_EQ(bundle_at(1, TreeSize{300}), (Tile{0, 1, 44, true}));
  EXPECT_EQ(tile_at(0, 2, TreeSize{300}), std::nullopt);
  EXPECT_EQ(tile_at(0, 1, TreeSize{256}), std::nullopt);
  EXPECT_EQ(tile_at(1, 0, TreeSize{255}), std::nullopt);
  EXPECT_EQ(tile_at(7, 0, TreeSize{~std::uint64_t{0}}), (Tile{7, 0, 255, false}));
  EXPECT_EQ(tile_at(8, 0, TreeSize{~std::uint64_t{0}}), std::nullopt);
  EXPECT_EQ(tile_at(63, 0, TreeSize{~std::uint64_t{0}}), std::nullopt);
}

TEST(Tiles, OfSmallerTreesAreWithinALargerOne) {
  EXPECT_TRUE(is_within({0, 0, 7, false}, TreeSize{300}));
  EXPECT_TRUE(is_within({0, 1, 44, true}, TreeSize{300}));
  EXPECT_FALSE(is_within({0, 1, 45, true}, TreeSize{300}));
  EXPECT_FALSE(is_within({0, 1, 256, false}, TreeSize{300}));
  EXPECT_FALSE(is_within({0, 2, 1, false}, TreeSize{300}));
}

TEST(TileOctets, AreConcatenatedHashes) {
  const std::vector<registry::Digest> hashes{registry::sha256("a"), registry::sha256("b")};
  const std::string octets = tile_octets(hashes);
  ASSERT_EQ(octets.size(), 64U);
  EXPECT_EQ(parse_tile(octets, 2).value(), hashes);
  EXPECT_FALSE(parse_tile(octets, 1).ok());
  EXPECT_FALSE(parse_tile(octets, 3).ok());
  EXPECT_FALSE(parse_tile(octets.substr(1), 2).ok());
}

TEST(EntryBundle, IsLengthAndLeaf) {
  std::string bundle;
  append_entry(bundle, "ab");
  append_entry(bundle, "");
  append_entry(bundle, std::string(60'000, 'x'));
  EXPECT_EQ(bundle.substr(0, 8), std::string("\0\x02"
                                             "ab\0\0\xEA\x60",
                                             8));
  const auto leaves = parse_bundle(bundle, 3);
  ASSERT_TRUE(leaves.ok());
  EXPECT_EQ(leaves->at(0), "ab");
  EXPECT_EQ(leaves->at(1), "");
  EXPECT_EQ(leaves->at(2).size(), 60'000U);
  EXPECT_THROW(append_entry(bundle, std::string(65'536, 'x')), std::length_error);
}

TEST(EntryBundle, IsRefusedUnlessItIsExact) {
  std::string bundle;
  append_entry(bundle, "ab");
  append_entry(bundle, "cd");
  EXPECT_FALSE(parse_bundle(bundle, 1).ok()) << "a leaf too many";
  EXPECT_FALSE(parse_bundle(bundle, 3).ok()) << "a leaf too few";
  EXPECT_FALSE(parse_bundle(bundle + '\0', 2).ok()) << "half a length";
  for (std::size_t cut = 1; cut < bundle.size(); ++cut) {
    EXPECT_FALSE(parse_bundle(bundle.substr(0, cut), 2).ok()) << cut;
  }
  EXPECT_FALSE(parse_bundle("", 1).ok());
}

}  // namespace
}  // namespace ismap::feed
