#include "feed/key_ceremony.h"

#include <gtest/gtest.h>

#include "feed/files.h"
#include "feed/jwt.h"
#include "tests/feed/key_register_fixture.h"

namespace ismap::feed {
namespace {

using registry::Instant;
using registry::Json;

class KeyCeremony : public KeyRegisterFixture {
 protected:
  [[nodiscard]] std::string told(const Draft& draft) { return refusal(draft); }
};

TEST_F(KeyCeremony, ADraftIsCarriedAsOneFile) {
  const Draft draft = signed_draft(with_fresh(KeyRole::jwt));
  const auto carried = parse_draft(to_octets(draft));
  ASSERT_TRUE(carried.ok());
  EXPECT_EQ(to_octets(*carried), to_octets(draft));
  EXPECT_TRUE(signatures_of(*carried).enough());
  std::string octets = to_octets(draft);
  for (std::size_t at = 0; at < octets.size(); at += 37) {
    std::string changed = octets;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(parse_draft(changed).ok()) << at;
  }
  EXPECT_FALSE(parse_draft("{}").ok());
  EXPECT_FALSE(parse_draft(octets + "\n").ok());
}

TEST_F(KeyCeremony, TheNewVersionIsPublishedWithItsLeaf) {
  const KeySet next = with_fresh(KeyRole::jwt);
  must_install(next);
  EXPECT_EQ(ground().versions.size(), 2U);
  EXPECT_EQ(ground().present().keys, next.keys);
  const auto generation = publisher_->current();
  EXPECT_EQ(generation->size.value(), 2U);
  EXPECT_EQ(generation->find("/v1/keys.json")->body(), ground().versions.back().octets);
  EXPECT_EQ(generation->find("/v1/keys/1.json")->body(), ground().versions.front().octets);
  EXPECT_EQ(generation->find("/v1/keys/2.json")->body(), ground().versions.back().octets);
}

TEST_F(KeyCeremony, WithoutTheRootNothingIsInstalled) {
  const KeySet next = with_fresh(KeyRole::jwt);
  EXPECT_NE(told(signed_draft(next, {})), "");
  Draft draft = draft_of(ground(), next);
  EXPECT_FALSE(sign(draft, PrivateKey::generate(KeyKind::es256)).ok()) << "not a root key";
  const auto foreign = PrivateKey::generate(KeyKind::es256);
  draft.signatures = registry::parse_json(general_jws(draft.payload, kKeySetType, {&foreign, 1})).value()["signatures"];
  EXPECT_FALSE(parse_draft(to_octets(draft)).ok());
  EXPECT_NE(told(draft), "");
  EXPECT_EQ(ground().versions.size(), 1U);
}

TEST_F(KeyCeremony, RootsOfBothVersionsSign) {
  const PrivateKey second = PrivateKey::generate(KeyKind::es256);
  KeySet next = next_key_set(ground(), now_);
  RootChange change;
  change.add.push_back(second.jwk());
  change.remove.push_back(root_.kid());
  ASSERT_TRUE(change_roots(next, change).ok());
  EXPECT_NE(told(signed_draft(next, {root_})), "");
  EXPECT_NE(told(signed_draft(next, {second})), "");
  EXPECT_EQ(told(signed_draft(next, {root_, second})), "");
  EXPECT_EQ(told(signed_draft(with_fresh(KeyRole::log), {second})), "");
  Draft old = draft_of(ground(), next_key_set(ground(), now_));
  EXPECT_FALSE(sign(old, root_).ok()) << "it is no root any more";
}

TEST_F(KeyCeremony, AThresholdOfSeveralRootsSignsOneAfterTheOther) {
  const PrivateKey second = PrivateKey::generate(KeyKind::es256);
  const PrivateKey third = PrivateKey::generate(KeyKind::es256);
  KeySet next = next_key_set(ground(), now_);
  ASSERT_TRUE(change_roots(next, {Json::array({second.jwk(), third.jwk()}), {}, 2}).ok());
  EXPECT_EQ(told(signed_draft(next, {root_, third})), "");

  next = next_key_set(ground(), now_);
  Draft draft = signed_draft(next, {second, second});
  EXPECT_EQ(signatures_of(draft).before, 1U) << "one key twice is one key";
  EXPECT_NE(told(draft), "");
  Draft carried = parse_draft(to_octets(draft)).value();
  ASSERT_TRUE(sign(carried, third).ok());
  EXPECT_EQ(told(carried), "");
}

TEST_F(KeyCeremony, ARootKeyIsAnES256PublicKey) {
  KeySet next = next_key_set(ground(), now_);
  EXPECT_FALSE(change_roots(next, {Json::array({root_.jwk()}), {}, {}}).ok()) << "there already";
  EXPECT_FALSE(change_roots(next, {Json::array({PrivateKey::generate(KeyKind::rsa3072).jwk()}), {}, {}}).ok());
  EXPECT_FALSE(change_roots(next, {Json::array({Json{{"kid", "x"}}}), {}, {}}).ok());
  EXPECT_FALSE(change_roots(next, {Json::array(), {"nobody"}, {}}).ok());
  EXPECT_FALSE(change_roots(next, {Json::array(), {}, 2}).ok());
  EXPECT_FALSE(change_roots(next, {Json::array(), {root_.kid()}, {}}).ok());
}

TEST_F(KeyCeremony, TheVersionNeitherSkipsNorRepeats) {
  KeySet next = with_fresh(KeyRole::jwt);
  next.ver = registry::KeySetVersion{3};
  EXPECT_NE(told(signed_draft(next)), "");
  next.ver = registry::KeySetVersion{1};
  EXPECT_NE(told(signed_draft(next)), "");
  next.ver = registry::KeySetVersion{2};
  const Draft draft = signed_draft(next);
  EXPECT_EQ(told(draft), "");
  EXPECT_EQ(told(draft), "this key set is published already");
  EXPECT_EQ(ground().versions.size(), 2U);
}

TEST_F(KeyCeremony, ADraftOnAnOlderVersionIsRefused) {
  const Draft first = signed_draft(with_fresh(KeyRole::jwt));
  const Draft second = signed_draft(with_fresh(KeyRole::log));
  EXPECT_EQ(told(first), "");
  EXPECT_NE(told(second).find("not drafted on the present key set"), std::string::npos);
}

TEST_F(KeyCeremony, IssuerLifeAndLogMustBeRight) {
  KeySet next = with_fresh(KeyRole::jwt);
  next.iss = "https://other.example.jp";
  EXPECT_NE(told(signed_draft(next)), "");
  next = next_key_set(ground(), now_);
  next.exp = next.iat.plus_seconds(kKeySetLifeSeconds - 1);
  EXPECT_NE(told(signed_draft(next)), "");
  next = next_key_set(ground(), now_.plus_seconds(kDay));
  EXPECT_NE(told(signed_draft(next)), "") << "from the future";
  next = next_key_set(ground(), now_);
  add_key(next, KeyRole::log, fresh(KeyRole::log), "other.example/log");
  EXPECT_NE(told(signed_draft(next)), "");
  const Draft late = signed_draft(next_key_set(ground(), now_));
  now_ = now_.plus_seconds(kKeySetLifeSeconds);
  EXPECT_NE(told(late), "") << "it has expired on the way";
}

TEST_F(KeyCeremony, ADraftIsPublishedWithinThirtyDays) {
  const Draft draft = signed_draft(with_fresh(KeyRole::jwt));
  wait(kDraftLifeSeconds);
  EXPECT_NE(told(draft).find("30 days"), std::string::npos);
  const Draft again = signed_draft(with_fresh(KeyRole::jwt));
  wait(kDraftLifeSeconds - 1);
  EXPECT_EQ(told(again), "");
}

TEST_F(KeyCeremony, AnExpiredKeySetIsRenewed) {
  now_ = now_.plus_seconds(kKeySetLifeSeconds + kDay);
  EXPECT_FALSE(publisher_->publish(now_).ok());
  must_install(next_key_set(ground(), now_));
  EXPECT_TRUE(publisher_->publish(now_).ok());
}

TEST_F(KeyCeremony, AKeyThatIsNotInHandIsNotPublished) {
  KeySet next = next_key_set(ground(), now_);
  add_key(next, KeyRole::jwt, {PrivateKey::generate(KeyKind::es256), "", {}}, kOrigin);
  EXPECT_NE(told(signed_draft(next)).find("is not in DIR/keys"), std::string::npos);
}

TEST_F(KeyCeremony, NoKeyStandsInTwoPlacesOrComesBack) {
  KeySet next = next_key_set(ground(), now_);
  next.keys.push_back(root_.jwk());
  EXPECT_FALSE(check_change(ground(), next, now_).ok()) << "a root key that signs lists";
  const Json first = ground().present().keys.front();
  next = with_fresh(KeyRole::jwt);
  ASSERT_TRUE(revoke(next, ground(), {first.at("kid"), "stolen", {}, {}}, now_).ok());
  must_install(next);
  next = next_key_set(ground(), now_);
  next.keys.push_back(first);
  EXPECT_FALSE(check_change(ground(), next, now_).ok()) << "it was revoked";
}

TEST_F(KeyCeremony, WhatIsSaidOfAPastKeyStays) {
  KeySet next = with_fresh(KeyRole::jwt);
  ASSERT_TRUE(revoke(next, ground(), {first_kid(KeyRole::jwt), "stolen", {}, {}}, now_).ok());
  must_install(next);
  next = next_key_set(ground(), now_);
  next.revoked.front().last_good_ver = registry::ListVersion{99};
  EXPECT_FALSE(check_change(ground(), next, now_).ok());
  next.revoked.clear();
  EXPECT_FALSE(check_change(ground(), next, now_).ok());
}

TEST_F(KeyCeremony, AKeyDoesNotLeaveWithoutAWord) {
  KeySet next = with_fresh(KeyRole::jwt);
  next.keys.erase(0);
  EXPECT_FALSE(check_change(ground(), next, now_).ok());
  next.keys.clear();
  EXPECT_FALSE(check_change(ground(), next, now_).ok()) << "and some key must be left";
}

TEST_F(KeyCeremony, TheSignerIsToldEveryDifference) {
  const KeySet before = ground().present();
  KeySet next = with_fresh(KeyRole::atom);
  const PrivateKey witness = PrivateKey::generate(KeyKind::ed25519);
  ASSERT_TRUE(change_witnesses(next, {{vkey("w.example", witness, SignatureType::cosignature)}, {}, 1}).ok());
  ASSERT_TRUE(revoke(next, ground(), {first_kid(KeyRole::atom), "盗まれた", {}, {}}, now_).ok());
  std::string all;
  for (const Words& words : differences(before, next)) all += words.en + "\n";
  for (const std::string& part :
       {std::string("version: 1 becomes 2"), "adds the Atom key " + next.atom.front().kid,
        "takes away the Atom key " + first_kid(KeyRole::atom), std::string("adds the witness"),
        std::string("witness quorum: 0 becomes 1"), std::string("revoked: ")}) {
    EXPECT_NE(all.find(part), std::string::npos) << part << "\n" << all;
  }
}

TEST_F(KeyCeremony, WitnessesAreGivenAsTheirVkeys) {
  KeySet next = next_key_set(ground(), now_);
  const PrivateKey witness = PrivateKey::generate(KeyKind::ed25519);
  EXPECT_FALSE(change_witnesses(next, {{vkey("w.example", witness)}, {}, {}}).ok()) << "a log's key";
  EXPECT_FALSE(change_witnesses(next, {{"w"}, {}, {}}).ok());
  EXPECT_FALSE(change_witnesses(next, {{}, {"nobody"}, {}}).ok());
  EXPECT_FALSE(change_witnesses(next, {{}, {}, 1}).ok());
}

TEST_F(KeyCeremony, PassphrasesEncryptPrivateKeys) {
  const std::filesystem::path folder = folder_.path() / "secret";
  const Passphrase secret(std::string("正しい馬 battery"));
  ASSERT_TRUE(make_keys(folder, "liu.example.jp", kNow, secret).ok());
  for (const char* name : {"root.pem", "jwt.pem", "log.pem", "atom.pem"}) {
    EXPECT_TRUE(read_file(folder / name).value().starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----")) << name;
  }
  EXPECT_TRUE(load_keys(folder, secret).ok());
  EXPECT_EQ(load_keys(folder).errors().size(), 3U);
  EXPECT_FALSE(load_keys(folder, Passphrase(std::string("wrong"))).ok());
  EXPECT_TRUE(load_keys(data() / "keys", secret).ok()) << "a plain key needs none";
}

TEST_F(KeyCeremony, APassphraseIsTheFirstLineOfAPrivateFile) {
  const std::filesystem::path file = folder_.path() / "passphrase";
  ASSERT_TRUE(write_new_file(file, "secret\nmore\n", FileMode::only_owner).ok());
  EXPECT_EQ(Passphrase::read(file).value().view(), "secret");
  std::filesystem::permissions(file, std::filesystem::perms(0640));
  EXPECT_FALSE(Passphrase::read(file).ok());
  EXPECT_FALSE(Passphrase::read(folder_.path() / "absent").ok());
  std::filesystem::remove(file);
  ASSERT_TRUE(write_new_file(file, "\n", FileMode::only_owner).ok());
  EXPECT_FALSE(Passphrase::read(file).ok());
}

}  // namespace
}  // namespace ismap::feed
