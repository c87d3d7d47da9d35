#pragma once

#include <string>

#include "tests/server/office_site.h"

/// A server on which a registrant files whatever it owes. Today is 2026-08-01.
namespace ismap::test {

class FilingSite : public OfficeSite {
 protected:
  /// The request of a form for kMine.
  static registry::Json form(const std::string& name, const registry::Json& own = registry::Json::object());
  Answer draft(const registry::Json& request) { return post("registrant", "/v1/filings", request); }
  Answer submit(const std::string& id, const Fields& fields = {});
  /// Drafts and submits; the answer of the submission. Throws when the draft is refused.
  Answer file(const std::string& name, const registry::Json& own = registry::Json::object());

  /// A case of kMine that an office opens, and a further step in one; the case's id. Throws when it is refused.
  std::string open_case(const std::string& role, const registry::Json& step);
  void step_in(const std::string& role, const std::string& id, const registry::Json& step);
  static registry::Json step(const std::string& name, const std::string& article,
                             const registry::Json& own = registry::Json::object());
  /// An act on kMine with a basis. Throws when it is refused.
  registry::Json done(const std::string& role, const registry::Json& act);
  /// What an act rests on: the last step of a case.
  registry::Json on_case(const std::string& id);
  registry::Json seen(const std::string& role, const std::string& target) { return ask(role, "GET", target).json; }

 private:
  int keys_ = 0;
};

}  // namespace ismap::test
