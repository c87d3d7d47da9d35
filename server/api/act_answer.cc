#include "server/api/act_answer.h"

#include <string>
#include <utility>

#include "server/answer.h"
#include "server/api/recorded.h"
#include "server/problem.h"

namespace ismap::server {

using registry::Json;

namespace {

/// What waits for a second person.
Response proposal_answer(const Recorded& recorded) {
  Response out = json_answer(202, Json{{"notices", reasons_json(recorded.notices)}, {"proposal", *recorded.proposal}});
  out.headers.add("Location", "/v1/proposals/" + recorded.proposal->at("id").get<std::string>());
  return out;
}

}  // namespace

Response act_answer(const Recorded& recorded, bool english) {
  if (recorded.proposal) return proposal_answer(recorded);
  if (!recorded.not_published.empty()) return recorded_only(recorded, english);
  Json out = recorded_json(recorded);
  out["notices"] = reasons_json(recorded.notices);
  return json_answer(recorded.replayed ? 200 : 201, out);
}

}  // namespace ismap::server
