#include "server/problem_types.h"

#include <algorithm>

namespace ismap::server {

const std::vector<ProblemType>& problem_types() {
  static const std::vector<ProblemType> table{
      {400, "bad-request", "リクエストを読めません", "The request cannot be read",
       "URL、パラメータ、ヘッダー又は JSON の書き方に誤りがあり、内容に入る前に断りました。",
       "The URL, a parameter, a header field or the JSON is not well formed, so that nothing was looked at.",
       "errors の pointer が示すところを直して送り直してください。同じものを送っても同じ答えになります。",
       "Mend what the pointer of each error names. The same request again gets the same answer."},
      {401, "unauthorized", "認証が必要です", "Authentication is needed",
       "トークンがないか、期限が切れたか、取り消されています。",
       "There is no token, or it has expired, or it was revoked.",
       "有効なトークンを Authorization: Bearer で送ってください。トークンは運用支援機関が発行します。",
       "Send a token that holds as Authorization: Bearer. The operator issues them."},
      {403, "forbidden", "この役割では行えません", "This role may not do that",
       "その行為は規程により別の役割のものです。article がその条項です。",
       "The rules give this act to another role; `article` names the article.",
       "その役割の者に依頼してください。トークンの役割が正しいかも確かめてください。",
       "Ask who has that role. See also whether the token has the role that you mean."},
      {404, "not-found", "見つかりません", "Not found",
       "その URL には何もないか、あなたのものではありません。他者の届出や事案は、ないものとして扱います。",
       "There is nothing at this URL, or it is not yours: what belongs to others is as if it were not there.",
       "番号を確かめてください。自分のものなら、トークンにそのサービスが含まれているか確かめてください。",
       "Check the number. If it is yours, check that the token covers that service."},
      {405, "method-not-allowed", "このメソッドは使えません", "This method is not allowed",
       "URL はありますが、そのメソッドには応じません。", "There is such a URL, but not with this method.",
       "Allow ヘッダーにあるメソッドを使ってください。", "Use a method of the Allow header field."},
      {406, "not-acceptable", "求められた形では返せません", "No acceptable form",
       "Accept-Encoding が、ある符号化をすべて退けています。", "Accept-Encoding refuses every coding that there is.",
       "gzip か identity を受け入れてください。", "Accept gzip or identity."},
      {408, "request-timeout", "リクエストが時間内に届きませんでした", "The request took too long",
       "リクエストが終わりまで届かないうちに時間切れになりました。何も記録していません。",
       "The request did not arrive whole in time. Nothing was recorded.", "送り直してください。", "Send it again."},
      {409, "conflict", "登録簿の状態と合いません", "The state of the register does not allow it",
       "リクエストは読めましたが、登録簿の今の状態がそれを許しません。article があればその条項によります。",
       "The request is understood, but the present state of the register does not allow it; `article`, where there is "
       "one, says why.",
       "今の状態を読み直し、なお必要なら改めて行ってください。",
       "Read the present state, and try anew if it is still needed."},
      {411, "length-required", "本文の長さが要ります", "The length of the body is needed",
       "この操作は、本文の長さを先に知る必要があります。", "This operation must know beforehand how long the body is.",
       "Content-Length を付けて送ってください。", "Send it with a Content-Length."},
      {412, "precondition-failed", "条件に合いません", "The precondition does not hold",
       "If-Match の後に内容が変わりました。diff があれば、何が変わったかを示します。",
       "It has changed since the state that If-Match names; `diff`, where there is one, says what.",
       "読み直し、新しい ETag で送り直してください。", "Read it again and send the request with its new ETag."},
      {413, "too-large", "大きすぎます", "Too large", "本文が上限を超えています。", "The body is over the limit.",
       "小さくしてください。JSON の本文は 1 MiB までです。", "Make it smaller: a JSON body has 1 MiB at the most."},
      {414, "uri-too-long", "URLが長すぎます", "The URL is too long", "URL が 8 KiB を超えています。",
       "The URL is over 8 KiB.", "短くしてください。", "Make it shorter."},
      {415, "unsupported-content", "この形の内容は受け付けません", "This kind of content is not accepted",
       "Content-Type がこの操作の受け付けるものではありません。",
       "The Content-Type is none that this operation takes, or the body is compressed.",
       "Content-Type: application/json で、圧縮せずに送ってください。",
       "Send Content-Type: application/json, not compressed."},
      {417, "expectation-failed", "Expectの求めには応じられません", "The expectation cannot be met",
       "Expect に 100-continue 以外のものがあります。", "Expect asks for something else than 100-continue.",
       "Expect を外してください。", "Leave Expect out."},
      {422, "invalid", "内容が規程に合いません", "An item breaks a rule",
       "JSON としては読めましたが、項目の内容が規程又はこの文書に合いません。",
       "The JSON is well formed, but an item breaks a rule or is not what this document says.",
       "errors の pointer と article が示す項目をすべて直してください。一度にすべての誤りを挙げています。",
       "Mend every item that the pointers name, by the article beside it. All mistakes are named at once."},
      {428, "precondition-required", "条件が必要です", "A precondition is required",
       "他の変更を上書きしないために If-Match が必要な操作です。",
       "This operation needs If-Match, so that no change of others is lost.",
       "読んだときの ETag を If-Match で送ってください。", "Send the ETag that you read as If-Match."},
      {429, "too-many-requests", "リクエストが多すぎます", "Too many requests",
       "決められた時間のうちのリクエストが多すぎました。何も記録していません。",
       "Too many requests came in a short time. Nothing was recorded.",
       "Retry-After の秒数を待って、同じ Idempotency-Key で送り直してください。",
       "Wait the seconds of Retry-After, then send it again with the same Idempotency-Key."},
      {431, "header-too-large", "ヘッダーが大きすぎます", "The header fields are too large",
       "ヘッダーが 16 KiB 又は 64 行を超えています。", "The header fields are over 16 KiB or 64 lines.",
       "減らしてください。", "Send fewer."},
      {500, "inconsistent", "保存された内容に矛盾があります", "What is stored contradicts itself",
       "登録簿の記録が読めないか、互いに合いません。", "A stored record cannot be read, or contradicts another.",
       "運用支援機関に知らせてください。送り直しても変わりません。",
       "Tell the operator. The same request again will not help."},
      {501, "not-implemented", "この機能はありません", "Not implemented",
       "Transfer-Encoding など、応じない機能が使われました。",
       "The request uses what is not served, such as Transfer-Encoding.", "Content-Length を付けて送ってください。",
       "Send a Content-Length."},
      {503, "unavailable", "いまは応じられません", "Not available now",
       "一時的に応じられません。recorded が true なら、記録は済んでおり公表を待っています。",
       "It cannot be done for the moment. Where `recorded` is true it is recorded already and waits for publication.",
       "Retry-After の秒数を待って、同じ Idempotency-Key で送り直してください。",
       "Wait the seconds of Retry-After, then send it again with the same Idempotency-Key."},
      {505, "http-version", "このHTTPの版は使えません", "This version of HTTP is not supported",
       "HTTP/1.0 と HTTP/1.1 に限ります。", "Only HTTP/1.0 and HTTP/1.1 are served.", "HTTP/1.1 で送ってください。",
       "Send HTTP/1.1."},
      {0, "problem", "応じられません", "Refused", "その他の理由で断りました。", "It was refused for another reason.",
       "errors の理由を読んでください。", "Read the reasons in errors."},
  };
  return table;
}

const ProblemType& problem_type_of(int status) {
  const auto& all = problem_types();
  const auto found = std::find_if(all.begin(), all.end(), [&](const ProblemType& t) { return t.status == status; });
  return found == all.end() ? all.back() : *found;
}

const ProblemType* find_problem_type(std::string_view slug) {
  const auto& all = problem_types();
  const auto found = std::find_if(all.begin(), all.end(), [&](const ProblemType& t) { return t.slug == slug; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace ismap::server
