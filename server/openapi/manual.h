#pragma once

#include <memory>
#include <string_view>

#include "feed/generation.h"
#include "registry/canonical_json.h"
#include "server/routes.h"

/// The OpenAPI document as it is served.
namespace ismap::server::openapi {

/// The document, made once when the server starts. Thread: any.
class Manual {
 public:
  /// `iss`: as for document().
  explicit Manual(std::string_view iss);

  [[nodiscard]] const registry::Json& json() const { return json_; }
  /// Its octets.
  [[nodiscard]] const std::shared_ptr<const feed::Document>& octets() const { return octets_; }

 private:
  registry::Json json_;
  std::shared_ptr<const feed::Document> octets_;
};

/// The refusal of a server that has none.
registry::Error no_manual();

}  // namespace ismap::server::openapi

namespace ismap::server {

/// GET /openapi.json. Errors: not_found, where the server has none.
registry::Result<Response> openapi_document(const Call& call);

}  // namespace ismap::server
