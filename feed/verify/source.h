#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feed/verify/fault.h"

/// Where a verifier reads a publication from: a mirror's folder, or (server/) a site.
namespace ismap::feed::verify {

/// A document larger than this is not one of ours. Units: octets.
inline constexpr std::size_t kMaxDocument = std::size_t{64} << 20U;
/// The same for list.jwt, list.json, list.csv and feeds, which grow with the register. Units: octets.
inline constexpr std::size_t kMaxGrowing = std::size_t{512} << 20U;

/// The most octets that the document at this path may have.
std::size_t max_octets_of(std::string_view path);

/// Documents that name others or are named by them.
inline constexpr const char* kListPath = "/v1/list.jwt";
inline constexpr const char* kListJsonPath = "/v1/list.json";
inline constexpr const char* kEventsFeedPath = "/v1/events.atom";

/// How often a site is read that publishes meanwhile.
inline constexpr int kMaxAttempts = 3;

/// Gives the documents of one publication by path ("/v1/list.jwt").
class Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;

  /// The octets of a document. Faults: missing, too_large, unreachable.
  [[nodiscard]] virtual Checked<std::string> get(const std::string& path) const = 0;
  /// Names of the documents in a folder ("/v1/records"), in order; nothing where they cannot be listed. Then only what
  /// was asked for, and what is newest, is looked at one by one.
  [[nodiscard]] virtual std::optional<std::vector<std::string>> names(const std::string& folder) const = 0;
};

/// A mirror on disk: what `export` writes.
class FolderSource : public Source {
 public:
  explicit FolderSource(std::filesystem::path base) : base_(std::move(base)) {}
  [[nodiscard]] Checked<std::string> get(const std::string& path) const override;
  [[nodiscard]] std::optional<std::vector<std::string>> names(const std::string& folder) const override;

 private:
  std::filesystem::path base_;
};

}  // namespace ismap::feed::verify
