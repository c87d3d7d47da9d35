#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/pending.h"

/// Requests and responses as the edge knows them: plain values, whoever read them from the wire.
namespace ismap::server {

/// Header fields in the order in which they came; names compare without case (RFC 9110 §5.1).
class Headers {
 public:
  void add(std::string name, std::string value);
  /// Replaces every field of that name.
  void set(std::string_view name, std::string value);
  /// The first field of that name.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
  /// All fields of that name as one list, joined with ", " (RFC 9110 §5.3); empty when there is none.
  [[nodiscard]] std::string joined(std::string_view name) const;
  [[nodiscard]] std::size_t count(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return count(name) != 0; }
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

/// One query parameter, decoded.
struct Parameter {
  std::string name;
  std::string value;
  friend bool operator==(const Parameter&, const Parameter&) = default;
};

/// A request that was read whole: it counts from then on, and 12.1 waits until it is settled.
using Reading = std::shared_ptr<registry::Pending::Ticket>;

/// One complete request that the guard has let through.
struct Request {
  std::string method;
  std::string target;            ///< as sent, without scheme and authority
  std::string path;              ///< percent-decoded once; UTF-8 without control characters
  std::vector<Parameter> query;  ///< in order, with repetitions
  Headers headers;
  std::string body;
  std::string peer;                         ///< address of the socket's other end
  std::optional<std::uint32_t> local_user;  ///< user id at the other end of the local socket; nothing over TCP
  Reading reading = nullptr;                ///< since when it is whole; null: a method that changes nothing
};

/// What a handler answers. Date, Content-Length and Connection are added when it is written.
struct Response {
  int status = 200;
  Headers headers;
  std::shared_ptr<const std::string> body;  ///< null: none. Shared, so that a document is never copied.
};

/// A response with a body of its own.
Response response(int status, std::string content_type, std::string body);

/// Whether two ASCII texts are equal without case.
bool equal_without_case(std::string_view a, std::string_view b);
/// `text` without spaces and tabs at both ends.
std::string_view trimmed(std::string_view text);
/// The elements of a comma-separated list, trimmed, empty ones left out (RFC 9110 §5.6.1). Not for quoted strings.
std::vector<std::string_view> list_elements(std::string_view text);

/// The weight that an element of such a list gives: 1 without a q (RFC 9110 §12.4.2).
double weight_of(std::string_view element);

/// Percent-decodes once, strictly: nothing on a bad escape, a control character, or text that is not UTF-8.
/// With `plus_is_space`, + becomes a space (the form encoding of a query).
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space);
/// Percent-encodes all but RFC 3986 unreserved characters.
std::string percent_encoded(std::string_view text);
/// The parameters of `a=1&b=2`, or nothing when one cannot be decoded.
std::optional<std::vector<Parameter>> parse_query_string(std::string_view text);

/// Whether people who read English are better served by English (Accept-Language; Japanese when in doubt).
bool prefers_english(const Request& request);

}  // namespace ismap::server
