#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "feed/verify/source.h"
#include "registry/strong.h"

/// A publication as a mirror is about to have it: what the mirror holds for ever already, what the origin says now, and
/// what follows from the leaves.
namespace ismap::feed::verify {

/// Asks the origin only for what cannot be had otherwise: of the log full entry bundles that are not there yet. The
/// newest leaves come with the current feed, and every tile and event is made from leaves. Nothing of it is trusted:
/// verify_site reads through the overlay, and made tiles either hash to the signed root or they do not.
/// Thread: one.
class Overlay : public Source {
 public:
  /// What the mirror holds under `asked_anew` is not used: the origin is asked for it again.
  /// REQUIRES: both sources outlive the overlay.
  Overlay(const Source& origin, const Source& mirror, std::set<std::string> asked_anew = {})
      : origin_(origin), mirror_(mirror), asked_anew_(std::move(asked_anew)) {}

  /// The folder of a document that the origin may have made anew since the mirror took it: an archive whose key was
  /// revoked is signed again, a key set that was spoiled here can be had there. Nothing for any other document.
  static std::optional<std::string> may_be_made_anew(std::string_view document);

  [[nodiscard]] Checked<std::string> get(const std::string& path) const override;
  /// Nothing: what the mirror holds was looked at when it came.
  [[nodiscard]] std::optional<std::vector<std::string>> names(const std::string& folder) const override;

  /// What was asked of the origin so far.
  [[nodiscard]] std::uint64_t requests() const { return requests_; }
  [[nodiscard]] std::uint64_t octets() const { return octets_; }

 private:
  Checked<std::string> fetch(const std::string& path) const;
  Checked<std::string> kept_or_fetched(const std::string& path) const;
  Checked<std::string> made(const std::string& path) const;
  Checked<std::string> bundle(std::uint64_t index, std::uint16_t width) const;
  Checked<std::string> tile(std::uint8_t level, std::uint64_t index, std::uint16_t width) const;
  Checked<std::string> event(std::uint64_t seq) const;
  Checked<std::string> list_json() const;
  /// Leaves that the current feed carries, by seq.
  [[nodiscard]] const std::map<std::uint64_t, std::string>& newest_leaves() const;

  const Source& origin_;
  const Source& mirror_;
  std::set<std::string> asked_anew_;
  mutable std::map<std::string, std::string, std::less<>> had_;
  mutable std::optional<std::map<std::uint64_t, std::string>> newest_;
  mutable std::uint64_t requests_ = 0;
  mutable std::uint64_t octets_ = 0;
};

}  // namespace ismap::feed::verify
