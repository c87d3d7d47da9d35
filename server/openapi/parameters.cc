#include "server/openapi/parameters.h"

#include <stdexcept>
#include <string>

namespace ismap::server::openapi {

const std::vector<ParameterRow>& parameter_rows() {
  static const std::vector<ParameterRow> table{
      {"id",
       "",
       R"({"$ref": "#/components/schemas/RegistrationNumber"})",
       R"("L25-0004")",
       {"登録番号", "The registration number (登録番号)."}},
      {"id",
       "/v1/filings",
       R"({"$ref": "#/components/schemas/FilingNumber"})",
       R"("F000000001")",
       {"届出の番号", "The number of the filing."}},
      {"id",
       "/v1/cases",
       R"({"$ref": "#/components/schemas/CaseNumber"})",
       R"("C000000001")",
       {"事案の番号", "The number of the case (事案)."}},
      {"number",
       "",
       R"({"type": "integer", "minimum": 1})",
       "1",
       {"手続の番号", "The number of the step in its case."}},
      {"seq",
       "",
       R"({"type": "integer", "minimum": 0})",
       "0",
       {"事象の番号", "The number of the event: the index of its leaf."}},
      {"n", "", R"({"type": "integer", "minimum": 1})", "1", {"鍵セットの版", "The version of the key set."}},
      {"n",
       "/v1/events/archive",
       R"({"type": "integer", "minimum": 0})",
       "0",
       {"綴りの番号", "The number of the archive, from 0."}},
      {"path",
       "",
       R"({"type": "string", "pattern": "^[A-Za-z0-9._/-]+$"})",
       R"("register.css")",
       {"ファイルの名前", "The name of the file. The / in it is not encoded."}},
      {"path",
       "/log/tile",
       R"({"type": "string", "pattern": "^([0-9]|entries)(/x[0-9]{3})*/[0-9]{3}(\\.p/[0-9]{1,3})?$"})",
       R"("0/000")",
       {"タイルの位置（C2SP tlog-tiles）",
        "Level, index and width as C2SP tlog-tiles writes them. The / in it is not encoded."}},
      {"slug",
       "",
       R"({"$ref": "#/components/schemas/ProblemSlug"})",
       R"("invalid")",
       {"拒否の種類の名前", "The name of the kind of refusal."}},
      {"state",
       "",
       R"({"type": "string", "enum": ["registered", "removed", "all"], "default": "registered"})",
       R"("all")",
       {"登録の状態", "The state of the registration."}},
      {"state",
       "/v1/cases",
       R"({"type": "string", "enum": ["open", "closed"]})",
       R"("open")",
       {"終わった事案か", "Whether the case has ended."}},
      {"provider",
       "",
       R"({"type": "string"})",
       R"("架空")",
       {"事業者の名称の一部、又は法人番号", "A part of the provider's name, or its corporate number (法人番号)."}},
      {"q",
       "",
       R"({"type": "string"})",
       R"("架空")",
       {"名称、事業者、登録番号、対象範囲に含まれる語",
        "Words of the name, the provider, the registration number or the scope."}},
      {"as_of",
       "",
       R"({"$ref": "#/components/schemas/Day"})",
       R"("2026-11-20")",
       {"この日の状態を尋ねる。将来の日は尋ねられない", "The day that is asked for; never a day to come."}},
      {"known_at",
       "",
       R"({"$ref": "#/components/schemas/Instant"})",
       R"("2026-12-01T02:00:00.000Z")",
       {"この時刻までに知られていたことで答える", "The instant of what was known; never one to come."}},
      {"limit",
       "",
       R"({"type": "integer", "minimum": 1, "maximum": 1000, "default": 100})",
       "50",
       {"一ページの件数", "How many items a page has at the most."}},
      {"cursor",
       "",
       R"({"type": "string"})",
       "",
       {"次のページの位置。前のページの next にあるもの",
        "Where the page begins: as the `next` of the page before has it."}},
      {"service",
       "",
       R"({"$ref": "#/components/schemas/RegistrationNumber"})",
       R"("L25-0004")",
       {"このサービスのものだけ", "Only those of this service."}},
      {"procedure",
       "",
       R"({"$ref": "#/components/schemas/Procedure"})",
       R"("incident")",
       {"この手続のものだけ", "Only those of this procedure."}},
      {"role",
       "",
       R"({"$ref": "#/components/schemas/Role"})",
       R"("registrant")",
       {"この役割が行うものだけ", "Only those that this role must meet."}},
      {"overdue",
       "",
       R"({"type": "boolean", "default": false})",
       "true",
       {"期限を過ぎたものだけ", "Only those that are past."}},
      {"until",
       "",
       R"({"$ref": "#/components/schemas/Day"})",
       R"("2026-12-31")",
       {"この日までに期限が来るものだけ", "Only those that are due by this day."}},
  };
  return table;
}

const ParameterRow* find_parameter(std::string_view pattern, std::string_view name) {
  const ParameterRow* best = nullptr;
  for (const ParameterRow& row : parameter_rows()) {
    if (row.name != name || !pattern.starts_with(row.under)) continue;
    if (best == nullptr || row.under.size() > best->under.size()) best = &row;
  }
  return best;
}

const ParameterRow& header_parameter(std::string_view name) {
  static const std::vector<ParameterRow> table{
      {"Idempotency-Key",
       "",
       R"({"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"})",
       R"("8e03978e-40d5-43dd-bc93-6894a57f9324")",
       {"このリクエストの名前。同じものを同じ名前で再送すると、同じ答えを返し、二重には行いません。空白のないASCII、255"
        "字まで",
        "Names this request: the same one again, with the same key, gets the same answer and does nothing twice. Up to "
        "255 visible ASCII characters."}},
      {"If-Match",
       "",
       R"({"type": "string"})",
       "",
       {"変える前の状態の ETag", "The ETag of the state that is changed."}},
      {"If-None-Match",
       "",
       R"({"type": "string"})",
       "",
       {"手元にあるものの ETag。変わっていなければ 304", "An ETag that the client has: 304 if it still holds."}},
  };
  for (const ParameterRow& row : table) {
    if (row.name == name) return row;
  }
  throw std::logic_error("no header parameter " + std::string(name));
}

std::vector<std::string_view> captured_names(std::string_view pattern) {
  std::vector<std::string_view> names;
  for (auto open = pattern.find('{'); open != std::string_view::npos; open = pattern.find('{', open + 1)) {
    std::string_view name = pattern.substr(open + 1, pattern.find('}', open) - open - 1);
    if (name.ends_with('*')) name.remove_suffix(1);
    names.push_back(name);
  }
  return names;
}

}  // namespace ismap::server::openapi
