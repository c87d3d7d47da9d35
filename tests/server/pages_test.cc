#include "server/site/pages.h"

#include <gtest/gtest.h>

#include "tests/server/site.h"

namespace ismap::server {
namespace {

using test::Site;

bool contains(const Response& page, std::string_view text) { return page.body->find(text) != std::string::npos; }

TEST(ListPage, ShowsWhatIsRegistered) {
  Site site;
  const Response page = site.get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.headers.get("Content-Type"), "text/html; charset=utf-8");
  EXPECT_TRUE(page.headers.get("Content-Security-Policy")->starts_with("default-src 'self'"));
  EXPECT_TRUE(contains(page, "<a href=\"/services/L24-0001\">"));
  EXPECT_TRUE(contains(page, "一時停止中（14.3）"));
  EXPECT_TRUE(contains(page, "<time datetime=\"2027-04-30\">令和9年（2027年）4月30日</time>"));
  EXPECT_TRUE(contains(page, "架空"));
  EXPECT_FALSE(contains(page, "L24-0003"));
  EXPECT_FALSE(contains(page, "<script"));
  EXPECT_FALSE(contains(page, "style="));
}

TEST(ListPage, EscapesWhatServicesAndSearchersWrite) {
  Site site;
  EXPECT_TRUE(contains(site.get("/"), "&lt;b&gt;ストレスチェック&lt;/b&gt; &amp; &quot;Z&quot;"));
  const Response found = site.get("/?q=%22%3E%3Cb%3E");
  EXPECT_FALSE(contains(found, "\"><b>"));
  EXPECT_TRUE(contains(site.get("/?q=nowhere"), "当てはまるサービスはありません"));
}

TEST(ServicePage, HasTheThirteenItemsInOrder_11_5) {
  Site site;
  const Response page = site.get("/services/L24-0001");
  ASSERT_EQ(page.status, 200);
  std::size_t at = 0;
  for (int n = 1; n <= 13; ++n) {
    const auto found = page.body->find("<td>11.5(" + std::to_string(n) + ")</td>", at);
    ASSERT_NE(found, std::string::npos) << n;
    at = found;
  }
  EXPECT_TRUE(contains(page, "<a href=\"https://service.example.jp/\""));
  EXPECT_TRUE(contains(page, "登録は一時停止中です"));
  EXPECT_TRUE(contains(page, "href=\"/v1/events/5.json\""));
}

TEST(ServicePage, ARemovedServiceSaysSo) {
  Site site;
  const Response page = site.get("/services/L24-0003");
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(contains(page, "登録は削除されました"));
  EXPECT_TRUE(contains(page, "（12.1）"));
}

TEST(ProblemPage, IsForBrowsersOnly) {
  Site site;
  Headers browser;
  browser.add("Accept", "text/html,application/xhtml+xml");
  const Response page = site.get("/services/L99-9999", browser);
  EXPECT_EQ(page.status, 404);
  EXPECT_TRUE(contains(page, "<h1>見つかりません</h1>"));
  EXPECT_EQ(site.get("/services/L99-9999").headers.get("Content-Type"), "application/problem+json");
  EXPECT_EQ(site.get("/v1/services/L99-9999", browser).headers.get("Content-Type"), "application/problem+json");
}

TEST(StaticFile, IsServedFromTheProgram) {
  Site site;
  const Response css = site.get("/css/register.css");
  EXPECT_EQ(css.status, 200);
  EXPECT_EQ(css.headers.get("Content-Type"), "text/css; charset=utf-8");
  EXPECT_EQ(site.get("/css/../templates/list.tpl").status, 404);
  EXPECT_EQ(site.get("/css/none.css").status, 404);
}

}  // namespace
}  // namespace ismap::server
