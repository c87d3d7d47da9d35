#include "server/api/recorded.h"

#include <utility>

#include "server/problem.h"

namespace ismap::server {

using registry::Json;

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

Json recorded_json(const Recorded& recorded) {
  Json seqs = Json::array();
  for (const registry::Seq seq : recorded.seqs) seqs.push_back(seq.value());
  return Json{{"seq", recorded.seqs.empty() ? Json(nullptr) : Json(recorded.seqs.back().value())},
              {"seqs", std::move(seqs)},
              {"list_ver", recorded.list_ver}};
}

}  // namespace ismap::server
