#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "feed/note.h"
#include "feed/proof.h"
#include "registry/result.h"
#include "registry/strong.h"
#include "registry/time.h"

/// Asking a witness to see that the log only grows: what is sent and how the answer is read.
/// Source: C2SP tlog-witness.md, add-checkpoint.
namespace ismap::feed {

/// A checkpoint that is to be cosigned before it is published.
struct CosignRequest {
  std::string checkpoint;  ///< signed by the log
  registry::TreeSize size;
  std::vector<VerifierKey> witnesses;  ///< of the key set
  std::uint64_t quorum = 0;
  registry::TreeSize published;  ///< what a witness has most probably seen last
  registry::Instant now;
  /// The consistency proof from an earlier size. Thread: any.
  std::function<registry::Result<ProofPath>(registry::TreeSize)> proof;
};

/// Gives the lines of the witnesses that signed, each ended by a newline: as many as there are, maybe none.
using Cosign = std::function<std::string(const CosignRequest&)>;

/// The body of POST <submission prefix>/add-checkpoint. REQUIRES: at most 63 hashes; none from size 0.
std::string add_checkpoint_body(registry::TreeSize old_size, std::span<const registry::Digest> proof,
                                std::string_view checkpoint);

/// What a witness answered.
struct WitnessAnswer {
  std::string line;                              ///< its cosignature; empty when there is none
  std::optional<registry::TreeSize> other_size;  ///< 409: what it has seen last; ask again from there
  std::string reason;                            ///< why there is no cosignature, for the log
};

/// Reads an answer to add-checkpoint. Only a line that this witness signed over this checkpoint is taken, with a time
/// that is not in the future (by more than 300 s).
WitnessAnswer read_witness_answer(int status, std::string_view body, const CosignRequest& request,
                                  const VerifierKey& witness);

/// The checkpoint with the lines under it, if they reach the quorum. Errors: unavailable with what to do.
registry::Result<std::string> with_cosignatures(const CosignRequest& request, const std::string& lines);

}  // namespace ismap::feed
