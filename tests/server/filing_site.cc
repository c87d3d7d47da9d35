#include "tests/server/filing_site.h"

#include <stdexcept>

namespace ismap::test {

using registry::Json;

namespace {

void require_status(const Answer& answer, int status, const std::string& what) {
  if (answer.status() != status) throw std::runtime_error(what + ": " + answer.json.dump());
}

}  // namespace

Json FilingSite::form(const std::string& name, const Json& own) {
  Json out{{"form", name}, {"service", kMine}};
  out.update(own);
  return out;
}

Answer FilingSite::submit(const std::string& id, const Fields& fields) {
  Fields all{{"Idempotency-Key", "submit-" + id}};
  all.insert(all.end(), fields.begin(), fields.end());
  return ask("registrant", "POST", "/v1/filings/" + id + "/submission", "", all);
}

Answer FilingSite::file(const std::string& name, const Json& own) {
  const Answer made = draft(form(name, own));
  require_status(made, 201, "no draft of " + name);
  return submit(made.json.at("id").get<std::string>());
}

Json FilingSite::step(const std::string& name, const std::string& article, const Json& own) {
  Json out{{"step", name}, {"article", article}, {"reason", {{"ja", "所内の理由"}}}};
  out.update(own);
  return out;
}

std::string FilingSite::open_case(const std::string& role, const Json& step) {
  Json body = step;
  body["service"] = kMine;
  const Answer made = post(role, "/v1/cases", body, "step-" + std::to_string(++keys_));
  require_status(made, 201, "no case");
  return made.json.at("id").get<std::string>();
}

void FilingSite::step_in(const std::string& role, const std::string& id, const Json& step) {
  require_status(post(role, "/v1/cases/" + id + "/steps", step, "step-" + std::to_string(++keys_)), 201, "no step");
}

Json FilingSite::done(const std::string& role, const Json& act) {
  const Answer made = post(role, std::string("/v1/services/") + kMine + "/acts", act);
  require_status(made, 201, "no act");
  return made.json;
}

Json FilingSite::on_case(const std::string& id) {
  const Json steps = seen("operator", "/v1/cases/" + id).at("steps");
  return Json{{"case", id}, {"step", steps.back().at("number")}};
}

}  // namespace ismap::test
