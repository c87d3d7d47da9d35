#include "registry/filings/form.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ismap::registry {

namespace {

constexpr std::array kProcedures{Procedure::incident, Procedure::notification, Procedure::monitoring,
                                 Procedure::re_audit, Procedure::renewal,      Procedure::withdrawal,
                                 Procedure::agencies, Procedure::objection};

std::vector<Form> all_forms() {
  std::vector<Form> all;
  for (const Procedure procedure : kProcedures) {
    for (const StepRule& rule : steps_of(procedure)) {
      const bool filed =
          rule.by == Role::registrant && !rule.form.empty() && (!rule.act || *rule.act == Act::file_renewal);
      if (filed) all.push_back({rule.form, procedure, &rule});
    }
  }
  return all;
}

template <class Pick>
std::string listed_once(const std::vector<Form>& some, Pick pick) {
  std::string out;
  std::vector<std::string_view> said;
  for (const Form& form : some) {
    const std::string_view word = pick(form);
    if (std::find(said.begin(), said.end(), word) != said.end()) continue;
    said.push_back(word);
    out += (out.empty() ? "" : ", ") + std::string(word);
  }
  return out;
}

}  // namespace

const std::vector<Form>& forms() {
  static const std::vector<Form> rows = all_forms();
  return rows;
}

std::vector<Form> forms_named(std::string_view name) {
  std::vector<Form> some;
  for (const Form& form : forms()) {
    if (form.name == name) some.push_back(form);
  }
  return some;
}

std::string names_of(const std::vector<Form>& some) {
  return listed_once(some, [](const Form& form) { return form.name; });
}

std::string articles_of(const std::vector<Form>& some) {
  return listed_once(some, [](const Form& form) { return form.step->article; });
}

bool acts_when_received(const Form& form) { return form.step->act.has_value(); }

bool stands_for_itself(std::string_view name) {
  const std::vector<Form> ways = forms_named(name);
  return std::any_of(ways.begin(), ways.end(),
                     [](const Form& form) { return form.procedure == Procedure::incident && form.step->opens; });
}

const StepRule* inquiry_of(const Form& form) {
  const bool report = form.name == "13.2" || form.name == "2-8" || form.name == "13.4";
  const bool of_application = form.name == "2-4" || form.name == "9.5" || form.name == "12.3";
  if (report) return find_rule(form.procedure, "further-report-demanded", "13.4");
  if (of_application) return find_rule(form.procedure, "inquired", "9.4");
  return nullptr;
}

const Form* find_form(std::string_view name, std::string_view article) {
  for (const Form& form : forms()) {
    if (form.name == name && form.step->article == article) return &form;
  }
  return nullptr;
}

}  // namespace ismap::registry
