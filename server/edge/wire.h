#pragma once

#include <memory>
#include <string>

#include "registry/time.h"
#include "server/edge/http.h"

/// Responses on their way to the wire. Source: RFC 9112, RFC 9110.
namespace ismap::server {

/// A response ready to be sent: its head, the shared body or where it is read from, and how much of all has gone.
struct Outgoing {
  std::string head;
  std::shared_ptr<const std::string> body;   ///< null when none is to be sent, or it is read from `source`
  std::shared_ptr<const BodySource> source;  ///< null when the body is in memory
  std::size_t sent = 0;
  bool close = false;  ///< the connection ends after it

  [[nodiscard]] std::size_t size() const {
    return head.size() + (body ? body->size() : 0) + (source ? source->size() : 0);
  }
  [[nodiscard]] bool done() const { return sent == size(); }
};

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
std::string http_date(registry::Instant instant);

/// Puts a response into wire form: adds Date, Content-Length and Connection. `head_only` (HEAD) keeps the length of
/// the body and sends none of it.
Outgoing to_wire(const Response& response, bool head_only, bool keep_alive, registry::Instant now);

}  // namespace ismap::server
