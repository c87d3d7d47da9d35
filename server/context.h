#pragma once

#include <functional>
#include <memory>

#include "feed/generation.h"
#include "feed/surface.h"
#include "registry/lmdb/env.h"
#include "registry/time.h"

namespace ismap::server {

class Gate;
class Office;
struct AnswerRecord;
namespace openapi {
class Manual;
}

/// What handlers work with; made in main, outlives the server. Thread: any for all of it.
struct Context {
  registry::lmdb::Env& env;
  std::function<std::shared_ptr<const feed::Generation>()> current;  ///< null before the first publication
  std::function<registry::Instant()> now;
  Office* office = nullptr;  ///< where wishes go; null for a server that only reads
  std::function<bool()> publication_failing = [] { return false; };  ///< what is recorded is not all published
  feed::Surface* surface = nullptr;  ///< files beyond the generation's documents; null: there are none
  bool rehearsal = false;            ///< the clock is not the machine's; pages and /healthz say so
  Gate* gate = nullptr;              ///< what stands before the routes; null: nothing is counted
  std::function<void(const AnswerRecord&)> on_answer = {};  ///< told of each answer; may be empty
  const openapi::Manual* manual = nullptr;  ///< what /openapi.json and /reference show; null: they are not there
};

}  // namespace ismap::server
