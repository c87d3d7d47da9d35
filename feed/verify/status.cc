#include "feed/verify/status.h"

#include <fmt/format.h>

#include <algorithm>

#include "feed/proof.h"
#include "feed/verify/leaves.h"
#include "feed/verify/list_check.h"
#include "feed/verify/octets.h"
#include "registry/as_of.h"
#include "registry/event.h"
#include "registry/service.h"

namespace ismap::feed::verify {

namespace {

using registry::Day;
using registry::Done;
using registry::Event;
using registry::Instant;
using registry::Json;

/// A status on its way: what its payload says, not yet believed.
struct StatusClaim {
  Status status;
  std::string iss;
  std::string sub;
  std::vector<std::string_view> events;
  std::vector<std::string> proofs;
  std::string_view state;  ///< of the past form
};

/// The elements of an array member.
std::vector<std::string_view> elements_of(const std::vector<Member>& members, std::string_view name) {
  std::vector<std::string_view> out;
  bool inside = false;
  for (const Member& member : members) {
    if (member.depth == 1) inside = member.name == name && member.value.starts_with('[');
    if (inside && member.depth == 2) out.push_back(member.value);
  }
  return out;
}

/// What both forms have: iat, iss, rely_until, sub, ver.
bool read_common(StatusClaim& claim, std::string_view iat, std::string_view iss, std::string_view rely_until,
                 std::string_view sub, std::string_view ver) {
  const auto issued = instant_of(iat);
  const auto issuer = text_of(iss);
  const auto rely = instant_of(rely_until);
  const auto subject = text_of(sub);
  const auto version = unsigned_of(ver);
  if (!issued || !issuer || !rely || !subject || !version) return false;
  claim.status.iat = *issued;
  claim.status.rely_until = *rely;
  claim.status.ver = registry::ListVersion{*version};
  claim.iss = *issuer;
  claim.sub = *subject;
  return true;
}

bool add_proof(StatusClaim& claim, std::string_view text) {
  auto proof = text_of(text);
  if (!proof) return false;
  claim.proofs.push_back(std::move(*proof));
  return true;
}

bool read_current(StatusClaim& claim, const std::vector<Member>& members) {
  const auto v = values_of(members, {"event", "iat", "iss", "proof", "rely_until", "sub", "ver"});
  if (!v) return false;
  claim.events = {(*v)[0]};
  return add_proof(claim, (*v)[3]) && read_common(claim, (*v)[1], (*v)[2], (*v)[4], (*v)[5], (*v)[6]);
}

bool read_past(StatusClaim& claim, const std::vector<Member>& members) {
  const auto v =
      values_of(members, {"as_of", "events", "iat", "iss", "known_at", "proofs", "rely_until", "state", "sub", "ver"});
  if (!v) return false;
  claim.status.as_of = Day::parse(plain_of((*v)[0]).value_or(""));
  const std::string_view known_at = plain_of((*v)[4]).value_or("");
  claim.status.known_at = known_at.size() == 24 ? Instant::parse(known_at) : std::nullopt;
  claim.events = elements_of(members, "events");
  claim.state = (*v)[7];
  for (const std::string_view proof : elements_of(members, "proofs")) {
    if (!add_proof(claim, proof)) return false;
  }
  return claim.status.as_of && claim.status.known_at && claim.proofs.size() == claim.events.size() &&
         read_common(claim, (*v)[2], (*v)[3], (*v)[6], (*v)[8], (*v)[9]);
}

/// "https://HOST/v1/records/{id}.jwt", with the question behind it in the past form.
std::string subject_of(const Status& status, const std::string& iss) {
  std::string sub = iss + "/v1/records/" + status.id + ".jwt";
  if (status.as_of) sub += "?as_of=" + status.as_of->iso() + "&known_at=" + status.known_at->iso();
  return sub;
}

/// The id between the place of records and its end, for a status without any event.
std::string id_in(const StatusClaim& claim) {
  const std::string begin = claim.iss + "/v1/records/";
  if (!claim.sub.starts_with(begin)) return "";
  return claim.sub.substr(begin.size(), claim.sub.find(".jwt", begin.size()) - begin.size());
}

/// The leaves of the claim: one record's, each naming the one before, the first none.
bool is_chain(const StatusClaim& claim, std::vector<Leaf>& leaves) {
  for (const std::string_view octets : claim.events) {
    const auto leaf = read_leaf(octets);
    if (!leaf || (!leaves.empty() && leaf->id != leaves.front().id)) return false;
    leaves.push_back(*leaf);
  }
  if (!claim.status.as_of) return true;  // the current form has only the newest
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const auto prev = i == 0 ? std::nullopt : std::optional(leaves[i - 1].seq);
    if (leaves[i].prev != prev) return false;
  }
  return true;
}

/// When a status says that it was signed; the size of its log is not known before its proofs were opened.
SignedAt signed_at(const Status& status) {
  SignedAt when;
  when.iat = status.iat;
  when.ver = status.ver;
  return when;
}

/// Nothing is attested before it was recorded: who holds an old key cannot write an older time than the leaf's.
Checked<Done> check_times(const StatusClaim& claim, const std::vector<Leaf>& leaves, const std::string& document) {
  const std::string last_time = claim.status.iat.plus_seconds(kClockSkewSeconds).iso();
  for (const Leaf& leaf : leaves) {
    if (leaf.recorded_at > last_time) {
      return Finding{Fault::leaf_time, document, fmt::format("leaf {}", leaf.seq.value())};
    }
  }
  return Done{};
}

/// Every proof leads from its leaf to one and the same checkpoint, which the log signed.
Checked<Done> check_proofs(StatusClaim& claim, const std::vector<Leaf>& leaves, const KeyHistory& keys, Instant now,
                           const std::string& document, const KnownCheckpoint* known) {
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const auto proof = parse_tlog_proof(claim.proofs[i]);
    if (!proof) return Finding{Fault::status_proof, document, proof.errors().front().en};
    Status& status = claim.status;
    if (i == 0 && known != nullptr && known->note == proof->checkpoint) {
      status.checkpoint = known->checkpoint;
    } else if (i == 0) {
      const auto opened = open_checkpoint(proof->checkpoint, keys, signed_at(status), now, document);
      if (!opened) return opened.finding();
      status.checkpoint = *opened;
    } else if (proof->checkpoint != status.note) {
      return Finding{Fault::status_proof, document, "two checkpoints"};
    }
    status.note = proof->checkpoint;
    const bool here = proof->index == leaves[i].seq && leaves[i].origin == status.checkpoint.origin;
    if (!here || !verify_inclusion(registry::leaf_hash(leaves[i].octets), proof->index, status.checkpoint.size,
                                   proof->path, status.checkpoint.root)) {
      return Finding{Fault::status_proof, document, fmt::format("leaf {}", leaves[i].seq.value())};
    }
  }
  return Done{};
}

/// Repeats the fold of the past form. Faults: status_fold.
Checked<Done> check_fold(StatusClaim& claim, const std::vector<Leaf>& leaves, const std::string& document) {
  std::vector<Event> history;
  for (const Leaf& leaf : leaves) {
    auto event = registry::parse_leaf(leaf.octets);
    if (!event) return Finding{Fault::status_malformed, document, event.errors().front().en};
    // The fold trusts the shape of what it folds.
    const auto service = registry::parse_service(event->record);
    if (!service) return Finding{Fault::status_malformed, document, service.errors().front().en};
    history.push_back(std::move(*event));
  }
  claim.status.state = registry::state_as_of(history, *claim.status.as_of, *claim.status.known_at);
  if (registry::canonical(claim.status.state) == claim.state) return Done{};
  return Finding{Fault::status_fold, document, ""};
}

Checked<Done> check_claim(const StatusClaim& claim, const KeyHistory& keys, const std::string& kid,
                          const SignedAt& when, Instant now, const std::string& document) {
  const Status& status = claim.status;
  const bool ours = claim.iss == keys.newest().iss && claim.sub == subject_of(status, claim.iss);
  if (!ours) return Finding{Fault::status_subject, document, claim.sub};
  if (!keys.holds(kid, when)) return Finding{Fault::status_key, document, kid};
  if (status.iat > now.plus_seconds(kClockSkewSeconds)) return Finding{Fault::status_future, document, ""};
  return Done{};
}

}  // namespace

Checked<Status> open_status(std::string_view compact, const KeyHistory& keys, Instant now, const std::string& document,
                            const KnownCheckpoint* known) {
  const auto opened = open_jwt(compact, keys, kStatusType, Fault::status_type, Fault::status_signature, document);
  if (!opened) return opened.finding();
  const auto members = canonical_members(opened->octets);
  StatusClaim claim;
  if (!members || (!read_current(claim, *members) && !read_past(claim, *members))) {
    return Finding{Fault::status_malformed, document, ""};
  }
  std::vector<Leaf> leaves;
  if (!is_chain(claim, leaves)) return Finding{Fault::status_malformed, document, "the events are no history"};
  claim.status.id = leaves.empty() ? id_in(claim) : std::string(leaves.back().id);
  SignedAt when = signed_at(claim.status);
  const std::string& kid = opened->kids.front();
  if (auto sound = check_claim(claim, keys, kid, when, now, document); !sound) return sound.finding();
  if (auto timely = check_times(claim, leaves, document); !timely) return timely.finding();
  if (auto proved = check_proofs(claim, leaves, keys, now, document, known); !proved) return proved.finding();
  // Only now is the size known: a thief can write an old version, but not get an old checkpoint for a new leaf.
  when.size = claim.status.checkpoint.size;
  when.live = known != nullptr && claim.status.note == known->note;  // it is of the present as the list is
  if (!keys.holds(kid, when)) return Finding{Fault::status_key, document, kid};
  if (!leaves.empty()) claim.status.leaf = std::string(leaves.back().octets);
  if (claim.status.as_of) {
    if (auto folded = check_fold(claim, leaves, document); !folded) return folded.finding();
  } else if (known == nullptr) {
    claim.status.state = registry::parse_json(claim.status.leaf).value().at("record");
  }
  return std::move(claim.status);
}

}  // namespace ismap::feed::verify
