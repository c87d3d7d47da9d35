#include "feed/atom.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "feed/event_words.h"
#include "feed/xml_text.h"
#include "tests/feed/atom_fixture.h"

namespace ismap::feed {
namespace {

using atom_test::content_of;
using atom_test::example;
using registry::Article;
using registry::EventKind;

/// An event whose names hold `text`.
registry::Event named(const std::string& text) {
  registry::Event event = example("example-leaf.json");
  event.record["name"]["ja"] = text;
  event.record["provider"]["name"]["ja"] = text;
  return event;
}

TEST(XmlText, TextEscapesAsCanonicalXml) {
  EXPECT_EQ(escape_text("a&b<c>d\"e'f]]>\r"), "a&amp;b&lt;c&gt;d\"e'f]]&gt;&#xD;");
  EXPECT_EQ(escape_text("\t\n"), "\t\n");
}

TEST(XmlText, AttributesEscapeAsCanonicalXml) {
  EXPECT_EQ(escape_attribute("a&b<c>d\"e'f\t\n\r"), "a&amp;b&lt;c>d&quot;e'f&#x9;&#xA;&#xD;");
}

TEST(XmlText, OneLineKeepsEverythingThatXmlCanCarry) {
  EXPECT_EQ(one_line("架空\nクラウド\t1\r"), "架空 クラウド 1 ");
  EXPECT_EQ(one_line("\x7F\xC2\x85\xEF\xA8\x99😀\xEF\xBF\xBD"), "\x7F\xC2\x85\xEF\xA8\x99😀\xEF\xBF\xBD");
}

TEST(XmlText, OneLineReplacesWhatXmlCannotCarry) {
  EXPECT_EQ(one_line(std::string("a\0b\x1F", 4)),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
  EXPECT_EQ(one_line("\xEF\xBF\xBE|\xEF\xBF\xBF|\xEF\xBF"), "\xEF\xBF\xBD|\xEF\xBF\xBD|\xEF\xBF");
}

TEST(XmlText, AnElementWithoutContentHasTwoTags) { EXPECT_EQ(element("a", {{"b", ""}}, ""), "<a b=\"\"></a>"); }

TEST(EventWords, EveryKindHasItsOwnWords) {
  std::set<std::string_view> acts;
  for (int i = 0; i <= static_cast<int>(EventKind::key); ++i) {
    const EventWords words = words_of(static_cast<EventKind>(i));
    EXPECT_FALSE(words.sentence.empty());
    EXPECT_TRUE(acts.insert(words.act).second) << words.act;
  }
}

TEST(EventWords, TitleNamesServiceActAndArticle_14_3) {
  registry::Event event = example("example-leaf.json");
  event.kind = EventKind::suspended;
  event.article = Article{"14.3"};
  EXPECT_EQ(event_title(event), "「架空 安否確認クラウド」の登録の一時停止（14.3）");
}

TEST(EventWords, SentenceNamesDayServiceProviderAndArticle_14_4) {
  EXPECT_EQ(event_sentence(example("example-leaf.json")),
            "2026年5月20日付けで、クラウドサービス「架空 安否確認クラウド」（登録番号 L24-0001、事業者 株式会社架空）"
            "の登録の一時停止を解除しました。根拠は登録規則 14.4 です。");
}

TEST(EventWords, LiftingOneOfTwoSuspensionsSaysThatTheOtherGoesOn_13_12) {
  registry::Event event = example("example-leaf.json");
  event.record["suspensions"].push_back(
      {{"article", "13.7"}, {"lifted", nullptr}, {"opening", 52}, {"since", "2026-05-18"}});
  EXPECT_NE(event_sentence(event).find("ほかの事由による登録の一時停止は続いています。"), std::string::npos);
  event.kind = EventKind::usage_updated;
  EXPECT_EQ(event_sentence(event).find("続いています"), std::string::npos);
}

TEST(EventWords, CorrectionNamesWhatItCorrects) {
  const registry::Event event = example("example-leaf-corrected.json");
  EXPECT_EQ(event_title(event), "「架空 安否確認クラウド」の掲載内容の訂正");
  EXPECT_EQ(event_sentence(event),
            "2026年4月1日付けで、クラウドサービス「架空 安否確認クラウド」（登録番号 L24-0001、事業者 株式会社架空）"
            "の掲載内容を訂正しました。訂正の対象は事象 3 です。");
}

TEST(AtomEntry, CarriesTheLeafAndItsAddress) {
  const std::string leaf = test::test_data("example-leaf.json");
  const std::string entry = atom_test::entry_of(example("example-leaf.json"));
  const std::string carried = atom_test::piece(entry, "<tl:leaf ", "</tl:leaf>");
  EXPECT_EQ(carried, "<tl:leaf xmlns:tl=\"urn:ismap-liu:tl:1\" index=\"57\">" + base64(leaf) + "</tl:leaf>");
  EXPECT_EQ(content_of(entry, "id"), "tag:liu.example.jp,2024:event:57");
  EXPECT_EQ(content_of(entry, "updated"), "2026-05-20T01:23:45.678Z");
  EXPECT_NE(entry.find("<link href=\"https://liu.example.jp/services/L24-0001\" rel=\"alternate\" type=\"text/html\">"),
            std::string::npos);
  EXPECT_NE(
      entry.find("<link href=\"https://liu.example.jp/v1/events/57.json\" rel=\"via\" type=\"application/json\">"),
      std::string::npos);
  EXPECT_EQ(entry.find('\n'), std::string::npos);
}

TEST(AtomEntry, CategoriesAreEventAndArticle) {
  const std::string with_article = atom_test::entry_of(example("example-leaf.json"));
  EXPECT_NE(with_article.find("<category scheme=\"urn:ismap-liu:event\" term=\"reinstated\"></category>"
                              "<category scheme=\"urn:ismap-liu:article\" term=\"14.4\"></category>"),
            std::string::npos);
  const std::string without = atom_test::entry_of(example("example-leaf-corrected.json"));
  EXPECT_NE(without.find("term=\"corrected\""), std::string::npos);
  EXPECT_EQ(without.find("urn:ismap-liu:article"), std::string::npos);
}

TEST(AtomEntry, KeysLeadToTheFrontPage) {
  const std::string entry = atom_test::entry_of(example("example-leaf-key.json"));
  EXPECT_EQ(content_of(entry, "title"), "署名鍵の一覧の公表（第1版）");
  EXPECT_NE(entry.find("<link href=\"https://liu.example.jp/\" rel=\"alternate\""), std::string::npos);
}

TEST(AtomEntry, HostileNamesStayText) {
  const std::string entry = atom_test::entry_of(named("]]><entry a=\"1\">&amp;'\n\xEF\xA8\x99\xE7\xA5\x9E😀"));
  EXPECT_EQ(content_of(entry, "title"),
            "「]]&gt;&lt;entry a=\"1\"&gt;&amp;amp;' \xEF\xA8\x99\xE7\xA5\x9E😀」の登録の一時停止の解除（14.4）");
  EXPECT_EQ(entry.find("<entry", 1), std::string::npos);
  EXPECT_EQ(entry.find('\n'), std::string::npos);
}

TEST(AtomFeed, HeadCarriesTimesVersionAndCheckpoint) {
  const std::string feed = unsigned_feed(atom_test::names(), atom_test::contents_of({}));
  EXPECT_EQ(atom_test::piece(feed, "<tl:head ", "</tl:head>"),
            "<tl:head xmlns:tl=\"urn:ismap-liu:tl:1\" exp=\"1779494401\" iat=\"1779321601\" ver=\"61\">" +
                base64(atom_test::head().checkpoint) + "</tl:head>");
}

TEST(AtomFeed, BreaksLinesOnlyAfterAnEntry) {
  const std::string feed = unsigned_feed(
      atom_test::names(), atom_test::contents_of({atom_test::entry_of(named("\n\n")), "<entry></entry>"}));
  std::size_t breaks = 0;
  for (std::size_t at = feed.find('\n'); at != std::string::npos; at = feed.find('\n', at + 1)) {
    EXPECT_EQ(feed.substr(at - 8, 8), "</entry>");
    ++breaks;
  }
  EXPECT_EQ(breaks, 2U);
}

TEST(AtomFeed, AnArchiveSaysSoAndHasNoHead) {
  FeedContents contents = atom_test::contents_of({});
  contents.identity.self_path = "/v1/events/archive/3.atom";
  contents.identity.archive = true;
  contents.identity.links = {{"current", "/v1/events.atom"}, {"prev-archive", "/v1/events/archive/2.atom"}};
  contents.head.reset();
  const std::string feed = unsigned_feed(atom_test::names(), contents);
  EXPECT_NE(feed.find("<fh:archive xmlns:fh=\"http://purl.org/syndication/history/1.0\"></fh:archive></feed>"),
            std::string::npos);
  EXPECT_NE(feed.find("<link href=\"https://liu.example.jp/v1/events/archive/2.atom\" rel=\"prev-archive\" "
                      "type=\"application/atom+xml\"></link>"),
            std::string::npos);
  EXPECT_EQ(feed.find("tl:head"), std::string::npos);
}

}  // namespace
}  // namespace ismap::feed
