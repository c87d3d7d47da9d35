#include "server/case_view.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace ismap::server {

using registry::Json;
using registry::Role;

namespace {

/// Members of a case that name what its registrant is not told of: other cases, and who must act among the offices.
constexpr const char* kOfficesAlone[] = {"links", "next"};

/// What the offices keep of a step that its registrant is told of: who recorded it, and, of a step of theirs, why and
/// on what. The conditions, parts and days of a notice stay.
void keep_what_was_told(Json& step) {
  const bool own = step.at("by") == registry::name_of(Role::registrant);
  for (const char* name : {"actor", "told"}) step.erase(name);
  if (own) return;
  for (const char* name : {"basis", "reason"}) step.erase(name);
}

}  // namespace

bool is_of_an_office(const Caller& caller) {
  const Role role = caller.actor.role;
  return role == Role::operator_ || role == Role::committee || role == Role::ministries;
}

std::optional<Json> visible_case(const Caller& caller, Json view) {
  if (is_of_an_office(caller)) return std::optional<Json>(std::move(view));
  if (caller.actor.role != Role::registrant) return std::nullopt;
  const registry::ServiceId service{view.at("service").get<std::string>()};
  if (!concerns(caller, service)) return std::nullopt;
  Json told = Json::array();
  std::set<std::uint64_t> numbers;
  for (Json& step : view.at("steps")) {
    if (step.value("told", false) != true) continue;
    numbers.insert(step.at("number").get<std::uint64_t>());
    keep_what_was_told(step);
    told.push_back(std::move(step));
  }
  if (told.empty()) return std::nullopt;
  view["steps"] = std::move(told);
  Json deadlines = Json::array();
  for (const Json& deadline : view.value("deadlines", Json::array())) {
    if (numbers.contains(deadline.at("step").get<std::uint64_t>())) deadlines.push_back(deadline);
  }
  view["deadlines"] = std::move(deadlines);
  for (const char* name : kOfficesAlone) view.erase(name);
  return std::optional<Json>(std::move(view));
}

Json summary_of(Json view) {
  const Json& last = view.at("steps").back();
  view["last_step"] = Json::object();
  for (const char* name : {"article", "number", "on", "step"}) view["last_step"][name] = last.at(name);
  for (const char* name : {"deadlines", "incident", "steps"}) view.erase(name);
  return view;
}

std::vector<registry::Deadline> visible_deadlines(const Caller& caller, std::vector<registry::Deadline> all) {
  if (is_of_an_office(caller)) return all;
  std::erase_if(all, [&](const registry::Deadline& d) {
    return caller.actor.role != Role::registrant || d.who != Role::registrant || !concerns(caller, d.service);
  });
  return all;
}

}  // namespace ismap::server
