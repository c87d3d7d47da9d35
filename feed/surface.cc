#include "feed/surface.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>

#include "feed/log_files.h"
#include "feed/stored_feeds.h"
#include "registry/journal.h"
#include "registry/tables.h"

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Error;
using registry::Result;
using registry::Seq;
using registry::lmdb::ReadTxn;

constexpr const char* kTileMedia = "application/octet-stream";
constexpr std::size_t kMostSigned = 4096;  ///< evidence files kept for one generation

Error no_document(std::string_view path) {
  return {Code::not_found, "", "", fmt::format("{} という文書は公表されていません", path),
          fmt::format("no document {} is published", path)};
}

/// A number in its one spelling: no sign, no leading zero.
std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t n = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), n);
  if (read.ec != std::errc{} || fmt::format("{}", n) != text) return std::nullopt;
  return n;
}

Result<DocumentPtr> made(const char* content_type, Result<std::string> octets) {
  if (!octets) return octets.errors();
  return std::make_shared<const Document>(content_type, std::move(*octets));
}

/// What stands between `prefix` and `suffix`, without a slash; nothing when the path is another.
std::optional<std::string_view> between(std::string_view path, std::string_view prefix, std::string_view suffix) {
  if (!path.starts_with(prefix) || !path.ends_with(suffix)) return std::nullopt;
  if (path.size() <= prefix.size() + suffix.size()) return std::nullopt;
  path.remove_prefix(prefix.size());
  path.remove_suffix(suffix.size());
  return path.find('/') == std::string_view::npos ? std::optional(path) : std::nullopt;
}

}  // namespace

Surface::Surface(registry::lmdb::Env& env, FeedNames names) : env_(env), names_(std::move(names)) {}

Result<DocumentPtr> Surface::document(const Generation& generation, std::string_view path) {
  if (auto document = generation.find(path)) return document;
  struct Family {
    std::string_view prefix;
    std::string_view suffix;
    Found (Surface::*find)(const Generation&, std::string_view);
  };
  static constexpr std::array<Family, 4> kFamilies{{
      {"/v1/events/", ".json", &Surface::event},
      {"/v1/records/", ".jwt", &Surface::evidence_of},
      {"/v1/events/archive/", ".atom", &Surface::archive_of},
      {"/v1/services/", ".atom", &Surface::service_feed_of},
  }};
  for (const Family& family : kFamilies) {
    const auto name = between(path, family.prefix, family.suffix);
    if (!name) continue;
    auto found = (this->*family.find)(generation, *name);
    return found || found.errors().front().code != Code::not_found ? found : no_document(path);
  }
  return log_file_at(generation, path);
}

Result<DocumentPtr> Surface::event(const Generation& generation, std::string_view seq) {
  const auto number = number_in(seq);
  if (!number || *number >= generation.size.value()) return no_document(seq);
  return made(kJsonMedia, env_.read([&](const ReadTxn& txn) -> Result<std::string> {
    const auto leaf = registry::journal::leaf(txn, Seq{*number});
    return leaf ? Result<std::string>(leaf->value()) : Result<std::string>(no_document(seq));
  }));
}

Result<DocumentPtr> Surface::evidence_of(const Generation& generation, std::string_view id) {
  const auto service = generation.service(id);
  if (service == nullptr) return no_document(id);
  return signed_.with([&](Signed& kept) -> Found {
    if (kept.ver != generation.ver || kept.by_id.size() >= kMostSigned) kept = {generation.ver, {}};
    if (const auto at = kept.by_id.find(id); at != kept.by_id.end()) return at->second;
    auto document = made(kJwtMedia, env_.read([&](const ReadTxn& txn) {
      return evidence(txn, generation, *service, {generation.keys->jwt, names_.base_url});
    }));
    if (document) kept.by_id.emplace(id, *document);
    return document;
  });
}

Result<DocumentPtr> Surface::past(const Generation& generation, std::string_view id, const Moment& moment) {
  const auto service = generation.service(id);
  if (service == nullptr) return no_document(id);
  return made(kJwtMedia, env_.read([&](const ReadTxn& txn) {
    return past_evidence(txn, generation, service->service.id, moment, {generation.keys->jwt, names_.base_url});
  }));
}

Result<DocumentPtr> Surface::archive_of(const Generation& generation, std::string_view n) {
  const auto number = number_in(n);
  if (!number || *number >= archives_of(generation.size)) return no_document(n);
  return made(kAtomMedia, env_.read([&](const ReadTxn& txn) { return archive(txn, *number); }));
}

Result<DocumentPtr> Surface::service_feed_of(const Generation& generation, std::string_view id) {
  const auto service = generation.service(id);
  if (service == nullptr) return no_document(id);
  return made(kAtomMedia, service_feed(env_, *service, *generation.keys, names_));
}

Result<DocumentPtr> Surface::log_file_at(const Generation& generation, std::string_view path) {
  const auto tile = parse_tile_path(path);
  if (!tile || !is_within(*tile, generation.size)) return no_document(path);
  return made(kTileMedia, env_.read([&](const ReadTxn& txn) { return log_file(txn, *tile); }));
}

std::vector<std::vector<std::string>> Surface::paths(const Generation& generation) const {
  std::vector<std::string> for_ever;
  for (const Tile& tile : tiles_of(generation.size)) for_ever.push_back(path_of(tile));
  for (const Tile& tile : bundles_of(generation.size)) for_ever.push_back(path_of(tile));
  for (std::uint64_t n = 0; n < generation.size.value(); ++n) for_ever.push_back(fmt::format("/v1/events/{}.json", n));
  for (std::uint64_t n = 0; n < archives_of(generation.size); ++n) for_ever.push_back(archive_path(n));
  std::vector<std::string> key_sets;
  std::vector<std::string> current;
  for (const auto& [path, document] : generation.documents) {
    if (path == "/log/checkpoint" || path == "/v1/keys.json") continue;
    (path.starts_with("/v1/keys/") ? key_sets : current).push_back(path);
  }
  for (const auto& service : generation.services) {
    current.push_back("/v1/records/" + service->service.id.value() + ".jwt");
    current.push_back("/v1/services/" + service->service.id.value() + ".atom");
  }
  return {std::move(for_ever), std::move(key_sets), {"/v1/keys.json"}, std::move(current), {"/log/checkpoint"}};
}

}  // namespace ismap::feed
