#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "feed/verify/documents.h"
#include "feed/verify/feed_check.h"

/// What the feeds of a publication show together.
namespace ismap::feed::verify {

namespace {

using registry::Done;
using registry::Instant;
using registry::TreeSize;

constexpr std::size_t kArchiveEvents = 256;  ///< of a full archive (formats: Atom)
constexpr const char* kServices = "/v1/services";
constexpr std::string_view kSuffix = ".atom";

Checked<OpenFeed> read(const Source& source, const std::string& path, const Log& log, const KeyHistory& keys) {
  const auto octets = source.get(path);
  if (!octets) return octets.finding();
  return open_feed(*octets, path, log, keys);
}

/// Seqs from `newest` down to `oldest`.
std::vector<std::size_t> downwards(std::size_t newest, std::size_t oldest) {
  std::vector<std::size_t> seqs(newest - oldest + 1);
  std::iota(seqs.rbegin(), seqs.rend(), oldest);
  return seqs;
}

Finding gap(const std::string& path) { return {Fault::feed_cover, path, "not exactly its events, newest first"}; }

/// A feed without a head was signed when its newest event was in: that is its time.
SignedAt size_of(const OpenFeed& feed) { return {{}, {}, TreeSize{feed.seqs.front() + 1}}; }

}  // namespace

Checked<Done> check_events_feed(const Source& source, const Log& log, const KeyHistory& keys, const SignedList& list,
                                Instant now) {
  const auto feed = read(source, kEventsFeedPath, log, keys);
  if (!feed) return feed.finding();
  if (!feed->head || feed->archive) return Finding{Fault::feed_malformed, kEventsFeedPath, "it has no head"};
  const SignedAt when{feed->head->iat, feed->head->ver, TreeSize{log.leaves.size()}};
  if (!keys.holds(feed->kid, when)) return Finding{Fault::feed_key, kEventsFeedPath, feed->kid};
  if (now >= feed->head->exp) return Finding{Fault::feed_expired, kEventsFeedPath, "since " + feed->head->exp.iso()};
  const FeedHead& head = *feed->head;
  if (head.ver != list.ver || head.iat != list.iat || head.exp != list.exp || head.checkpoint != list.checkpoint) {
    return Finding{Fault::feed_generation, kEventsFeedPath, fmt::format("version {}", head.ver.value())};
  }
  if (!keys.holds(feed->kid, SignedAt::present())) return Finding{Fault::feed_key, kEventsFeedPath, feed->kid};
  const std::size_t size = log.leaves.size();
  const std::size_t oldest = feed->seqs.back();
  const bool enough = feed->seqs.front() == size - 1 && oldest <= size - size % kArchiveEvents;
  if (!enough || feed->seqs != downwards(size - 1, oldest)) return gap(kEventsFeedPath);
  return Done{};
}

Checked<Done> check_archives(const Source& source, const Log& log, const KeyHistory& keys) {
  for (std::size_t n = 0; (n + 1) * kArchiveEvents <= log.leaves.size(); ++n) {
    const std::string path = fmt::format("/v1/events/archive/{}.atom", n);
    const auto feed = read(source, path, log, keys);
    if (!feed) return feed.finding();
    if (!feed->archive || feed->head) return Finding{Fault::feed_malformed, path, "not an archive"};
    if (feed->seqs != downwards((n + 1) * kArchiveEvents - 1, n * kArchiveEvents)) return gap(path);
    if (!keys.holds(feed->kid, size_of(*feed))) return Finding{Fault::feed_key, path, feed->kid};
  }
  return Done{};
}

Checked<Done> check_service_feeds(const Source& source, const Log& log, const KeyHistory& keys,
                                  const std::vector<std::string>& services) {
  for (const std::string& name : names_and_wanted(source, kServices, services, kSuffix)) {
    const std::string path = fmt::format("{}/{}", kServices, name);
    const std::string id = name.substr(0, name.size() - kSuffix.size());
    const auto service = log.history.find(id);
    if (id == registry::kKeysRecord || service == log.history.end())
      return Finding{Fault::feed_cover, path, "of no service"};
    const auto feed = read(source, path, log, keys);
    if (!feed) return feed.finding();
    if (feed->head || feed->archive) return Finding{Fault::feed_malformed, path, "not a service's feed"};
    const std::vector<std::size_t>& history = service->second;
    if (!std::equal(feed->seqs.begin(), feed->seqs.end(), history.rbegin(), history.rend())) return gap(path);
    if (!keys.holds(feed->kid, size_of(*feed))) return Finding{Fault::feed_key, path, feed->kid};
  }
  return Done{};
}

}  // namespace ismap::feed::verify
