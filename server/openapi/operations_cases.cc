#include "server/openapi/operation.h"

namespace ismap::server::openapi {

std::vector<Operation> case_operations() {
  const Answer made{201, "CaseAnswer", "application/json", {"記録した後の事案", "The case with its new step"}};
  const Answer again{
      200, "CaseAnswer", "application/json", {"同じリクエストへの同じ答え", "The answer of the same request before"}};
  Answer opened = made;
  opened.headers = {"Location"};
  Answer opened_before = again;
  opened_before.headers = {"Location"};
  return {
      {"GET",
       "/v1/cases",
       "listCases",
       "cases",
       {"事案の一覧", "The cases"},
       {"機関にはすべて、登録者には知らされたもの",
        "The offices see all; a registrant sees what it was told of. `next` is the URL of the next page."},
       {{200, "CasePage", "application/json", {"一ページ", "One page"}}}},
      {"POST",
       "/v1/cases",
       "openCase",
       "cases",
       {"事案を開く", "Open a case"},
       {"最初の手続（step）とともに開きます。登録者は Idempotency-Key が必要です",
        "With its first step. A registrant must send an Idempotency-Key; for the offices it is optional."},
       {opened, opened_before},
       {403, 404, 409},
       "CaseOpening",
       Key::optional,
       Looked::none,
       Body::json},
      {"GET",
       "/v1/cases/{id}",
       "getCase",
       "cases",
       {"一つの事案", "One case"},
       {"手続、通知、期限", "Its steps, notices and deadlines, as far as the caller is told of them."},
       {{200, "Case", "application/json", {"事案", "The case"}}},
       {404}},
      {"POST",
       "/v1/cases/{id}/steps",
       "addStep",
       "cases",
       {"手続を一つ進める", "Make a step in a case"},
       {"手続ごとに役割、条項、記載事項が決まっています。登録者は Idempotency-Key が必要です",
        "Each step has its role, its article and its members. A registrant must send an Idempotency-Key; for the "
        "offices it is optional."},
       {made, again},
       {403, 404, 409},
       "StepRequest",
       Key::optional,
       Looked::none,
       Body::json},
      {"POST",
       "/v1/cases/{id}/steps/{number}/destruction",
       "destroyTexts",
       "cases",
       {"手続の文章を廃棄する", "Destroy the texts of a step"},
       {"保存期間の満了による廃棄。運用支援機関だけが行えます。元に戻せません",
        "When their time for keeping is over; by the operator alone. It cannot be undone; the chain stays whole."},
       {{200, "Case", "application/json", {"廃棄した後の事案", "The case after it"}}},
       {403, 404, 409},
       "DestructionRequest",
       Key::none,
       Looked::none,
       Body::json},
      {"GET",
       "/v1/deadlines",
       "listDeadlines",
       "cases",
       {"期限", "Deadlines"},
       {"期限の日の順。計算の過程を添えます。Accept: text/calendar なら iCalendar",
        "By due day, each with its arithmetic. With `Accept: text/calendar` it is iCalendar."},
       {{200, "DeadlineList", "application/json", {"期限の列", "The deadlines"}},
        {200, "", "text/calendar; charset=utf-8", {"カレンダー", "The calendar"}}}},
      {"GET",
       "/v1/deadlines.ics",
       "getDeadlineCalendar",
       "cases",
       {"期限のカレンダー", "Deadlines as a calendar"},
       {"iCalendar（RFC 5545）", "iCalendar (RFC 5545)."},
       {{200, "", "text/calendar; charset=utf-8", {"カレンダー", "The calendar"}}}},
  };
}

}  // namespace ismap::server::openapi
