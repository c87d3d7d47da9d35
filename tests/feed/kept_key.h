#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

#include "feed/crypto.h"

namespace ismap::feed {

/// The n-th RSA key of the test programs. Making one takes up to a second, so each is made once a build and kept beside
/// the programs; every test is a process of its own.
inline PrivateKey kept_rsa_key(int n) {
  const std::filesystem::path folder = ISMAP_TEST_KEYS;
  const std::filesystem::path file = folder / ("rsa-" + std::to_string(n) + ".pem");
  std::filesystem::create_directories(folder);
  if (auto kept = PrivateKey::read(file, KeyKind::rsa3072)) return *kept;
  PrivateKey fresh = PrivateKey::generate(KeyKind::rsa3072);
  const std::filesystem::path mine = folder / (std::to_string(getpid()) + "-" + std::to_string(n) + ".pem");
  if (fresh.write(mine)) std::filesystem::rename(mine, file);  // whichever process is last, all keys are good
  return fresh;
}

}  // namespace ismap::feed
