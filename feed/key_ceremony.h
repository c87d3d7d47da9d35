#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "feed/crypto.h"
#include "feed/key_change.h"
#include "feed/keyset.h"
#include "registry/canonical_json.h"
#include "registry/result.h"

/// The ceremony in which root keys, offline, sign the next version of the key set: a draft is carried from the server
/// to the holders of the root keys, one after the other, and back (formats: Keys).
namespace ismap::feed {

/// `{"before":octets of /v1/keys/N.json,"payload":octets of version N+1,"signatures":[…],"typ":"liu-keys-draft"}` in
/// RFC 8785 form and a newline; the signatures are those of the general JWS (RFC 7515 §7.2.1).
struct Draft {
  std::string before;
  std::string payload;
  registry::Json signatures = registry::Json::array();
};

/// A draft that nobody has signed yet.
Draft draft_of(const KeyGround& ground, const KeySet& next);

std::string to_octets(const Draft& draft);
/// Reads a draft strictly: both key sets are whole, the version before is signed by its own roots, and no signature is
/// foreign or wrong. Errors: malformed, invalid.
registry::Result<Draft> parse_draft(std::string_view octets);

/// The two key sets of a draft. REQUIRES: parse_draft or draft_of made it.
KeySet before_of(const Draft& draft);
KeySet next_of(const Draft& draft);

/// How many of the root keys of each version have signed.
struct Signatures {
  std::size_t before = 0;
  std::size_t before_needed = 0;
  std::size_t next = 0;
  std::size_t next_needed = 0;
  [[nodiscard]] bool enough() const { return before >= before_needed && next >= next_needed; }
};
Signatures signatures_of(const Draft& draft);

/// Adds a root key's signature; one that signed already is passed over.
/// Errors: invalid when the key is a root key of neither version.
registry::Result<registry::Done> sign(Draft& draft, const PrivateKey& root);

/// /v1/keys/N+1.json of a draft that enough root keys signed. Errors: invalid when too few did, for each version.
registry::Result<std::string> document_of(const Draft& draft);

/// What a signer is to read before signing.
struct Words {
  std::string ja;
  std::string en;
};
/// Every difference between two key sets in words; never empty.
std::vector<Words> differences(const KeySet& before, const KeySet& next);

/// A draft as the server takes it back: signed enough, drafted on the newest version, allowed by check_change, and with
/// every key that it names in hand, so that what is published can be signed with.
struct Installable {
  std::string document;
  KeySet set;
};
/// Errors: conflict when it is drafted on another version or installed already; those of document_of, check_change and
/// choose_keys; unavailable for a key that is not in hand.
registry::Result<Installable> check_install(const KeyGround& ground, const Draft& draft, const HeldKeys& held,
                                            registry::Instant now);

}  // namespace ismap::feed
