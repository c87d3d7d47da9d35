#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "server/command/desk_work.h"
#include "server/command/proposal_options.h"
#include "server/edge/http.h"

/// Four-eyes and the settings from the command line: asks the running server, or answers as one that is asked over its
/// socket.
namespace ismap::server {

using registry::Json;
using registry::Result;

namespace {

using ProposalAction = ProposalOptions::Action;

LocalRequest proposal_request(const ProposalOptions& options) {
  LocalRequest request;
  request.headers["ISMAP-Role"] = options.role;
  request.method = "GET";
  request.path = "/v1/proposals";
  if (options.action == ProposalAction::list) {
    if (!options.state.empty()) request.path += "?state=" + percent_encoded(options.state);
    return request;
  }
  request.path += "/" + percent_encoded(options.id);
  if (options.action == ProposalAction::show) return request;
  request.method = "POST";
  request.path += options.action == ProposalAction::confirm ? "/confirmation" : "/rejection";
  const Json body = options.reason.empty() ? Json::object() : Json{{"reason", {{"ja", options.reason}}}};
  request.body = registry::canonical(body);
  return request;
}

void print_proposal_line(const Json& p) {
  const Json& service = p.at("service");
  const Json& by = p.at("proposed_by");
  fmt::print("{}  {:<9}  {:<13} {:<10} {} {}  {}  {}\n", p.at("id").get<std::string>(),
             p.at("state").get<std::string>(), p.at("act").get<std::string>(),
             service.is_string() ? service.get<std::string>() : "—", by.at("role").get<std::string>(),
             by.at("organisation").get<std::string>(), p.at("expires_at").get<std::string>(),
             p.at("sha256").get<std::string>());
}

/// The value of --four-eyes as the route takes it: what is between the commas is for the register to read.
Json four_eyes_listed(const std::string& acts) {
  Json names = Json::array();
  if (acts == "none") return names;
  for (std::size_t begin = 0; begin <= acts.size();) {
    const std::size_t end = std::min(acts.find(',', begin), acts.size());
    names.push_back(acts.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

LocalRequest settings_request(const SettingsOptions& options) {
  LocalRequest request;
  if (options.four_eyes.empty()) {
    request.method = "GET";
    request.path = "/v1/settings";
    return request;
  }
  request.path = "/local/settings";
  request.body = registry::canonical(
      Json{{"four_eyes", four_eyes_listed(options.four_eyes)}, {"reason", {{"ja", options.reason}}}});
  return request;
}

void print_settings(const Json& settings) {
  std::string acts;
  for (const Json& name : settings.at("four_eyes")) acts += (acts.empty() ? "" : ",") + name.get<std::string>();
  fmt::print("four-eyes  {}\n", acts.empty() ? "none" : acts);
}

/// What the route answered, or its errors.
Result<Json> answered_json(const FolderPlace& data, const LocalRequest& request) {
  const Result<std::string> answer = have_answered(data, request);
  if (!answer.ok()) return answer.errors();
  return registry::parse_json(*answer);
}

}  // namespace

int run_proposal(const ProposalOptions& options) {
  return finish(answered_json(options.data, proposal_request(options)), [&](const Json& answer) {
    if (options.json || options.action != ProposalAction::list) return print_json(answer);
    for (const Json& proposal : answer.at("items")) print_proposal_line(proposal);
  });
}

int run_settings(const SettingsOptions& options) {
  return finish(answered_json(options.data, settings_request(options)), [&](const Json& answer) {
    if (options.json || answer.contains("proposal")) return print_json(answer);
    print_settings(answer.contains("settings") ? answer.at("settings") : answer);
  });
}

}  // namespace ismap::server
