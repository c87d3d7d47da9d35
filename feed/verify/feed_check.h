#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feed/atom.h"
#include "feed/verify/key_history.h"
#include "feed/verify/leaves.h"
#include "feed/verify/list_check.h"

/// The strict profile of our Atom feeds: exactly the shape that feed/atom.h writes, and nothing else. There is no XML
/// parser that could be led astray: what is not in this shape is refused.
namespace ismap::feed::verify {

/// A feed whose shape and signature are good and whose entries are leaves.
struct OpenFeed {
  std::vector<std::size_t> seqs;  ///< newest first
  std::string kid;
  std::optional<FeedHead> head;
  bool archive = false;
};

/// Opens the feed published at `path`. Its key is looked up by name in the key sets, never taken from KeyInfo.
/// Faults: feed_malformed, feed_leaf, feed_signature.
Checked<OpenFeed> open_feed(std::string_view octets, const std::string& path, const Log& log, const KeyHistory& keys);

/// All feeds of a publication: the feed of the list's generation, the archives behind it, and the services' feeds
/// (those that are there where the source can say so, and those of `services`). The first two together show every
/// event. Faults: feed_…, missing, unreachable, too_large.
Checked<registry::Done> check_events_feed(const Source& source, const Log& log, const KeyHistory& keys,
                                          const SignedList& list, registry::Instant now);
Checked<registry::Done> check_archives(const Source& source, const Log& log, const KeyHistory& keys);
Checked<registry::Done> check_service_feeds(const Source& source, const Log& log, const KeyHistory& keys,
                                            const std::vector<std::string>& services);

}  // namespace ismap::feed::verify
