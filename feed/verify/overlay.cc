#include "feed/verify/overlay.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "feed/crypto.h"
#include "feed/tiles.h"
#include "registry/digest.h"
#include "registry/merkle.h"

namespace ismap::feed::verify {

namespace {

constexpr const char* kListCsv = "/v1/list.csv";

/// The number between a prefix and a suffix.
std::optional<std::uint64_t> number_between(std::string_view path, std::string_view prefix, std::string_view suffix) {
  if (!path.starts_with(prefix) || !path.ends_with(suffix)) return std::nullopt;
  path.remove_prefix(prefix.size());
  path.remove_suffix(std::min(path.size(), suffix.size()));
  std::uint64_t n = 0;
  const auto read = std::from_chars(path.data(), path.data() + path.size(), n);
  const bool whole = !path.empty() && read.ec == std::errc{} && read.ptr == path.data() + path.size();
  return whole ? std::optional(n) : std::nullopt;
}

/// What a publication has for ever under one path: archives and key set versions.
constexpr std::array kForEver{"/v1/events/archive/", "/v1/keys/"};

bool is_for_ever(std::string_view path) {
  return std::any_of(kForEver.begin(), kForEver.end(), [&](const char* folder) { return path.starts_with(folder); });
}

/// Leaves out of a feed whose shape nobody has checked; whatever is no leaf is left out.
std::map<std::uint64_t, std::string> leaves_in(std::string_view feed) {
  constexpr std::string_view kOpen = "<tl:leaf ";
  constexpr std::string_view kIndex = " index=\"";
  std::map<std::uint64_t, std::string> leaves;
  for (std::size_t at = feed.find(kOpen); at != std::string_view::npos; at = feed.find(kOpen, at + 1)) {
    const std::size_t index = feed.find(kIndex, at);
    if (index == std::string_view::npos) break;
    const std::size_t number = index + kIndex.size();
    const std::size_t quote = feed.find('"', number);
    const std::size_t begin = feed.find('>', number);
    const std::size_t end = feed.find('<', number);
    if (quote == std::string_view::npos || begin == std::string_view::npos || end <= begin) continue;
    const auto seq = number_between(feed.substr(number, quote - number), "", "");
    auto leaf = from_base64(feed.substr(begin + 1, end - begin - 1));
    if (seq && leaf) leaves.emplace(*seq, std::move(*leaf));
  }
  return leaves;
}

}  // namespace

std::optional<std::string> Overlay::may_be_made_anew(std::string_view document) {
  for (const char* folder : kForEver) {
    if (document.starts_with(folder)) return folder;
  }
  return std::nullopt;
}

Checked<std::string> Overlay::fetch(const std::string& path) const {
  if (const auto at = had_.find(path); at != had_.end()) return at->second;
  ++requests_;
  auto octets = origin_.get(path);
  if (!octets) return octets;
  octets_ += octets->size();
  had_.emplace(path, *octets);
  return octets;
}

Checked<std::string> Overlay::kept_or_fetched(const std::string& path) const {
  const auto folder = may_be_made_anew(path);
  if (folder && asked_anew_.contains(*folder)) return fetch(path);
  auto kept = mirror_.get(path);
  return kept ? kept : fetch(path);
}

Checked<std::string> Overlay::get(const std::string& path) const {
  if (path == kListJsonPath) return list_json();
  if (path == kListCsv) return Finding{Fault::missing, path, ""};  // nobody signs it: the mirror makes it itself
  if (is_for_ever(path)) return kept_or_fetched(path);
  if (path.starts_with("/log/tile/")) return made(path);
  if (const auto seq = number_between(path, "/v1/events/", ".json")) return event(*seq);
  return fetch(path);
}

std::optional<std::vector<std::string>> Overlay::names(const std::string&) const { return std::nullopt; }

Checked<std::string> Overlay::made(const std::string& path) const {
  const auto wanted = parse_tile_path(path);
  if (!wanted) return Finding{Fault::missing, path, ""};
  if (wanted->width == kTileWidth) {
    if (auto kept = mirror_.get(path)) return kept;
  }
  if (const auto at = had_.find(path); at != had_.end()) return at->second;
  auto octets =
      wanted->entries ? bundle(wanted->index, wanted->width) : tile(wanted->level, wanted->index, wanted->width);
  if (octets) had_.emplace(path, *octets);
  return octets;
}

Checked<std::string> Overlay::bundle(std::uint64_t index, std::uint16_t width) const {
  const std::string path = path_of(Tile{0, index, width, true});
  const auto& leaves = newest_leaves();
  std::string octets;
  for (std::uint64_t seq = index * kTileWidth; seq < index * kTileWidth + width; ++seq) {
    const auto leaf = leaves.find(seq);
    if (leaf == leaves.end() || leaf->second.size() > UINT16_MAX) return fetch(path);
    append_entry(octets, leaf->second);
  }
  return octets;
}

Checked<std::string> Overlay::tile(std::uint8_t level, std::uint64_t index, std::uint16_t width) const {
  std::vector<registry::Digest> hashes;
  if (level == 0) {
    const std::string path = path_of(Tile{0, index, width, true});
    auto octets = made(path);
    if (!octets) return octets;
    const auto leaves = parse_bundle(*octets, width);
    if (!leaves) return Finding{Fault::entries_malformed, path, ""};
    for (const std::string_view leaf : *leaves) hashes.push_back(registry::leaf_hash(leaf));
    return tile_octets(hashes);
  }
  for (std::uint64_t below = index * kTileWidth; below < index * kTileWidth + width; ++below) {
    const auto below_level = static_cast<std::uint8_t>(level - 1);
    auto octets = made(path_of(Tile{below_level, below}));
    if (!octets) return octets;
    const auto row = parse_tile(*octets, kTileWidth);
    if (!row) return Finding{Fault::tile_malformed, path_of(Tile{below_level, below}), ""};
    hashes.push_back(registry::root_of(*row));
  }
  return tile_octets(hashes);
}

Checked<std::string> Overlay::event(std::uint64_t seq) const {
  const std::string path = "/v1/events/" + std::to_string(seq) + ".json";
  if (const auto leaf = newest_leaves().find(seq); leaf != newest_leaves().end()) return leaf->second;
  const std::uint64_t index = seq / kTileWidth;
  const auto octets = made(path_of(Tile{0, index, kTileWidth, true}));
  if (!octets) return kept_or_fetched(path);
  const auto leaves = parse_bundle(*octets, kTileWidth);
  if (!leaves) return Finding{Fault::entries_malformed, path, ""};
  return std::string((*leaves)[seq % kTileWidth]);
}

Checked<std::string> Overlay::list_json() const {
  auto compact = fetch(kListPath);
  if (!compact) return compact;
  const std::size_t first = compact->find('.');
  const std::size_t second = compact->find('.', first + 1);
  auto payload = second == std::string::npos ? registry::Result<std::string>(registry::Error{})
                                             : from_base64url(compact->substr(first + 1, second - first - 1));
  if (!payload) return Finding{Fault::list_malformed, kListPath, ""};
  return std::move(*payload);
}

const std::map<std::uint64_t, std::string>& Overlay::newest_leaves() const {
  if (!newest_) {
    const auto feed = fetch(kEventsFeedPath);
    newest_ = feed ? leaves_in(*feed) : std::map<std::uint64_t, std::string>{};
  }
  return *newest_;
}

}  // namespace ismap::feed::verify
