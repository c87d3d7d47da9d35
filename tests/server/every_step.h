#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "registry/cases/procedure.h"
#include "tests/server/office_site.h"

namespace ismap::test {

inline const std::string kMark = "印ZZPRIVATEZZ印";
inline constexpr std::string_view kSought = "ZZPRIVATEZZ";

inline const std::vector<registry::Procedure> kProcedures{
    registry::Procedure::incident,   registry::Procedure::notification, registry::Procedure::monitoring,
    registry::Procedure::re_audit,   registry::Procedure::renewal,      registry::Procedure::re_application,
    registry::Procedure::withdrawal, registry::Procedure::removal,      registry::Procedure::agencies,
    registry::Procedure::objection};

/// Makes every step of every procedure that the law allows, with a mark in every text.
class EveryStep : public OfficeSite {
 protected:
  static registry::Json marked() { return {{"ja", kMark}, {"en", "ZZPRIVATEZZ"}}; }
  static registry::Json basis() { return {{"channel", kMark}, {"received_on", "2026-08-01"}}; }

  static std::string name_of(registry::Procedure procedure, const registry::StepRule& rule,
                             const registry::FieldRule& field) {
    return std::string(registry::name_of(procedure)) + " " + std::string(rule.name) + "@" + std::string(rule.article) +
           " " + std::string(field.name);
  }

  /// A step with a mark in every text; with `all`, its other fields too.
  static registry::Json filled(const registry::StepRule& rule, bool all) {
    registry::Json body{{"step", rule.name}, {"article", rule.article}, {"reason", marked()}, {"basis", basis()}};
    if (!rule.notice.to.empty()) body["channel"] = marked();
    for (const registry::FieldRule& field : rule.fields) {
      const std::string name(field.name);
      if (field.kind == registry::FieldKind::text) body[name] = marked();
      if (!all && !field.required) continue;
      if (field.kind == registry::FieldKind::day) body[name] = "2026-07-30";
      if (field.kind == registry::FieldKind::planned) body[name] = "2026-08-20";
      if (field.kind == registry::FieldKind::flag) body[name] = true;
    }
    return body;
  }

  bool try_step(registry::Procedure procedure, const registry::StepRule& rule, const std::string& service,
                const registry::Json& body) {
    const std::string role =
        rule.by == registry::Role::registrant ? "operator" : std::string(registry::name_of(rule.by));
    const registry::Json cases =
        ask("operator", "GET",
            "/v1/cases?state=open&service=" + service + "&procedure=" + std::string(registry::name_of(procedure)))
            .json;
    for (const registry::Json& open : cases.at("items")) {
      const std::string path = "/v1/cases/" + open.at("id").get<std::string>() + "/steps";
      if (post(role, path, body).status() == 201) return true;
    }
    if (!rule.opens) return false;
    registry::Json first = body;
    first["procedure"] = registry::name_of(procedure);
    first["service"] = service;
    return post(role, "/v1/cases", first).status() == 201;
  }

  /// Makes every step that the law allows now, those that end a case last.
  void make_steps(const std::string& service) {
    for (const registry::Procedure procedure : kProcedures) {
      for (const bool ending : {false, true}) make_steps(service, procedure, ending);
    }
  }
  void make_steps(const std::string& service, registry::Procedure procedure, bool ending) {
    for (const registry::StepRule& rule : registry::steps_of(procedure)) {
      if (rule.act || rule.by == registry::Role::system) continue;
      if ((rule.ends == registry::Ends::always) != ending) continue;
      const bool made = try_step(procedure, rule, service, filled(rule, true)) ||
                        try_step(procedure, rule, service, filled(rule, false));
      if (!made) continue;
      after_a_step();
      for (const registry::FieldRule& field : rule.fields) {
        if (field.kind == registry::FieldKind::text) written.insert(name_of(procedure, rule, field));
      }
    }
  }

  bool do_act(const std::string& role, const std::string& service, const std::string& name,
              const registry::Json& article, const registry::Json& own = {}) {
    registry::Json body = act(name, article, own);
    body["reason"] = marked();
    body["basis"] = basis();
    const bool done = post(role, "/v1/services/" + service + "/acts", body).status() == 201;
    if (done) after_a_step();
    return done;
  }

  /// Called whenever a step or an act was made.
  virtual void after_a_step() {}

  std::set<std::string> written;  ///< every text that has the mark
};

}  // namespace ismap::test
