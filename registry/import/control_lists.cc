#include "registry/import/control_lists.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "registry/import/glyphs.h"
#include "registry/import/lists.h"
#include "registry/text.h"

namespace ismap::registry::importing {

namespace {

constexpr std::u32string_view kBetweenControls = U",;、､・･";
constexpr std::u32string_view kEntryEnds = U"\r\n;";
constexpr std::u32string_view kCommas = U"、､,";
constexpr std::u32string_view kControlBullets = U"・･●○■□◆◇•*-";
constexpr std::string_view kArticle = "11.5(7)";

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

/// An objective as the cell writes it.
struct Entry {
  std::string id;
  std::string reason;
  friend bool operator==(const Entry&, const Entry&) = default;
};

/// Where an identifier stands.
struct Mark {
  std::size_t from;
  std::size_t to;
};

/// A cell taken apart at the identifiers that begin an entry. `text_` is the cell, `half_` the same in half-width,
/// position by position.
class ControlCell {
 public:
  explicit ControlCell(std::string_view cell) : text_(code_points(cell)), half_(text_) {
    for (char32_t& c : half_) c = half_width(c);
    find_marks();
  }

  /// What stands before the first identifier.
  [[nodiscard]] std::string before() const {
    const std::size_t end = marks_.empty() ? text_.size() : marks_.front().from;
    const std::size_t from = half_.find_first_not_of(kControlBullets);
    return from == kNone || from >= end ? "" : utf8(trimmed(view(from, end)));
  }

  [[nodiscard]] std::vector<Entry> entries() const {
    std::vector<Entry> out;
    for (std::size_t n = 0; n < marks_.size(); ++n) {
      const std::size_t end = n + 1 < marks_.size() ? marks_[n + 1].from : text_.size();
      out.push_back(
          Entry{utf8(half_.substr(marks_[n].from, marks_[n].to - marks_[n].from)), reason(marks_[n].to, end)});
    }
    return out;
  }

 private:
  [[nodiscard]] std::u32string_view view(std::size_t from, std::size_t to) const {
    return std::u32string_view{text_}.substr(from, to - from);
  }

  /// The end of the identifier at `at`, when one stands there that begins an entry.
  [[nodiscard]] std::optional<std::size_t> identifier(std::size_t at, bool after_comma) const {
    std::size_t end = at;
    while (end < half_.size() && half_[end] < 0x80 &&
           (std::isalnum(static_cast<int>(half_[end])) != 0 || half_[end] == U'.'))
      ++end;
    if (end == at || !is_digit(half_[at])) return std::nullopt;
    const auto dots = std::count(half_.begin() + static_cast<std::ptrdiff_t>(at),
                                 half_.begin() + static_cast<std::ptrdiff_t>(end), U'.');
    const bool colon = end < half_.size() && half_[end] == U':';
    const bool parted = colon || end == half_.size() || half_[end] == U'(' || is_space(half_[end]) ||
                        is_one_of(half_[end], kEntryEnds) || is_one_of(half_[end], kCommas);
    if (dots == 0 || (dots == 1 && !colon) || (after_comma && !parted)) return std::nullopt;
    return end;
  }

  /// Where the search for the next entry goes on: behind a reason in quotes, or at `at`.
  [[nodiscard]] std::size_t behind_quotes(std::size_t at) const {
    std::size_t quote = skip_colon(at, half_.size());
    if (quote == half_.size() || half_[quote] != U'"') return at;
    quote = closing_quote(half_, quote);
    return quote == kNone ? at : quote + 1;
  }

  void find_marks() {
    bool start = true;
    bool after_comma = false;
    for (std::size_t i = 0; i < half_.size();) {
      const char32_t c = half_[i];
      const auto end = start ? identifier(i, after_comma) : std::nullopt;
      if (end) {
        marks_.push_back(Mark{i, *end});
        i = behind_quotes(*end);
        start = false;
        continue;
      }
      const bool ends_entry = is_one_of(c, kEntryEnds);
      start = ends_entry || is_one_of(c, kCommas) || (start && (is_space(c) || is_one_of(c, kControlBullets)));
      if (ends_entry || is_one_of(c, kCommas)) after_comma = !ends_entry;
      ++i;
    }
  }

  /// Position behind spaces, at most one colon, and spaces.
  [[nodiscard]] std::size_t skip_colon(std::size_t from, std::size_t to) const {
    const auto spaces = [&] {
      while (from < to && is_space(half_[from])) ++from;
    };
    spaces();
    if (from < to && half_[from] == U':') ++from;
    spaces();
    return from;
  }

  [[nodiscard]] std::string reason(std::size_t from, std::size_t to) const {
    while (to > from &&
           (is_space(half_[to - 1]) || is_one_of(half_[to - 1], kEntryEnds) || is_one_of(half_[to - 1], kCommas)))
      --to;
    const std::size_t start = skip_colon(from, to);
    const bool colon = view(from, start).find_first_of(U":：") != kNone;
    std::u32string_view text = view(start, to);
    if (const auto content = out_of_quotes(text)) return utf8(*content);
    if (!colon && text.size() > 1 && half_[start] == U'(' && half_[to - 1] == U')')
      text = trimmed(text.substr(1, text.size() - 2));
    return utf8(text);
  }

  std::u32string text_;
  std::u32string half_;
  std::vector<Mark> marks_;
};

Error no_identifier(std::string_view text) {
  return refusal(
      "",
      fmt::format("「{}」は統制目標の番号で始まっていません。「10.1.1：理由」の形で、一つずつ改行して書いてください",
                  excerpt(text)),
      fmt::format("\"{}\" does not begin with a control objective; write \"10.1.1：reason\", one on a line",
                  excerpt(text)));
}

Error no_reason(std::size_t index, const std::string& id) {
  Error error = refusal(
      fmt::format("/{}/reason", index),
      fmt::format(
          "「{}」に理由がありません。「{}：該当する業務がないため」のように、実施していない理由を書いてください",
          excerpt(id), excerpt(id)),
      fmt::format("\"{}\" has no reason; write why it is not implemented, as \"{}：reason\"", excerpt(id),
                  excerpt(id)));
  error.article = kArticle;
  return error;
}

std::string line_of(const Entry& entry, bool in_quotation) {
  return entry.id + "：" + (in_quotation ? utf8(in_quotes(code_points(entry.reason))) : entry.reason);
}

bool reads_back(std::string_view cell, const std::vector<Entry>& entries) {
  const ControlCell parts(cell);
  return parts.before().empty() && parts.entries() == entries;
}

}  // namespace

Reading read_controls(std::string_view cell) {
  Json ids = Json::array();
  std::u32string text = code_points(cell);
  for (char32_t& c : text) c = half_width(c);
  for (std::size_t from = 0; from < text.size();) {
    std::size_t to = from;
    while (to < text.size() && !is_space(text[to]) && !is_one_of(text[to], kBetweenControls)) ++to;
    if (to > from) ids.push_back(utf8(text.substr(from, to - from)));
    from = to + 1;
  }
  return {std::move(ids), {}};
}

Reading read_excluded_controls(std::string_view cell) {
  if (says_none(cell)) return {Json::array(), {}};
  Reading reading{Json::array(), {}};
  const ControlCell parts(cell);
  if (const std::string before = parts.before(); !before.empty()) reading.errors.push_back(no_identifier(before));
  for (const Entry& entry : parts.entries()) {
    Json element{{"id", entry.id}};
    if (entry.reason.empty()) {
      reading.errors.push_back(no_reason(reading.value.size(), entry.id));
    } else {
      element["reason"] = Json{{"ja", entry.reason}};
    }
    reading.value.push_back(std::move(element));
  }
  return reading;
}

std::string join_excluded_controls(const std::vector<ExcludedControl>& excluded) {
  std::vector<Entry> entries;
  std::vector<std::string> lines;
  for (const ExcludedControl& control : excluded) {
    entries.push_back(Entry{control.id.str(), control.reason.ja});
    const std::string bare = line_of(entries.back(), false);
    lines.push_back(reads_back(bare + "\n", {entries.back()}) ? bare : line_of(entries.back(), true));
  }
  if (std::string cell = join_lines(lines); reads_back(cell, entries)) return cell;
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i] = line_of(entries[i], true);
  return join_lines(lines);
}

}  // namespace ismap::registry::importing
