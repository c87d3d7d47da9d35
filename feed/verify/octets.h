#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Reading published octets without copying them: each leaf is looked at once.
namespace ismap::feed::verify {

/// Octets of the UTF-8 character that begins at `at`, 1 to 4; 0 when none does. Source: RFC 3629 §4.
std::size_t utf8_length(std::string_view text, std::size_t at);

/// One value inside a JSON text: a member of an object, or an element of an array (then without a name).
struct Member {
  unsigned depth = 0;  ///< 1: of the text itself; 2: of one of those
  std::string_view name;
  std::string_view value;  ///< raw octets
};

/// The members at depths 1 and 2 of an object, in order, each before what it holds; nothing unless `octets` are exactly
/// the RFC 8785 form of an object as we write it: integers up to ±(2^53−1), member names ASCII without
/// escapes, at most 32 deep.
std::optional<std::vector<Member>> canonical_members(std::string_view octets);

/// The members of depth 1 if their names are exactly `names`.
std::optional<std::vector<std::string_view>> values_of(const std::vector<Member>& members,
                                                       std::initializer_list<std::string_view> names);

/// A raw JSON value as what it stands for; nothing when it is of another kind.
std::optional<std::uint64_t> unsigned_of(std::string_view value);
std::optional<std::string> text_of(std::string_view value);
/// A string without escapes, as a view into it.
std::optional<std::string_view> plain_of(std::string_view value);

/// Whether `text` is base64(bytes).
bool is_base64_of(std::string_view text, std::string_view bytes);

}  // namespace ismap::feed::verify
