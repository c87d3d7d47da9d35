#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "feed/crypto.h"
#include "feed/keyset.h"
#include "registry/result.h"
#include "registry/time.h"

/// The private keys of a data folder: DIR/keys/{root,jwt,log,atom}.pem and atom.crt.
namespace ismap::feed {

/// Life of the certificate around the Atom key. It is a hint; the key set says how long the key holds.
inline constexpr std::int64_t kCertificateLifeSeconds = std::int64_t{3653} * 86'400;

/// The keys that sign. `root` is there only while root.pem has not been taken offline.
struct Keys {
  PrivateKey jwt;                  ///< es256
  PrivateKey log;                  ///< ed25519
  PrivateKey atom;                 ///< rsa3072
  std::string atom_certificate;    ///< DER
  std::optional<PrivateKey> root;  ///< es256
};

/// Makes the folder (0700), fresh keys and the certificate, durably.
/// Errors: conflict when the folder exists; unavailable.
registry::Result<Keys> make_keys(const std::filesystem::path& folder, std::string_view common_name,
                                 registry::Instant now);

/// Reads the keys; root.pem may be absent. Errors: unavailable, with the file and what to do.
registry::Result<Keys> load_keys(const std::filesystem::path& folder);

/// Version 1 of the key set, signed by its one root, as /v1/keys/1.json is published.
/// REQUIRES: keys.root is there.
std::string initial_key_set(const Keys& keys, std::string_view iss, std::string_view origin, registry::Instant now);

/// Whether the loaded keys are those that the key set publishes; a verifier would refuse what others sign.
/// Errors: unavailable, one for each key that is not in the set.
registry::Result<registry::Done> check_keys(const Keys& keys, const KeySet& set, std::string_view origin);

}  // namespace ismap::feed
