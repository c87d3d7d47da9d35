#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/pending.h"
#include "registry/result.h"

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

/// Where the body of one request goes as it arrives, when memory is not the place for it. When it is destroyed before a
/// handler has taken what it holds, it leaves nothing behind.
class BodySink {
 public:
  BodySink() = default;
  virtual ~BodySink() = default;
  BodySink(const BodySink&) = delete;
  BodySink& operator=(const BodySink&) = delete;

  /// Takes the next bytes, in their order. Thread: the event loop's. Errors: unavailable; then the request is refused.
  virtual registry::Result<registry::Done> write(std::string_view bytes) = 0;
};

/// One complete request that the guard has let through.
struct Request {
  std::string method;
  std::string target;            ///< as sent, without scheme and authority
  std::string path;              ///< percent-decoded once; UTF-8 without control characters
  std::vector<Parameter> query;  ///< in order, with repetitions
  Headers headers;
  std::string body;                          ///< empty when it went to `sink`
  std::string peer;                          ///< address of the socket's other end
  std::optional<std::uint32_t> local_user;   ///< user id at the other end of the local socket; nothing over TCP
  Reading reading = nullptr;                 ///< since when it is whole; null: a method that changes nothing
  std::shared_ptr<BodySink> sink = nullptr;  ///< holds the body; null: it is in `body`
};

/// A body that is read from its place while it is sent, so that it is never in memory whole. Thread: one at a time.
class BodySource {
 public:
  BodySource() = default;
  virtual ~BodySource() = default;
  BodySource(const BodySource&) = delete;
  BodySource& operator=(const BodySource&) = delete;

  [[nodiscard]] virtual std::size_t size() const = 0;
  /// At most `most` bytes from `offset` on; none when they cannot be read, which ends the connection.
  [[nodiscard]] virtual std::string read(std::size_t offset, std::size_t most) const = 0;
};

/// What a handler answers. Date, Content-Length and Connection are added when it is written.
struct Response {
  int status = 200;
  Headers headers;
  std::shared_ptr<const std::string> body;             ///< null: none. Shared, so that a document is never copied.
  std::shared_ptr<const BodySource> source = nullptr;  ///< the body, when it is not in memory; then `body` is null
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
