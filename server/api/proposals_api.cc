#include "server/api/proposals_api.h"

#include <algorithm>
#include <utility>

#include "registry/settings.h"
#include "server/answer.h"
#include "server/api/act_answer.h"
#include "server/api/act_request.h"
#include "server/api/body.h"
#include "server/api/case_view.h"
#include "server/api/looked_at.h"
#include "server/office/office.h"
#include "server/problem.h"

namespace ismap::server {

using registry::Code;
using registry::Done;
using registry::Error;
using registry::Errors;
using registry::Json;
using registry::ProposalId;
using registry::Result;

namespace {

Result<Done> is_for_an_office(const Call& call) {
  if (is_of_an_office(*call.caller)) return Done{};
  return Error{Code::forbidden, "/role", "", "提案と設定は operator、committee、ministries だけが見られます",
               "proposals and settings are for the operator, the committee and the ministries"};
}

/// The members of a body that are none of `known`.
Errors unknown_members(const Json& body, const std::vector<std::string_view>& known) {
  Errors errors;
  for (const auto& [name, value] : body.items()) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    errors.push_back(
        invalid_member("/" + registry::pointer_token(name), "知らない項目です: " + name, "unknown member: " + name));
  }
  return errors;
}

/// The reason in a body that has nothing else; "" where none need be given and none is.
Result<std::string> reason_alone(const Request& request, bool needed) {
  if (request.body.empty() && !needed) return std::string();
  const Result<Json> body = read_body(request);
  if (!body.ok()) return body.errors();
  if (!body->is_object()) return invalid_member("", "JSONオブジェクトで書いてください", "give a JSON object");
  Errors errors = unknown_members(*body, {"reason"});
  Result<std::string> reason = needed || body->contains("reason") ? read_reason(*body) : std::string();
  if (!reason.ok()) registry::append(errors, reason.errors());
  if (!errors.empty()) return errors;
  return reason;
}

Result<std::optional<registry::ProposalState>> state_asked(const Call& call) {
  const auto name = call.parameter("state");
  if (name == "all") return std::optional<registry::ProposalState>();
  const auto state = registry::proposal_state_of(name.value_or("open"));
  if (state) return state;
  return bad_parameter("state", "state は open confirmed rejected expired all のいずれかです",
                       "the state is open, confirmed, rejected, expired or all");
}

}  // namespace

Result<Response> list_proposals(const Call& call) {
  if (auto allowed = is_for_an_office(call); !allowed.ok()) return allowed.errors();
  const auto state = state_asked(call);
  if (!state.ok()) return state.errors();
  const auto found = call.context.office->proposals(*state);
  if (!found.ok()) return found.errors();
  return json_answer(200, *found);
}

Result<Response> one_proposal(const Call& call) {
  if (auto allowed = is_for_an_office(call); !allowed.ok()) return allowed.errors();
  const auto found = call.context.office->proposal(ProposalId{call.captures.front()});
  if (!found.ok()) return found.errors();
  return json_answer(200, *found);
}

Result<Response> confirm_proposal(const Call& call) {
  if (auto allowed = is_for_an_office(call); !allowed.ok()) return allowed.errors();
  const Result<std::string> reason = reason_alone(call.request, false);
  if (!reason.ok()) return reason.errors();
  const auto key = request_key(call);
  if (!key.ok()) return key.errors();
  const auto looked_at = services_looked_at(call.request);
  if (!looked_at.ok()) return looked_at.errors();
  const auto done = call.context.office->confirm(ProposalId{call.captures.front()}, {call.caller->actor, *reason}, *key,
                                                 call.request.reading, *looked_at);
  if (!done.ok()) return done.errors();
  if (done->settings) return json_answer(201, Json{{"settings", to_json(*done->settings)}});
  return act_answer(done->recorded, prefers_english(call.request));
}

Result<Response> reject_proposal(const Call& call) {
  if (auto allowed = is_for_an_office(call); !allowed.ok()) return allowed.errors();
  const Result<std::string> reason = reason_alone(call.request, true);
  if (!reason.ok()) return reason.errors();
  const auto rejected = call.context.office->reject(ProposalId{call.captures.front()}, call.caller->actor, *reason);
  if (!rejected.ok()) return rejected.errors();
  return json_answer(200, *rejected);
}

Result<Response> show_settings(const Call& call) {
  if (auto allowed = is_for_an_office(call); !allowed.ok()) return allowed.errors();
  const auto present = call.context.office->settings();
  if (!present.ok()) return present.errors();
  return json_answer(200, *present);
}

Result<Response> local_change_settings(const Call& call) {
  Result<Json> body = read_body(call.request);
  if (!body.ok()) return body.errors();
  if (!body->is_object()) return invalid_member("", "JSONオブジェクトで書いてください", "give a JSON object");
  Errors errors;
  const Result<std::string> reason = read_reason(*body);
  if (!reason.ok()) registry::append(errors, reason.errors());
  body->erase("reason");
  const Result<registry::Settings> to = registry::read_settings(*body);
  if (!to.ok()) registry::append(errors, to.errors());
  if (!errors.empty()) return errors;
  const auto proposal = call.context.office->change_settings(*to, call.caller->actor, *reason);
  if (!proposal.ok()) return proposal.errors();
  if (!proposal->has_value()) return json_answer(200, Json{{"settings", to_json(*to)}});
  Response out = json_answer(202, Json{{"proposal", **proposal}});
  out.headers.add("Location", "/v1/proposals/" + (*proposal)->at("id").get<std::string>());
  return out;
}

}  // namespace ismap::server
