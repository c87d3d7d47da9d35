#pragma once

#include "registry/canonical_json.h"
#include "server/openapi/operation.h"
#include "server/routes.h"

/// The answers of an operation as the document has them.
namespace ismap::server::openapi {

/// {"200": …, "404": {"$ref": …}}. Puts the refusals that it refers to among the components.
registry::Json responses_of(const Route& route, const Operation& operation, registry::Json& components);

/// Header fields of answers by name.
registry::Json header_components();

/// Whether its answers have an ETag, so that a client can ask with If-None-Match.
bool has_validator(const Operation& operation);

/// What 304 says to a client that has it already.
const Words& words_of_not_modified();

/// Whether it answers a page for people.
bool is_page(const Operation& operation);

}  // namespace ismap::server::openapi
