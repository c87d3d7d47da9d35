#include "registry/import/columns.h"

#include <algorithm>
#include <array>

#include "registry/import/control_lists.h"
#include "registry/import/csv.h"
#include "registry/import/glyphs.h"
#include "registry/import/hand_over.h"
#include "registry/import/lists.h"

namespace ismap::registry {

/// The table stands where its readers do.
namespace importing {
namespace {

std::string joined(const std::vector<Text>& texts, ListKind kind) {
  std::vector<std::string> entries;
  for (const Text& text : texts) entries.push_back(text.ja);
  return join_texts(entries, kind);
}

std::string joined(const std::vector<ControlId>& ids) {
  std::string cell;
  for (const ControlId& id : ids) cell += (cell.empty() ? "" : "\n") + id.str();
  return cell;
}

std::string write_scope_items(const Service& s) { return joined(s.items.scope.items, ListKind::plain); }
std::string write_scope_excluded(const Service& s) { return joined(s.items.scope.excluded, ListKind::plain); }
std::string write_regions(const Service& s) { return joined(s.items.scope.regions, ListKind::regions); }
std::string write_implemented(const Service& s) { return joined(s.items.controls.implemented); }
std::string write_not_implemented(const Service& s) { return join_excluded_controls(s.items.controls.excluded); }
std::string write_plan(const Service& s) { return s.items.improvement_plan ? "有" : "無"; }

using S = const Service&;
constexpr auto kRequired = Presence::required;
constexpr auto kOptional = Presence::optional;

constexpr std::array<Column, 29> kColumns{{
    {"登録番号", "/id", "", "11.5", kRequired, "", read_id, [](S s) { return s.id.value(); }},
    {"(1)クラウドサービスの名称", "/name/ja", "/name", "11.5(1)", kRequired, "", read_text,
     [](S s) { return s.items.name.ja; }},
    {"名称（英語）", "/name/en", "", "11.5(1)", kOptional, "", read_text,
     [](S s) { return s.items.name.en.value_or(""); }},
    {"(2)ホームページのURL", "/url", "", "11.5(2)", kRequired, "", read_text, [](S s) { return s.items.url.value(); }},
    {"(3)クラウドサービス事業者の名称", "/provider/name/ja", "/provider", "11.5(3)", kRequired, "", read_text,
     [](S s) { return s.items.provider.name.ja; }},
    {"(3)所在地", "/provider/address/ja", "/provider/address", "11.5(3)", kRequired, "", read_text,
     [](S s) { return s.items.provider.address.ja; }},
    {"法人番号", "/provider/corporate_number", "", "11.5(3)", kRequired, "", read_corporate_number,
     [](S s) { return s.items.provider.corporate_number.value(); }},
    {"(4)登録日", "/registered_on", "", "11.5(4)", kRequired, "", read_date,
     [](S s) { return s.items.registered_on.iso(); }},
    {"(5)登録の有効期限", "/expires_on", "", "11.5(5)", kRequired, "", read_date,
     [](S s) { return s.items.expires_on.iso(); }},
    {"(6)言明の対象範囲", "/scope/text/ja", "/scope", "11.5(6)", kRequired, "", read_text,
     [](S s) { return s.items.scope.text.ja; }},
    {"対象サービス", "/scope/items", "", "11.5(6)", kOptional, "", read_texts, write_scope_items},
    {"対象外", "/scope/excluded", "", "11.5(6)", kOptional, "", read_excluded_texts, write_scope_excluded},
    {"リージョン", "/scope/regions", "", "11.5(6)", kOptional, "", read_regions, write_regions},
    {"管理基準の版", "/controls/edition", "", "11.5(7)", Presence::required_if_there, "", read_date,
     [](S s) { return s.items.controls.edition.iso(); }},
    {"(7)実施している統制目標の管理策", "/controls/implemented", "/controls", "11.5(7)", kRequired, "", read_controls,
     write_implemented},
    {"実施していない統制目標（理由）", "/controls/excluded", "", "11.5(7)", kOptional, "", read_excluded_controls,
     write_not_implemented},
    {"(8)監査対象期間（自）", "/audit_period/from", "", "11.5(8)", kRequired, "", read_date,
     [](S s) { return s.items.audit_period.from.iso(); }},
    {"(8)監査対象期間（至）", "/audit_period/to", "/audit_period", "11.5(8)", kRequired, "", read_date,
     [](S s) { return s.items.audit_period.to.iso(); }},
    {"(9)後発事象", "/subsequent_events/ja", "/subsequent_events", "11.5(9)", kRequired, "なし", read_text,
     [](S s) { return s.items.subsequent_events.ja; }},
    {"(10)改善計画書の有無", "/improvement_plan", "", "11.5(10)", kRequired, "無", read_flag, write_plan},
    {"(11)資本関係及び役員等", "/disclosures/capital_and_officers/ja", "/disclosures", "11.5(11)", kRequired, "",
     read_text, [](S s) { return s.items.disclosures.capital_and_officers.ja; }},
    {"(11)国内法以外の法令の適用", "/disclosures/foreign_law/ja", "/disclosures/foreign_law", "11.5(11)", kRequired,
     "該当なし", read_text, [](S s) { return s.items.disclosures.foreign_law.ja; }},
    {"(11)準拠法・裁判管轄", "/disclosures/governing_law_and_jurisdiction/ja",
     "/disclosures/governing_law_and_jurisdiction", "11.5(11)", kRequired, "", read_text,
     [](S s) { return s.items.disclosures.governing_law_and_jurisdiction.ja; }},
    {"(11)第三者による検査", "/disclosures/third_party_tests/ja", "/disclosures/third_party_tests", "11.5(11)",
     kRequired, "該当なし", read_text, [](S s) { return s.items.disclosures.third_party_tests.ja; }},
    {"(12)特記事項", "/remarks/ja", "/remarks", "11.5(12)", kOptional, "", read_text,
     [](S s) { return s.items.remarks ? s.items.remarks->ja : std::string(); }},
    {"(13)利用中の政府機関等の数", "/agencies_using", "", "11.5(13)", kRequired, "0", read_count,
     [](S s) { return std::to_string(s.items.agencies_using); }},
    {"一時停止（根拠条項 開始日）", "/suspensions", "", "13.12", kOptional, "", read_suspensions, join_suspensions},
    {"再監査（根拠条項 開始日）", "/re_audits", "", "16.8", kOptional, "", read_re_audits, join_re_audits},
    {"更新の申請日", "/renewals", "", "12.1", kOptional, "", read_renewal, write_renewal},
}};

/// How much of `pointer` the column accounts for: the length of its own pointer or of what is around it.
std::size_t match(const Column& column, std::string_view pointer) {
  const auto covers = [pointer](std::string_view item) {
    return !item.empty() && pointer.starts_with(item) && (pointer.size() == item.size() || pointer[item.size()] == '/');
  };
  if (covers(column.pointer)) return column.pointer.size();
  return covers(column.around) ? column.around.size() : 0;
}

}  // namespace
}  // namespace importing

std::span<const Column> columns() { return importing::kColumns; }

std::optional<std::size_t> column_index(std::string_view pointer) {
  std::optional<std::size_t> best;
  std::size_t longest = 0;
  for (std::size_t i = 0; i < importing::kColumns.size(); ++i) {
    const std::size_t length = importing::match(importing::kColumns[i], pointer);
    if (length <= longest) continue;
    longest = length;
    best = i;
  }
  return best;
}

std::string column_of(std::string_view pointer) {
  const auto index = column_index(pointer);
  return index ? std::string(importing::kColumns[*index].header) : "";
}

std::optional<std::size_t> column_named(std::string_view header) {
  const std::string name = importing::folded(header);
  for (std::size_t i = 0; i < importing::kColumns.size(); ++i) {
    if (importing::folded(importing::kColumns[i].header) == name) return i;
  }
  return std::nullopt;
}

std::string csv_header() {
  std::vector<std::string> headers;
  for (const Column& column : importing::kColumns) headers.emplace_back(column.header);
  return write_row(headers);
}

std::vector<std::string> csv_cells(const Service& service) {
  std::vector<std::string> cells;
  for (const Column& column : importing::kColumns) cells.push_back(column.write(service));
  return cells;
}

}  // namespace ismap::registry
