#pragma once

#include "registry/canonical_json.h"
#include "server/site/page_words.h"

/// Schemas as tables of a page (reference-type.tpl, reference-members.tpl).
namespace ismap::server {

/// Sets `{{>TYPE}}` to what a schema is called, with a link to the component that it leads to.
void set_schema_type(ctemplate::TemplateDictionary& into, const registry::Json& schema);

/// Sets `{{>MEMBERS}}` to the members of an object, or to the alternatives that there are; to nothing for a plain
/// value. `components`: the schemas that it refers to, whose descriptions stand for those that a member has not.
void set_schema_members(ctemplate::TemplateDictionary& into, const registry::Json& schema,
                        const registry::Json& components);

}  // namespace ismap::server
