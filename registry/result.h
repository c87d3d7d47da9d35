#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ismap::registry {

/// What kind of refusal an Error is; the edge maps it to an HTTP status and an exit code.
enum class Code {
  malformed,    ///< cannot be read at all (400)
  forbidden,    ///< the role may not do this act (403)
  not_found,    ///< no such service, event or document (404)
  conflict,     ///< the state of the register does not allow it (409)
  too_large,    ///< over a stated limit (413)
  unsupported,  ///< not a kind of content that is taken (415)
  invalid,      ///< an item breaks a rule (422)
  stale,        ///< what the caller looked at has moved on (412)
  unlooked,     ///< it has moved on, and the caller must say that it looked (428)
  in_progress,  ///< the same request is being answered right now (409)
  unavailable,  ///< cannot be done now: guard, clock, key set, disk (503)
  corrupt,      ///< what is stored contradicts itself
};

/// One refusal: which item (RFC 6901 pointer into what was given, "" for the whole), which article of the
/// registration rules refuses ("" where none speaks), and what to do, in both languages.
struct Error {
  Code code = Code::invalid;
  std::string pointer;
  std::string article;
  std::string ja;
  std::string en;

  friend bool operator==(const Error&, const Error&) = default;
};

using Errors = std::vector<Error>;

/// A value, or every reason why there is none (never an empty list).
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, Errors{std::move(error)}) {}
  Result(Errors errors) : state_(std::in_place_index<1>, std::move(errors)) {}

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  /// REQUIRES: ok(). Throws std::bad_variant_access otherwise.
  [[nodiscard]] const T& value() const& { return std::get<0>(state_); }
  [[nodiscard]] T& value() & { return std::get<0>(state_); }
  [[nodiscard]] T&& value() && { return std::get<0>(std::move(state_)); }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  /// REQUIRES: !ok().
  [[nodiscard]] const Errors& errors() const& { return std::get<1>(state_); }
  [[nodiscard]] Errors&& errors() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Errors> state_;
};

/// The value of a Result that has nothing to say but that it went well.
struct Done {
  friend bool operator==(const Done&, const Done&) = default;
};

/// Adds `more` to the end of `all`.
inline void append(Errors& all, Errors more) {
  for (Error& e : more) all.push_back(std::move(e));
}

}  // namespace ismap::registry
