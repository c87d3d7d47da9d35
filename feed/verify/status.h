#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "feed/verify/key_history.h"
#include "feed/verify/list_check.h"
#include "registry/canonical_json.h"
#include "registry/time.h"

/// Signed evidence of one service's state, filed lists and filing receipts: what is kept in a procurement file
/// (formats: List and evidence). None of it expires; all of it is checked without the site.
namespace ismap::feed::verify {

/// What a status attests, once everything in it was found to hold together.
struct Status {
  std::string id;        ///< registration number
  registry::Json state;  ///< the record; null when nothing was known to hold
  std::string leaf;      ///< octets of the newest event in it; "" when there is none
  registry::ListVersion ver;
  registry::Instant iat;
  registry::Instant rely_until;
  Checkpoint checkpoint;
  std::string note;                           ///< the whole signed note of the checkpoint; "" when there is no event
  std::optional<registry::Day> as_of;         ///< of the past form
  std::optional<registry::Instant> known_at;  ///< of the past form
};

/// A checkpoint that was already found good, so that 500 statuses need not verify it 500 times.
struct KnownCheckpoint {
  std::string note;
  Checkpoint checkpoint;
};

/// Opens a status in its current or its past form: signature, form, each proof, and for the past form the chain of the
/// events and the fold of them.
/// Faults: those of status_…, checkpoint_….
Checked<Status> open_status(std::string_view compact, const KeyHistory& keys, registry::Instant now,
                            const std::string& document, const KnownCheckpoint* known = nullptr);

/// What a receipt attests: a filing was received.
struct Receipt {
  std::string filing;
  std::string form;
  std::string payload_sha256;
  std::string received_at;
  std::string article;
};

/// Opens a filing receipt. A receipt carries no version and no size, so a revoked key's word is never good for one.
/// Faults: receipt_….
Checked<Receipt> open_receipt(std::string_view compact, const KeyHistory& keys, registry::Instant now,
                              const std::string& document);

/// Holds what was filed against a receipt: `payload` is the JSON that was filed, in any spelling.
/// Faults: receipt_payload.
Checked<registry::Done> check_payload(const Receipt& receipt, std::string_view payload, const std::string& document);

/// A filed document of any kind.
using Evidence = std::variant<Status, FiledList, Receipt>;

/// Opens whichever it is, by its type. Faults: those of the kind; status_type when it is of none.
Checked<Evidence> open_evidence(std::string_view compact, const KeyHistory& keys, registry::Instant now,
                                const std::string& document);

}  // namespace ismap::feed::verify
