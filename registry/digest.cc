#include "registry/digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>

namespace ismap::registry {

namespace {

Digest hash(std::string_view prefix, std::string_view bytes) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  std::array<std::uint8_t, 32> out{};
  const bool ok = context != nullptr && EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1 &&
                  EVP_DigestUpdate(context, prefix.data(), prefix.size()) == 1 &&
                  EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1 &&
                  EVP_DigestFinal_ex(context, out.data(), nullptr) == 1;
  EVP_MD_CTX_free(context);
  if (!ok) throw std::runtime_error("SHA-256 failed");
  return Digest{out};
}

int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

Digest sha256(std::string_view bytes) { return hash({}, bytes); }

Digest leaf_hash(std::string_view octets) { return hash(std::string_view("\0", 1), octets); }

std::string_view bytes_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.value().data()), digest.value().size()};
}

Digest digest_of_bytes(std::string_view bytes) {
  std::array<std::uint8_t, 32> out{};
  std::copy_n(reinterpret_cast<const std::uint8_t*>(bytes.data()), std::min(bytes.size(), out.size()), out.begin());
  return Digest{out};
}

std::string hex(const Digest& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t byte : digest.value()) {
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 0x0FU];
  }
  return out;
}

std::optional<Digest> digest_from_hex(std::string_view text) {
  if (text.size() != 64) return std::nullopt;
  std::array<std::uint8_t, 32> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = nibble(text[2 * i]);
    const int low = nibble(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return Digest{out};
}

}  // namespace ismap::registry
