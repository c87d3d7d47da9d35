#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <sys/stat.h>
#include <unistd.h>

#include <optional>

#include "feed/crypto.h"
#include "feed/files.h"
#include "feed/openssl.h"

/// Private keys as PKCS#8 PEM files that nobody but their owner can read.
namespace ismap::feed {

namespace {

using registry::Code;
using registry::Done;
using registry::Error;
using registry::Result;

using Pkcs8 = std::unique_ptr<PKCS8_PRIV_KEY_INFO, openssl::Freed<PKCS8_PRIV_KEY_INFO_free>>;
using EncryptedPkcs8 = std::unique_ptr<X509_SIG, openssl::Freed<X509_SIG_free>>;

Error key_file_refusal(const std::filesystem::path& pem, std::string_view ja, std::string_view en) {
  return {Code::unavailable, "", "", fmt::format("鍵 {} を使えません。{}", pem.string(), ja),
          fmt::format("the key {} cannot be used: {}", pem.string(), en)};
}

bool is_kind(EVP_PKEY* key, KeyKind kind) {
  switch (kind) {
    case KeyKind::es256: {
      std::array<char, 32> group{};
      return EVP_PKEY_is_a(key, "EC") == 1 &&
             EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size(), nullptr) ==
                 1 &&
             std::string_view(group.data()) == "prime256v1";
    }
    case KeyKind::ed25519:
      return EVP_PKEY_is_a(key, "ED25519") == 1;
    case KeyKind::rsa3072:
      return EVP_PKEY_is_a(key, "RSA") == 1 && EVP_PKEY_get_bits(key) == 3072;
  }
  return false;
}

/// What is wrong with the file itself, before a byte of it is read.
std::optional<Error> wrong_mode(const std::filesystem::path& pem, int descriptor) {
  struct stat about {};
  if (::fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode)) {
    return key_file_refusal(pem, "通常のファイルではありません", "it is not a regular file");
  }
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return key_file_refusal(pem, "所有者以外も読み書きできます。chmod 600 としてください",
                            "others than its owner can read or write it; chmod 600 it");
  }
  return std::nullopt;
}

/// The key in a PKCS#8 PEM file, plain or encrypted, and in no other form: OpenSSL must never ask a terminal.
openssl::Pkey read_pkcs8(BIO* file, const Passphrase& passphrase) {
  Pkcs8 info(PEM_read_bio_PKCS8_PRIV_KEY_INFO(file, nullptr, nullptr, nullptr));
  if (info == nullptr && !passphrase.empty() && BIO_seek(file, 0) == 0) {
    const EncryptedPkcs8 encrypted(PEM_read_bio_PKCS8(file, nullptr, nullptr, nullptr));
    const std::string_view secret = passphrase.view();
    if (encrypted != nullptr) {
      info.reset(PKCS8_decrypt(encrypted.get(), secret.data(), static_cast<int>(secret.size())));
    }
  }
  return openssl::Pkey(info == nullptr ? nullptr : EVP_PKCS82PKEY(info.get()));
}

}  // namespace

Result<PrivateKey> PrivateKey::read(const std::filesystem::path& pem, KeyKind kind, const Passphrase& passphrase) {
  const int descriptor = ::open(pem.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return key_file_refusal(pem, "開けません", "it cannot be opened");
  const openssl::Bytes file(BIO_new_fd(descriptor, BIO_CLOSE));
  if (auto wrong = wrong_mode(pem, descriptor)) return *wrong;
  openssl::Pkey key = read_pkcs8(file.get(), passphrase);
  openssl::forget_errors();
  if (key == nullptr && passphrase.empty()) {
    return key_file_refusal(pem, "PKCS#8のPEMではないか、パスフレーズが要ります（--passphrase-file）",
                            "it is not PKCS#8 PEM, or it needs a passphrase (--passphrase-file)");
  }
  if (key == nullptr) {
    return key_file_refusal(pem, "PKCS#8のPEMではないか、パスフレーズが違います",
                            "it is not PKCS#8 PEM, or the passphrase is another");
  }
  if (!is_kind(key.get(), kind)) return key_file_refusal(pem, "鍵の種類が違います", "it is a key of another kind");
  return PrivateKey(kind,
                    std::shared_ptr<void>(key.release(), [](void* p) { EVP_PKEY_free(static_cast<EVP_PKEY*>(p)); }));
}

Result<Done> PrivateKey::write(const std::filesystem::path& pem, const Passphrase& passphrase) const {
  const openssl::Bytes memory(BIO_new(BIO_s_secmem()));
  EVP_PKEY* key = static_cast<EVP_PKEY*>(key_.get());
  const std::string_view secret = passphrase.view();
  openssl::must(PEM_write_bio_PKCS8PrivateKey(memory.get(), key, passphrase.empty() ? nullptr : EVP_aes_256_cbc(),
                                              secret.data(), static_cast<int>(secret.size()), nullptr, nullptr) == 1,
                "encode a key");
  std::string bytes(BIO_ctrl_pending(memory.get()), '\0');
  openssl::must(BIO_read(memory.get(), bytes.data(), static_cast<int>(bytes.size())) == static_cast<int>(bytes.size()),
                "copy a key");
  auto written = write_new_file(pem, bytes, FileMode::only_owner);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  if (written) return written;
  Error error = written.errors().front();
  error.code = Code::unavailable;
  return error;
}

}  // namespace ismap::feed
