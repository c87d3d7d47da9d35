#include "feed/key_schedule.h"

#include <gtest/gtest.h>

#include "feed/jwt.h"
#include "feed/verify/key_history.h"
#include "tests/feed/key_register_fixture.h"

namespace ismap::feed {
namespace {

using registry::Instant;

/// When which key signs, with the clock moved.
class KeySchedule : public KeyRegisterFixture {};

TEST_F(KeySchedule, ANewKeySignsWhenItHasBeenPublishedForTheLifeOfAList) {
  for (const KeyRole role : {KeyRole::jwt, KeyRole::log, KeyRole::atom}) {
    const std::string before = signing(role);
    must_install(with_fresh(role));
    EXPECT_EQ(signing(role), before) << "published, and not old enough";
    wait(kListLifeSeconds - 1);
    EXPECT_EQ(signing(role), before);
    wait(1);
    EXPECT_NE(signing(role), before) << "by itself";
    EXPECT_EQ(signing(role), kids_of(ground().present(), role).back());
    wait(kHour);
  }
}

TEST_F(KeySchedule, AKeyThatWasCommittedAndNeverPublishedDoesNotSign) {
  const std::string before = signing(KeyRole::jwt);
  const KeySet next = with_fresh(KeyRole::jwt);
  registry::Registrar registrar(*env_);
  ASSERT_TRUE(registrar.change_keys(document_of(signed_draft(next)).value(), next.ver, registry::Actor{}, now_).ok());
  publisher_->take_keys(load_keys(data() / "keys").value());
  now_ = now_.plus_seconds(2 * kListLifeSeconds);
  publish();
  EXPECT_EQ(signing(KeyRole::jwt), before) << "this is its first publication";
  wait(kHour);
  EXPECT_NE(signing(KeyRole::jwt), before);
}

TEST_F(KeySchedule, TheOldKeySignsOnWhileTheNewOneIsMissing) {
  const std::string before = signing(KeyRole::jwt);
  must_install(with_fresh(KeyRole::jwt));
  std::filesystem::create_directory(folder_.path() / "away");
  for (const auto& entry : std::filesystem::directory_iterator(data() / "keys")) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("jwt-")) std::filesystem::rename(entry.path(), folder_.path() / "away" / name);
  }
  publisher_->take_keys(load_keys(data() / "keys").value());
  wait(kListLifeSeconds);
  EXPECT_EQ(signing(KeyRole::jwt), before);
}

TEST_F(KeySchedule, AKeyRetiresWhenItsLastListHasExpired) {
  const std::string old = first_kid(KeyRole::log);
  KeySet next = next_key_set(ground(), now_);
  EXPECT_FALSE(retire(next, ground(), old, now_).ok()) << "the only one";
  must_install(with_fresh(KeyRole::log));
  next = next_key_set(ground(), now_);
  EXPECT_FALSE(retire(next, ground(), old, now_).ok()) << "still signs";
  wait(kListLifeSeconds);
  EXPECT_NE(signing(KeyRole::log), old);
  next = next_key_set(ground(), now_);
  EXPECT_FALSE(retire(next, ground(), old, now_).ok()) << "its last list lives";
  wait(kListLifeSeconds - 1);
  EXPECT_FALSE(retire(next, ground(), old, now_).ok()) << "by one second";
  wait(1);
  next = next_key_set(ground(), now_);
  ASSERT_TRUE(retire(next, ground(), old, now_).ok());
  must_install(next);
  const RetiredKey retired = ground().present().retired.front();
  EXPECT_EQ(retired.kid, old);
  EXPECT_EQ(retired.from.unix_seconds(), kNow.unix_seconds());
  EXPECT_EQ(retired.to.unix_seconds(), kNow.plus_seconds(kListLifeSeconds).unix_seconds());
}

TEST_F(KeySchedule, ARetirementWithInventedTimesIsRefused) {
  must_install(with_fresh(KeyRole::jwt));
  KeySet next = next_key_set(ground(), now_);
  next.keys.erase(0);
  next.retired.push_back({first_kid(KeyRole::jwt), kNow, kNow});
  EXPECT_FALSE(check_change(ground(), next, now_).ok()) << "still in use";
  wait(kListLifeSeconds);
  wait(kListLifeSeconds);
  next.iat = ground().present().iat;
  EXPECT_FALSE(check_change(ground(), next, now_).ok()) << "another time";
}

TEST_F(KeySchedule, AKeyThatNeverSignedRetiresAtOnce) {
  must_install(with_fresh(KeyRole::jwt));
  const std::string mistake = kids_of(ground().present(), KeyRole::jwt).back();
  KeySet next = next_key_set(ground(), now_);
  ASSERT_TRUE(retire(next, ground(), mistake, now_).ok());
  must_install(next);
  wait(kListLifeSeconds);
  EXPECT_EQ(signing(KeyRole::jwt), first_kid(KeyRole::jwt));
}

TEST_F(KeySchedule, ARevokedKeyIsReplacedAtOnce) {
  for (const KeyRole role : {KeyRole::jwt, KeyRole::log, KeyRole::atom}) {
    const std::string stolen = signing(role);
    KeySet next = with_fresh(role);
    ASSERT_TRUE(revoke(next, ground(), {stolen, "stolen", {}, {}}, now_).ok());
    must_install(next);
    EXPECT_NE(signing(role), stolen);
    EXPECT_EQ(signing(role), kids_of(ground().present(), role).front());
    EXPECT_EQ(ground().present().revoked.back().kid, stolen);
  }
}

TEST_F(KeySchedule, ARevocationNamesWhatStaysGood) {
  KeySet next = with_fresh(KeyRole::jwt);
  const std::string kid = first_kid(KeyRole::jwt);
  EXPECT_FALSE(revoke(next, ground(), {kid, "", {}, {}}, now_).ok()) << "no reason";
  EXPECT_FALSE(revoke(next, ground(), {kid, "stolen", registry::ListVersion{2}, {}}, now_).ok()) << "not signed yet";
  EXPECT_FALSE(revoke(next, ground(), {kid, "stolen", {}, registry::TreeSize{2}}, now_).ok());
  EXPECT_FALSE(revoke(next, ground(), {"nobody", "stolen", {}, {}}, now_).ok());
  ASSERT_TRUE(revoke(next, ground(), {kid, "stolen", registry::ListVersion{0}, registry::TreeSize{1}}, now_).ok());
  EXPECT_EQ(next.revoked.front().last_good_ver.value(), 0U);
  EXPECT_EQ(next.revoked.front().last_good_size.value(), 1U);
}

TEST_F(KeySchedule, ARetiredKeyCanBeRevokedLater) {
  must_install(with_fresh(KeyRole::jwt));
  wait(kListLifeSeconds);
  wait(kListLifeSeconds);
  KeySet next = next_key_set(ground(), now_);
  ASSERT_TRUE(retire(next, ground(), first_kid(KeyRole::jwt), now_).ok());
  must_install(next);
  next = next_key_set(ground(), now_);
  ASSERT_TRUE(revoke(next, ground(), {first_kid(KeyRole::jwt), "found on a disk", {}, {}}, now_).ok());
  must_install(next);
  EXPECT_TRUE(ground().present().retired.empty());
}

TEST_F(KeySchedule, OldListsVerifyWithTheVersionThatHeldTheirKey) {
  const std::string old_list = publisher_->current()->find("/v1/list.jwt")->body();
  const std::string old_checkpoint = publisher_->current()->checkpoint;
  KeySet next = with_fresh(KeyRole::jwt);
  add_key(next, KeyRole::log, fresh(KeyRole::log), kOrigin);
  must_install(next);
  wait(kListLifeSeconds);
  wait(kListLifeSeconds);
  next = next_key_set(ground(), now_);
  ASSERT_TRUE(retire(next, ground(), first_kid(KeyRole::jwt), now_).ok());
  ASSERT_TRUE(retire(next, ground(), first_kid(KeyRole::log), now_).ok());
  must_install(next);
  EXPECT_FALSE(verify_jwt(old_list, ground().present().keys, kListType).ok());
  EXPECT_TRUE(verify_jwt(old_list, ground().versions.front().set.keys, kListType).ok());
  EXPECT_FALSE(verify_checkpoint(old_checkpoint, ground().present().log).ok());
  EXPECT_TRUE(verify_checkpoint(old_checkpoint, ground().versions.front().set.log).ok());
}

}  // namespace
}  // namespace ismap::feed
