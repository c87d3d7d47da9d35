#pragma once

#include <map>
#include <string_view>

namespace ismap::embedded {

/// The files of registry/data, by their path in the project ("registry/data/control-objectives.txt"). Written by
/// ops/embed.cmake at build time; the bytes live as long as the program.
const std::map<std::string_view, std::string_view>& registry_data();

}  // namespace ismap::embedded
