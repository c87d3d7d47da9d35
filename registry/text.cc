#include "registry/text.h"

#include <fmt/format.h>
#include <unicode/uchar.h>

#include <array>

namespace ismap::registry {

namespace {

constexpr char32_t kInvalid = 0xFFFFFFFF;
constexpr char32_t kBrailleBlank = 0x2800;  // a symbol to Unicode, nothing to the eye

struct Refused {
  char32_t first;
  char32_t last;
  std::string_view ja;
  std::string_view en;
};

constexpr std::array kRefused = {
    Refused{0x0000, 0x0009, "制御文字", "control character"},
    Refused{0x000B, 0x001F, "制御文字", "control character"},
    Refused{0x007F, 0x009F, "制御文字", "control character"},
    Refused{0x202A, 0x202E, "文字の向きを変える制御文字", "bidirectional control character"},
    Refused{0x2066, 0x2069, "文字の向きを変える制御文字", "bidirectional control character"},
    Refused{0xFDD0, 0xFDEF, "文字でない符号位置", "noncharacter"},
};
constexpr Refused kPlaneEnd = {0xFFFE, 0xFFFF, "文字でない符号位置", "noncharacter"};  // of each of the 17 planes

const Refused* refused(char32_t c) {
  for (const Refused& range : kRefused) {
    if (c >= range.first && c <= range.last) return &range;
  }
  return (c & 0xFFFF) >= kPlaneEnd.first ? &kPlaneEnd : nullptr;
}

struct Lead {
  unsigned char mask;
  unsigned char bits;
  std::size_t length;
  char32_t least;  // anything below is overlong
};
constexpr std::array kLeads = {Lead{0x80, 0x00, 1, 0}, Lead{0xE0, 0xC0, 2, 0x80}, Lead{0xF0, 0xE0, 3, 0x800},
                               Lead{0xF8, 0xF0, 4, 0x10000}};

/// Takes the next code point off `rest`; kInvalid (and one byte less) when there is none.
/// REQUIRES: `rest` is not empty. Source: RFC 3629 §3.
char32_t take(std::string_view& rest) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
  char32_t c = kInvalid;
  std::size_t length = 1;
  for (const Lead& lead : kLeads) {
    if ((byte(0) & lead.mask) != lead.bits || rest.size() < lead.length) continue;
    char32_t value = byte(0) & static_cast<unsigned char>(~lead.mask);
    bool valid = true;
    for (std::size_t i = 1; i < lead.length; ++i) {
      valid = valid && (byte(i) & 0xC0) == 0x80;
      value = (value << 6) | (byte(i) & 0x3FU);
    }
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (!valid || value < lead.least || surrogate || value > 0x10FFFF) break;
    c = value;
    length = lead.length;
    break;
  }
  rest.remove_prefix(length);
  return c;
}

bool unseen(char32_t c) {
  const auto code = static_cast<UChar32>(c);
  return u_isUWhiteSpace(code) || u_hasBinaryProperty(code, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) || c == kBrailleBlank;
}

/// A code point on one line of a message.
std::string shown(char32_t c, std::string_view bytes) {
  if (c == kInvalid) return fmt::format("\\x{:02X}", static_cast<unsigned char>(bytes[0]));
  const bool plain = c == ' ' || c == 0x3000;
  if (!plain && (refused(c) != nullptr || unseen(c))) return fmt::format("[U+{:04X}]", static_cast<std::uint32_t>(c));
  return std::string(bytes);
}

}  // namespace

std::string with_line_feeds(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r') {
      out += '\n';
      if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::optional<Error> check_text(std::string_view text) {
  std::string_view rest = text;
  for (std::size_t position = 1; !rest.empty(); ++position) {
    const std::size_t offset = text.size() - rest.size();
    const char32_t c = take(rest);
    if (c == kInvalid) {
      return Error{
          Code::invalid, "", "",
          fmt::format("UTF-8として読めないバイトが{}バイト目にあります。UTF-8で保存し直してください", offset + 1),
          fmt::format("byte {} is not valid UTF-8; save the text as UTF-8", offset + 1)};
    }
    if (const Refused* range = refused(c)) {
      const std::string name = fmt::format("U+{:04X}", static_cast<std::uint32_t>(c));
      return Error{
          Code::invalid, "", "",
          fmt::format("{}文字目に使えない文字{}（{}）があります。取り除いてください", position, name, range->ja),
          fmt::format("character {} is {} ({}), which is not allowed; remove it", position, name, range->en)};
    }
  }
  return std::nullopt;
}

bool is_blank(std::string_view text) {
  while (!text.empty()) {
    const char32_t c = take(text);
    if (c == kInvalid || !unseen(c)) return false;
  }
  return true;
}

std::string excerpt(std::string_view text, std::size_t length) {
  std::string out;
  for (std::size_t n = 0; !text.empty(); ++n) {
    if (n == length) return out + "…";
    const std::string_view here = text;
    const char32_t c = take(text);
    out += shown(c, here.substr(0, here.size() - text.size()));
  }
  return out;
}

}  // namespace ismap::registry
