#include "registry/search_text.h"

#include <gtest/gtest.h>

namespace ismap::registry {
namespace {

TEST(SearchKey, SpellingsThatAReaderTakesForTheSameAreEqual) {
  EXPECT_EQ(search_key("ミホン"), "みほん");
  EXPECT_EQ(search_key("ﾐﾎﾝ"), "みほん");
  EXPECT_EQ(search_key("みほん"), "みほん");
  EXPECT_EQ(search_key("サーバー"), search_key("サーバ"));
  EXPECT_EQ(search_key("ｻｰﾊﾞｰ"), search_key("サーバー"));
  EXPECT_EQ(search_key("ＣＬＯＵＤ　Ｓｕｉｔｅ"), "cloudsuite");
  EXPECT_EQ(search_key("データ・センター"), search_key("データセンタ"));
  EXPECT_EQ(search_key("Ｌ２４－０００１"), "l24-0001");
  EXPECT_EQ(search_key("L24\u20100001"), search_key("L24\u22120001"));
  EXPECT_EQ(search_key("A〜B"), search_key("A～B"));
  EXPECT_EQ(search_key("か\u3099"), search_key("ガ"));
}

TEST(SearchKey, VariantsOfKanjiAreEqual) {
  EXPECT_EQ(search_key("髙﨑"), search_key("高崎"));
  EXPECT_EQ(search_key("德濵邊齋"), search_key("徳浜辺斉"));
  EXPECT_EQ(search_key("渡邉"), search_key("渡辺"));
  EXPECT_EQ(search_key("𠮷野"), search_key("吉野"));
  EXPECT_EQ(search_key("\uFA19"), search_key("神"));
  EXPECT_EQ(search_key("葛\U000E0100"), search_key("葛"));
}

TEST(SearchKey, FormsOfIncorporationAreDropped) {
  for (const char* name : {"株式会社架空", "架空株式会社", "(株)架空", "㈱架空", "（株）架空", "架空㍿", "有限会社架空",
                           "㈲架空", "株式 会社 架空", "株式會社架空", "合同会社架空"}) {
    EXPECT_EQ(search_key(name), "架空") << name;
  }
}

TEST(SearchKey, TakesAnything) {
  EXPECT_EQ(search_key(""), "");
  EXPECT_EQ(search_key("・ー　"), "");
  EXPECT_EQ(search_key("\xFF"), "\uFFFD");
}

}  // namespace
}  // namespace ismap::registry
