#pragma once

#include <string_view>
#include <vector>

#include "registry/acts.h"
#include "registry/canonical_json.h"
#include "registry/command.h"
#include "registry/result.h"

namespace ismap::server {

/// The members that one act has besides those that every act has, and how they are read.
struct ActForm {
  registry::Act act;
  std::vector<std::string_view> fields;
  /// What to do. Errors: invalid, one for each member of the wrong form; what must be there is for decide() to say.
  registry::Result<registry::Doing> (*read)(const registry::Json& body);
};

/// Every act that can be asked for.
const std::vector<ActForm>& act_forms();

}  // namespace ismap::server
