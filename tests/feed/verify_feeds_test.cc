#include "feed/verify/feed_check.h"

#include <gtest/gtest.h>

#include "tests/feed/hostile_mirror.h"

namespace ismap::feed {
namespace {

class FeedVerifier : public HostileMirror {};

// XML: wrapping, smuggling, comments.
TEST_F(FeedVerifier, XmlThatIsNotInTheOneFormIsRefused) {
  const std::string path = "/v1/events.atom";
  const std::string& feed = files_->at(path);
  const std::string signature = feed.substr(feed.find("<Signature"), feed.rfind("</feed>") - feed.find("<Signature"));
  const std::vector<std::pair<const char*, Change>> changes{
      {"a comment in a text", replaced("</title>", "<!-- x --></title>")},
      {"a comment between elements", inserted("<entry>", "<!-- x -->")},
      {"a comment that splits an id", replaced("2024:events", "2024:<!---->events")},
      {"an XML declaration", inserted("<feed", "<?xml version=\"1.0\"?>")},
      {"a DOCTYPE with an entity", inserted("<feed", "<!DOCTYPE feed [<!ENTITY x \"y\">]>")},
      {"a processing instruction", inserted("<entry>", "<?x y?>")},
      {"CDATA", replaced("架空", "<![CDATA[架空]]>")},
      {"a character reference", replaced("架空", "&#x67B6;空")},
      {"an entity reference", replaced("架空", "&x;")},
      {"an attribute more", replaced("<entry>", "<entry Id=\"x\">")},
      {"an element more", inserted("<content", "<summary>偽</summary>")},
      {"an unsigned entry after the signature", replaced("</Signature>", "</Signature><entry></entry>")},
      {"white space after the end", [](std::string& s) { s += "\n"; }},
      {"white space before the beginning", [](std::string& s) { s = " " + s; }},
      {"the signed feed wrapped in another",
       [&](std::string& s) { s = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry></entry>" + feed + "</feed>"; }},
      {"two signatures", [&](std::string& s) { s.insert(s.rfind("</feed>"), signature); }},
      {"the signature at the beginning",
       [&](std::string& s) {
         s.erase(s.find("<Signature"), signature.size());
         s.insert(s.find("<title>"), signature);
       }},
      {"a reference to a part", replaced("<Reference URI=\"\">", "<Reference URI=\"#x\">")},
      {"another name space", replaced("<entry>", "<entry xmlns=\"urn:x\">")},
      {"an empty-element tag", replaced("></category>", "/>")},
      {"single quotes", replaced("type=\"text\"", "type='text'")},
      {"a key value instead of a name", replaced("<KeyInfo><KeyName>", "<KeyInfo><KeyValue></KeyValue><KeyName>")},
  };
  for (const auto& [what, change] : changes) {
    const std::string code = told_with(path, change);
    EXPECT_TRUE(code == "feed-malformed" || (code == "feed-signature" && std::string(what) == "a reference to a part"))
        << what << ": " << code;
  }
  EXPECT_EQ(told_with(path, replaced("xmldsig-more#rsa-sha256", "xmldsig-more#hmac-sha256")), "feed-signature");
  EXPECT_EQ(told_with(path, replaced("<KeyName>", "<KeyName>x")), "feed-signature") << "a key that nobody published";
}

TEST_F(FeedVerifier, AFeedThatIsSignedButNotTheLogIsRefused) {
  Signing how;
  how.feed = replaced(R"(index="294">)", R"(index="294">A)");
  EXPECT_EQ(told_signed(how), "feed-leaf");
  how.feed = replaced("urn:ismap-liu:event\" term=\"changed", "urn:ismap-liu:event\" term=\"removed");
  EXPECT_EQ(told_signed(how), "feed-leaf");
  how.feed = replaced("2024:event:294", "2024:event:295");
  EXPECT_EQ(told_signed(how), "feed-leaf");
  how.feed = replaced("<!", "<!");
  how.feed = inserted("<content", "<!-- x -->");
  EXPECT_EQ(told_signed(how), "feed-malformed") << "a signature does not excuse the form";
  how.feed = {};
  how.contents = [](FeedContents& c) { c.entries_newest_first.erase(c.entries_newest_first.begin() + 3); };
  EXPECT_EQ(told_signed(how), "feed-cover") << "an event is left out";
  how.contents = [](FeedContents& c) { c.entries_newest_first.pop_back(); };
  EXPECT_EQ(told_signed(how), "feed-cover") << "a gap between the feed and the archive";
  how.contents = [](FeedContents& c) { c.head->checkpoint[0] = 'L'; };
  EXPECT_EQ(told_signed(how), "feed-generation");
  how.contents = [](FeedContents& c) { c.head.reset(); };
  EXPECT_EQ(told_signed(how), "feed-malformed");
}

}  // namespace
}  // namespace ismap::feed
