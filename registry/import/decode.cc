#include "registry/import/decode.h"

#include <fmt/format.h>
#include <iconv.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <utility>

namespace ismap::registry {

namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::string_view kAdviceJa =
    "表計算ソフトで「CSV UTF-8（コンマ区切り）」又は「CSV（コンマ区切り）」として保存し直してください";
constexpr std::string_view kAdviceEn = "save the file again as \"CSV UTF-8\" or \"CSV\"";

Error cannot_read(std::string ja, std::string en) {
  return {Code::malformed, "", "", fmt::format("{}。{}", ja, kAdviceJa), fmt::format("{}; {}", en, kAdviceEn)};
}

/// Where a byte stands, for people.
struct Place {
  std::size_t offset;
  std::size_t line;
};

Place place_of(std::string_view bytes, std::size_t offset) {
  const auto end = bytes.begin() + static_cast<std::ptrdiff_t>(offset);
  return {offset, 1 + static_cast<std::size_t>(std::count(bytes.begin(), end, '\n'))};
}

Error bad_bytes(std::string_view bytes, std::size_t offset, std::string_view encoding) {
  const Place at = place_of(bytes, offset);
  const auto value = static_cast<unsigned>(static_cast<unsigned char>(bytes[offset]));
  return cannot_read(
      fmt::format("{}行目、先頭から{}バイト目（0から数える。0x{:02X}）が{}の文字として読めません", at.line, at.offset,
                  value, encoding),
      fmt::format("line {}, byte {} (from 0, 0x{:02X}) is no character of {}", at.line, at.offset, value, encoding));
}

/// Offset of the first byte that is not valid UTF-8, or the size.
std::size_t utf8_until(std::string_view bytes) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const auto size = static_cast<std::int64_t>(bytes.size());
  for (std::int64_t i = 0; i < size;) {
    const std::int64_t start = i;
    UChar32 c = 0;
    U8_NEXT(data, i, size, c);
    if (c < 0) return static_cast<std::size_t>(start);
  }
  return bytes.size();
}

bool is_lead(unsigned char b) { return (b >= 0x81 && b <= 0x9F) || (b >= 0xE0 && b <= 0xFC); }
/// F040–F9FC: what each organisation drew for itself; it has no meaning elsewhere.
bool is_user_defined(unsigned char lead) { return lead >= 0xF0 && lead <= 0xF9; }
bool is_single(unsigned char b) { return b < 0x80 || (b >= 0xA1 && b <= 0xDF); }

/// Offset of the first byte that CP932 does not allow there, by the shape of the bytes alone, or the size.
std::size_t cp932_shape_until(std::string_view bytes) {
  std::size_t i = 0;
  while (i < bytes.size()) {
    const auto b = static_cast<unsigned char>(bytes[i]);
    if (is_single(b)) {
      ++i;
      continue;
    }
    if (!is_lead(b) || is_user_defined(b) || i + 1 == bytes.size()) return i;
    const auto trail = static_cast<unsigned char>(bytes[i + 1]);
    if (trail < 0x40 || trail == 0x7F || trail > 0xFC) return i;
    i += 2;
  }
  return i;
}

/// An open conversion of the C library.
class Converter {
 public:
  Converter() : handle_(iconv_open("UTF-8", "CP932")) {}
  ~Converter() {
    if (ok()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  [[nodiscard]] bool ok() const { return handle_ != kNone; }

  /// Adds the text to `out`; returns the offset of the first byte that has no character, or the size.
  std::size_t run(std::string_view bytes, std::string& out) {
    std::string input(bytes);  // iconv wants it writable
    char* from = input.data();
    std::size_t left = input.size();
    std::array<char, 65536> buffer{};
    while (left > 0) {
      char* to = buffer.data();
      std::size_t room = buffer.size();
      const bool failed = iconv(handle_, &from, &left, &to, &room) == static_cast<std::size_t>(-1);
      out.append(buffer.data(), buffer.size() - room);
      if (failed && errno != E2BIG) return bytes.size() - left;
    }
    return bytes.size();
  }

 private:
  // POSIX says that iconv_open fails with (iconv_t)-1.
  inline static const auto kNone = reinterpret_cast<iconv_t>(-1);  // NOLINT(performance-no-int-to-ptr)
  iconv_t handle_;
};

Result<std::string> from_cp932(std::string_view bytes, std::size_t utf8_end) {
  const std::size_t shape_end = cp932_shape_until(bytes);
  std::string text;
  Converter converter;
  if (!converter.ok()) {
    return Error{Code::unavailable, "", "",
                 "この環境にはCP932の変換表がありません。「CSV UTF-8」で保存し直してください",
                 "this system has no CP932 table; save the file as \"CSV UTF-8\""};
  }
  const std::size_t end = converter.run(bytes.substr(0, shape_end), text);
  if (end == bytes.size()) return text;
  // The encoding that got further is the likelier one: one broken byte in a UTF-8 file is told as that.
  return utf8_end > end ? bad_bytes(bytes, utf8_end, "UTF-8") : bad_bytes(bytes, end, "CP932（Shift_JIS）");
}

}  // namespace

Result<std::string> to_utf8(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    return cannot_read("UTF-16のファイルです（先頭0バイト目、1行目）", "the file is UTF-16 (byte 0, line 1)");
  }
  if (const std::size_t nul = bytes.find('\0'); nul != std::string_view::npos) {
    const Place at = place_of(bytes, nul);
    return cannot_read(
        fmt::format(
            "{}行目、先頭から{}バイト目（0から数える）に値0のバイトがあります。テキストのファイルではありません",
            at.line, at.offset),
        fmt::format("line {}, byte {} (from 0) is NUL: not a text file", at.line, at.offset));
  }
  const bool marked = bytes.starts_with(kUtf8Mark);
  const std::size_t valid = utf8_until(bytes);
  if (valid == bytes.size()) return std::string(bytes.substr(marked ? kUtf8Mark.size() : 0));
  if (marked) return bad_bytes(bytes, valid, "UTF-8");
  return from_cp932(bytes, valid);
}

}  // namespace ismap::registry
