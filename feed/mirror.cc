#include "feed/mirror.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "feed/atom.h"
#include "feed/list_csv.h"
#include "feed/site_folder.h"
#include "feed/tiles.h"
#include "feed/verify/leaves.h"
#include "feed/verify/list_check.h"
#include "feed/verify/overlay.h"

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Done;
using registry::Error;
using registry::Result;
using verify::Overlay;

constexpr const char* kRecords = "/v1/records/";

Error vanished(const verify::Finding& finding) {
  return {Code::unavailable, "", "",
          "複製の途中で " + finding.document + " を読めなくなりました。もう一度実行してください",
          finding.document + " could not be read any more: run the mirror again"};
}

/// /v1/list.csv as the origin makes it from the same records; nobody signs it, so nobody is asked for it.
Result<std::string> csv_of(const std::string& list_json) {
  const auto records = verify::records_in(list_json);
  if (!records) return Error{Code::malformed, "", "", "リストとして読めません", "not a list"};
  return csv_of_leaves(*records);
}

/// Registration numbers of a list whose signature held.
std::vector<std::string> all_services(const Overlay& overlay) {
  std::vector<std::string> ids;
  const auto list = overlay.get("/v1/list.json");
  if (!list) return ids;
  const auto records = verify::records_in(*list);
  if (!records) return ids;
  for (const std::string_view octets : *records) {
    if (const auto leaf = verify::read_leaf(octets)) ids.emplace_back(leaf->id);
  }
  return ids;
}

/// Writes a verified generation, step by step.
class Writing {
 public:
  Writing(SiteFolder& folder, const Overlay& overlay, MirrorReport& report)
      : folder_(folder), overlay_(overlay), report_(report) {}

  Result<Done> run(const std::vector<std::string>& services, registry::TreeSize before, std::uint64_t key_versions) {
    const auto steps = steps_of(services, before, key_versions);
    for (const std::vector<std::string>& step : steps) {
      for (const std::string& path : step) {
        if (auto done = put(path); !done) return done;
      }
      if (auto done = folder_.sync(); !done) return done;
    }
    return Done{};
  }

 private:
  [[nodiscard]] std::vector<std::vector<std::string>> steps_of(const std::vector<std::string>& services,
                                                               registry::TreeSize before,
                                                               std::uint64_t key_versions) const {
    const registry::TreeSize size = report_.verification.size;
    std::vector<std::string> for_ever;
    for (const auto& tiles : {tiles_of(size), bundles_of(size)}) {
      for (const Tile& tile : tiles) {
        const bool kept = tile.width == kTileWidth && folder_.holds(path_of(tile));
        if (!kept) for_ever.push_back(path_of(tile));
      }
    }
    for (std::uint64_t n = before.value(); n < size.value(); ++n)
      for_ever.push_back(fmt::format("/v1/events/{}.json", n));
    for (std::uint64_t n = 0; n < size.value() / kArchiveEvents; ++n) for_ever.push_back(archive_path(n));
    std::vector<std::string> key_sets;
    for (std::uint64_t n = 1; n <= key_versions; ++n) key_sets.push_back(fmt::format("/v1/keys/{}.json", n));
    std::vector<std::string> current{verify::kListPath, "/v1/list.json", "/v1/list.csv", "/v1/events.atom"};
    for (const std::string& id : services) {
      current.push_back(kRecords + id + ".jwt");
      current.push_back("/v1/services/" + id + ".atom");
    }
    return {std::move(for_ever), std::move(key_sets), {"/v1/keys.json"}, std::move(current), {"/log/checkpoint"}};
  }

  Result<Done> put(const std::string& path) {
    const auto octets = overlay_.get(path == "/v1/list.csv" ? "/v1/list.json" : path);
    if (!octets) return vanished(octets.finding());
    auto file = path == "/v1/list.csv" ? csv_of(*octets) : Result<std::string>(*octets);
    if (!file) return file.errors();
    const auto written = folder_.put(path, *file);
    if (!written) return written.errors();
    if (*written) ++report_.written;
    return Done{};
  }

  SiteFolder& folder_;
  const Overlay& overlay_;
  MirrorReport& report_;
};

/// Version of the key set that the origin shows; it was verified.
std::uint64_t key_versions(const Overlay& overlay) {
  const auto octets = overlay.get("/v1/keys.json");
  const auto set = octets ? open_key_set(*octets) : Result<KeySet>(Error{});
  return set ? set->ver.value() : 0;
}

}  // namespace

Result<MirrorReport> mirror(const verify::Source& origin, const std::filesystem::path& path,
                            const MirrorOptions& options) {
  auto folder = SiteFolder::open(path);
  if (!folder) return folder.errors();
  const auto there = folder->checkpoint();
  if (!there) return there.errors();
  const registry::TreeSize before = *there ? (*there)->size : registry::TreeSize{0};
  const verify::FolderSource held(path);
  MirrorReport report;
  std::set<std::string> asked_anew;
  for (int attempt = 1; attempt <= verify::kMaxAttempts; ++attempt) {
    const Overlay overlay(origin, held, asked_anew);
    const std::vector<std::string> services = options.all_services ? all_services(overlay) : options.services;
    report.verification = verify::verify_site(overlay, {options.trust, path / ".seen", options.now, services});
    const bool good = !report.verification.finding;
    Result<Done> written = Done{};
    if (good) written = Writing(*folder, overlay, report).run(services, before, key_versions(overlay));
    report.requests += overlay.requests();
    report.octets += overlay.octets();
    if (!written) return written.errors();
    if (good) {
      folder->remove_partials_but_of(report.verification.size, before);
      folder->keep_only("/v1/records", services, ".jwt");
      folder->keep_only("/v1/services", services, ".atom");
      return report;
    }
    const auto remade = Overlay::may_be_made_anew(report.verification.finding->document);
    if (remade && asked_anew.insert(*remade).second) continue;
    const auto list = overlay.get(verify::kListPath);
    const auto now = origin.get(verify::kListPath);  // a site may publish while it is being read
    if (!list || !now || *list == *now) break;
  }
  return report;
}

}  // namespace ismap::feed
