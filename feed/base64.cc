#include <array>
#include <optional>

#include "feed/crypto.h"

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Error;
using registry::Result;

constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kNone = 0xFF;

using Values = std::array<std::uint8_t, 256>;

constexpr Values values_of(std::string_view alphabet) {
  Values values{};
  for (std::uint8_t& v : values) v = kNone;
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

constexpr Values kStandardValues = values_of(kStandard);
constexpr Values kUrlValues = values_of(kUrl);

std::uint32_t octet(std::string_view bytes, std::size_t i) {
  return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U;
}

/// Without padding; 1 or 2 bytes at the end give 2 or 3 characters.
std::string encode(std::string_view bytes, std::string_view alphabet) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::uint32_t group = (octet(bytes, i) << 16U) | (octet(bytes, i + 1) << 8U) | octet(bytes, i + 2);
    const std::size_t characters = bytes.size() - i >= 3 ? 4 : bytes.size() - i + 1;
    for (std::size_t c = 0; c < characters; ++c) out += alphabet[(group >> (18U - 6U * c)) & 0x3FU];
  }
  return out;
}

/// The bytes of text without padding; nothing for a foreign character, an impossible length or stray trailing bits.
std::optional<std::string> decode(std::string_view text, const Values& values) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t pending = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const std::uint8_t value = values[static_cast<unsigned char>(c)];
    if (value == kNone) return std::nullopt;
    pending = (pending << 6U) | value;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out += static_cast<char>((pending >> bits) & 0xFFU);
    pending &= (1U << bits) - 1U;
  }
  if (pending != 0) return std::nullopt;
  return out;
}

Error not_base64() { return {Code::malformed, "", "", "Base64として読めません", "not canonical Base64"}; }

}  // namespace

std::string base64(std::string_view bytes) {
  std::string out = encode(bytes, kStandard);
  while (out.size() % 4 != 0) out += '=';
  return out;
}

Result<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return not_base64();
  if (text.ends_with('=')) text.remove_suffix(text.ends_with("==") ? 2 : 1);
  auto bytes = decode(text, kStandardValues);
  if (!bytes) return not_base64();
  return std::move(*bytes);
}

std::string base64url(std::string_view bytes) { return encode(bytes, kUrl); }

Result<std::string> from_base64url(std::string_view text) {
  auto bytes = decode(text, kUrlValues);
  if (!bytes) return not_base64();
  return std::move(*bytes);
}

}  // namespace ismap::feed
