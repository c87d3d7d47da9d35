#include "registry/url.h"

#include <gtest/gtest.h>

#include <string>

namespace ismap::registry {
namespace {

using std::string_literals::operator""s;

std::string url_refusal(const std::string& text) {
  const auto result = parse_url(text);
  EXPECT_FALSE(result.ok()) << text;
  if (result.ok()) return "";
  EXPECT_EQ(result.errors().size(), 1U);
  EXPECT_EQ(result.errors().front().article, "11.5(2)");
  EXPECT_FALSE(result.errors().front().ja.empty());
  return result.errors().front().en;
}

bool refused_for(const std::string& text, std::string_view reason) {
  return url_refusal(text).find(reason) != std::string::npos;
}

TEST(Url, AbsoluteHttpIsTakenAsItIs_11_5_2) {
  for (const std::string text :
       {"https://service.example.jp/", "http://service.example.jp", "HTTPS://Service.Example.JP/LIU",
        "https://service001.example.jp/製品/", "https://service002.example.jp/liu?lang=ja&q=安否確認#表",
        "https://日本語.jp/", "https://サービス・例.example.jp/", "https://xn--wgv71a119e.jp/",
        "https://a-b.example.jp:8443/x", "https://example.jp:1/", "https://example.jp:65535", "https://example.jp?x=1",
        "https://example.jp#f", "https://example.jp/%E8%A3%BD%e5%93%81", "https://example.jp/a(b)!*;,:@$&+=~[]",
        "https://192.0.2.1/", "https://r3---sn.example.jp/", "https://a_b.example.jp/",
        "https://example.jp/?u=https://x@y/"}) {
    const auto result = parse_url(text);
    ASSERT_TRUE(result.ok()) << text << " " << result.errors().front().en;
    EXPECT_EQ(result->value(), text);
  }
}

TEST(Url, OtherSchemesAreRefused) {
  for (const char* text : {"javascript:alert(1)", "ftp://example.jp/", "example.jp", "//example.jp/", "/liu", "",
                           "http:/example.jp/", "http:example.jp", "data:text/html,x", "xhttps://example.jp/",
                           "javascript://example.jp/%0aalert(1)", "https:", "mailto:a@example.jp"}) {
    EXPECT_TRUE(refused_for(text, "not absolute")) << text;
  }
}

TEST(Url, AHostIsNeeded) {
  for (const char* text : {"https://", "https:///x", "http://?x", "https://#x", "https://:8443/"}) {
    EXPECT_TRUE(refused_for(text, "no host")) << text;
  }
}

TEST(Url, TheHostMustBeOne) {
  const std::string long_label(64, 'a');
  for (const std::string& text :
       {"https://a..jp/"s, "https://.jp/"s, "https://example.jp./"s, "https://-a.jp/"s, "https://a-.jp/"s,
        "https://_a.jp/"s, "https://exa$mple.jp/"s, "https://exa%6dple.jp/"s, "https://例。.jp/"s, "https://xn--a.jp/"s,
        "https://😀\u0300.☃\u20e3\ufffd.jp/"s, "https://" + long_label + ".jp/"}) {
    EXPECT_TRUE(refused_for(text, "cannot be one")) << text;
  }
  EXPECT_TRUE(parse_url("https://" + long_label.substr(1) + ".jp/").ok());
}

TEST(Url, AnAddressInBracketsIsNoName) { EXPECT_FALSE(parse_url("https://[::1]/").ok()); }

TEST(Url, ThePortIsANumber) {
  for (const char* text : {"https://example.jp:/", "https://example.jp:0/", "https://example.jp:65536/",
                           "https://example.jp:x/", "https://example.jp:123456", "https://example.jp:80:80/"}) {
    EXPECT_TRUE(refused_for(text, "port")) << text;
  }
}

TEST(Url, NoUserName) {
  for (const char* text : {"https://user@example.jp/", "https://user:pw@example.jp/", "https://example.jp@evil.jp/",
                           "https://@example.jp/"}) {
    EXPECT_TRUE(refused_for(text, "user name")) << text;
  }
}

TEST(Url, NothingThatBreaksOut) {
  for (const char c : "\"'<>\\^`{|}"s) EXPECT_TRUE(refused_for("https://example.jp/"s + c, "may not have")) << c;
  EXPECT_TRUE(refused_for("https://example.jp\\@evil.jp/", "%5C"));
  EXPECT_TRUE(refused_for("https://example.jp/\r\nX: y", "U+000D"));
  EXPECT_TRUE(refused_for("https://example.jp/\t", "U+0009"));
  EXPECT_TRUE(refused_for("https://example.jp/\xff", "UTF-8"));
  EXPECT_TRUE(refused_for("https://example.jp/\u202e", "U+202E"));
  for (const char* gap : {" ", "\u3000", "\u00a0", "\u200b"}) {
    EXPECT_TRUE(refused_for("https://example.jp/"s + gap, "white space"));
    EXPECT_TRUE(refused_for(gap + "https://example.jp/"s, "white space"));
  }
}

TEST(Url, PercentEscapesAreWhole) {
  for (const char* text : {"https://example.jp/%", "https://example.jp/%2", "https://example.jp/%zz",
                           "https://example.jp/100%?x", "https://example.jp/%2g", "https://example.jp/%%20"}) {
    EXPECT_TRUE(refused_for(text, "hex digits")) << text;
  }
}

TEST(Url, AtMost2000Bytes) {
  const std::string start = "https://example.jp/";
  EXPECT_TRUE(parse_url(start + std::string(kMaxUrlBytes - 1 - start.size(), 'a')).ok());
  EXPECT_TRUE(parse_url(start + std::string(kMaxUrlBytes - start.size(), 'a')).ok());
  EXPECT_TRUE(refused_for(start + std::string(kMaxUrlBytes + 1 - start.size(), 'a'), "at most 2000"));
}

TEST(Url, AMessageIsShortAndSafe) {
  const std::string text = url_refusal("ftp://\x1b[31m" + std::string(500, 'x'));
  EXPECT_LT(text.size(), 200U);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace ismap::registry
