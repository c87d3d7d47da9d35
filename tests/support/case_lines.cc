#include "tests/support/case_lines.h"

#include <stdexcept>

#include "registry/cases/procedure.h"

namespace ismap::test {

using namespace ismap::registry;

namespace {

std::string day_or_none(const std::optional<Day>& day) { return day ? day->iso() : "none"; }

}  // namespace

Json case_request(Procedure procedure, const std::vector<std::string>& step_and_article, const Json& fields,
                  const std::string& role, const std::string& day) {
  Json request = fields;
  request["step"] = step_and_article.at(0);
  request["article"] = step_and_article.at(1);
  if (!request.contains("reason")) request["reason"] = Json{{"ja", "非公開の理由"}};
  const StepRule* rule = find_rule(procedure, step_and_article.at(0), step_and_article.at(1));
  const bool recorded = rule != nullptr && rule->by == Role::registrant && role == "operator";
  if (recorded && !request.contains("basis")) {
    request["basis"] = Json{{"channel", "非公開の経路"}, {"received_on", request.value("on", day)}};
  }
  for (const char* name : {"reason", "basis"}) {
    if (request.contains(name) && request.at(name).is_null()) request.erase(name);
  }
  return request;
}

std::string shown_deadlines(const CaseDesk& desk, const std::string& service, const std::string& article, Day day) {
  DeadlineFilter filter;
  filter.services = {ServiceId{service}};
  filter.with_answered = true;
  std::string out;
  const std::vector<Deadline> all = desk.deadlines(filter, day).value();
  for (const Deadline& d : all) {
    if (d.article != article) continue;
    out += (out.empty() ? "" : " ; ") + day_or_none(d.due) + " " + std::string(name_of(d.state)) + " " +
           std::string(name_of(d.who)) + (d.before_demand ? " before-demand" : "");
  }
  return out.empty() ? "-" : out;
}

std::string shown_of_case(const Json& view, const std::string& what) {
  std::string out;
  const auto add = [&](const std::string& word) { out += (out.empty() ? "" : ",") + word; };
  if (what == "steps") {
    for (const Json& step : view.at("steps")) add(step.at("step").get<std::string>());
  } else if (what == "told") {
    for (const Json& step : view.at("steps")) {
      if (step.at("told") == true) add(step.at("step").get<std::string>());
    }
  } else if (what == "notices") {
    for (const Json& step : view.at("steps")) {
      const Json& notice = step.at("notice");
      if (!notice.is_null()) add(notice.at("form").is_null() ? "-" : notice.at("form").get<std::string>());
    }
  } else if (what == "next") {
    for (const Json& role : view.at("next")) add(role.get<std::string>());
  } else if (what == "links") {
    return std::to_string(view.at("links").size());
  } else {
    const Json value = view.contains(what) ? view.at(what) : view.at("incident").at(what);
    return value.is_null() ? "-" : value.is_string() ? value.get<std::string>() : value.dump();
  }
  return out.empty() ? "-" : out;
}

Procedure procedure_of_case(Book& book, const std::string& id) {
  return book.env().read([&](const lmdb::ReadTxn& txn) { return cases::get(txn, CaseId{id}); }).value().procedure;
}

std::string newest_case(Book& book, const std::string& service, const std::string& procedure) {
  const auto all =
      book.env().read([&](const lmdb::ReadTxn& txn) { return cases::of_service(txn, ServiceId{service}); }).value();
  std::string found;
  for (const Case& one : all) {
    if (name_of(one.procedure) == procedure) found = one.id.value();
  }
  return found;
}

}  // namespace ismap::test
