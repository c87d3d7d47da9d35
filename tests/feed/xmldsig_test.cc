#include "feed/xmldsig.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "registry/digest.h"
#include "tests/feed/atom_fixture.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tool.h"

namespace ismap::feed {
namespace {

using atom_test::content_of;
using atom_test::our_key;
using atom_test::replaced;
using atom_test::SigningKey;
using test::run_tool;
using test::TempFolder;
using test::ToolRun;

/// Writes a file for a tool; the answer is its path.
std::string write(const TempFolder& folder, const std::string& name, const std::string& bytes) {
  std::string path = folder.path() / name;
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

std::string key_info_of(const std::string& document) { return atom_test::piece(document, "<KeyInfo>", "</KeyInfo>"); }

std::string signed_feed_bytes() { return atom_test::signed_by(our_key(), atom_test::example_entries()); }

/// The public key of a DER certificate, by OpenSSL alone.
std::shared_ptr<EVP_PKEY> public_key(const std::string& certificate_der) {
  const std::vector<unsigned char> der(certificate_der.begin(), certificate_der.end());
  const unsigned char* at = der.data();
  const std::unique_ptr<X509, decltype(&X509_free)> x509(d2i_X509(nullptr, &at, static_cast<long>(der.size())),
                                                         X509_free);
  return {x509 ? X509_get_pubkey(x509.get()) : nullptr, EVP_PKEY_free};
}

std::string public_pem(const std::string& certificate_der) {
  const auto key = public_key(certificate_der);
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_PUBKEY(out.get(), key.get());
  std::string pem(BIO_ctrl_pending(out.get()), '\0');
  BIO_read(out.get(), pem.data(), static_cast<int>(pem.size()));
  return pem;
}

/// Whether OpenSSL takes the document's signature, everything else being rebuilt from the octets of the file.
bool openssl_accepts(const std::string& document, const std::string& certificate_der) {
  const std::string octets = signed_octets(registry::sha256(atom_test::without_signature(document)));
  const std::string signature = from_base64(content_of(document, "SignatureValue")).value();
  const std::vector<unsigned char> raw(signature.begin(), signature.end());
  const std::vector<unsigned char> message(octets.begin(), octets.end());
  const auto key = public_key(certificate_der);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> ctx(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  return EVP_DigestVerifyInit(ctx.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
         EVP_DigestVerify(ctx.get(), raw.data(), raw.size(), message.data(), message.size()) == 1;
}

/// Debian's xmlsec1 with one public key under one name, and no other way to a key.
class Xmlsec {
 public:
  explicit Xmlsec(const SigningKey& key)
      : option_("--pubkey-pem:" + key.kid), key_file_(write(folder_, "key.pem", public_pem(key.certificate))) {}

  [[nodiscard]] ToolRun verify(const std::string& document) const {
    return run_tool({"xmlsec1", "--verify", "--enabled-key-data", "key-name", option_, key_file_,
                     write(folder_, "feed.atom", document)});
  }

 private:
  TempFolder folder_;
  std::string option_;
  std::string key_file_;
};

/// A KeyValue with the public key of `key`.
std::string key_value(const SigningKey& key) {
  const auto number = [&key](const char* name) {
    return base64(from_base64url(key.rsa.jwk().at(name).get<std::string>()).value());
  };
  return "<KeyValue><RSAKeyValue><Modulus>" + number("n") + "</Modulus><Exponent>" + number("e") +
         "</Exponent></RSAKeyValue></KeyValue>";
}

ToolRun exclusive_c14n(const std::string& document) {
  const TempFolder folder;
  return run_tool({"xmllint", "--nonet", "--exc-c14n", write(folder, "feed.atom", document)});
}

/// Replaces with another letter or digit the first one at or after `from`.
std::string with_one_change(std::string document, std::size_t from) {
  while (std::isalnum(static_cast<unsigned char>(document.at(from))) == 0) ++from;
  document[from] = document[from] == '7' ? '8' : '7';
  return document;
}

TEST(XmlSignature, IsTheLastChildAndCutsOutClean) {
  const std::string document = signed_feed_bytes();
  EXPECT_EQ(atom_test::without_signature(document),
            unsigned_feed(atom_test::names(), atom_test::contents_of(atom_test::example_entries())));
  EXPECT_TRUE(document.ends_with("</Signature></feed>"));
}

TEST(XmlSignature, RebuildsFromItsParts) {
  const std::string document = signed_feed_bytes();
  const std::string signature = from_base64(content_of(document, "SignatureValue")).value();
  EXPECT_EQ(signature.size(), 384U);
  EXPECT_EQ(atom_test::signature_of(document),
            signature_element(registry::sha256(atom_test::without_signature(document)), signature, our_key().kid,
                              our_key().certificate));
}

TEST(XmlSignature, NeedsARootAndAnRsaKey) {
  const PrivateKey other = PrivateKey::generate(KeyKind::es256);
  EXPECT_THROW((void)with_signature("<a></a>", {other, "k", "c"}), std::invalid_argument);
  EXPECT_THROW((void)with_signature("", {our_key().rsa, "k", "c"}), std::invalid_argument);
}

TEST(XmlSignature, VerifiesWithOpenssl) {
  const std::string document = signed_feed_bytes();
  EXPECT_TRUE(openssl_accepts(document, our_key().certificate));
  EXPECT_FALSE(openssl_accepts(replaced(document, "14.4）</title>", "14.3）</title>"), our_key().certificate));
}

TEST(XmlSignature, XmllintFindsEveryOctetCanonical) {
  const std::string document = signed_feed_bytes();
  for (const std::string& octets : {document, atom_test::without_signature(document)}) {
    const ToolRun run = exclusive_c14n(octets);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.out, octets);
  }
}

TEST(XmlSignature, XmllintFindsTheSignedOctetsCanonical) {
  const std::string octets = signed_octets(registry::sha256("x"));
  EXPECT_EQ(exclusive_c14n(octets).out, octets);
}

TEST(XmlSignature, HostileNamesAreCanonicalReadableAndSigned) {
  const std::string text = "]]><![CDATA[x]]>&#10;<!--\"'\n\xEF\xA8\x99\xE7\xA5\x9E😀\xC2\x85\xE2\x80\xA8";
  registry::Event event = atom_test::example("example-leaf.json");
  event.record["name"]["ja"] = text;
  event.record["provider"]["name"]["ja"] = text;
  const std::string document = atom_test::signed_by(our_key(), {atom_test::entry_of(event)});
  EXPECT_EQ(exclusive_c14n(document).out, document);
  EXPECT_EQ(Xmlsec(our_key()).verify(document).exit_code, 0);
  const TempFolder folder;
  const ToolRun read = run_tool({"xmllint", "--nonet", "--xpath", "string(//*[local-name()='entry']/*[1])",
                                 write(folder, "feed.atom", document)});
  EXPECT_EQ(read.out, "「" + replaced(text, "\n", " ") + "」の登録の一時停止の解除（14.4）\n");
}

TEST(XmlSignature, XmlsecAccepts) {
  const ToolRun run = Xmlsec(our_key()).verify(signed_feed_bytes());
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
}

TEST(XmlSignature, XmlsecAcceptsWithTheCertificateOfTheKeySet) {
  const TempFolder folder;
  const ToolRun run =
      run_tool({"xmlsec1", "--verify", "--enabled-key-data", "key-name", "--pubkey-cert-der:" + our_key().kid,
                write(folder, "cert.der", our_key().certificate), write(folder, "feed.atom", signed_feed_bytes())});
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
}

TEST(XmlSignature, XmlsecRefusesAnEmptyFeedOfAnotherKey) {
  const SigningKey foreign;
  const std::string document = atom_test::signed_by(foreign, {});
  const std::string as_ours = replaced(document, foreign.kid, our_key().kid);
  EXPECT_EQ(Xmlsec(foreign).verify(document).exit_code, 0);
  EXPECT_EQ(Xmlsec(our_key()).verify(document).exit_code, 1) << "unknown name, foreign certificate inside";
  EXPECT_EQ(Xmlsec(our_key()).verify(as_ours).exit_code, 1) << "our name, foreign certificate inside";
}

/// A feed of another key that brings this key along and goes by our key's name.
std::string with_key_value(const SigningKey& foreign) {
  const std::string document = atom_test::signed_by(foreign, {});
  const std::string ours = "<KeyName>" + our_key().kid + "</KeyName>";
  return replaced(document, key_info_of(document), "<KeyInfo>" + ours + key_value(foreign) + "</KeyInfo>");
}

TEST(XmlSignature, XmlsecRefusesAForeignKeyValue) {
  const std::string forged = with_key_value(SigningKey{});
  EXPECT_EQ(Xmlsec(our_key()).verify(forged).exit_code, 1);
  const std::string without_name = replaced(forged, "<KeyName>" + our_key().kid + "</KeyName>", "");
  EXPECT_EQ(Xmlsec(our_key()).verify(without_name).exit_code, 1);
}

/// Shows that the forgery above is well made, and why the documents tell to give the option.
TEST(XmlSignature, XmlsecTrustsAForeignKeyValueUnlessToldNotTo) {
  const TempFolder folder;
  const std::string forged = replaced(with_key_value(SigningKey{}), "<KeyName>" + our_key().kid + "</KeyName>", "");
  const ToolRun run =
      run_tool({"xmlsec1", "--verify", "--pubkey-pem:" + our_key().kid,
                write(folder, "key.pem", public_pem(our_key().certificate)), write(folder, "feed.atom", forged)});
  EXPECT_EQ(run.exit_code, 0) << run.err;
}

/// The name is a hint outside the signature: another one changes neither the key that xmlsec1 was given nor its answer.
TEST(XmlSignature, XmlsecTakesTheGivenKeyUnderAnyName) {
  const std::string document = signed_feed_bytes();
  const std::string renamed = replaced(document, "<KeyName>" + our_key().kid, "<KeyName>another");
  EXPECT_EQ(Xmlsec(our_key()).verify(renamed).exit_code, 0);
}

TEST(XmlSignature, XmlsecRefusesOneChangeInEveryKindOfPlace) {
  const std::string document = signed_feed_bytes();
  const Xmlsec xmlsec(our_key());
  for (const char* place : {"<title>ISMAP", "<id>tag:", "<updated>", "href=\"", "exp=\"", "ver=\"61", "\">bGl1",
                            "14.4）</title>", "scheme=\"", "2026年", "index=\"", "\">eyJh", "Algorithm=\"", "URI=\"\"",
                            "<DigestValue>", "<SignatureValue>"}) {
    const std::size_t at = document.find(place);
    ASSERT_NE(at, std::string::npos) << place;
    const std::size_t value = at + std::string_view(place).find_last_of("\">") + 1;
    const std::size_t from = std::string_view(place).find_last_of("\">") == std::string_view::npos ? at : value;
    EXPECT_EQ(xmlsec.verify(with_one_change(document, from)).exit_code, 1) << place;
  }
}

TEST(XmlSignature, XmlsecRefusesASampleOfFlippedBits) {
  const std::string document = signed_feed_bytes();
  const Xmlsec xmlsec(our_key());
  const std::size_t end = document.find("<KeyInfo>");  // the certificate after it is a hint that nothing covers
  for (std::size_t at = 0; at < end; at += 149) {
    std::string changed = document;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_EQ(xmlsec.verify(changed).exit_code, 1) << "octet " << at;
  }
}

TEST(XmlSignature, XmlsecRefusesAnAddedEntryAndALostOne) {
  const std::string document = signed_feed_bytes();
  const std::string entry = atom_test::piece(document, "<entry>", "</entry>\n");
  const Xmlsec xmlsec(our_key());
  EXPECT_EQ(xmlsec.verify(replaced(document, entry, entry + entry)).exit_code, 1);
  EXPECT_EQ(xmlsec.verify(replaced(document, entry, "")).exit_code, 1);
}

/// tests/golden/events.atom was signed once by a key that nobody kept; its certificate stands inside.
TEST(AtomGolden, OctetsAreStillTheSame) {
  const std::string golden = test::read_file(atom_test::golden_path());
  EXPECT_EQ(atom_test::without_signature(golden),
            unsigned_feed(atom_test::names(), atom_test::contents_of(atom_test::example_entries())));
}

/// After a deliberate change: ISMAP_WRITE_GOLDEN=1 makes the golden file anew before it is judged.
TEST(AtomGolden, SignatureIsStillGood) {
  if (std::getenv("ISMAP_WRITE_GOLDEN") != nullptr) {
    std::ofstream(atom_test::golden_path(), std::ios::binary) << signed_feed_bytes();
  }
  const std::string golden = test::read_file(atom_test::golden_path());
  const std::string certificate = from_base64(content_of(golden, "X509Certificate")).value();
  const std::string signature = from_base64(content_of(golden, "SignatureValue")).value();
  EXPECT_TRUE(openssl_accepts(golden, certificate));
  EXPECT_EQ(atom_test::signature_of(golden), signature_element(registry::sha256(atom_test::without_signature(golden)),
                                                               signature, content_of(golden, "KeyName"), certificate));
}

}  // namespace
}  // namespace ismap::feed
