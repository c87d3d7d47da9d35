#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "registry/result.h"

namespace ismap::feed {

/// What private keys are encrypted with on disk, or nothing. Copies share one buffer, which is cleansed when the last
/// goes. It is never printed, logged, or taken from the command line or the environment: those can be seen by others.
class Passphrase {
 public:
  /// No passphrase: keys are plain PKCS#8.
  Passphrase() = default;
  /// REQUIRES: not empty.
  explicit Passphrase(std::string secret);

  /// The first line of a file that only its owner can read: a file of the operator's or a systemd credential.
  /// Errors: unavailable (missing, readable by others, empty or over 1,024 octets).
  static registry::Result<Passphrase> read(const std::filesystem::path& file);
  /// The first line of what a descriptor gives until its end; the descriptor is closed. Errors: unavailable.
  static registry::Result<Passphrase> read(int descriptor);

  [[nodiscard]] bool empty() const { return secret_ == nullptr; }
  [[nodiscard]] std::string_view view() const { return secret_ == nullptr ? std::string_view() : secret_->octets; }

 private:
  struct Secret {
    explicit Secret(std::string given) : octets(std::move(given)) {}
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret();
    std::string octets;
  };
  std::shared_ptr<const Secret> secret_;
};

}  // namespace ismap::feed
