#pragma once

#include <string>

#include "feed/crypto.h"
#include "feed/generation.h"
#include "registry/lmdb/env.h"
#include "registry/result.h"
#include "registry/time.h"

/// What an officer files: what the register says of one service, signed, with its place in the log inside
/// (formats: List and evidence). It has no end of life: years later it verifies with the key sets and the pinned root.
namespace ismap::feed {

/// The day that evidence speaks of, and what was known of it when.
struct Moment {
  registry::Day as_of;         ///< JST
  registry::Instant known_at;  ///< not after the generation was signed
};

/// Who signs, under which name.
struct Attestor {
  const PrivateKey& key;   ///< es256
  const std::string& iss;  ///< "https://HOST"
};

/// /v1/records/{id}.jwt: the service's latest leaf and the proof that it is in the log.
/// Errors: corrupt.
registry::Result<std::string> evidence(const registry::lmdb::ReadTxn& txn, const Generation& generation,
                                       const ListedService& service, const Attestor& attestor);

/// /v1/records/{id}.jwt?as_of=&known_at=: every leaf of the service with its proof, and the state that they fold to;
/// null when nothing held on that day.
/// Errors: corrupt.
registry::Result<std::string> past_evidence(const registry::lmdb::ReadTxn& txn, const Generation& generation,
                                            const registry::ServiceId& id, const Moment& moment,
                                            const Attestor& attestor);

}  // namespace ismap::feed
