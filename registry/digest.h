#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "registry/strong.h"

struct evp_md_ctx_st;

namespace ismap::registry {

/// SHA-256 (FIPS 180-4).
Digest sha256(std::string_view bytes);

/// SHA-256 of bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  void add(std::string_view bytes);
  /// The digest of all that was added. To be called once, at the end.
  [[nodiscard]] Digest finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

/// Hash of a leaf: SHA-256(0x00 ‖ octets). Source: RFC 6962 §2.1.
Digest leaf_hash(std::string_view octets);

/// The 32 octets of a digest, for as long as it lives, and back. REQUIRES of the way back: 32 octets.
std::string_view bytes_of(const Digest& digest);
Digest digest_of_bytes(std::string_view bytes);

/// Lower-case hex of a digest, and strictly back.
std::string hex(const Digest& digest);
std::optional<Digest> digest_from_hex(std::string_view text);

}  // namespace ismap::registry
