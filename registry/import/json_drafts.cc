#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "registry/import/drafts.h"
#include "registry/import/hand_over.h"
#include "registry/text.h"

namespace ismap::registry::importing {

namespace {

constexpr std::size_t kFirstRow = 2;
constexpr std::array<const char*, 3> kLists{"records", "services", "items"};
/// What a query's answer puts beside a record's own members.
constexpr std::array<const char*, 1> kBesideRecord{"seq"};

Error json_error(Code code, std::string pointer, std::string ja, std::string en) {
  return {code, std::move(pointer), "", std::move(ja), std::move(en)};
}

/// The array of elements: the whole, or a member of it.
const Json* elements_of(const Json& root) {
  if (root.is_array()) return &root;
  for (const char* name : kLists) {
    const auto found = root.is_object() ? root.find(name) : root.end();
    if (found != root.end() && found->is_array()) return &*found;
  }
  return nullptr;
}

/// A mistake in the JSON itself: row and pointer from where it stands ("/records/3/record/name" is row 5, "/name").
RowError placed(Error error) {
  std::string_view rest = error.pointer;
  const auto drop = [&rest](std::string_view name) {
    const bool there = rest.starts_with(name) && rest.substr(name.size()).starts_with('/');
    if (there) rest.remove_prefix(name.size());
    return there;
  };
  for (const char* name : kLists) {
    if (drop(std::string("/") + name)) break;
  }
  const std::size_t digits = rest.substr(std::min<std::size_t>(1, rest.size())).find_first_not_of("0123456789");
  const std::string number(rest.empty() ? "" : rest.substr(1, digits));
  if (number.empty() || number.size() > 7) return {0, error.pointer, error};
  rest.remove_prefix(1 + number.size());
  drop("/record");
  error.pointer = std::string(rest);
  return {kFirstRow + std::stoul(number), error.pointer, error};
}

/// One kind of interval in a record, by its names.
struct Kind {
  const char* array;
  const char* closing;
  bool (*opens)(std::string_view article);
};
constexpr std::array<Kind, 2> kKinds{
    {{"suspensions", "lifted", opens_suspension}, {"re_audits", "ended", opens_re_audit}}};

bool open(const Json& interval, const char* closing) {
  return !interval.contains(closing) || interval.at(closing).is_null();
}

std::string text_of(const Json& object, const char* name) {
  return object.contains(name) && object.at(name).is_string() ? object.at(name).get<std::string>() : "";
}

/// The days and articles of one interval array, checked.
class Intervals {
 public:
  explicit Intervals(RowDraft& draft) : draft_(draft) {}

  Json suspensions_or_re_audits(const Kind& kind) {
    Json out = Json::array();
    for (const auto& [interval, pointer] : take(kind.array, kind.closing, {"article", "since"})) {
      const std::string article = text_of(interval, "article");
      if (!kind.opens(article)) {
        fail(pointer + "/article", "",
             fmt::format("根拠条項「{}」では始まりません。13.5、13.7、14.3（一時停止）、16.1、16."
                         "5（再監査）のどれかを書いてください",
                         excerpt(article)),
             fmt::format("article \"{}\" opens no such state; write 13.5, 13.7 or 14.3 for a suspension, 16.1 or 16.5 "
                         "for a re-audit",
                         excerpt(article)));
      }
      out.push_back(Json{{"article", article}, {"since", day(interval, "since", pointer, article)}});
    }
    return out;
  }

  Json renewals() {
    Json out = Json::array();
    for (const auto& [interval, pointer] : take("renewals", "decided", {"filed_on"})) {
      out.push_back(Json{{"filed_on", day(interval, "filed_on", pointer, "12.1")}});
    }
    if (out.size() > 1) {
      fail("/renewals", "12.1", "決定されていない更新の申請が二つ以上あります。一つにしてください",
           "there is more than one undecided renewal application; keep one");
    }
    return out;
  }

 private:
  using Found = std::vector<std::pair<Json, std::string>>;

  /// The open intervals of an array, which leaves the record; the others are refused.
  Found take(const char* name, const char* closing, const std::vector<std::string_view>& members) {
    Found out;
    if (!draft_.record.contains(name)) return out;
    const Json array = std::move(draft_.record[name]);
    draft_.record.erase(name);
    const std::string at = std::string("/") + name;
    if (!array.is_array()) {
      if (!array.is_null())
        fail(at, "", "配列ではありません。開始している分を […] の形で書いてください",
             "is no array; write what is open as […]");
      return out;
    }
    for (std::size_t i = 0; i < array.size(); ++i) {
      if (fits(array[i], fmt::format("{}/{}", at, i), closing, members))
        out.emplace_back(array[i], fmt::format("{}/{}", at, i));
    }
    return out;
  }

  bool fits(const Json& interval, const std::string& pointer, const char* closing,
            const std::vector<std::string_view>& members) {
    if (!interval.is_object()) {
      fail(pointer, "", "オブジェクトではありません。{…} の形で書いてください", "is no object; write it as {…}");
      return false;
    }
    for (const auto& [name, value] : interval.items()) {
      if (name == "opening" || name == closing || std::find(members.begin(), members.end(), name) != members.end())
        continue;
      fail(pointer + "/" + pointer_token(name), "",
           fmt::format("知らない項目「{}」があります。取り除いてください", excerpt(name)),
           fmt::format("has an unknown member \"{}\"; remove it", excerpt(name)));
    }
    if (open(interval, closing)) return true;
    fail(
        pointer + "/" + closing, text_of(interval, "article"),
        fmt::format("既に終わったもの（{} が null "
                    "でない）は取り込めません。取り込むのは引渡し時点の状態だけです。この要素を除いてください",
                    closing),
        fmt::format("is closed ({} is not null); an import carries only the state at hand-over: leave this element out",
                    closing));
    return false;
  }

  Json day(const Json& interval, const char* name, const std::string& pointer, const std::string& article) {
    const std::string text = text_of(interval, name);
    if (const auto read = Day::parse(text)) return read->iso();
    fail(pointer + "/" + name, article,
         fmt::format("「{}」は日ではありません。実在する日を YYYY-MM-DD の形の文字列で書いてください", excerpt(text)),
         fmt::format("\"{}\" is no day; write a real day as a string YYYY-MM-DD", excerpt(text)));
    return nullptr;
  }

  void fail(std::string pointer, std::string article, std::string ja, std::string en) {
    draft_.errors.push_back({Code::invalid, std::move(pointer), std::move(article), std::move(ja), std::move(en)});
  }

  RowDraft& draft_;
};

/// The record in an element: the element itself, or the member `record` of a leaf.
Json record_in(const Json& element) {
  const auto inner = element.is_object() ? element.find("record") : element.end();
  Json record = inner != element.end() && inner->is_object() ? *inner : element;
  if (!record.is_object()) return record;
  for (const char* name : kBesideRecord) record.erase(name);
  return record;
}

/// Why a record is left out: it is removed.
std::optional<RowError> left_out(std::size_t row, const Json& record) {
  if (!record.is_object() || text_of(record, "state") != "removed") return std::nullopt;
  const std::string id = text_of(record, "id");
  return RowError{
      row, "/state",
      Error{Code::invalid, "/state", "18.2", fmt::format("「{}」は削除された登録なので取り込みません", excerpt(id)),
            fmt::format("\"{}\" is a removed registration and is left out", excerpt(id))}};
}

}  // namespace

void take_hand_over(RowDraft& draft) {
  if (!draft.record.is_object()) return;
  Intervals intervals(draft);
  draft.suspensions = intervals.suspensions_or_re_audits(kKinds[0]);
  draft.re_audits = intervals.suspensions_or_re_audits(kKinds[1]);
  draft.renewals = intervals.renewals();
}

DraftList drafts_from_json(std::string_view text) {
  DraftList out;
  Result<Json> root = parse_json(text);
  if (!root) {
    for (const Error& error : root.errors()) out.errors.push_back(placed(error));
    return out;
  }
  const Json* elements = elements_of(*root);
  if (elements == nullptr) {
    out.errors.push_back(
        {0, "",
         json_error(Code::malformed, "", "記録の配列がありません。[…] 又は {\"records\": […]} の形にしてください",
                    "there is no array of records; write […] or {\"records\": […]}")});
    return out;
  }
  if (elements->size() > kMaxListRows) {
    out.errors.push_back(
        {0, "",
         json_error(
             Code::too_large, "",
             fmt::format("記録が{}件あります。{}件までに分けてください", elements->size(), kMaxListRows),
             fmt::format("{} records; split the file into files of at most {}", elements->size(), kMaxListRows))});
    return out;
  }
  for (std::size_t i = 0; i < elements->size(); ++i) {
    RowDraft draft;
    draft.row = kFirstRow + i;
    draft.record = record_in((*elements)[i]);
    if (auto notice = left_out(draft.row, draft.record)) {
      out.notices.push_back(std::move(*notice));
      continue;
    }
    take_hand_over(draft);
    out.drafts.push_back(std::move(draft));
  }
  return out;
}

}  // namespace ismap::registry::importing
