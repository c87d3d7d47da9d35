#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "feed/guarded.h"
#include "feed/witness.h"

namespace ismap::server {

/// How long a witness is waited for.
struct WitnessPatience {
  std::chrono::seconds connect{2};
  std::chrono::seconds silence{3};  ///< longest wait for the next octets
  std::chrono::seconds answer{5};   ///< longest time for one answer, from the connection to its last octet
};

/// Asks all witnesses of the key set at once for their cosignatures. Where they are is said by DIR/witnesses.json:
/// {"name of the witness": "http(s)://HOST/submission/prefix"}. One that cannot be reached or refuses costs its line,
/// never more than its patience.
/// Thread: any.
class WitnessClient {
 public:
  /// Called with the name of a witness that gave no line, and why. Thread: any.
  using OnTrouble = std::function<void(std::string_view witness, std::string_view reason)>;

  explicit WitnessClient(const std::filesystem::path& data_folder, WitnessPatience patience = {})
      : file_(data_folder / "witnesses.json"), patience_(patience) {}
  void on_trouble(OnTrouble on_trouble) { on_trouble_ = std::move(on_trouble); }

  /// The lines of those that signed.
  std::string cosign(const feed::CosignRequest& request);

 private:
  std::string ask(const std::string& prefix, const feed::CosignRequest& request, const feed::VerifierKey& witness);
  /// Tells of a witness that gives no line; that line.
  [[nodiscard]] std::string none(const std::string& name, std::string_view reason) const;

  std::filesystem::path file_;
  WitnessPatience patience_;
  OnTrouble on_trouble_;
  feed::Guarded<std::map<std::string, registry::TreeSize>> seen_;  ///< by name: what it cosigned last
};

}  // namespace ismap::server
