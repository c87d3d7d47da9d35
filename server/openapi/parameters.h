#pragma once

#include <string_view>
#include <vector>

#include "server/openapi/operation.h"

/// What the parameters of the routes mean: one table for all of them.
namespace ismap::server::openapi {

/// A parameter of paths or of queries.
struct ParameterRow {
  std::string_view name;  ///< as the route has it, without the * of a path
  std::string_view under =
      {};                    ///< routes whose pattern begins with this, where the name means something else elsewhere
  std::string_view schema;   ///< as JSON
  std::string_view example;  ///< as JSON
  Words says;
  bool required = false;  ///< of a query; one of a path always is
};

const std::vector<ParameterRow>& parameter_rows();

/// What `name` means in a route: the row that says most of its pattern. Null when nothing does.
const ParameterRow* find_parameter(std::string_view pattern, std::string_view name);

/// What a request header field means: Idempotency-Key, If-Match, If-None-Match. REQUIRES: one of these.
const ParameterRow& header_parameter(std::string_view name);

/// The names in the braces of a pattern, without *.
std::vector<std::string_view> captured_names(std::string_view pattern);

}  // namespace ismap::server::openapi
