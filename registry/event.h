#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "registry/canonical_json.h"
#include "registry/digest.h"
#include "registry/result.h"
#include "registry/strong.h"
#include "registry/time.h"

namespace ismap::registry {

/// What a public event does to the list or to its keys (design: the public log).
enum class EventKind {
  registered,
  renewed,
  renewal_filed,
  renewal_closed,
  changed,
  usage_updated,
  suspended,
  reinstated,
  re_audit_started,
  re_audit_ended,
  removed,
  corrected,
  key,
};

/// The name in the leaf: "renewal-filed".
std::string_view name_of(EventKind kind);
std::optional<EventKind> event_kind(std::string_view name);

/// One public fact. Its canonical bytes are the leaf that the log hashes (formats: Leaf).
struct Event {
  std::optional<Article> article;
  Json changes;                 ///< merge patch, only on `corrected`; else null
  std::optional<Seq> corrects;  ///< only on `corrected`
  Day effective;                ///< JST day from which it holds
  EventKind kind = EventKind::key;
  std::string origin;
  std::optional<Seq> prev;        ///< the same record's previous event
  std::optional<Digest> receipt;  ///< SHA-256 of the compact receipt JWT of the filing that caused it
  Json record;                    ///< full state after the event
  Instant recorded_at;            ///< when the register knew
  std::string rules;              ///< edition of the rules in force on `effective`
  Seq seq;
};

/// The leaf of an event. Errors: too_large beyond kMaxLeafBytes.
Result<LeafBytes> to_leaf(const Event& event);
/// Reads a leaf and checks that it is its own RFC 8785 form. Errors: corrupt.
Result<Event> parse_leaf(std::string_view bytes);
/// Reads a leaf that this journal wrote and hashed itself: what parse_leaf checks is not checked again (fsck does).
/// Errors: corrupt.
Result<Event> stored_leaf(std::string_view bytes);
/// `record.id` of the key set's own record.
inline constexpr std::string_view kKeysRecord = "keys";
/// `record.id` of an event: a registration number, or kKeysRecord.
std::string record_id(const Event& event);

}  // namespace ismap::registry
