#include "feed/verify/kept_source.h"

namespace ismap::feed::verify {

Checked<std::string> KeptSource::get(const std::string& path) const {
  const auto at = had_.find(path);
  return at != had_.end() ? at->second : had_.emplace(path, origin_.get(path)).first->second;
}

std::optional<std::vector<std::string>> KeptSource::names(const std::string& folder) const {
  return origin_.names(folder);
}

}  // namespace ismap::feed::verify
