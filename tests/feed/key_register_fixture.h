#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "feed/guard.h"
#include "feed/key_ceremony.h"
#include "registry/registrar.h"
#include "tests/feed/register_fixture.h"

namespace ismap::feed {

/// A register whose keys change: the server's half and the offline half of a ceremony, and a clock that is moved.
class KeyRegisterFixture : public RegisterFixture {
 protected:
  static constexpr std::int64_t kHour = 3600;
  static constexpr std::int64_t kDay = 24 * kHour;

  KeyRegisterFixture() : root_(PrivateKey::read(data() / "keys" / "root.pem", KeyKind::es256).value()) {
    publisher_ = publisher();
    publish();
  }

  void publish() {
    const auto published = publisher_->publish(now_);
    ASSERT_TRUE(published.ok()) << published.errors().front().en;
  }

  [[nodiscard]] KeyGround ground() const {
    auto versions = env_->read([](const registry::lmdb::ReadTxn& txn) { return read_key_versions(txn); });
    return {versions.value(), kOrigin, read_guard(data()).value(), kListLifeSeconds};
  }

  FreshKey fresh(KeyRole role) { return make_key(data() / "keys", role, "liu.example.jp", now_).value(); }

  /// The next version with one more key of the role.
  KeySet with_fresh(KeyRole role) {
    KeySet next = next_key_set(ground(), now_);
    add_key(next, role, fresh(role), kOrigin);
    return next;
  }

  [[nodiscard]] Draft signed_draft(const KeySet& next, const std::vector<PrivateKey>& roots) const {
    Draft draft = draft_of(ground(), next);
    for (const PrivateKey& root : roots) EXPECT_TRUE(sign(draft, root).ok());
    return draft;
  }
  [[nodiscard]] Draft signed_draft(const KeySet& next) const { return signed_draft(next, {root_}); }

  /// What the server makes of a draft that came back.
  registry::Result<registry::Done> install(const Draft& draft) {
    publisher_->take_keys(load_keys(data() / "keys").value());
    const auto installable = check_install(ground(), draft, load_keys(data() / "keys").value(), now_);
    if (!installable) return installable.errors();
    registry::Registrar registrar(*env_);
    const auto acted = registrar.change_keys(installable->document, installable->set.ver, registry::Actor{}, now_);
    if (!acted) return acted.errors();
    publish();
    return registry::Done{};
  }

  void must_install(const KeySet& next) {
    const auto installed = install(signed_draft(next));
    ASSERT_TRUE(installed.ok()) << installed.errors().front().en;
  }

  /// The words of the first refusal; "" when it was installed.
  std::string refusal(const Draft& draft) {
    const auto installed = install(draft);
    return installed ? "" : installed.errors().front().en;
  }

  void wait(std::int64_t seconds) {
    now_ = now_.plus_seconds(seconds);
    publish();
  }

  [[nodiscard]] std::string signing(KeyRole role) const {
    const Keys& keys = *publisher_->current()->keys;
    return kid_of(role == KeyRole::jwt ? keys.jwt : role == KeyRole::log ? keys.log : keys.atom, kOrigin);
  }

  [[nodiscard]] std::string first_kid(KeyRole role) const {
    return kids_of(ground().versions.front().set, role).front();
  }

  registry::Instant now_ = kNow;
  PrivateKey root_;
  std::unique_ptr<Publisher> publisher_;
};

}  // namespace ismap::feed
