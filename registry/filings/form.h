#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "registry/cases/procedure.h"

/// What a registrant files, and which step of which procedure each form is. Read off the tables of procedures, so that
/// a duty of theirs can be met by a filing as soon as it is in a table.
namespace ismap::registry {

/// One way to use a form. Form 2-9 is a step of an incident (13.9) and of a re-audit (16.6), 2-15 has two articles.
struct Form {
  std::string_view name;  ///< "2-8"; the article where the rules give it no number: "13.4"
  Procedure procedure = Procedure::incident;
  const StepRule* step = nullptr;
};

/// 様式2-11 掲載事項変更届出書: the one form whose acceptance changes the listed items. Article: 14.2
inline constexpr std::string_view kForm2_11 = "2-11";

/// Every form of a registrant, in the order of the procedures.
/// Article: 3.4, 7.6, 9.5, 12.1, 12.3, 13.2, 13.3, 13.4, 13.9, 14.1, 14.2, 15.2, 16.2, 16.6, 18.1, 19.1
const std::vector<Form>& forms();

/// The ways to use the form of that name.
std::vector<Form> forms_named(std::string_view name);

/// "2-8, 2-9, 13.4": the names of `some`, or their articles, without repeating, for a message.
std::string names_of(const std::vector<Form>& some);
std::string articles_of(const std::vector<Form>& some);

/// Whether the form is a public act the moment it is received: the application for renewal. Article: 12.1
bool acts_when_received(const Form& form);

/// Whether filings of this form outside a case stand each for itself: a report of an incident is of a new one unless it
/// names its case, and is never kept waiting for another. Article: 13.2
bool stands_for_itself(std::string_view name);

/// What the operator may ask of such a filing, as a step of its case; null when no article lets it ask.
/// Article: 9.4, 13.4
const StepRule* inquiry_of(const Form& form);
/// The use of a form under an article; null when there is none.
const Form* find_form(std::string_view name, std::string_view article);

}  // namespace ismap::registry
