#pragma once

#include <map>
#include <string>

#include "feed/verify/source.h"

namespace ismap::feed::verify {

/// Asks a source for each document once and gives the same answer ever after: what is used is what was verified, even
/// when the source would answer otherwise the second time.
/// Thread: one.
class KeptSource : public Source {
 public:
  /// REQUIRES: `origin` outlives it.
  explicit KeptSource(const Source& origin) : origin_(origin) {}

  [[nodiscard]] Checked<std::string> get(const std::string& path) const override;
  [[nodiscard]] std::optional<std::vector<std::string>> names(const std::string& folder) const override;

 private:
  const Source& origin_;
  mutable std::map<std::string, Checked<std::string>, std::less<>> had_;
};

}  // namespace ismap::feed::verify
