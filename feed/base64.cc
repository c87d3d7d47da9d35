#include <algorithm>
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

/// Two characters for each value of 12 bits: half a group of three octets.
using Pairs = std::array<std::array<char, 2>, 4096>;

constexpr Pairs pairs_of(std::string_view alphabet) {
  Pairs pairs{};
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = {alphabet[i >> 6U], alphabet[i & 0x3FU]};
  return pairs;
}

constexpr Pairs kStandardPairs = pairs_of(kStandard);
constexpr Pairs kUrlPairs = pairs_of(kUrl);

/// Adds the text without padding; 1 or 2 octets at the end give 2 or 3 characters.
void encode(std::string& out, std::string_view bytes, const Pairs& pairs) {
  const std::size_t at = out.size();
  out.resize(at + (bytes.size() * 4 + 2) / 3);
  char* to = out.data() + at;
  const auto octet = [&](std::size_t i) -> std::uint32_t { return static_cast<unsigned char>(bytes[i]); };
  const auto put = [&](std::uint32_t twelve_bits) { to = std::copy_n(pairs[twelve_bits].data(), 2, to); };
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t group = (octet(i) << 16U) | (octet(i + 1) << 8U) | octet(i + 2);
    put(group >> 12U);
    put(group & 0xFFFU);
  }
  if (bytes.size() - i == 1) put(octet(i) << 4U);
  if (bytes.size() - i == 2) {
    const std::uint32_t group = (octet(i) << 10U) | (octet(i + 1) << 2U);
    put(group >> 6U);
    *to = pairs[(group & 0x3FU) << 6U][0];
  }
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
  std::string out;
  encode(out, bytes, kStandardPairs);
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

std::string base64url(std::string_view bytes) {
  std::string out;
  append_base64url(out, bytes);
  return out;
}

void append_base64url(std::string& out, std::string_view bytes) { encode(out, bytes, kUrlPairs); }

Result<std::string> from_base64url(std::string_view text) {
  auto bytes = decode(text, kUrlValues);
  if (!bytes) return not_base64();
  return std::move(*bytes);
}

}  // namespace ismap::feed
