#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "registry/import/columns.h"
#include "registry/import/csv.h"
#include "registry/import/drafts.h"
#include "registry/import/glyphs.h"
#include "registry/text.h"

namespace ismap::registry::importing {

namespace {

constexpr std::size_t kHeaderRow = 1;

/// Which column stands where in the file; nothing for one without a name.
using Layout = std::vector<std::optional<std::size_t>>;

/// The record of an empty row: everything that may be left out, at its value for "left out".
Json empty_record() {
  const Json none = Json::array();
  return Json{{"name", Json::object()},
              {"provider", {{"name", Json::object()}, {"address", Json::object()}}},
              {"scope", {{"text", Json::object()}, {"items", none}, {"excluded", none}, {"regions", none}}},
              {"controls", {{"edition", "2022-04-01"}, {"excluded", none}}},
              {"audit_period", Json::object()},
              {"subsequent_events", Json::object()},
              {"disclosures",
               {{"capital_and_officers", Json::object()},
                {"foreign_law", Json::object()},
                {"governing_law_and_jurisdiction", Json::object()},
                {"third_party_tests", Json::object()}}},
              {"remarks", nullptr},
              {"suspensions", none},
              {"re_audits", none},
              {"renewals", none}};
}

Error header_error(std::string_view pointer, std::string_view article, std::string ja, std::string en) {
  return {Code::invalid, std::string(pointer), std::string(article), std::move(ja), std::move(en)};
}

/// Reads the header and notes what is wrong with it.
class Header {
 public:
  Header(const CsvFile& file, DraftList& out) : file_(file), names_(file.rows.front().cells), out_(out) {
    for (const Column& column : columns()) out_.headers.emplace_back(column.header);
  }

  Layout layout() {
    Layout layout;
    for (std::size_t i = 0; i < names_.size(); ++i) layout.push_back(column_at(i));
    if (seen_.empty()) {
      out_.errors.clear();
      fail("", header_error(
                   "", "",
                   "1行目に運用支援機関のリストの見出しが一つもありません。見出しの行を先頭に置き、コンマ区切りのCSVで"
                   "保存してください",
                   "row 1 has no header of the operator's list; put the header first and save as CSV with commas"));
      return layout;
    }
    for (std::size_t i = 0; i < columns().size(); ++i) look_for(i);
    return layout;
  }

 private:
  void fail(std::string_view column, Error error) {
    out_.errors.push_back({file_.rows.front().row, std::string(column), std::move(error)});
  }

  std::optional<std::size_t> column_at(std::size_t i) {
    const std::string name(trimmed(names_[i]));
    const auto index = column_named(name);
    if (!index) {
      unknown(i, name);
      return std::nullopt;
    }
    const Column& column = columns()[*index];
    if (!seen_.emplace(*index, i).second) {
      fail(name, header_error(column.pointer, column.article,
                              fmt::format("見出し「{}」が2回あります。一つにしてください", excerpt(name)),
                              fmt::format("the header \"{}\" is there twice; keep one", excerpt(name))));
      return std::nullopt;
    }
    out_.headers[*index] = name;
    return index;
  }

  void unknown(std::size_t i, const std::string& name) {
    const bool holds_text = std::any_of(file_.rows.begin(), file_.rows.end(), [i](const CsvRow& row) {
      return i < row.cells.size() && !is_blank(row.cells[i]);
    });
    if (!holds_text) return;  // what a spreadsheet adds on the right
    fail(name,
         header_error(
             "", "",
             fmt::format("{}列目の見出し「{}」は運用支援機関のリストにありません。見出しを直すか、列を削ってください",
                         i + 1, excerpt(name)),
             fmt::format(
                 "header \"{}\" of column {} is not in the operator's list; mend the header or take the column out",
                 excerpt(name), i + 1)));
  }

  void look_for(std::size_t index) {
    const Column& column = columns()[index];
    if (seen_.count(index) > 0) return;
    if (column.presence != Presence::required) {
      out_.absent.emplace_back(column.pointer);
      return;
    }
    fail(column.header,
         header_error(column.pointer, column.article,
                      fmt::format("列「{}」がありません。見出しと列を加えてください", column.header),
                      fmt::format("the column \"{}\" is missing; add it with this header", column.header)));
  }

  const CsvFile& file_;
  const std::vector<std::string>& names_;
  DraftList& out_;
  std::map<std::size_t, std::size_t> seen_;
};

Error blank_cell(const Column& column) {
  const std::string ja = column.when_none.empty() ? "内容を書いてください"
                                                  : fmt::format("なければ「{}」と書いてください", column.when_none);
  const std::string en =
      column.when_none.empty() ? "fill it in" : fmt::format("write {} if there is none", column.when_none);
  return {Code::invalid, std::string(column.pointer), std::string(column.article),
          fmt::format("必須の項目「{}」が空です。{}", column.header, ja),
          fmt::format("the required item \"{}\" is blank; {}", column.header, en)};
}

void read_cell(const Column& column, const std::string& cell, RowDraft& draft) {
  if (is_blank(cell)) {
    if (column.presence != Presence::optional) draft.errors.push_back(blank_cell(column));
    // What the empty record assumes for a column that is not there does not stand for a blank cell.
    if (column.presence == Presence::required_if_there) draft.record["controls"].erase("edition");
    return;
  }
  Reading reading = column.read(cell);
  for (Error& error : reading.errors) {
    error.pointer = std::string(column.pointer) + error.pointer;
    if (error.article.empty()) error.article = column.article;
    draft.errors.push_back(std::move(error));
  }
  const Json::json_pointer at{std::string(column.pointer)};
  if (!reading.value.is_null()) draft.record[at] = std::move(reading.value);
}

RowDraft draft_of(const CsvRow& row, const Layout& layout) {
  RowDraft draft;
  draft.row = row.row;
  draft.record = empty_record();
  for (std::size_t i = 0; i < layout.size(); ++i) {
    if (layout[i]) read_cell(columns()[*layout[i]], row.cells[i], draft);
  }
  const auto take = [&draft](const char* name) {
    Json value = std::move(draft.record[name]);
    draft.record.erase(name);
    return value;
  };
  draft.suspensions = take("suspensions");
  draft.re_audits = take("re_audits");
  draft.renewals = take("renewals");
  return draft;
}

RowError wrong_count(const CsvRow& row, std::size_t expected) {
  return {
      row.row, "",
      header_error("", "",
                   fmt::format("セルが{}個あります。見出しと同じ{}個にしてください（引用符とコンマを確かめてください）",
                               row.cells.size(), expected),
                   fmt::format("the row has {} cells; the header has {} (check quotes and commas)", row.cells.size(),
                               expected))};
}

}  // namespace

std::string place_in(const DraftList& list, std::string_view pointer) {
  if (list.headers.empty()) return std::string(pointer);
  const auto index = column_index(pointer);
  return index ? list.headers[*index] : "";
}

DraftList drafts_from_csv(std::string_view text) {
  DraftList out;
  const CsvFile file = read_csv(text, kHeaderRow + kMaxListRows);
  if (file.fault) out.errors.push_back({file.fault->row, "", file.fault->error});
  if (file.rows.empty()) return out;
  const Layout layout = Header(file, out).layout();
  if (out.errors.size() > (file.fault ? 1U : 0U)) return out;
  for (std::size_t i = 1; i < file.rows.size(); ++i) {
    const CsvRow& row = file.rows[i];
    if (row.cells.size() == layout.size()) {
      out.drafts.push_back(draft_of(row, layout));
    } else {
      out.errors.push_back(wrong_count(row, layout.size()));
    }
  }
  return out;
}

}  // namespace ismap::registry::importing
