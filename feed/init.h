#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "feed/keyset.h"
#include "feed/passphrase.h"
#include "registry/result.h"
#include "registry/strong.h"
#include "registry/time.h"

/// A new data folder: keys, key set 1, what a verifier pins, and the guard (design: Surfaces, init).
namespace ismap::feed {

/// What `init` prints.
struct InitReport {
  std::string key_set;              ///< octets of /v1/keys/1.json
  registry::Digest key_set_sha256;  ///< as the first leaf carries it
  std::string root_thumbprint;      ///< RFC 7638; to be published where people compare it
};

/// "https://HOST" of an origin "HOST/log".
std::string default_issuer(std::string_view origin);

/// Makes DIR/trust hold the root keys of this version and their threshold, for verifiers that begin now; those that pin
/// older ones walk from theirs. Nothing is written when both are the same. Errors: unavailable.
registry::Result<registry::Done> pin_roots(const std::filesystem::path& data_folder, const KeySet& set);

/// Makes DIR/keys, DIR/trust and DIR/last-signed.json, then calls `open_log` with the octets of the key set: it is to
/// start the journal with their key leaf. The root key is left in DIR/keys/root.pem, to be taken offline.
/// With a passphrase every private key is encrypted.
/// Errors: conflict when DIR already holds keys or a journal, also half-made ones (nothing is overwritten: a log's
/// keys are never made twice); invalid for an origin or issuer that cannot be published; unavailable; those of
/// open_log.
registry::Result<InitReport> init(
    const std::filesystem::path& data_folder, const std::string& origin, const std::string& iss, registry::Instant now,
    const std::function<registry::Result<registry::Done>(const std::string& key_set_octets)>& open_log,
    const Passphrase& passphrase = {});

}  // namespace ismap::feed
