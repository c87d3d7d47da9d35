#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ismap::registry {

/// Identifier of a control of the ISMAP management standard (ISMAP管理基準): a control objective (統制目標, three
/// numbers) or a detailed control (four), with its suffix P, B or PB. Ordered numerically: 9.2.9 before 9.2.10.
class ControlId {
 public:
  ControlId() = default;
  /// Reads an identifier by the standard's pattern; three-part ids must stand in the table of objectives.
  static std::optional<ControlId> parse(std::string_view text);
  /// Whether `text` follows the pattern, whatever the table says.
  static bool follows_pattern(std::string_view text);

  [[nodiscard]] std::string str() const;
  [[nodiscard]] bool is_objective() const { return numbers_.size() == 3; }
  /// The objective that this control belongs to, by number; suffixes do not count.
  [[nodiscard]] bool belongs_to(const ControlId& objective) const;

  friend auto operator<=>(const ControlId&, const ControlId&) = default;

 private:
  std::vector<int> numbers_;
  std::string suffix_;
};

/// The control objectives of chapters 5–18 (121 of them), in order.
const std::vector<std::string>& control_objectives();

}  // namespace ismap::registry
