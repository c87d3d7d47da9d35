#include "server/openapi/operation.h"

namespace ismap::server::openapi {

namespace {

constexpr const char* kHtml = "text/html; charset=utf-8";
constexpr const char* kText = "text/plain; charset=utf-8";

Operation page_of(std::string_view pattern, std::string_view id, Words summary, Words description) {
  return {"GET",
          pattern,
          id,
          "site",
          summary,
          description,
          {{200, "", kHtml, {"ページ", "The page"}, {"ETag", "Cache-Control"}}}};
}

}  // namespace

std::vector<Operation> site_operations() {
  return {
      page_of("/", "listPage", {"一覧のページ", "The page of the list"},
              {"登録されているサービスと検索", "The registered services, with a search."}),
      page_of("/services/{id}", "servicePage", {"サービスのページ", "The page of a service"},
              {"掲載事項、状態、履歴", "Its items, its state and its history."}),
      {"GET",
       "/openapi.json",
       "getOpenapi",
       "site",
       {"この文書", "This document"},
       {"OpenAPI 3.1 による、このサーバーのすべての操作",
        "Every operation of this server in OpenAPI 3.1, made from the table that it answers from."},
       {{200, "OpenapiDocument", "application/json", {"文書", "The document"}, {"ETag", "Cache-Control"}}}},
      page_of("/reference", "referencePage", {"APIの手引（日本語）", "The reference in Japanese"},
              {"この文書を読みやすくしたページ", "This document as a page."}),
      page_of("/en/reference", "referencePageEn", {"APIの手引（英語）", "The reference in English"},
              {"この文書を読みやすくしたページ", "This document as a page."}),
      page_of("/problems", "problemsPage", {"拒否の種類の一覧（日本語）", "The kinds of refusal in Japanese"},
              {"problem+json の type の一覧", "Every `type` of problem+json."}),
      page_of("/en/problems", "problemsPageEn", {"拒否の種類の一覧（英語）", "The kinds of refusal in English"},
              {"problem+json の type の一覧", "Every `type` of problem+json."}),
      page_of("/problems/{slug}", "problemPage", {"拒否の種類（日本語）", "One kind of refusal in Japanese"},
              {"意味、すべきこと、拒否しうる条項", "What it means, what to do, and which articles may refuse."}),
      page_of("/en/problems/{slug}", "problemPageEn", {"拒否の種類（英語）", "One kind of refusal in English"},
              {"意味、すべきこと、拒否しうる条項", "What it means, what to do, and which articles may refuse."}),
      {"GET",
       "/css/{path*}",
       "getStyle",
       "site",
       {"スタイルシート", "A style sheet"},
       {"ページの見た目", "How the pages look."},
       {{200, "", "text/css; charset=utf-8", {"CSS", "The CSS"}, {"ETag", "Cache-Control"}}}},
      {"GET",
       "/healthz",
       "getHealth",
       "site",
       {"動いているか", "Whether it runs"},
       {"プログラムが動いている間は 200", "200 while the program runs."},
       {{200, "", kText, {"動いています", "It runs"}, {"Cache-Control"}}}},
      {"GET",
       "/readyz",
       "getReadiness",
       "site",
       {"応じられるか", "Whether it is ready"},
       {"公表したものの有効時間が半分より多く残る間は 200",
        "200 while what is published stays valid for more than half of its life; else 503."},
       {{200, "", kText, {"応じられます", "It is ready"}, {"Cache-Control"}}}},
  };
}

}  // namespace ismap::server::openapi
