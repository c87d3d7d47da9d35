#include "registry/text.h"

#include <gtest/gtest.h>

#include <vector>

namespace ismap::registry {
namespace {

using std::string_literals::operator""s;

bool names(const std::string& text, const std::string& code_point) {
  const auto error = check_text(text);
  return error && error->ja.find(code_point) != std::string::npos && error->en.find(code_point) != std::string::npos;
}

TEST(Text, LineEndsBecomeLineFeeds) {
  EXPECT_EQ(with_line_feeds("a\r\nb\rc\nd\r\r\ne\n\rf\r"), "a\nb\nc\nd\n\ne\n\nf\n");
  EXPECT_EQ(with_line_feeds(""), "");
  EXPECT_FALSE(check_text("一行目\n二行目"));
  EXPECT_TRUE(names("a\rb", "U+000D")) << "not mended before the check";
}

TEST(Text, ControlsAreRefusedByName) {
  EXPECT_TRUE(names("\0"s, "U+0000"));
  EXPECT_TRUE(names("鐘\x07", "U+0007"));
  EXPECT_TRUE(names("a\tb", "U+0009"));
  EXPECT_TRUE(names("\x0b", "U+000B"));
  EXPECT_TRUE(names("\x1f", "U+001F"));
  EXPECT_FALSE(check_text(" "));
  EXPECT_FALSE(check_text("~"));
  EXPECT_TRUE(names("\x7f", "U+007F"));
  EXPECT_TRUE(names("\xc2\x80", "U+0080"));
  EXPECT_TRUE(names("\xc2\x9f", "U+009F"));
  EXPECT_FALSE(check_text("\u00a0"));
}

TEST(Text, TheMessageTellsWhere) {
  EXPECT_NE(check_text("あい\x07う\t")->ja.find("3文字目"), std::string::npos);
  EXPECT_NE(check_text("ab\xff")->en.find("byte 3"), std::string::npos);
}

TEST(Text, DirectionControlsAreRefused) {
  const std::vector<std::pair<std::string, std::string>> refused = {
      {"\u202a", "U+202A"}, {"\u202b", "U+202B"}, {"\u202c", "U+202C"}, {"\u202d", "U+202D"}, {"\u202e", "U+202E"},
      {"\u2066", "U+2066"}, {"\u2067", "U+2067"}, {"\u2068", "U+2068"}, {"\u2069", "U+2069"}};
  for (const auto& [text, name] : refused) EXPECT_TRUE(names("a" + text + "b", name)) << name;
  EXPECT_FALSE(check_text("\u2029\u202f\u2065\u206a"));
}

TEST(Text, NoncharactersAreRefusedInEveryPlane) {
  EXPECT_TRUE(names("\xef\xbf\xbe", "U+FFFE"));
  EXPECT_TRUE(names("\xef\xbf\xbf", "U+FFFF"));
  EXPECT_TRUE(names("\xef\xb7\x90", "U+FDD0"));
  EXPECT_TRUE(names("\xef\xb7\xaf", "U+FDEF"));
  EXPECT_TRUE(names("\xf0\x9f\xbf\xbe", "U+1FFFE"));
  EXPECT_TRUE(names("\xf4\x8f\xbf\xbf", "U+10FFFF"));
  EXPECT_FALSE(check_text("\ufdcf\ufdf0\ufffd\U0010fffd"));
}

TEST(Text, NamesAreNeverNormalised) {
  for (const std::string text : {"﨑", "神\uFA19", "が\u304B\u3099", "髙橋", "𠮷野家", "葛\U000E0100城", "①㈱ｱ", "😀"}) {
    EXPECT_FALSE(check_text(text)) << text;
    EXPECT_EQ(with_line_feeds(text), text);
  }
}

TEST(Text, InvalidUtf8IsRefused) {
  for (const std::string text :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe3\x81", "\xe3", "\xed\xa0\x80", "\xed\xbf\xbf",
        "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xff", "\xfe", "\xe3\x28\x81", "\x82\xa0"}) {
    EXPECT_TRUE(check_text("a" + text)) << excerpt(text);
    EXPECT_TRUE(check_text(text + "a")) << excerpt(text);
    EXPECT_FALSE(is_blank(text));
  }
}

TEST(Text, BlankIsWhatNobodySees) {
  for (const std::string text : {"", " ", "\n", "\u3000", "\u00a0", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff",
                                 "\u3164", "\u2800", "\u00ad", "\u2028", " \u3000\n\u200b"}) {
    EXPECT_TRUE(is_blank(text)) << excerpt(text);
  }
  for (const std::string text : {"。", "a", " \u3000あ", "0", "-", "ー"}) EXPECT_FALSE(is_blank(text)) << text;
}

TEST(Text, ExcerptIsShortAndShowsWhatIsHidden) {
  EXPECT_EQ(excerpt("あいう", 3), "あいう");
  EXPECT_EQ(excerpt("あいうえ", 3), "あいう…");
  EXPECT_EQ(excerpt("a\tb\nc\u202e"), "a[U+0009]b[U+000A]c[U+202E]");
  EXPECT_EQ(excerpt("a\xff"), "a\\xFF");
  EXPECT_EQ(excerpt("一　二 三"), "一　二 三");
  EXPECT_EQ(excerpt(std::string(100, 'x')), std::string(40, 'x') + "…");
}

}  // namespace
}  // namespace ismap::registry
