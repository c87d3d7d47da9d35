#pragma once

#include <map>
#include <string_view>

namespace ismap::embedded {

/// The files of static/ and docs/schemas/, by their path in the project ("static/css/register.css"). Written by
/// ops/embed.cmake at build time; the bytes live as long as the program.
const std::map<std::string_view, std::string_view>& static_files();

}  // namespace ismap::embedded
