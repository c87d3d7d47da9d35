#include "feed/xmldsig.h"

#include <stdexcept>

#include "feed/xml_text.h"
#include "registry/digest.h"

namespace ismap::feed {

namespace {

constexpr std::string_view kDsig = "http://www.w3.org/2000/09/xmldsig#";
constexpr std::string_view kExclusiveC14n = "http://www.w3.org/2001/10/xml-exc-c14n#";
constexpr std::string_view kEnveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
constexpr std::string_view kRsaSha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
constexpr std::string_view kSha256 = "http://www.w3.org/2001/04/xmlenc#sha256";

std::string algorithm(std::string_view element_name, std::string_view uri) {
  return element(element_name, {{"Algorithm", uri}}, "");
}

std::string reference(const registry::Digest& document_digest) {
  const auto& d = document_digest.value();
  const std::string octets(d.begin(), d.end());
  const std::string transforms = algorithm("Transform", kEnveloped) + algorithm("Transform", kExclusiveC14n);
  return element("Reference", {{"URI", ""}},
                 element("Transforms", {}, transforms) + algorithm("DigestMethod", kSha256) +
                     text_element("DigestValue", base64(octets)));
}

std::string signed_info_children(const registry::Digest& document_digest) {
  return algorithm("CanonicalizationMethod", kExclusiveC14n) + algorithm("SignatureMethod", kRsaSha256) +
         reference(document_digest);
}

/// The key's name first: it is what a verifier may use to look the key up in the key set.
std::string key_info(std::string_view kid, std::string_view certificate_der) {
  const std::string certificate = text_element("X509Certificate", base64(certificate_der));
  return element("KeyInfo", {}, text_element("KeyName", kid) + element("X509Data", {}, certificate));
}

}  // namespace

std::string signed_info(const registry::Digest& document_digest) {
  return element("SignedInfo", {}, signed_info_children(document_digest));
}

std::string signed_octets(const registry::Digest& document_digest) {
  return element("SignedInfo", {{"xmlns", kDsig}}, signed_info_children(document_digest));
}

std::string signature_element(const registry::Digest& document_digest, std::string_view signature, std::string_view kid,
                              std::string_view certificate_der) {
  return element("Signature", {{"xmlns", kDsig}},
                 signed_info(document_digest) + text_element("SignatureValue", base64(signature)) +
                     key_info(kid, certificate_der));
}

std::string with_signature(std::string document, const XmlSigner& signer) {
  const std::size_t root_end = document.rfind("</");
  if (root_end == std::string::npos || signer.rsa.kind() != KeyKind::rsa3072) {
    throw std::invalid_argument("an XML signature needs a document with a root, and an RSA key");
  }
  const registry::Digest digest = registry::sha256(document);
  const std::string signature = signer.rsa.sign(signed_octets(digest));
  document.insert(root_end, signature_element(digest, signature, signer.kid, signer.certificate_der));
  return document;
}

}  // namespace ismap::feed
