#include "registry/import/read.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <regex>
#include <tuple>

#include "registry/import/columns.h"
#include "registry/import/decode.h"
#include "registry/import/drafts.h"
#include "registry/text.h"

namespace ismap::registry {

namespace {

using importing::DraftList;
using importing::RowDraft;

/// Longer registration numbers are no matter for a regular expression.
constexpr std::size_t kMaxIdBytes = 64;

bool inside(std::string_view inner, std::string_view outer) {
  return inner.starts_with(outer) && (inner.size() == outer.size() || inner[outer.size()] == '/');
}

Error mistake(std::string pointer, std::string article, std::string ja, std::string en) {
  return {Code::invalid, std::move(pointer), std::move(article), std::move(ja), std::move(en)};
}

std::optional<Day> day_at(const Json& object, std::string_view pointer) {
  const Json::json_pointer at{std::string(pointer)};
  if (!object.contains(at) || !object.at(at).is_string()) return std::nullopt;
  return Day::parse(object.at(at).get_ref<const std::string&>());
}

std::string id_of(const Json& record) {
  const bool there = record.is_object() && record.contains("id") && record.at("id").is_string();
  return there ? record.at("id").get<std::string>() : "";
}

/// Judges the drafts of one file, row by row.
class Judge {
 public:
  Judge(std::string_view id_pattern, Day today)
      : pattern_text_(id_pattern), pattern_(pattern_text_, std::regex::ECMAScript), today_(today) {}

  /// The service of a draft; nothing when it has a mistake. `errors` and `notices` are in order of columns.
  std::optional<ImportRow> judge(const RowDraft& draft, Errors& errors, Errors& found_notices) {
    errors = draft.errors;
    Result<Service> service = parse_service(draft.record);
    check_record(draft, service ? Errors{} : service.errors(), errors);
    check_id(draft, errors);
    check_days(draft, errors);
    if (!errors.empty()) return std::nullopt;
    ImportRow row{draft.row, std::move(service).value(), hand_over(draft), false};
    look_at(row, found_notices);
    return row;
  }

 private:
  /// Whether what the record lacks at `pointer` is what could not be read.
  static bool already_told(const Errors& errors, std::string_view pointer) {
    return !pointer.empty() && std::any_of(errors.begin(), errors.end(), [&](const Error& e) {
      return inside(pointer, e.pointer) || inside(e.pointer, pointer);
    });
  }

  /// Takes over what the record's own check refuses, without what follows from something told already.
  static void check_record(const RowDraft& draft, const Errors& refused, Errors& errors) {
    for (const Error& error : refused) {
      const bool follows = error.pointer == "/expires_on" && only_before_a_wrong_audit_end(draft.record, refused);
      if (!follows && !already_told(draft.errors, error.pointer)) errors.push_back(error);
    }
  }

  /// Whether the expiry is right after the registration, and wrong only against the end of an audit period that is
  /// refused itself.
  static bool only_before_a_wrong_audit_end(const Json& record, const Errors& refused) {
    const auto registered = day_at(record, "/registered_on");
    const auto expires = day_at(record, "/expires_on");
    const auto audited = day_at(record, "/audit_period/to");
    return registered && expires && audited && *registered < *expires && *expires <= *audited &&
           std::any_of(refused.begin(), refused.end(), [](const Error& e) { return e.pointer == "/audit_period/to"; });
  }

  void check_id(const RowDraft& draft, Errors& errors) {
    const std::string id = id_of(draft.record);
    if (id.empty()) return;
    if (!already_told(errors, "/id") && (id.size() > kMaxIdBytes || !std::regex_search(id, pattern_))) {
      errors.push_back(mistake(
          "/id", "11.5",
          fmt::format("登録番号「{}」は形式（{}）に合いません。登録番号を確かめてください", excerpt(id), pattern_text_),
          fmt::format("the registration number \"{}\" does not follow the pattern {}; check it", excerpt(id),
                      pattern_text_)));
    }
    const auto [first, is_new] = rows_.emplace(id, draft.row);
    if (is_new) return;
    errors.push_back(
        mistake("/id", "11.5",
                fmt::format("登録番号「{}」は{}行目にもあります。どちらかの行を直すか除いてください", excerpt(id),
                            first->second),
                fmt::format("the registration number \"{}\" is in row {} too; mend or take out one of them",
                            excerpt(id), first->second)));
  }

  void not_after_today(std::optional<Day> day, const std::string& pointer, const std::string& article,
                       Errors& errors) const {
    if (!day || *day <= today_) return;
    errors.push_back(mistake(
        pointer, article,
        fmt::format("{}は今日（{}）より後の日です。まだ来ていない日の行為や監査は取り込めません。日を確かめてください",
                    day->iso(), today_.iso()),
        fmt::format("{} is after today ({}): no public act lies in the future; check the day", day->iso(),
                    today_.iso())));
  }

  void check_days(const RowDraft& draft, Errors& errors) const {
    not_after_today(day_at(draft.record, "/registered_on"), "/registered_on", "11.5(4)", errors);
    not_after_today(day_at(draft.record, "/audit_period/to"), "/audit_period/to", "11.5(8)", errors);
    check_intervals(draft, draft.suspensions, "/suspensions", errors);
    check_intervals(draft, draft.re_audits, "/re_audits", errors);
    for (std::size_t i = 0; i < draft.renewals.size(); ++i) check_renewal(draft, i, errors);
  }

  void check_intervals(const RowDraft& draft, const Json& intervals, const std::string& name, Errors& errors) const {
    for (std::size_t i = 0; i < intervals.size(); ++i) {
      const std::string article = intervals[i].at("article").get<std::string>();
      check_hand_over_day(draft, day_at(intervals[i], "/since"), fmt::format("{}/{}/since", name, i), article, errors);
    }
  }

  void check_hand_over_day(const RowDraft& draft, std::optional<Day> day, const std::string& pointer,
                           const std::string& article, Errors& errors) const {
    not_after_today(day, pointer, article, errors);
    const auto registered = day_at(draft.record, "/registered_on");
    if (!day || !registered || *day >= *registered) return;
    errors.push_back(mistake(
        pointer, article,
        fmt::format("{}は登録日（{}）より前です。どちらかの日を直してください", day->iso(), registered->iso()),
        fmt::format("{} is before the day of registration ({}); mend one of the two", day->iso(), registered->iso())));
  }

  /// Article: 12.1
  void check_renewal(const RowDraft& draft, std::size_t index, Errors& errors) const {
    const std::string pointer = fmt::format("/renewals/{}/filed_on", index);
    const auto filed = day_at(draft.renewals[index], "/filed_on");
    check_hand_over_day(draft, filed, pointer, "12.1", errors);
    const auto expires = day_at(draft.record, "/expires_on");
    if (!filed || !expires || *filed <= *expires) return;
    errors.push_back(mistake(
        pointer, "12.1",
        fmt::format("更新の申請日{}が有効期限（{}）より後です。12."
                    "1の申請は有効期限までにされたものに限ります。日を確かめてください",
                    filed->iso(), expires->iso()),
        fmt::format("the renewal was filed on {}, after the expiry ({}); 12.1 asks for it by the expiry: check the day",
                    filed->iso(), expires->iso())));
  }

  /// REQUIRES: the draft has no mistake.
  static HandOver hand_over(const RowDraft& draft) {
    const auto opened = [](const Json& intervals) {
      std::vector<std::pair<Article, Day>> out;
      for (const Json& i : intervals)
        out.emplace_back(Article{i.at("article").get<std::string>()}, day_at(i, "/since").value());
      return out;
    };
    HandOver out{opened(draft.suspensions), opened(draft.re_audits), std::nullopt};
    if (!draft.renewals.empty()) out.renewal_filed = day_at(draft.renewals[0], "/filed_on");
    return out;
  }

  void look_at(const ImportRow& row, Errors& found) const {
    found = notices(row.service.items);
    const auto has = [](const std::vector<std::pair<Article, Day>>& opened, std::string_view article) {
      return std::any_of(opened.begin(), opened.end(), [article](const auto& o) { return o.first.value() == article; });
    };
    if (has(row.hand_over.re_audits, "16.5") && !has(row.hand_over.suspensions, "13.7")) {
      found.push_back(mistake("/re_audits", "16.5",
                              "16.5の再監査がありますが、13.7の一時停止がありません。一時停止の欄を確かめてください",
                              "there is a re-audit by 16.5 without an open suspension by 13.7; check the suspensions"));
    }
    const Day expiry = row.service.items.expires_on;
    if (expiry < today_ && !row.hand_over.renewal_filed) {
      found.push_back(mistake(
          "/expires_on", "12.1",
          fmt::format("有効期限（{}）を過ぎ、更新の申請がありません。登録した後、12.1により直ちに削除されます",
                      expiry.iso()),
          fmt::format(
              "past its expiry ({}) without a renewal application: it is registered and, by 12.1, removed at once",
              expiry.iso())));
    }
  }

  std::string pattern_text_;
  std::regex pattern_;
  Day today_;
  std::map<std::string, std::size_t> rows_;  ///< registration number → its first row
};

/// Adds what was found in a row, in order of columns.
void add_found(std::vector<RowError>& all, const DraftList& list, std::size_t row, const Errors& found) {
  std::vector<std::pair<std::size_t, const Error*>> sorted;
  for (const Error& error : found) sorted.emplace_back(column_index(error.pointer).value_or(columns().size()), &error);
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [index, error] : sorted) all.push_back({row, importing::place_in(list, error->pointer), *error});
}

RowError of_file(Code code, std::string ja, std::string en) {
  return {0, "", {code, "", "", std::move(ja), std::move(en)}};
}

bool is_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '[' || text[first] == '{');
}

/// The drafts of a file, or why there are none.
DraftList drafts_of(std::string_view bytes) {
  DraftList none;
  if (bytes.size() > kMaxListBytes) {
    none.errors.push_back(
        of_file(Code::too_large,
                fmt::format("ファイルが{}バイトあります。{}バイト以内に分けてください", bytes.size(), kMaxListBytes),
                fmt::format("the file has {} bytes; split it into files of at most {}", bytes.size(), kMaxListBytes)));
    return none;
  }
  const Result<std::string> text = to_utf8(bytes);
  if (!text) {
    for (const Error& error : text.errors()) none.errors.push_back({0, "", error});
    return none;
  }
  DraftList list = is_json(*text) ? importing::drafts_from_json(*text) : importing::drafts_from_csv(*text);
  if (list.drafts.empty() && list.errors.empty() && list.notices.empty()) {
    list.errors.push_back(of_file(Code::malformed,
                                  "サービスが一つもありません。見出しの下にサービスの行があるファイルを選んでください",
                                  "there is no service in the file; choose a file with rows below the header"));
  }
  return list;
}

}  // namespace

ReadList read_list(std::string_view bytes, std::string_view id_pattern, Day today) {
  ReadList out;
  DraftList list = drafts_of(bytes);
  Judge judge(id_pattern, today);
  for (const RowDraft& draft : list.drafts) {
    Errors errors;
    Errors found_notices;
    std::optional<ImportRow> row = judge.judge(draft, errors, found_notices);
    add_found(list.errors, list, draft.row, errors);
    add_found(list.notices, list, draft.row, found_notices);
    if (!row) continue;
    row->en_only_for_name = !list.headers.empty();  // JSON has none
    out.rows.push_back(std::move(*row));
  }
  const auto by_row = [](const RowError& a, const RowError& b) { return a.row < b.row; };
  std::stable_sort(list.errors.begin(), list.errors.end(), by_row);
  std::stable_sort(list.notices.begin(), list.notices.end(), by_row);
  out.errors = std::move(list.errors);
  out.notices = std::move(list.notices);
  out.absent = std::move(list.absent);
  return out;
}

}  // namespace ismap::registry
