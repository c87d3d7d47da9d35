#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/canonical_json.h"
#include "registry/result.h"
#include "registry/service.h"

/// How a record is taken apart: every reader returns a value at once and notes what was wrong, so that one run finds
/// every mistake. What is returned after a refusal means nothing; the record is then refused as a whole.
namespace ismap::registry {

/// The mistakes of one record.
class Refusals {
 public:
  /// Notes a mistake of the member at `pointer`. Its label goes before both texts: `ja` begins with a particle
  /// ("がありません。…"), `en` with a verb. The article is that of the item.
  void add(const std::string& pointer, std::string_view ja, std::string_view en);
  /// Notes a mistake that another parser found, at `pointer` and with its own text.
  void add(const std::string& pointer, const Error& error);
  /// Whether nothing was refused at `pointer`, below it or around it.
  [[nodiscard]] bool none_at(std::string_view pointer) const;
  [[nodiscard]] bool empty() const { return errors_.empty(); }
  [[nodiscard]] Errors take() { return std::move(errors_); }

 private:
  Errors errors_;
};

/// The string at `pointer`, or nothing (and a refusal) when the value is none.
const std::string* string_at(const Json& value, const std::string& pointer, Refusals& refusals);
/// A text for people: {"ja": …, "en"?: …}, neither blank nor too long.
Text text_at(const Json& value, const std::string& pointer, Refusals& refusals);

/// One JSON object of the record under intake. A value that is no object is refused once and then read as silent:
/// its members are not reported as missing.
class ObjectReader {
 public:
  /// Lifetime: `value` and `refusals` outlive the reader.
  ObjectReader(const Json& value, std::string pointer, Refusals& refusals);

  /// A required member, or null (and a refusal) when it is absent.
  const Json* member(std::string_view name);
  /// A member that may be absent; null then.
  const Json* member_if_any(std::string_view name);
  [[nodiscard]] std::string pointer_to(std::string_view name) const;

  Text text(std::string_view name);
  /// Absent or null: none.
  std::optional<Text> text_or_null(std::string_view name);
  /// Absent: empty.
  std::vector<Text> texts(std::string_view name);
  Day day(std::string_view name);
  bool boolean(std::string_view name);
  /// An integer from 0 to `most`.
  std::uint64_t count(std::string_view name, std::uint64_t most);
  Article article(std::string_view name);

  /// A member that `parse` reads from a string.
  template <class T>
  T parsed(std::string_view name, Result<T> (*parse)(std::string_view)) {
    const Json* value = member(name);
    const std::string* text = value == nullptr ? nullptr : string_at(*value, pointer_to(name), *refusals_);
    if (text == nullptr) return T{};
    Result<T> result = parse(*text);
    if (result.ok()) return std::move(result).value();
    for (const Error& e : result.errors()) refusals_->add(pointer_to(name), e);
    return T{};
  }

  /// A required object; a silent one when it is absent.
  ObjectReader object(std::string_view name);
  /// Absent or null: none.
  std::optional<ObjectReader> object_or_null(std::string_view name);
  /// The objects of an array. Absent: empty.
  std::vector<ObjectReader> objects(std::string_view name);
  /// The members of an array with their pointers. Absent: empty.
  std::vector<std::pair<const Json*, std::string>> elements(std::string_view name);

  /// Refuses, by name, every member that nobody has asked for. To be called last.
  void finish();

  [[nodiscard]] Refusals& refusals() { return *refusals_; }

 private:
  ObjectReader(std::string pointer, Refusals& refusals) : pointer_(std::move(pointer)), refusals_(&refusals) {}

  const Json* object_ = nullptr;  // null: silent
  std::string pointer_;
  Refusals* refusals_;
  std::vector<std::string> known_;
};

}  // namespace ismap::registry
