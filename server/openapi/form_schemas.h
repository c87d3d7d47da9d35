#pragma once

#include "registry/canonical_json.h"
#include "registry/cases/procedure.h"

/// The schemas of what a registrant files, from the table of forms.
namespace ismap::server::openapi {

/// Form, FilingRequest with a schema for each form, and InquiryRequest.
void add_forms(registry::Json& to);

/// The schema of a member of a step.
registry::Json schema_of_kind(registry::FieldKind kind);

}  // namespace ismap::server::openapi
