#include "feed/passphrase.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Error;
using registry::Result;

constexpr std::size_t kMostOctets = 1024;

Error passphrase_refusal(const char* ja, const char* en) {
  return {Code::unavailable, "", "", std::string("パスフレーズを読めません。") + ja,
          std::string("the passphrase cannot be read: ") + en};
}

void cleanse(std::string& secret) { OPENSSL_cleanse(secret.data(), secret.size()); }

/// Everything up to the end or one octet more than may be. Errors: unavailable.
Result<std::string> read_all(int descriptor) {
  std::string octets(kMostOctets + 1, '\0');
  std::size_t size = 0;
  while (size < octets.size()) {
    const ssize_t got = ::read(descriptor, octets.data() + size, octets.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return passphrase_refusal("読取りエラーです", "reading failed");
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  octets.resize(size);
  return octets;
}

}  // namespace

Passphrase::Secret::~Secret() { cleanse(octets); }

Passphrase::Passphrase(std::string secret) : secret_(std::make_shared<const Secret>(std::move(secret))) {}

Result<Passphrase> Passphrase::read(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return passphrase_refusal("ファイルを開けません", "the file cannot be opened");
  struct stat about {};
  const bool known = ::fstat(descriptor, &about) == 0;
  if (!known || (S_ISREG(about.st_mode) && (about.st_mode & (S_IRWXG | S_IRWXO)) != 0)) {
    ::close(descriptor);
    return passphrase_refusal("所有者以外も読めるファイルです。chmod 600 としてください",
                              "others than its owner can read the file; chmod 600 it");
  }
  return read(descriptor);
}

Result<Passphrase> Passphrase::read(int descriptor) {
  Result<std::string> octets = read_all(descriptor);
  ::close(descriptor);
  if (!octets) return octets.errors();
  const std::size_t end = octets->find('\n');
  const std::size_t length = end == std::string::npos ? octets->size() : end;
  const bool good = length > 0 && octets->size() <= kMostOctets;
  std::string line = good ? octets->substr(0, length) : std::string();
  cleanse(*octets);
  if (!good) return passphrase_refusal("空か、長すぎます", "it is empty or too long");
  return Passphrase(std::move(line));
}

}  // namespace ismap::feed
