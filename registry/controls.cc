#include "registry/controls.h"

#include <algorithm>
#include <set>

#include "registry/embedded.h"

namespace ismap::registry {

namespace {

constexpr int kFirstChapter = 3;
constexpr int kLastChapter = 18;
constexpr std::size_t kObjectiveNumbers = 3;
constexpr std::size_t kDetailedNumbers = 4;

struct Parts {
  std::vector<int> numbers;
  std::string_view suffix;
};

/// A number of an identifier: one or two digits, no leading zero.
std::optional<int> number(std::string_view part) {
  if (part.empty() || part.size() > 2 || part[0] == '0') return std::nullopt;
  int n = 0;
  for (const char c : part) {
    if (c < '0' || c > '9') return std::nullopt;
    n = n * 10 + (c - '0');
  }
  return n;
}

bool is_suffix(std::string_view part) { return part == "P" || part == "B" || part == "PB"; }

/// How many numbers there may be, and that only detailed controls are B or PB.
bool well_formed(const Parts& parts) {
  const std::size_t count = parts.numbers.size();
  if (count != kObjectiveNumbers && count != kDetailedNumbers) return false;
  if (parts.numbers[0] < kFirstChapter || parts.numbers[0] > kLastChapter) return false;
  return count == kDetailedNumbers || parts.suffix.empty() || parts.suffix == "P";
}

/// The numbers and the suffix of an identifier that follows the pattern.
std::optional<Parts> parts_of(std::string_view text) {
  Parts parts;
  for (bool more = true; more;) {
    const std::size_t dot = text.find('.');
    const std::string_view part = text.substr(0, dot);
    more = dot != std::string_view::npos;
    if (more) text.remove_prefix(dot + 1);
    if (!more && is_suffix(part)) {
      parts.suffix = part;
    } else if (const auto n = number(part); n && parts.numbers.size() < kDetailedNumbers) {
      parts.numbers.push_back(*n);
    } else {
      return std::nullopt;
    }
  }
  if (!well_formed(parts)) return std::nullopt;
  return parts;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (!line.empty()) lines.emplace_back(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

bool in_table(std::string_view id) {
  static const std::set<std::string, std::less<>> table(control_objectives().begin(), control_objectives().end());
  return table.find(id) != table.end();
}

}  // namespace

bool ControlId::follows_pattern(std::string_view text) { return parts_of(text).has_value(); }

std::optional<ControlId> ControlId::parse(std::string_view text) {
  const std::optional<Parts> parts = parts_of(text);
  if (!parts) return std::nullopt;
  if (parts->numbers.size() == kObjectiveNumbers && !in_table(text)) return std::nullopt;
  ControlId id;
  id.numbers_ = parts->numbers;
  id.suffix_ = parts->suffix;
  return id;
}

std::string ControlId::str() const {
  std::string out;
  for (const int n : numbers_) {
    if (!out.empty()) out += '.';
    out += std::to_string(n);
  }
  return suffix_.empty() ? out : out + "." + suffix_;
}

bool ControlId::belongs_to(const ControlId& objective) const {
  if (numbers_.size() < kObjectiveNumbers || objective.numbers_.size() < kObjectiveNumbers) return false;
  return std::equal(numbers_.begin(), numbers_.begin() + kObjectiveNumbers, objective.numbers_.begin());
}

const std::vector<std::string>& control_objectives() {
  static const std::vector<std::string> objectives =
      lines_of(embedded::registry_data().at("registry/data/control-objectives.txt"));
  return objectives;
}

}  // namespace ismap::registry
