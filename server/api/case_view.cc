#include "server/api/case_view.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace ismap::server {

using registry::Deadline;
using registry::Json;
using registry::Result;
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

std::set<std::uint64_t> told_steps(const Caller& caller, const Json& view) {
  std::set<std::uint64_t> numbers;
  const bool office = is_of_an_office(caller);
  const bool own = caller.actor.role == Role::registrant &&
                   concerns(caller, registry::ServiceId{view.at("service").get<std::string>()});
  if (!office && !own) return numbers;
  for (const Json& step : view.at("steps")) {
    if (office || step.value("told", false)) numbers.insert(step.at("number").get<std::uint64_t>());
  }
  return numbers;
}

std::optional<Json> visible_case(const Caller& caller, Json view) {
  if (is_of_an_office(caller)) return std::optional<Json>(std::move(view));
  const std::set<std::uint64_t> numbers = told_steps(caller, view);
  if (numbers.empty()) return std::nullopt;
  Json told = Json::array();
  for (Json& step : view.at("steps")) {
    if (!numbers.contains(step.at("number").get<std::uint64_t>())) continue;
    keep_what_was_told(step);
    told.push_back(std::move(step));
  }
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

Result<std::vector<Deadline>> visible_deadlines(const Caller& caller, std::vector<Deadline> all,
                                                const WholeCase& whole_case) {
  if (is_of_an_office(caller)) return all;
  std::map<std::string, std::set<std::uint64_t>> told;
  std::vector<Deadline> seen;
  for (Deadline& deadline : all) {
    const bool own = caller.actor.role == Role::registrant && deadline.who == Role::registrant;
    if (!own || !concerns(caller, deadline.service)) continue;
    if (deadline.case_id) {
      const auto [at, is_new] = told.try_emplace(deadline.case_id->value());
      if (is_new) {
        const Result<Json> view = whole_case(*deadline.case_id);
        if (!view.ok()) return view.errors();
        at->second = told_steps(caller, *view);
      }
      if (!at->second.contains(deadline.step)) continue;
    }
    seen.push_back(std::move(deadline));
  }
  return seen;
}

}  // namespace ismap::server
