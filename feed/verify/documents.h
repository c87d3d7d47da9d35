#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feed/verify/key_history.h"
#include "feed/verify/leaves.h"
#include "feed/verify/list_check.h"

/// The documents that a publication has beside its list and log, held against both (formats: What a verifier checks).
namespace ismap::feed::verify {

/// What of the event documents was looked at.
struct SeenEvents {
  std::size_t documents = 0;
  /// Documents that follow the log without a gap and are leaves of it in form: what an interrupted copy leaves behind.
  /// Nothing vouches for them.
  std::size_t beyond = 0;
};

/// Every event document that is there is its leaf; where a source cannot list them, the newest ones are.
/// Faults: event_differs, missing, unreachable, too_large.
Checked<SeenEvents> check_events(const Source& source, const Log& log);

/// The statuses that are there where the source can say so, and those of `services`: each of the list's generation and
/// of the service's latest leaf. Gives how many. Faults: status_…, missing, unreachable, too_large.
Checked<std::size_t> check_statuses(const Source& source, const Log& log, const KeyHistory& keys,
                                    const SignedList& list, const Checkpoint& checkpoint, registry::Instant now,
                                    const std::vector<std::string>& services);

/// Every service that was asked for has been in the register. Faults: service_unknown.
Checked<registry::Done> check_services(const Log& log, const std::vector<std::string>& services);

/// /v1/list.csv, which nobody signs, is what the list's records give; it need not be there.
/// Gives whether it is. Faults: list_csv, unreachable, too_large.
Checked<bool> check_csv(const Source& source, const SignedList& list);

/// What the source has in a folder under names that end so, and what was asked for by id, each once, in order.
std::vector<std::string> names_and_wanted(const Source& source, const std::string& folder,
                                          const std::vector<std::string>& services, std::string_view suffix);

}  // namespace ismap::feed::verify
