#include "registry/cases/superseding.h"

#include <algorithm>
#include <string>
#include <utility>

namespace ismap::registry {

namespace {

std::uint64_t replaced_by(const Step& step) { return step.facts.value(kReplaces, std::uint64_t{0}); }

/// What an earlier step says once a later one took its place.
Json taken_over(const Json& earlier, const Json& later) {
  constexpr const char* kKnownOn = "known_on";
  Json facts = later;
  facts.erase(kReplaces);
  const std::string was = earlier.value(kKnownOn, "");
  if (!was.empty() && (!facts.contains(kKnownOn) || was < facts.value(kKnownOn, ""))) facts[kKnownOn] = was;
  return facts;
}

}  // namespace

Case as_it_stands(Case of) {
  const std::vector<Step> made = of.steps;
  const auto numbered = [](auto& steps, std::uint64_t number) {
    return std::find_if(steps.begin(), steps.end(), [&](const Step& step) { return step.number == number; });
  };
  for (const Step& later : made) {
    std::uint64_t number = replaced_by(later);
    while (number != 0) {
      const auto earlier = numbered(of.steps, number);
      if (earlier == of.steps.end()) break;
      earlier->facts = taken_over(earlier->facts, later.facts);
      number = replaced_by(*numbered(made, number));
    }
  }
  return of;
}

}  // namespace ismap::registry
