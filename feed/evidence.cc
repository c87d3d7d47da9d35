#include "feed/evidence.h"

#include <fmt/format.h>

#include "feed/jwt.h"
#include "feed/log_files.h"
#include "feed/proof.h"
#include "registry/as_of.h"
#include "registry/event.h"
#include "registry/journal.h"
#include "registry/tables.h"

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Error;
using registry::Event;
using registry::Json;
using registry::LeafBytes;
using registry::Result;
using registry::Seq;
using registry::lmdb::ReadTxn;

std::string quoted(const std::string& text) { return registry::canonical(Json(text)); }

std::string address(const Attestor& attestor, const registry::ServiceId& id) {
  return attestor.iss + "/v1/records/" + id.value() + ".jwt";
}

/// The proof that leaf `seq` is in the log of this generation, as text.
Result<std::string> proof_of(const ReadTxn& txn, const Generation& generation, Seq seq) {
  auto path = inclusion_path(tiles_in(txn), seq, generation.size);
  if (!path) return path.errors();
  return to_string(TlogProof{seq, std::move(*path), generation.checkpoint, std::nullopt});
}

/// Leaves of one record in a generation with their proofs, as items of two JSON arrays, and what they say.
struct Leaves {
  std::string octets;
  std::string proofs;
  std::vector<Event> events;
};

Result<Leaves> leaves_of(const ReadTxn& txn, const Generation& generation, const registry::ServiceId& id) {
  Leaves out;
  for (const Seq seq : registry::tables::history(txn, id.value())) {
    if (seq.value() >= generation.size.value()) break;
    const auto leaf = registry::journal::leaf(txn, seq);
    auto event = leaf ? registry::stored_leaf(leaf->value()) : Result<Event>(Error{Code::corrupt, "", "", "", ""});
    if (!event) return event.errors();
    const auto proof = proof_of(txn, generation, seq);
    if (!proof) return proof.errors();
    const char* comma = out.events.empty() ? "" : ",";
    out.octets += comma + leaf->value();
    out.proofs += comma + quoted(*proof);
    out.events.push_back(std::move(*event));
  }
  return out;
}

}  // namespace

Result<std::string> evidence(const ReadTxn& txn, const Generation& generation, const ListedService& service,
                             const Attestor& attestor) {
  const auto proof = proof_of(txn, generation, service.seq);
  if (!proof) return proof.errors();
  const std::string payload = fmt::format(
      R"({{"event":{},"iat":{},"iss":{},"proof":{},"rely_until":{},"sub":{},"ver":{}}})", service.leaf.value(),
      generation.signed_at.unix_seconds(), quoted(attestor.iss), quoted(*proof), generation.expires_at.unix_seconds(),
      quoted(address(attestor, service.service.id)), generation.ver.value());
  return sign_jwt(attestor.key, kStatusType, payload);
}

Result<std::string> past_evidence(const ReadTxn& txn, const Generation& generation, const registry::ServiceId& id,
                                  const Moment& moment, const Attestor& attestor) {
  const auto leaves = leaves_of(txn, generation, id);
  if (!leaves) return leaves.errors();
  const std::string as_of = moment.as_of.iso();
  const std::string known_at = moment.known_at.iso();
  const std::string sub = address(attestor, id) + "?as_of=" + as_of + "&known_at=" + known_at;
  const Json state = registry::state_as_of(leaves->events, moment.as_of, moment.known_at);
  const std::string payload = fmt::format(
      R"({{"as_of":"{}","events":[{}],"iat":{},"iss":{},"known_at":"{}","proofs":[{}],"rely_until":{},"state":{},"sub":{},"ver":{}}})",
      as_of, leaves->octets, generation.signed_at.unix_seconds(), quoted(attestor.iss), known_at, leaves->proofs,
      generation.expires_at.unix_seconds(), registry::canonical(state), quoted(sub), generation.ver.value());
  return sign_jwt(attestor.key, kStatusType, payload);
}

}  // namespace ismap::feed
