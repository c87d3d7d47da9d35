#include "server/office/token_uses.h"

#include <utility>

namespace ismap::server {

using registry::Instant;
using registry::TokenId;
using registry::TokenUse;

namespace {

constexpr std::int64_t kBetweenUses = 3600;
constexpr std::int64_t kBetweenWritings = 60;

/// Whether `seconds` have gone by since then; yes when there is no then.
bool long_ago(const std::optional<Instant>& then, std::int64_t seconds, Instant now) {
  return !then || now >= then->plus_seconds(seconds);
}

}  // namespace

void TokenUses::note(const TokenId& id, TokenUse use) {
  const std::lock_guard<std::mutex> lock(mutex_);
  known_[id].use = std::move(use);
}

std::optional<TokenUse> TokenUses::last(const TokenId& id) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = known_.find(id);
  return found == known_.end() ? std::nullopt : std::optional(found->second.use);
}

std::vector<TokenUses::Use> TokenUses::due(Instant now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<Use> out;
  if (!last_due_) last_due_ = now;
  if (!long_ago(last_due_, kBetweenWritings, now)) return out;
  for (const auto& [id, known] : known_) {
    if (known.written != known.use.at && long_ago(known.written_at, kBetweenUses, now)) out.emplace_back(id, known.use);
  }
  if (!out.empty()) last_due_ = now;
  return out;
}

std::vector<TokenUses::Use> TokenUses::unwritten() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<Use> out;
  for (const auto& [id, known] : known_) {
    if (known.written != known.use.at) out.emplace_back(id, known.use);
  }
  return out;
}

void TokenUses::written(const std::vector<Use>& uses, Instant now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const Use& use : uses) {
    Known& known = known_[use.first];
    known.written = use.second.at;
    known.written_at = now;
  }
}

}  // namespace ismap::server
