#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "registry/cases/taking.h"
#include "registry/filings/form.h"

/// Which use of a form a request means, and into which case it goes.
namespace ismap::registry {

/// A form with the case that it goes into.
struct Choice {
  Form form;
  std::optional<CaseId> into = {};  ///< nothing: a new case, or none
  Errors notices = {};              ///< other cases that it could have meant
};

/// What a request says of form, article, service and case; every member there and of the right kind.
struct Asked {
  std::vector<Form> ways;  ///< uses of the form, at least one
  ServiceId service;
  std::optional<CaseId> named;  ///< "case": "C…"
  bool asks_for_new = false;    ///< "case": null
};

/// A step that would be made by this use of the form, read from the request's own members. Errors: invalid.
using ReadStep = std::function<Result<StepWish>(const Form& form)>;

/// Chooses. A case that the registrant is not told of is none. Errors: invalid at /case or /article when more than one
/// could be meant (it names them) or the form does not belong into the case; conflict at /case when none waits for it;
/// those of `read`. Article: 13.2, 13.9, 14.4, 16.6, 18.1
Result<Choice> choose(const lmdb::ReadTxn& txn, const Asked& asked, const ReadStep& read, const CaseSettings& settings);

}  // namespace ismap::registry
