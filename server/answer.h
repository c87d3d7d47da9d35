#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "feed/generation.h"
#include "registry/canonical_json.h"
#include "registry/result.h"
#include "server/edge/http.h"

/// Documents as responses: validators, conditions, codings and caching. Source: RFC 9110, RFC 9111.
namespace ismap::server {

/// How long an answer may be kept by others.
enum class Caching {
  immutable,   ///< bytes that will never be others under this URL: leaves, key set versions
  minute,      ///< what each publication replaces: list, Atom, keys
  revalidate,  ///< asked again each time, by its ETag: queries and pages
  never,       ///< the checkpoint, refusals, health
};

std::string_view cache_control(Caching caching);

/// What an Accept-Encoding field allows (RFC 9110 §12.5.3).
struct Codings {
  bool gzip = false;  ///< allowed, and not liked less than identity
  bool identity = true;
  friend bool operator==(const Codings&, const Codings&) = default;
};
Codings acceptable_codings(const Request& request);

/// Whether If-None-Match names `etag` (given without quotes) or is *; compares weakly (RFC 9110 §13.1.2).
bool none_match_names(const Request& request, std::string_view etag);

/// Answers a GET or HEAD with a document: 200 in the coding that the client takes, or 304 when it has these very
/// bytes. `etag` names the representation, without quotes; its gzip form has "-gzip" added.
/// Errors: (as a response) 406 when the client takes no coding that there is.
Response answer(const Request& request, std::shared_ptr<const feed::Document> document, Caching caching,
                std::string_view etag);
/// With the document's own ETag.
Response answer(const Request& request, std::shared_ptr<const feed::Document> document, Caching caching);
/// A document made for this one request.
Response answer_with(const Request& request, std::string content_type, std::string body, Caching caching);

/// An answer for its caller alone, which nobody keeps.
Response private_answer(int status, std::string content_type, std::string body);
/// Such an answer in JSON.
Response json_answer(int status, const registry::Json& body);

/// Adds what every answer carries: no sniffing, no framing, no referrer to other sites, and for HTML one host only.
void secure(Response& response);

}  // namespace ismap::server
