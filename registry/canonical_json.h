#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "registry/result.h"

namespace ismap::registry {

/// JSON as the register keeps it: ASCII keys in byte order, integers, UTF-8 text.
using Json = nlohmann::json;

/// Reads one JSON text strictly. Refused: duplicate keys, floats, integers beyond ±(2^53−1), keys that are not
/// ASCII, nesting deeper than 32, invalid UTF-8, lone surrogates, anything after the value.
/// Errors: malformed, with the pointer of the offending member where it has one.
/// Source: RFC 8259, RFC 7493 (I-JSON), RFC 8785 §3.1.
Result<Json> parse_json(std::string_view text);

/// The RFC 8785 form of `value`.
/// REQUIRES: only what parse_json accepts (ASCII keys, integers); then byte order is the order of UTF-16 units.
std::string canonical(const Json& value);

/// `token` as one reference token of an RFC 6901 pointer (~ and / escaped).
std::string pointer_token(std::string_view token);

}  // namespace ismap::registry
