#pragma once

#include <string>
#include <string_view>

#include "feed/crypto.h"
#include "registry/strong.h"

/// The one enveloped XML signature of a feed (formats: Atom). Everything is written in canonical form, so the octets
/// that are hashed are the octets of the file: a verifier cuts the Signature out, rebuilds it, and compares.
namespace ismap::feed {

/// What a feed is signed with. `kid` names the key in the key set; the certificate (DER) is a hint for readers.
/// Lives for one call: it owns nothing.
struct XmlSigner {
  const PrivateKey& rsa;
  std::string_view kid;
  std::string_view certificate_der;
};

/// SignedInfo with this digest as it stands in the file: one Reference to the whole document.
/// Source: XML Signature Syntax and Processing §4.4; RFC 9231 §2.3.2 (rsa-sha256).
std::string signed_info(const registry::Digest& document_digest);

/// The octets that the signature is over: the same SignedInfo as an apex element, with its namespace declared.
/// Source: Exclusive XML Canonicalization 1.0 §3.
std::string signed_octets(const registry::Digest& document_digest);

/// The whole Signature element. `signature` and `certificate_der` are raw octets.
std::string signature_element(const registry::Digest& document_digest, std::string_view signature, std::string_view kid,
                              std::string_view certificate_der);

/// `document` with a Signature over all of it as the last child of its root.
/// REQUIRES: `document` is in exclusive canonical form and ends with the end tag of its root; `signer.rsa` is rsa3072.
std::string with_signature(std::string document, const XmlSigner& signer);

}  // namespace ismap::feed
