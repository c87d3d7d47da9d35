#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "feed/verify/key_history.h"
#include "feed/verify/leaves.h"

/// The signed list (formats: List and evidence).
namespace ismap::feed::verify {

/// A list whose signature held. Views are into `payload`, which copies share.
struct SignedList {
  std::shared_ptr<const std::string> payload;
  registry::ListVersion ver;
  registry::Instant iat;
  registry::Instant exp;
  std::string kid;
  std::string checkpoint;                 ///< the whole signed note
  std::vector<std::string_view> records;  ///< leaves
};

/// Opens /v1/list.jwt, which speaks for the present: signature, form, issuer, times.
/// Faults: list_type, list_signature, list_malformed, list_issuer, list_key, list_future, list_expired.
Checked<SignedList> open_list(std::string_view compact, const KeyHistory& keys, registry::Instant now);

/// A list that somebody filed: what it says, it says of the instant `iat`, for ever.
struct FiledList {
  SignedList list;
  Checkpoint checkpoint;
  std::vector<Leaf> leaves;  ///< of its records, in order of id

  /// The latest leaf of that service; null when the list does not have it.
  [[nodiscard]] const Leaf* find(std::string_view id) const;
};

/// Opens a filed list without its site: signature, form, issuer, the checkpoint in it, and the form, order, origin and
/// time of its records. That each record is the latest leaf of its service is the signer's word; its end of life is
/// not held against the clock.
/// Faults: list_type, list_signature, list_malformed, list_issuer, list_key, list_future, checkpoint_…,
/// leaf_malformed, leaf_origin, leaf_seq, leaf_time, records_differ.
Checked<FiledList> open_filed_list(std::string_view compact, const KeyHistory& keys, registry::Instant now,
                                   const std::string& document);

/// The leaves in a list's payload; nothing when it is not its one form. Views into `payload`.
std::optional<std::vector<std::string_view>> records_in(std::string_view payload);

/// Checks that the list's records are the latest leaf of every service, in order of id. Faults: records_differ.
Checked<registry::Done> check_records(const SignedList& list, const Log& log);

/// POSIX seconds of a raw JSON number; nothing when it is none, or beyond what an instant can hold.
std::optional<registry::Instant> instant_of(std::string_view value);

}  // namespace ismap::feed::verify
