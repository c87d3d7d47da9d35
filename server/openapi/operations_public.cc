#include "server/openapi/operation.h"

namespace ismap::server::openapi {

namespace {

constexpr const char* kAtom = "application/atom+xml";
constexpr const char* kJwt = "application/jwt";
constexpr const char* kJose = "application/jose+json";
constexpr const char* kPlain = "text/plain; charset=utf-8";

/// A document that has a validator: answered by 304 to who has it already.
Answer kept(std::string_view schema, std::string_view media, Words says) {
  return {200, schema, media, says, {"ETag", "Cache-Control"}};
}

}  // namespace

std::vector<Operation> list_operations() {
  return {
      {"GET",
       "/v1/services",
       "listServices",
       "list",
       {"サービスを探す", "Find services"},
       {"登録番号の順。語の幅、かな、㈱は区別しません。as_of と known_at で過去の状態を尋ねられます",
        "In order of registration number (登録番号). Width of characters and kana do not matter. With `as_of` and "
        "`known_at` it answers for a past day."},
       {{200, "ServicePage", "application/json", {"一ページ", "One page"}, {"ETag", "Cache-Control", "Link"}}}},
      {"GET",
       "/v1/services/{id}",
       "getService",
       "list",
       {"一つのサービス", "One service"},
       {"11.5 の掲載事項と登録の状態。as_of 又は known_at を付けると、その日の状態と valid、suspended を答えます",
        "The items of article 11.5 and the state. With `as_of` or `known_at` it is the state of that day, with `valid` "
        "and `suspended`. The ETag is the leaf hash of the latest event."},
       {kept("ServiceAnswer", "application/json", {"現在又はその日の状態", "The present state, or that of the day"})}},
      {"GET",
       "/v1/services/{id}/history",
       "getHistory",
       "list",
       {"一つのサービスの履歴", "The history of a service"},
       {"すべての事象（古い順）。何も消されません", "Every event (事象), oldest first. Nothing is ever erased."},
       {kept("History", "application/json", {"事象の列", "The events"})}},
      {"GET",
       "/v1/services/{id}.atom",
       "getServiceFeed",
       "list",
       {"一つのサービスの Atom", "The feed of a service"},
       {"署名付きの Atom（RFC 4287）", "Signed Atom (RFC 4287)."},
       {kept("", kAtom, {"フィード", "The feed"})}},
      {"GET",
       "/v1/list.json",
       "getList",
       "list",
       {"リスト全体", "The whole list"},
       {"list.jwt で署名されている内容そのもの。削除されたサービスも含みます",
        "The very octets that list.jwt signs. Services that were removed are in it too."},
       {kept("List", "application/json", {"リスト", "The list"})}},
      {"GET",
       "/v1/list.csv",
       "getListCsv",
       "list",
       {"表計算用のリスト", "The list for a spreadsheet"},
       {"UTF-8、掲載事項を列とする CSV", "CSV in UTF-8, with the items as columns."},
       {kept("", "text/csv; charset=utf-8", {"CSV", "The CSV"})}},
  };
}

std::vector<Operation> log_operations() {
  return {
      {"GET",
       "/v1/list.jwt",
       "getSignedList",
       "log",
       {"署名されたリスト", "The signed list"},
       {"typ liu-list+jwt。exp を過ぎた一覧は「不明」であり「登録なし」ではありません",
        "typ liu-list+jwt. After its `exp` a list says \"unknown\", never \"not registered\"."},
       {kept("ListJwt", kJwt, {"JWT", "The JWT"})}},
      {"GET",
       "/v1/records/{id}.jwt",
       "getEvidence",
       "log",
       {"登録の証明", "Evidence of a registration"},
       {"一つのサービスの、現在又は過去の一日の状態の署名付きの証明。typ liu-status+jwt",
        "Signed evidence of the state of a service, of now or of a past day. typ liu-status+jwt."},
       {kept("EvidenceJwt", kJwt, {"JWT", "The JWT"})}},
      {"GET",
       "/v1/events/{seq}.json",
       "getEvent",
       "log",
       {"一つの事象", "One event"},
       {"ログの葉そのもののオクテット", "The very octets of a leaf of the log."},
       {kept("Leaf", "application/json", {"事象", "The event"})}},
      {"GET",
       "/v1/events.atom",
       "getFeed",
       "log",
       {"すべての変更の Atom", "The feed of every change"},
       {"署名付きの Atom。古いものは prev-archive をたどります（RFC 5005）",
        "Signed Atom; older entries follow prev-archive (RFC 5005)."},
       {kept("", kAtom, {"フィード", "The feed"})}},
      {"GET",
       "/v1/events/archive/{n}.atom",
       "getFeedArchive",
       "log",
       {"Atom の綴り", "An archive of the feed"},
       {"変わることのない、綴じた部分", "A part that is closed and never changes."},
       {kept("", kAtom, {"綴り", "The archive"})}},
      {"GET",
       "/v1/keys.json",
       "getKeys",
       "log",
       {"現在の鍵セット", "The present key set"},
       {"ルート鍵で署名された一般形の JWS", "A general JWS, signed by the root keys."},
       {kept("KeysJws", kJose, {"鍵セット", "The key set"})}},
      {"GET",
       "/v1/keys/{n}.json",
       "getKeysVersion",
       "log",
       {"鍵セットの各版", "A version of the key set"},
       {"変わることはありません", "It never changes."},
       {kept("KeysJws", kJose, {"鍵セット", "The key set"})}},
      {"GET",
       "/log/checkpoint",
       "getCheckpoint",
       "log",
       {"ログのチェックポイント", "The checkpoint of the log"},
       {"署名付きノート（C2SP tlog-checkpoint）", "A signed note (C2SP tlog-checkpoint)."},
       {kept("", kPlain, {"ノート", "The note"})}},
      {"GET",
       "/log/tile/{path*}",
       "getTile",
       "log",
       {"ログのタイル", "A tile of the log"},
       {"C2SP tlog-tiles の形", "As C2SP tlog-tiles has it."},
       {kept("", "application/octet-stream", {"ハッシュ又は事象の列", "Hashes, or a bundle of events"})}},
  };
}

}  // namespace ismap::server::openapi
