#include "registry/import/lists.h"

#include <algorithm>
#include <array>
#include <utility>

#include "registry/import/glyphs.h"

namespace ismap::registry::importing {

namespace {

constexpr std::u32string_view kLineBreaks = U"\r\n";
constexpr std::u32string_view kCommon = U",;、，；､";
constexpr std::u32string_view kOfRegions = U",;、，；､・･/／";
constexpr std::u32string_view kListBullets = U"・･●○■□◆◇•*";
constexpr std::array<std::string_view, 10> kNothing{"なし",     "無し",     "無", "該当なし", "該当無し",
                                                    "特になし", "特に無し", "-",  "―",        "ー"};

/// Opening brackets and what closes each; half-width and full-width ones close each other.
struct Bracket {
  char32_t open;
  std::u32string_view close;
};
constexpr std::array<Bracket, 9> kBrackets{{{U'（', U"）)"},
                                            {U'(', U"）)"},
                                            {U'「', U"」"},
                                            {U'『', U"』"},
                                            {U'【', U"】"},
                                            {U'〔', U"〕"},
                                            {U'[', U"]］"},
                                            {U'［', U"]］"},
                                            {U'“', U"”"}}};
constexpr std::u32string_view kClosing = U"）)」』】〕]］”";

const Bracket* bracket(char32_t c) {
  const auto* found = std::find_if(kBrackets.begin(), kBrackets.end(), [c](const Bracket& b) { return b.open == c; });
  return found == kBrackets.end() ? nullptr : found;
}

/// A cell as the splitter sees it.
class ListCell {
 public:
  ListCell(std::u32string_view text, ListKind kind)
      : text_(text), marks_(kind == ListKind::regions ? kOfRegions : kCommon) {
    match_brackets();
    look_for_lines();
  }

  [[nodiscard]] std::vector<std::string> entries() const {
    std::vector<std::string> out;
    std::size_t from = 0;
    for (std::size_t i = 0; i <= text_.size(); i = after(i)) {
      if (i < text_.size() && (close_[i] != kNone || !cuts(text_[i]))) continue;
      if (std::string entry = clean(text_.substr(from, i - from)); !entry.empty()) out.push_back(std::move(entry));
      from = i + 1;
    }
    return out;
  }

 private:
  [[nodiscard]] std::size_t after(std::size_t i) const {
    return i < close_.size() && close_[i] != kNone ? close_[i] + 1 : i + 1;
  }
  [[nodiscard]] bool separates(char32_t c) const { return is_one_of(c, kLineBreaks) || is_one_of(c, marks_); }
  [[nodiscard]] bool cuts(char32_t c) const {
    return is_one_of(c, kLineBreaks) || (is_one_of(c, marks_) && (!lines_ || wrapped_));
  }

  /// Whether between `at` and the next separator (or the end) there is nothing but spaces.
  [[nodiscard]] bool only_blanks_until_separator(std::size_t at) const {
    while (at < text_.size() && is_space(text_[at]) && !separates(text_[at])) ++at;
    return at == text_.size() || separates(text_[at]);
  }

  /// One pass; what is not closed before its surroundings are counts as a plain character.
  void match_brackets() {
    close_.assign(text_.size(), kNone);
    std::vector<std::size_t> open;
    bool at_start = true;  // of an entry
    bool quotes = true;    // false once a quote is never closed: then no later one is looked for
    for (std::size_t i = 0; i < text_.size(); ++i) {
      const char32_t c = text_[i];
      if (c == U'"' && at_start && quotes) {
        const std::size_t end = closing_quote(text_, i);
        quotes = end != kNone;
        if (quotes && only_blanks_until_separator(end + 1)) i = close_[i] = end;
      } else if (bracket(c) != nullptr) {
        open.push_back(i);
      } else if (is_one_of(c, kClosing) && !open.empty() && is_one_of(c, bracket(text_[open.back()])->close)) {
        close_[open.back()] = i;
        open.pop_back();
      }
      at_start = separates(c) || (at_start && is_space(c));
    }
  }

  void look_for_lines() {
    bool mark_before = false;
    for (std::size_t i = 0; i < text_.size(); i = after(i)) {
      const char32_t c = text_[i];
      if (is_one_of(c, kLineBreaks)) {
        lines_ = true;
        wrapped_ = wrapped_ || mark_before;
      }
      mark_before = is_one_of(c, marks_) || (mark_before && is_space(c) && !is_one_of(c, kLineBreaks));
    }
  }

  [[nodiscard]] std::string clean(std::u32string_view entry) const {
    entry = trimmed(entry);
    while (!entry.empty() && is_one_of(entry.back(), marks_)) entry = trimmed(entry.substr(0, entry.size() - 1));
    if (const auto content = out_of_quotes(entry)) return utf8(*content);
    if (entry.size() > 1 && starts_with_bullet(entry)) entry = trimmed(entry.substr(1));
    return utf8(entry);
  }

  /// A hyphen before a digit is a minus sign.
  static bool starts_with_bullet(std::u32string_view entry) {
    if (is_one_of(entry[0], kListBullets)) return true;
    const char32_t next = half_width(entry[1]);
    return entry[0] != U'ー' && is_dash(entry[0]) && !(next >= U'0' && next <= U'9');
  }

  std::u32string_view text_;
  std::u32string_view marks_;
  std::vector<std::size_t> close_;  ///< per position: where the bracket or quote opened there is closed, or npos
  bool lines_ = false;
  bool wrapped_ = false;
};

std::string between_quotes(const std::string& entry) { return utf8(in_quotes(code_points(entry))); }

Reading texts(std::string_view cell, ListKind kind) {
  Json list = Json::array();
  for (std::string& entry : split_texts(cell, kind)) list.push_back(Json{{"ja", std::move(entry)}});
  return {std::move(list), {}};
}

}  // namespace

std::size_t closing_quote(std::u32string_view text, std::size_t at) {
  for (std::size_t i = text.find(U'"', at + 1); i != kNone; i = text.find(U'"', i + 2)) {
    if (i + 1 == text.size() || text[i + 1] != U'"') return i;
  }
  return kNone;
}

std::u32string in_quotes(std::u32string_view text) {
  std::u32string out = U"\"";
  for (const char32_t c : text) out.append(c == U'"' ? 2 : 1, c);
  return out + U"\"";
}

std::optional<std::u32string> out_of_quotes(std::u32string_view text) {
  if (text.empty() || text[0] != U'"' || closing_quote(text, 0) != text.size() - 1 || text.size() < 2)
    return std::nullopt;
  std::u32string out;
  for (std::size_t i = 1; i + 1 < text.size(); i += text[i] == U'"' ? 2U : 1U) out.push_back(text[i]);
  return out;
}

std::vector<std::string> split_texts(std::string_view cell, ListKind kind) {
  const std::u32string text = code_points(cell);
  return ListCell(text, kind).entries();
}

std::string join_texts(const std::vector<std::string>& entries, ListKind kind) {
  std::vector<std::string> lines = entries;
  const std::string line_end = entries.size() > 1 ? "\n" : "";
  for (std::string& line : lines) {
    if (split_texts(line + line_end, kind) != std::vector<std::string>{line} || says_none(line))
      line = between_quotes(line);
  }
  std::string cell = join_lines(lines);
  if (split_texts(cell, kind) == entries) return cell;
  lines.clear();
  for (const std::string& entry : entries) lines.push_back(between_quotes(entry));
  return join_lines(lines);
}

std::string join_lines(const std::vector<std::string>& lines) {
  std::string cell;
  for (const std::string& line : lines) cell += (cell.empty() ? "" : "\n") + line;
  return cell;
}

bool says_none(std::string_view cell) {
  std::string word = folded(cell);
  if (word.ends_with("。")) word.resize(word.size() - std::string_view("。").size());
  return std::find(kNothing.begin(), kNothing.end(), word) != kNothing.end();
}

Reading read_texts(std::string_view cell) { return texts(cell, ListKind::plain); }

Reading read_excluded_texts(std::string_view cell) {
  return says_none(cell) ? Reading{Json::array(), {}} : texts(cell, ListKind::plain);
}

Reading read_regions(std::string_view cell) { return texts(cell, ListKind::regions); }

}  // namespace ismap::registry::importing
