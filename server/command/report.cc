#include "server/command/report.h"

#include <fmt/format.h>

#include <cstdio>

#include "server/command/options.h"

namespace ismap::server {

using registry::Error;
using registry::ImportReport;
using registry::Json;
using registry::RowError;

namespace {

Json to_json(const RowError& row_error) {
  const Error& error = row_error.error;
  return Json{{"row", row_error.row},     {"column", row_error.column}, {"pointer", error.pointer},
              {"article", error.article}, {"message", error.ja},        {"message_en", error.en}};
}

Json all_of(const std::vector<RowError>& errors) {
  Json array = Json::array();
  for (const RowError& e : errors) array.push_back(to_json(e));
  return array;
}

void add_lines(std::string& text, const Json& errors, std::string_view mark) {
  for (const Json& e : errors) {
    const std::string& stated = e.at("article").get_ref<const std::string&>();
    const std::string article = stated.empty() ? "" : "（" + stated + "）";
    text += fmt::format("{} {}行目 {}{}: {}\n    {}\n", mark, e.at("row").get<std::size_t>(),
                        e.at("column").get<std::string>(), article, e.at("message").get<std::string>(),
                        e.at("message_en").get<std::string>());
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

int failed(const registry::Errors& errors) {
  print_errors(errors);
  return kExitFailed;
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
  return Json{{"imported", report.imported},  {"changed", report.changed},       {"unchanged", report.unchanged},
              {"lapsed", report.lapsed},      {"errors", all_of(report.errors)}, {"notices", all_of(report.notices)},
              {"changes", std::move(changes)}};
}

std::string to_text(const Json& report, bool dry_run) {
  std::string text;
  add_lines(text, report.at("errors"), "✗");
  add_lines(text, report.at("notices"), "・");
  for (const Json& change : report.at("changes")) {
    text += fmt::format("{} {} {}", change.at("row").get<std::size_t>(), change.at("id").get<std::string>(),
                        change.at("event").get<std::string>());
    if (!change.at("after").is_null()) {
      text += fmt::format("\n    - {}\n    + {}", registry::canonical(change.at("before")),
                          registry::canonical(change.at("after")));
    }
    text += "\n";
  }
  const auto count = [&](const char* name) { return report.at(name).get<std::size_t>(); };
  if (const std::size_t mistakes = report.at("errors").size(); mistakes != 0) {
    return text + fmt::format("誤り {0} 件。何も取り込んでいません。\n{0} mistakes; nothing was imported.\n", mistakes);
  }
  return text + fmt::format(
                    "{}登録 {} 件、変更 {} 件、変更なし {} 件、期限切れによる削除 {} 件\n"
                    "{}{} registered, {} changed, {} unchanged, {} lapsed (12.1)\n",
                    dry_run ? "（試行）" : "", count("imported"), count("changed"), count("unchanged"), count("lapsed"),
                    dry_run ? "dry run: " : "", count("imported"), count("changed"), count("unchanged"),
                    count("lapsed"));
}

}  // namespace ismap::server
