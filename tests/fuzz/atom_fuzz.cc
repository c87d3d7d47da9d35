#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "feed/verify/feed_check.h"
#include "feed/verify/status.h"
#include "tests/feed/mirror.h"

namespace {

using namespace ismap::feed;

/// An honest publication of one leaf, and what a verifier knows of it.
struct Ground {
  MirrorKeys keys;
  Mirror mirror{keys};
  Files files = mirror.files();
  std::string feed = files.at("/v1/events.atom");
  verify::KeyHistory history = *verify::KeyHistory::walk(
      FileSource(files), {ismap::registry::Json::array({keys.root.jwk()}), 1, ismap::registry::KeySetVersion{1}});
  verify::Log log;

  Ground() {
    log.hashes = {ismap::registry::leaf_hash(mirror.leaves().front())};
    log.bundles.emplace_back();
    append_entry(log.bundles.front(), mirror.leaves().front());
    const auto latest = ismap::registry::Instant{(Mirror::kNow + 60) * 1000};
    if (!verify::replay(log, Mirror::kOrigin, latest)) std::abort();
  }
};

}  // namespace

/// The checker of Atom feeds and the readers of signed evidence, on any bytes, and on the honest feed with some bytes
/// changed: an accepted feed differs from it at most in the certificate, which is a hint.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Ground ground;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto accepts = [&](std::string_view feed) {
    return static_cast<bool>(verify::open_feed(feed, "/v1/events.atom", ground.log, ground.history));
  };
  if (accepts(text)) std::abort();
  const auto now = ismap::registry::Instant{Mirror::kNow * 1000};
  if (verify::open_evidence(text, ground.history, now, "x")) std::abort();
  if (size < 3) return 0;
  std::string changed = ground.feed;
  const std::size_t at = (data[0] * 256U + data[1]) % changed.size();
  changed.replace(at, data[2] % 16U, text.substr(3));
  const std::size_t hint = ground.feed.find("<X509Certificate>");
  if (changed != ground.feed && at < hint && accepts(changed)) std::abort();
  return 0;
}
