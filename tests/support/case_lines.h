#pragma once

#include <string>
#include <vector>

#include "registry/cases/desk.h"
#include "tests/support/book.h"

/// The lines of a scenario that are about cases: what they ask of the desk, and what they see.
namespace ismap::test {

/// The request of a step: fields, with a reason, and with a basis where the operator records what the registrant made.
registry::Json case_request(registry::Procedure procedure, const std::vector<std::string>& step_and_article,
                            const registry::Json& fields, const std::string& role, const std::string& day);

/// "2026-05-13 open registrant" for each deadline of a service under an article on a day, joined by " ; "; "-" if none.
std::string shown_deadlines(const registry::CaseDesk& desk, const std::string& service, const std::string& article,
                            registry::Day day);

/// What a word of a line "case $A shows state=open" says of the case.
std::string shown_of_case(const registry::Json& view, const std::string& what);

/// The procedure of a case, and the newest case of a procedure: its id.
registry::Procedure procedure_of_case(Book& book, const std::string& id);
std::string newest_case(Book& book, const std::string& service, const std::string& procedure);

}  // namespace ismap::test
