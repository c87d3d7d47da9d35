#include <algorithm>
#include <iterator>

#include "server/openapi/operation.h"

namespace ismap::server::openapi {

const std::vector<Tag>& tags() {
  static const std::vector<Tag> table{
      {"list",
       {"リスト", "The list"},
       {"ISMAP-LIUクラウドサービスリストと、過去の各日の状態",
        "The cloud service list (クラウドサービスリスト), and what it was on any day"}},
      {"log",
       {"署名された文書", "Signed documents"},
       {"誰でもオフラインで検証できる署名付きの公表物",
        "What is published with a signature, for anyone to check offline"}},
      {"filings",
       {"届出", "Filings"},
       {"登録者の届出、運用支援機関の確認、登録についての行為",
        "What a registrant (登録者) files, what the operator (運用支援機関) decides, and acts on a registration"}},
      {"cases",
       {"事案", "Cases"},
       {"リストに載らない手続と期限（12章から19章）。公開しません",
        "Procedures and deadlines of chapters 12 to 19, which the list does not show; never public"}},
      {"office",
       {"機関と監査", "Offices and audit"},
       {"トークン、二者確認、設定、監査証跡。公開しません",
        "Tokens, the second person (二者確認), settings and the audit trail (監査証跡); never public"}},
      {"site",
       {"サイト", "The site"},
       {"人が読むページ、この文書、サーバーの状態", "Pages for people, this document, and the state of the server"}},
  };
  return table;
}

const std::vector<Operation>& operations() {
  static const std::vector<Operation> table = [] {
    std::vector<Operation> all;
    for (auto part : {list_operations, log_operations, filing_operations, attachment_operations, case_operations,
                      office_operations, site_operations}) {
      std::vector<Operation> rows = part();
      std::move(rows.begin(), rows.end(), std::back_inserter(all));
    }
    return all;
  }();
  return table;
}

const Operation* find_operation(std::string_view method, std::string_view pattern) {
  const auto& all = operations();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Operation& o) { return o.method == method && o.pattern == pattern; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace ismap::server::openapi
