#pragma once

#include <string>
#include <string_view>

#include "registry/canonical_json.h"
#include "registry/result.h"

/// X.509 as it is used here: a wrapper of one RSA key that readers of XML signatures can load. It proves nothing.
namespace ismap::feed {

/// The RSA-3072 key of a DER certificate as JWK (alg RS256, use sig, kid). Errors: malformed.
registry::Result<registry::Json> certificate_jwk(std::string_view der);

/// PEM of a DER certificate, and back. Errors: malformed.
std::string certificate_pem(std::string_view der);
registry::Result<std::string> certificate_from_pem(std::string_view pem);

}  // namespace ismap::feed
