#include "server/act_answer.h"

#include <string>
#include <utility>

#include "server/answer.h"
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

Json recorded_json(const Recorded& recorded) {
  Json seqs = Json::array();
  for (const registry::Seq seq : recorded.seqs) seqs.push_back(seq.value());
  return Json{{"seq", recorded.seqs.empty() ? Json(nullptr) : Json(recorded.seqs.back().value())},
              {"seqs", std::move(seqs)},
              {"list_ver", recorded.list_ver}};
}

Response recorded_only(const Recorded& recorded, bool english) {
  Json body = to_json(problem_of(recorded.not_published), english);
  body["status"] = 503;
  body["seq"] = recorded.seqs.empty() ? Json(nullptr) : Json(recorded.seqs.back().value());
  body["recorded"] = true;
  Response out = response(503, "application/problem+json", registry::canonical(body));
  out.headers.add("Cache-Control", "no-store");
  out.headers.add("Retry-After", "10");
  return out;
}

Response act_answer(const Recorded& recorded, bool english) {
  if (recorded.proposal) return proposal_answer(recorded);
  if (!recorded.not_published.empty()) return recorded_only(recorded, english);
  Json out = recorded_json(recorded);
  out["notices"] = notices_json(recorded);
  return json_answer(recorded.replayed ? 200 : 201, out);
}

}  // namespace ismap::server
