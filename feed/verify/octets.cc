#include "feed/verify/octets.h"

#include <algorithm>
#include <charconv>

#include "feed/crypto.h"
#include "registry/canonical_json.h"

namespace ismap::feed::verify {

namespace {

constexpr unsigned kMaxDepth = 32;
constexpr unsigned kCollected = 2;
constexpr std::uint64_t kMaxSafeInteger = 9'007'199'254'740'991;
constexpr std::size_t kMaxDigits = 16;
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A character of a member name as we write it: ASCII that needs no escape.
bool is_name(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return octet >= 0x20 && octet < 0x80 && c != '"' && c != '\\';
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Walks over one canonical JSON text. Each function takes what it names and says whether it was there.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool object_alone() { return next() == '{' && value(0, {}) && at_ == text_.size(); }
  std::vector<Member> take() { return std::move(members_); }

 private:
  [[nodiscard]] char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (next() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }
  bool literal(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  bool value(unsigned depth, std::string_view name) {
    const std::size_t begin = at_;
    const std::size_t place = members_.size();
    if (depth >= 1 && depth <= kCollected) members_.push_back({depth, name, {}});
    if (!any(depth)) return false;
    if (depth >= 1 && depth <= kCollected) members_[place].value = text_.substr(begin, at_ - begin);
    return true;
  }

  bool any(unsigned depth) {
    switch (next()) {
      case '{':
        return depth < kMaxDepth && object(depth);
      case '[':
        return depth < kMaxDepth && array(depth);
      case '"':
        return string();
      case 't':
        return literal("true");
      case 'f':
        return literal("false");
      case 'n':
        return literal("null");
      default:
        return number();
    }
  }

  bool object(unsigned depth) {
    ++at_;
    if (take('}')) return true;
    std::string_view last;
    bool first = true;
    do {
      const std::size_t begin = at_ + 1;
      if (!name()) return false;
      const std::string_view here = text_.substr(begin, at_ - begin - 1);
      if (!first && here <= last) return false;
      if (!take(':') || !value(depth + 1, here)) return false;
      last = here;
      first = false;
    } while (take(','));
    return take('}');
  }

  bool array(unsigned depth) {
    ++at_;
    if (take(']')) return true;
    do {
      if (!value(depth + 1, {})) return false;
    } while (take(','));
    return take(']');
  }

  bool name() {
    if (!take('"')) return false;
    while (is_name(next())) ++at_;
    return take('"');
  }

  bool string() {
    ++at_;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return true;
      }
      if (c == '\\') {
        if (!escape()) return false;
        continue;
      }
      const std::size_t length = static_cast<unsigned char>(c) < 0x20 ? 0 : utf8_length(text_, at_);
      if (length == 0) return false;
      at_ += length;
    }
    return false;
  }

  /// The only escapes of RFC 8785 §3.2.2.2: the short ones, and the other C0 controls in lower-case hex.
  bool escape() {
    const std::string_view rest = text_.substr(at_);
    if (rest.size() >= 2 && std::string_view("\"\\bfnrt").find(rest[1]) != std::string_view::npos) {
      at_ += 2;
      return true;
    }
    if (rest.size() < 6 || !rest.starts_with("\\u00") || (rest[4] != '0' && rest[4] != '1')) return false;
    constexpr std::string_view kLong = "0123456789abcdef";
    const bool has_short = rest[4] == '0' && std::string_view("89acd").find(rest[5]) != std::string_view::npos;
    if (kLong.find(rest[5]) == std::string_view::npos || has_short) return false;
    at_ += 6;
    return true;
  }

  bool number() {
    const bool negative = take('-');
    const std::size_t begin = at_;
    while (is_digit(next())) ++at_;
    const std::string_view digits = text_.substr(begin, at_ - begin);
    if (digits.empty() || digits.size() > kMaxDigits) return false;
    if (digits.front() == '0') return digits.size() == 1 && !negative;
    std::uint64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number <= kMaxSafeInteger;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Member> members_;
};

std::uint32_t octet(std::string_view bytes, std::size_t i) { return static_cast<unsigned char>(bytes[i]); }

bool continues(std::string_view text, std::size_t at, unsigned char low = 0x80, unsigned char high = 0xBF) {
  if (at >= text.size()) return false;
  const auto octet = static_cast<unsigned char>(text[at]);
  return octet >= low && octet <= high;
}

}  // namespace

std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return continues(text, at + 1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned char low = first == 0xE0 ? 0xA0 : 0x80;   // no shorter form
    const unsigned char high = first == 0xED ? 0x9F : 0xBF;  // no surrogate
    return continues(text, at + 1, low, high) && continues(text, at + 2) ? 3 : 0;
  }
  if (first < 0xF0 || first > 0xF4) return 0;
  const unsigned char low = first == 0xF0 ? 0x90 : 0x80;
  const unsigned char high = first == 0xF4 ? 0x8F : 0xBF;  // up to U+10FFFF
  return continues(text, at + 1, low, high) && continues(text, at + 2) && continues(text, at + 3) ? 4 : 0;
}

std::optional<std::vector<Member>> canonical_members(std::string_view octets) {
  Scanner scanner(octets);
  if (!scanner.object_alone()) return std::nullopt;
  return scanner.take();
}

std::optional<std::vector<std::string_view>> values_of(const std::vector<Member>& members,
                                                       std::initializer_list<std::string_view> names) {
  std::vector<std::string_view> values;
  const auto* name = names.begin();
  for (const Member& member : members) {
    if (member.depth != 1) continue;
    if (name == names.end() || member.name != *name) return std::nullopt;
    values.push_back(member.value);
    ++name;
  }
  if (name != names.end()) return std::nullopt;
  return values;
}

std::optional<std::uint64_t> unsigned_of(std::string_view value) {
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (value.empty() || failure != std::errc{} || end != value.data() + value.size()) return std::nullopt;
  return number;
}

std::optional<std::string> text_of(std::string_view value) {
  const auto json = registry::parse_json(value);
  if (!json || !json->is_string()) return std::nullopt;
  return json->get<std::string>();
}

std::optional<std::string_view> plain_of(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.find('\\') != std::string_view::npos) return std::nullopt;
  return value.substr(1, value.size() - 2);
}

bool is_base64_of(std::string_view text, std::string_view bytes) {
  if (text.size() != (bytes.size() + 2) / 3 * 4) return false;
  std::size_t in = 0;
  std::size_t out = 0;
  for (; in + 3 <= bytes.size(); in += 3, out += 4) {
    const std::uint32_t group = (octet(bytes, in) << 16U) | (octet(bytes, in + 1) << 8U) | octet(bytes, in + 2);
    const bool same = text[out] == kAlphabet[group >> 18U] && text[out + 1] == kAlphabet[(group >> 12U) & 0x3FU] &&
                      text[out + 2] == kAlphabet[(group >> 6U) & 0x3FU] && text[out + 3] == kAlphabet[group & 0x3FU];
    if (!same) return false;
  }
  return text.substr(out) == base64(bytes.substr(in));
}

}  // namespace ismap::feed::verify
