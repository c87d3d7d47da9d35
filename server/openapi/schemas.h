#pragma once

#include <string>

#include "registry/canonical_json.h"

/// The schemas of the document, from three sources that name no schema twice: the published ones (docs/schemas), those
/// that are written by hand (static/openapi/schemas.json), and those that follow from the tables of the register.
namespace ismap::server::openapi {

/// All of them by name. They refer to each other as #/components/schemas/NAME.
registry::Json component_schemas();

/// docs/schemas: `urn:ismap-liu:schema:1:leaf` becomes Leaf, its definition `key_record` LeafKeyRecord, and what is in
/// `common` has its own name alone: Day.
registry::Json published_schemas();
/// What follows from the tables: roles, acts and their members, procedures and their steps, states, kinds of refusal.
registry::Json generated_schemas();

/// {"$ref": "#/components/schemas/NAME"}
registry::Json schema_reference(std::string_view name);

}  // namespace ismap::server::openapi
