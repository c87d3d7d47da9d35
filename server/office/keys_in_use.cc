#include "server/office/keys_in_use.h"

namespace ismap::server {

KeysInUse::Use::~Use() {
  if (keys_ == nullptr) return;
  const std::lock_guard lock(keys_->mutex_);
  keys_->names_.erase(name_);
}

registry::Result<std::optional<KeysInUse::Use>> KeysInUse::take(const std::optional<registry::RequestKey>& key) {
  if (!key) return std::optional<Use>();
  std::string name = key->organisation + '\0' + key->route + '\0' + key->key;
  const std::lock_guard lock(mutex_);
  if (!names_.insert(name).second) {
    return registry::Error{registry::Code::in_progress, "", "",
                           "このIdempotency-Keyのリクエストを処理しています。少し待って、もう一度お送りください",
                           "the request with this Idempotency-Key is being answered: send it again shortly"};
  }
  return std::optional<Use>(std::in_place, *this, std::move(name));
}

}  // namespace ismap::server
