#include "server/api/act_answer.h"

#include <string>
#include <utility>

#include "server/answer.h"
#include "server/api/recorded.h"
#include "server/problem.h"

namespace ismap::server {

using registry::Json;

namespace {

Json notices_json(const Recorded& recorded) {
  Json notices = Json::array();
  for (const registry::Error& notice : recorded.notices) notices.push_back(reason_json(notice));
  return notices;
}

/// What waits for a second person.
Response proposal_answer(const Recorded& recorded) {
  Response out = json_answer(202, Json{{"notices", notices_json(recorded)}, {"proposal", *recorded.proposal}});
  out.headers.add("Location", "/v1/proposals/" + recorded.proposal->at("id").get<std::string>());
  return out;
}

}  // namespace

Response act_answer(const Recorded& recorded, bool english) {
  if (recorded.proposal) return proposal_answer(recorded);
  if (!recorded.not_published.empty()) return recorded_only(recorded, english);
  Json out = recorded_json(recorded);
  out["notices"] = notices_json(recorded);
  return json_answer(recorded.replayed ? 200 : 201, out);
}

}  // namespace ismap::server
