#include "server/report.h"

#include <fmt/format.h>

#include <cstdio>

namespace ismap::server {

using registry::Error;
using registry::ImportReport;
using registry::Json;
using registry::RowError;

namespace {

Json to_json(const RowError& row_error) {
  const Error& error = row_error.error;
  return Json{{"row", row_error.row},         {"column", row_error.column}, {"pointer", error.pointer},
              {"article", error.article},     {"message", error.ja},        {"message_en", error.en}};
}

Json all_of(const std::vector<RowError>& errors) {
  Json array = Json::array();
  for (const RowError& e : errors) array.push_back(to_json(e));
  return array;
}

void add_lines(std::string& text, const std::vector<RowError>& errors, std::string_view mark) {
  for (const RowError& e : errors) {
    const std::string article = e.error.article.empty() ? "" : "（" + e.error.article + "）";
    text += fmt::format("{} {}行目 {}{}: {}\n    {}\n", mark, e.row, e.column, article, e.error.ja, e.error.en);
  }
}

}  // namespace

void print_errors(const registry::Errors& errors) {
  for (const Error& error : errors) {
    const std::string place = error.pointer.empty() ? "" : error.pointer + ": ";
    const std::string article = error.article.empty() ? "" : "（" + error.article + "）";
    fmt::print(stderr, "ismap-liu: {}{}{}\n    {}\n", place, error.ja, article, error.en);
  }
}

Json to_json(const ImportReport& report) {
  Json changes = Json::array();
  for (const registry::PlannedChange& change : report.changes) {
    changes.push_back(Json{{"row", change.row},
                           {"id", change.id},
                           {"event", change.event},
                           {"before", change.before},
                           {"after", change.after}});
  }
  return Json{{"imported", report.imported},          {"changed", report.changed},
              {"unchanged", report.unchanged},        {"lapsed", report.lapsed},
              {"errors", all_of(report.errors)},      {"notices", all_of(report.notices)},
              {"changes", std::move(changes)}};
}

std::string to_text(const ImportReport& report, bool dry_run) {
  std::string text;
  add_lines(text, report.errors, "✗");
  add_lines(text, report.notices, "・");
  for (const registry::PlannedChange& change : report.changes) {
    text += fmt::format("{} {} {}", change.row, change.id, change.event);
    if (!change.after.is_null()) {
      text += fmt::format("\n    - {}\n    + {}", registry::canonical(change.before), registry::canonical(change.after));
    }
    text += "\n";
  }
  if (!report.errors.empty()) {
    return text + fmt::format("誤り {} 件。何も取り込んでいません。\n{} mistakes; nothing was imported.\n", report.errors.size(),
                              report.errors.size());
  }
  return text + fmt::format("{}登録 {} 件、変更 {} 件、変更なし {} 件、期限切れによる削除 {} 件\n"
                            "{}{} registered, {} changed, {} unchanged, {} lapsed (12.1)\n",
                            dry_run ? "（試行）" : "", report.imported, report.changed, report.unchanged, report.lapsed,
                            dry_run ? "dry run: " : "", report.imported, report.changed, report.unchanged, report.lapsed);
}

}  // namespace ismap::server
