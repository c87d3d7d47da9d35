#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feed/crypto.h"
#include "feed/keyset.h"
#include "feed/passphrase.h"
#include "registry/result.h"
#include "registry/time.h"

/// The private keys of a data folder: DIR/keys/{jwt,log,atom}*.pem and the certificates beside the Atom keys. The root
/// key is made there too, and taken offline.
namespace ismap::feed {

/// Life of the certificate around the Atom key. It is a hint; the key set says how long the key holds.
inline constexpr std::int64_t kCertificateLifeSeconds = std::int64_t{3653} * 86'400;

/// What a signing key signs.
enum class KeyRole { jwt, log, atom };
inline constexpr std::array kKeyRoles{KeyRole::jwt, KeyRole::log, KeyRole::atom};
/// "jwt", "log", "atom": also how the names of its files begin.
std::string_view name_of(KeyRole role);
std::optional<KeyRole> key_role(std::string_view name);
KeyKind kind_of(KeyRole role);

/// The keys that sign one generation.
struct Keys {
  PrivateKey jwt;                  ///< es256
  PrivateKey log;                  ///< ed25519
  PrivateKey atom;                 ///< rsa3072
  std::string atom_certificate;    ///< DER
  std::optional<PrivateKey> root;  ///< es256; only while a folder is made
};

/// Every signing key of a folder, those too that may not sign yet or any more.
struct HeldKeys {
  std::vector<PrivateKey> jwt;
  std::vector<PrivateKey> log;
  std::vector<PrivateKey> atom;
};

/// Makes the folder (0700), fresh keys and the certificate, durably.
/// Errors: conflict when the folder exists; unavailable.
registry::Result<Keys> make_keys(const std::filesystem::path& folder, std::string_view common_name,
                                 registry::Instant now, const Passphrase& passphrase = {});

/// A key that was made beside the others, and what the key set will say of it.
struct FreshKey {
  PrivateKey key;
  std::string certificate;     ///< DER; empty unless it is an Atom key
  std::filesystem::path file;  ///< the private key
};

/// Makes one more key for a role, in a file named for its thumbprint, and its certificate if it is an Atom key.
/// Errors: unavailable.
registry::Result<FreshKey> make_key(const std::filesystem::path& folder, KeyRole role, std::string_view common_name,
                                    registry::Instant now, const Passphrase& passphrase = {});

/// Takes a fresh key's files away again: what it was made for was refused.
void take_back(const FreshKey& fresh);

/// Reads every jwt*.pem, log*.pem and atom*.pem; root keys are not read.
/// Errors: unavailable, one for each file that cannot be used and each role without a key; and when others than the
/// owner may write in the folder: they could put keys of their own there.
registry::Result<HeldKeys> load_keys(const std::filesystem::path& folder, const Passphrase& passphrase = {});

/// Whether a root key still lies in the folder: it is to be kept offline.
bool root_is_online(const std::filesystem::path& folder);

/// The name of a signing key in a key set: its thumbprint, or for a log key its vkey without the key.
std::string kid_of(const PrivateKey& key, std::string_view origin);

/// Version 1 of the key set, signed by its one root, as /v1/keys/1.json is published.
/// REQUIRES: keys.root is there.
std::string initial_key_set(const Keys& keys, std::string_view iss, std::string_view origin, registry::Instant now);

}  // namespace ismap::feed
