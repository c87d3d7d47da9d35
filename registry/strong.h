#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <utility>

namespace ismap::registry {

/// A value of T that is not to be mixed up with another T: `Tag` tells which identity it is.
template <class T, class Tag>
class Strong {
 public:
  Strong() = default;
  constexpr explicit Strong(T value) : value_(std::move(value)) {}
  [[nodiscard]] constexpr const T& value() const { return value_; }
  friend constexpr auto operator<=>(const Strong&, const Strong&) = default;

 private:
  T value_{};
};

/// Position of an event in the public journal, from 0; the index of its leaf in the log.
using Seq = Strong<std::uint64_t, struct SeqTag>;
/// Number of leaves in the log.
using TreeSize = Strong<std::uint64_t, struct TreeSizeTag>;
/// Version of the published list; strictly increasing.
using ListVersion = Strong<std::uint64_t, struct ListVersionTag>;
/// Version of the key set, from 1.
using KeySetVersion = Strong<std::uint64_t, struct KeySetVersionTag>;
/// Number of a Japanese corporation (法人番号), 13 digits with a check digit.
using CorporateNumber = Strong<std::string, struct CorporateNumberTag>;
/// Registration number of a service (登録番号); only [A-Za-z0-9-].
using ServiceId = Strong<std::string, struct ServiceIdTag>;
/// An absolute http(s) URL.
using Url = Strong<std::string, struct UrlTag>;
/// An article of the registration rules, with its paragraph: "14.2", "18.2(3)".
using Article = Strong<std::string, struct ArticleTag>;
/// Bytes that are exactly the RFC 8785 form of one public event (formats: Leaf).
using LeafBytes = Strong<std::string, struct LeafBytesTag>;
/// A SHA-256 digest.
using Digest = Strong<std::array<std::uint8_t, 32>, struct DigestTag>;

inline constexpr TreeSize size_after(Seq last) { return TreeSize{last.value() + 1}; }
inline constexpr Seq next(Seq seq) { return Seq{seq.value() + 1}; }

}  // namespace ismap::registry
