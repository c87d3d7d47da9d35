#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

/// What a verifier may find wrong: one table of stable codes (formats: What a verifier checks).
namespace ismap::feed::verify {

/// How a verification ends.
enum class Ending {
  good,
  refused,      ///< somebody changed, mixed or withheld something
  usage,        ///< what the caller gave cannot be used
  unreachable,  ///< the publication could not be read
  unknown,      ///< what was read has expired: nothing is known, above all not that something is unregistered
};

/// One kind of failure. The table in fault.cc has its code, its ending and its words.
enum class Fault {
  trust_unreadable,
  state_unreadable,
  evidence_unreadable,
  unreachable,
  missing,
  too_large,
  keys_malformed,
  keys_signature,
  keys_version,
  keys_issuer,
  keys_future,
  keys_expired,
  keys_rollback,
  list_type,
  list_signature,
  list_key,
  list_malformed,
  list_issuer,
  list_future,
  list_expired,
  list_rollback,
  list_fork,
  list_json,
  list_csv,
  checkpoint_signature,
  checkpoint_key,
  checkpoint_quorum,
  checkpoint_future,
  checkpoint_origin,
  checkpoint_rollback,
  checkpoint_fork,
  checkpoint_differs,
  tile_malformed,
  tile_root,
  entries_malformed,
  entries_root,
  leaf_malformed,
  leaf_seq,
  leaf_prev,
  leaf_time,
  leaf_origin,
  leaf_key,
  records_differ,
  service_unknown,
  event_differs,
  status_type,
  status_signature,
  status_key,
  status_malformed,
  status_subject,
  status_future,
  status_generation,
  status_proof,
  status_leaf,
  status_fold,
  receipt_signature,
  receipt_key,
  receipt_malformed,
  receipt_future,
  receipt_payload,
  feed_malformed,
  feed_signature,
  feed_key,
  feed_expired,
  feed_generation,
  feed_leaf,
  feed_cover,
};

/// The stable code: "list-signature".
std::string_view code_of(Fault fault);
Ending ending_of(Fault fault);
std::string_view ja_of(Fault fault);
std::string_view en_of(Fault fault);

/// The first failure: what, in which document, and more for those who look into it.
struct Finding {
  Fault fault = Fault::unreachable;
  std::string document;  ///< path of the document: "/v1/list.jwt"
  std::string detail;    ///< English; may be empty
  friend bool operator==(const Finding&, const Finding&) = default;
};

/// A value, or the first failure on the way to it.
template <class T>
class [[nodiscard]] Checked {
 public:
  Checked(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Checked(Finding finding) : state_(std::in_place_index<1>, std::move(finding)) {}

  explicit operator bool() const { return state_.index() == 0; }
  /// REQUIRES: a value is there.
  const T& operator*() const { return std::get<0>(state_); }
  T& operator*() { return std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  T* operator->() { return &std::get<0>(state_); }
  /// REQUIRES: no value is there.
  [[nodiscard]] const Finding& finding() const { return std::get<1>(state_); }

 private:
  std::variant<T, Finding> state_;
};

}  // namespace ismap::feed::verify
