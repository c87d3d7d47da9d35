#pragma once

#include <optional>
#include <string>
#include <vector>

#include "registry/cases/deadline.h"
#include "registry/cases/procedure.h"

/// A step as it is asked for, read from JSON and looked up in the table of its procedure.
namespace ismap::registry {

/// A step that is well-formed and made by the right role. Whether it may follow is for check_step().
struct StepWish {
  const StepRule* rule = nullptr;
  Step step;                  ///< without number and entry
  Json payload;               ///< {"reason", "basis", "texts"}, or null
  Json basis;                 ///< as in the payload
  std::vector<CaseId> links;  ///< named by the request or by its basis
  Day today;
};

/// A text as it is kept: {"ja", "en"?} with LF, also of a plain string; nothing when it is none, is blank, too long or
/// holds refused characters.
std::optional<Json> text_as_kept(const Json& value);

/// Reads the members of a request that a step has: step, article, on, reason, basis, links and its own fields.
/// Errors: forbidden at /role, when that is all that is wrong; else invalid, every missing, wrong or unknown member at
/// once. `others` are members that the caller reads. Article: 13.1, S2023-11-10.1
Result<StepWish> read_step(Procedure procedure, const Json& request, const std::vector<std::string_view>& others,
                           const Actor& actor, Day today);

/// Whether the step may follow on what the case has so far (no steps: whether a case may begin with it), with what
/// follows from the case written into its facts (the day until which a hearing can be asked for; that it was asked for
/// late; until when a report may come that was asked for without a day). Errors: conflict or invalid at /step or /on,
/// with the article. Article: 13.1, 15.2
Result<Done> check_step(const Case& so_far, StepWish& wish, const CaseSettings& settings);

/// As check_step, for the row of a public act that names a step of the case as its basis: what must have come before,
/// and what the law asks besides. Errors: conflict at /basis. Article: 13.5, 13.11, 15.2, 16.4, 18.1
Result<Done> check_act(const Case& cited, const StepRule& rule, const Step& step);

/// How the case ends with this step, if it does.
std::optional<CaseEnd> end_with(const Case& so_far, const StepRule& rule, const Step& step);

}  // namespace ismap::registry
