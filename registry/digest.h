#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "registry/strong.h"

namespace ismap::registry {

/// SHA-256 (FIPS 180-4).
Digest sha256(std::string_view bytes);
/// Hash of a leaf: SHA-256(0x00 ‖ octets). Source: RFC 6962 §2.1.
Digest leaf_hash(std::string_view octets);

/// Lower-case hex of a digest, and strictly back.
std::string hex(const Digest& digest);
std::optional<Digest> digest_from_hex(std::string_view text);

}  // namespace ismap::registry
