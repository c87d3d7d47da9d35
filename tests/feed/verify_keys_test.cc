#include "feed/verify/key_history.h"

#include <gtest/gtest.h>

#include "tests/feed/hostile_mirror.h"

namespace ismap::feed {
namespace {

using registry::Instant;
using registry::Json;
class KeyVerifier : public HostileMirror {};

// Keys: compromise, rotation, revocation.
TEST_F(KeyVerifier, AnotherRootIsNotBelieved) {
  pin(keys_->root2, 1);
  EXPECT_EQ(told(*files_), "keys-signature");
}

TEST_F(KeyVerifier, ANewKeySetNeedsTheOldRootsAndItsOwn) {
  for (const bool by_old : {false, true}) {
    for (const bool by_new : {false, true}) {
      Mirror rotated = *honest_;
      rotated.next_keys();
      rotated.set().roots = Json::array({keys_->root2.jwk()});
      std::vector<PrivateKey> roots;
      if (by_old) roots.push_back(keys_->root);
      if (by_new) roots.push_back(keys_->root2);
      rotated.publish_keys(roots);
      EXPECT_EQ(told(rotated.files()), by_old && by_new ? "good"
                                       : roots.empty()  ? "keys-malformed"
                                                        : "keys-signature")
          << by_old << by_new << last_;
    }
  }
}

TEST_F(KeyVerifier, TheThresholdOfRootsCounts) {
  Mirror mirror = *honest_;
  mirror.next_keys();
  mirror.set().roots = Json::array({keys_->root.jwk(), keys_->root2.jwk()});
  mirror.set().root_threshold = 2;
  Mirror alone = mirror;
  alone.publish_keys({keys_->root});
  EXPECT_EQ(told(alone.files()), "keys-signature");
  Mirror twice = mirror;
  twice.publish_keys({keys_->root, keys_->root});
  EXPECT_EQ(told(twice.files()), "keys-signature") << "one key twice is one key";
  mirror.publish_keys({keys_->root, keys_->root2});
  EXPECT_EQ(told(mirror.files()), "good") << last_;
}

/// A publication whose first key set says that its roots are `roots`, of which `threshold` sign, and is signed by `by`.
Mirror begun_by(const MirrorKeys& keys, const Json& roots, std::uint64_t threshold, const std::vector<PrivateKey>& by) {
  Mirror mirror(keys);
  mirror.next_keys();
  mirror.set().roots = roots;
  mirror.set().root_threshold = threshold;
  mirror.publish_keys(by);
  mirror.put_service("L24-0001", "架空");
  return mirror;
}

TEST_F(KeyVerifier, ThePinnedThresholdIsNotTheDocumentsToChoose) {
  const Json both = Json::array({keys_->root.jwk(), keys_->root2.jwk()});
  // A thief of the first root key alone: a key set that says that one signature is enough.
  Mirror thief(*keys_);
  thief.set().roots = Json::array({keys_->root.jwk()});
  thief.put_service("L24-0001", "架空");
  pin_jwks({{"keys", both}, {"threshold", 2}}, 1);
  EXPECT_EQ(told(thief.files()), "keys-signature");
  pin_jwks({{"keys", both}}, 1);
  EXPECT_EQ(told(thief.files()), "keys-signature") << "several keys and no threshold: all of them";
  pin_jwks({{"keys", both}, {"threshold", 1}}, 1);
  EXPECT_EQ(told(thief.files()), "good") << last_;
  pin_jwks({{"keys", Json::array({keys_->root.jwk()})}}, 1);
  EXPECT_EQ(told(thief.files()), "good") << "a single key is one of one " << last_;
}

TEST_F(KeyVerifier, ThePinnedThresholdCountsDistinctPinnedKeys) {
  const Json both = Json::array({keys_->root.jwk(), keys_->root2.jwk()});
  pin_jwks({{"keys", both}, {"threshold", 2}}, 2);
  EXPECT_EQ(told(begun_by(*keys_, both, 2, {keys_->root, keys_->root2}).files()), "good") << last_;
  EXPECT_EQ(told(begun_by(*keys_, both, 1, {keys_->root, keys_->root2}).files()), "good") << last_;
  EXPECT_EQ(told(begun_by(*keys_, both, 1, {keys_->root, keys_->root}).files()), "keys-signature") << "one key twice";
  EXPECT_EQ(told(begun_by(*keys_, both, 1, {keys_->root, keys_->jwt}).files()), "keys-signature") << "not pinned";
  pin_jwks({{"keys", both}, {"threshold", 1}}, 2);
  EXPECT_EQ(told(begun_by(*keys_, both, 2, {keys_->root, keys_->root2}).files()), "good") << last_;
  EXPECT_EQ(told(begun_by(*keys_, both, 2, {keys_->root}).files()), "keys-signature") << "its own is as good";
}

TEST_F(KeyVerifier, AThresholdThatIsNoneIsNotReadable) {
  const Json both = Json::array({keys_->root.jwk(), keys_->root2.jwk()});
  const Json twice = Json::array({keys_->root.jwk(), keys_->root.jwk()});
  for (const Json& set : {Json{{"keys", both}, {"threshold", 0}}, Json{{"keys", both}, {"threshold", 3}},
                          Json{{"keys", both}, {"threshold", "2"}}, Json{{"keys", both}, {"threshold", -1}},
                          Json{{"keys", both}, {"threshold", nullptr}}, Json{{"keys", twice}, {"threshold", 2}},
                          Json{{"keys", Json::array()}}, Json{{"keys", Json::array({Json::object()})}}}) {
    pin_jwks(set, 1);
    EXPECT_EQ(told(*files_), "trust-unreadable") << set;
  }
}

TEST_F(KeyVerifier, AKeySetHasOneForm) {
  const auto document = [&](const std::string& payload) {
    return general_jws(payload, kKeySetType, std::vector<PrivateKey>{keys_->root});
  };
  const std::string payload = to_payload(Mirror(*keys_).set());
  ASSERT_TRUE(open_key_set(document(payload)).ok());
  for (const std::string& other :
       {payload + "\n", " " + payload, payload + std::string("\0{}", 3), "\xEF\xBB\xBF" + payload,
        payload.substr(0, payload.size() - 1) + R"(,"zzz":0})", registry::parse_json(payload).value().dump(1)}) {
    EXPECT_FALSE(open_key_set(document(other)).ok()) << other;
  }
  EXPECT_FALSE(open_key_set(document(payload) + std::string("\0junk", 5)).ok());
  EXPECT_FALSE(open_key_set("\xEF\xBB\xBF" + document(payload)).ok());
}

// An export or mirror that was cut off leaves the next version beside the old list.
TEST_F(KeyVerifier, AVersionThatIsNotPublishedYetIsNoFault) {
  Mirror next = *honest_;
  next.next_keys();
  next.publish_keys({keys_->root});
  Files files = *files_;
  files["/v1/keys/2.json"] = next.key_documents().back();
  EXPECT_EQ(told(files), "good") << last_;
  ASSERT_EQ(verify(files).notes.size(), 1U);
  EXPECT_EQ(verify(files).notes.front().check, "keys");
  Files hidden = next.files();
  hidden["/v1/keys.json"] = hidden["/v1/keys/1.json"];
  EXPECT_EQ(told(hidden), "keys-version") << "the log has it";
  Mirror revoking = *honest_;
  revoking.next_keys();
  revoking.set().revoked.push_back(
      {keys_->jwt.kid(), Instant{Mirror::kNow * 1000}, "lost", registry::ListVersion{7}, registry::TreeSize{7}});
  revoking.publish_keys({keys_->root});
  files["/v1/keys/2.json"] = revoking.key_documents().back();
  EXPECT_EQ(told(files), "keys-version") << "nobody looks past a revocation";
}

TEST_F(KeyVerifier, KeySetsFollowOneAnotherInTheLog) {
  Mirror skipped = *honest_;
  skipped.next_keys();
  skipped.next_keys();
  skipped.publish_keys({keys_->root});
  EXPECT_EQ(told(skipped.files()), "keys-version");
  Mirror unlogged = *honest_;
  unlogged.next_keys();
  unlogged.publish_keys({keys_->root}, false);
  EXPECT_EQ(told(unlogged.files()), "leaf-key") << "a key set that the log does not know";
  Mirror logged = *honest_;
  logged.next_keys();
  logged.publish_keys({keys_->root});
  Files hidden = logged.files();
  hidden.erase("/v1/keys/2.json");
  hidden["/v1/keys.json"] = hidden["/v1/keys/1.json"];
  EXPECT_EQ(told(hidden), "leaf-key") << "a key set is hidden";
  Mirror renamed = *honest_;
  renamed.next_keys();
  renamed.set().iss = "https://lie.example.jp";
  renamed.publish_keys({keys_->root});
  EXPECT_EQ(told(renamed.files()), "keys-issuer");
}

TEST_F(KeyVerifier, AVerifierMayPinALaterVersion) {
  Mirror rotated = *honest_;
  rotated.next_keys();
  rotated.set().roots = Json::array({keys_->root2.jwk()});
  rotated.publish_keys({keys_->root, keys_->root2});
  pin(keys_->root2, 2);
  EXPECT_EQ(told(rotated.files()), "good") << last_;
  Files files = rotated.files();
  files["/v1/keys/1.json"] += "\n";
  EXPECT_EQ(told(files), "leaf-key") << "what stands before the pinned version is vouched for by the log";
  pin(keys_->root, 2);
  EXPECT_EQ(told(rotated.files()), "good") << "it signed that version too " << last_;
}

TEST_F(KeyVerifier, AStolenKeyIsNoKeyBeforeTheKeySetSaysSo) {
  Signing how;
  how.second_jwt = true;
  EXPECT_EQ(told_signed(how), "list-signature");
  how = {};
  how.second_log = true;
  EXPECT_EQ(told_signed(how), "checkpoint-signature");
  how = {};
  how.second_atom = true;
  EXPECT_EQ(told_signed(how), "feed-signature");
}

/// All three signing keys replaced; the old ones retired or revoked.
Mirror rotated(const Mirror& from, const MirrorKeys& keys, bool revoked, std::uint64_t last_good_size) {
  Mirror mirror = from;
  mirror.next_keys();
  KeySet& set = mirror.set();
  const Instant at{Mirror::kNow * 1000};
  for (const std::string& kid : {keys.jwt.kid(), keys.atom.kid(), verify::kid_of(set.log.front())}) {
    if (revoked) {
      set.revoked.push_back({kid, at, "lost", registry::ListVersion{7}, registry::TreeSize{last_good_size}});
    } else {
      set.retired.push_back({kid, Instant{(Mirror::kNow - 86'400) * 1000}, at});
    }
  }
  set.keys = Json::array({keys.jwt2.jwk()});
  set.atom = {{keys.atom2.kid(), keys.certificate2}};
  set.log = {parse_vkey(vkey(Mirror::kOrigin, keys.log2)).value()};
  mirror.publish_keys({keys.root});
  return mirror;
}

Signing with_new_keys(std::uint64_t ver) {
  Signing how;
  how.ver = ver;
  how.iat = Mirror::kNow + 100;
  how.second_jwt = how.second_log = how.second_atom = true;
  return how;
}

TEST_F(KeyVerifier, WhatARetiredKeySignedInItsTimeStaysGood) {
  Mirror mirror = rotated(*honest_, *keys_, false, 0);
  Files files = mirror.files(with_new_keys(8));
  EXPECT_EQ(told(files, Mirror::kNow + 160), "good") << "the archive is still signed with the old key " << last_;
  Signing old = with_new_keys(8);
  old.second_jwt = false;
  EXPECT_EQ(told(mirror.files(old), Mirror::kNow + 160), "list-key") << "after it retired";
  old = with_new_keys(8);
  old.second_log = false;
  EXPECT_EQ(told(mirror.files(old), Mirror::kNow + 160), "checkpoint-key");
  old = with_new_keys(8);
  old.second_atom = false;
  EXPECT_EQ(told(mirror.files(old), Mirror::kNow + 160), "feed-key");
}

TEST_F(KeyVerifier, WhatARevokedKeySignedIsGoodOnlyUpToTheLastGoodSize) {
  Mirror good = rotated(*honest_, *keys_, true, 295);
  EXPECT_EQ(told(good.files(with_new_keys(8)), Mirror::kNow + 160), "good") << last_;
  Mirror early = rotated(*honest_, *keys_, true, 200);
  EXPECT_EQ(told(early.files(with_new_keys(8)), Mirror::kNow + 160), "feed-key") << "the archive of 256 events";
}

TEST_F(KeyVerifier, ARevokedKeyCannotGoOnSigning) {
  Mirror mirror = rotated(*honest_, *keys_, true, 295);
  Signing stolen = with_new_keys(8);
  stolen.second_jwt = false;
  EXPECT_EQ(told(mirror.files(stolen), Mirror::kNow + 160), "list-key");
  stolen = with_new_keys(8);
  stolen.second_log = false;
  EXPECT_EQ(told(mirror.files(stolen), Mirror::kNow + 160), "checkpoint-key");
  stolen = with_new_keys(8);
  stolen.second_atom = false;
  EXPECT_EQ(told(mirror.files(stolen), Mirror::kNow + 160), "feed-key");
  stolen = with_new_keys(8);
  Files files = mirror.files(stolen);
  stolen.second_jwt = false;
  files["/v1/records/L24-0001.jwt"] = mirror.status("L24-0001", stolen, files.at("/log/checkpoint"));
  EXPECT_EQ(told(files, Mirror::kNow + 160), "status-key");
}

TEST_F(KeyVerifier, ARetiredKeyDoesNotSpeakForThePresentWhateverTimeItWrites) {
  Mirror mirror = rotated(*honest_, *keys_, false, 0);
  Signing backdated = with_new_keys(8);
  backdated.iat = Mirror::kNow - 10;  // while the old keys still signed; the end of life is the thief's to choose
  backdated.life = std::int64_t{10} * 365 * 86'400;
  const auto told_in_a_year = [&] { return told(mirror.files(backdated), Mirror::kNow + std::int64_t{365} * 86'400); };
  EXPECT_EQ(told_in_a_year(), "good") << "signed by the present keys " << last_;
  backdated.second_jwt = false;
  EXPECT_EQ(told_in_a_year(), "list-key");
  backdated.second_jwt = true;
  backdated.second_log = false;
  EXPECT_EQ(told_in_a_year(), "checkpoint-key");
  backdated.second_log = true;
  backdated.second_atom = false;
  EXPECT_EQ(told_in_a_year(), "feed-key");
  backdated.second_atom = true;
  Files files = mirror.files(backdated);
  backdated.second_jwt = false;
  files["/v1/records/L24-0001.jwt"] = mirror.status("L24-0001", backdated, files.at("/log/checkpoint"));
  EXPECT_EQ(told(files, Mirror::kNow + 60), "status-key");
}

TEST_F(KeyVerifier, ARevokedKeyDoesNotSpeakForThePresentByAnOldVersion) {
  Mirror mirror = rotated(*honest_, *keys_, true, 400);  // the leaf of the revocation is below the last good size
  Signing stolen = with_new_keys(7);
  stolen.second_jwt = false;
  EXPECT_EQ(told(mirror.files(stolen), Mirror::kNow + 160), "list-key");
  stolen.second_jwt = true;
  stolen.second_log = false;
  EXPECT_EQ(told(mirror.files(stolen), Mirror::kNow + 160), "checkpoint-key");
  stolen.second_log = true;
  stolen.second_atom = false;
  EXPECT_EQ(told(mirror.files(stolen), Mirror::kNow + 160), "feed-key");
}

TEST_F(KeyVerifier, AKeyThatLeftWithoutAWordIsNoKey) {
  Mirror mirror = rotated(*honest_, *keys_, false, 0);
  mirror.next_keys();
  mirror.set().retired.clear();
  mirror.publish_keys({keys_->root});
  EXPECT_EQ(told(mirror.files(with_new_keys(8)), Mirror::kNow + 160), "feed-key");
}

// Witnesses.
TEST_F(KeyVerifier, TheQuorumOfWitnessesCounts) {
  Mirror mirror = *honest_;
  mirror.next_keys();
  mirror.set().witnesses.push_back(parse_vkey(vkey("w.example", keys_->witness, SignatureType::cosignature)).value());
  mirror.set().witness_quorum = 1;
  mirror.publish_keys({keys_->root});
  Signing how;
  EXPECT_EQ(told(mirror.files(how)), "checkpoint-quorum");
  how.cosigners = {"other.example"};
  EXPECT_EQ(told(mirror.files(how)), "checkpoint-quorum");
  how.cosigners = {"w.example"};
  EXPECT_EQ(told(mirror.files(how)), "good") << last_;
  how.cosigned_at = Mirror::kNow + 60 + 301;
  EXPECT_EQ(told(mirror.files(how)), "checkpoint-future");
}

TEST_F(KeyVerifier, AnOldTimeDoesNotChooseAnOldQuorum) {
  Mirror mirror = *honest_;
  mirror.next_keys();
  mirror.set().iat = Instant{(Mirror::kNow - 1000) * 1000};
  mirror.set().witnesses.push_back(parse_vkey(vkey("w.example", keys_->witness, SignatureType::cosignature)).value());
  mirror.set().witness_quorum = 1;
  mirror.publish_keys({keys_->root});
  Signing how;
  how.iat = Mirror::kNow - 2000;  // before the version that asks for a witness
  EXPECT_EQ(told(mirror.files(how)), "checkpoint-quorum");
  how.cosigners = {"w.example"};
  EXPECT_EQ(told(mirror.files(how)), "good") << last_;
}

}  // namespace
}  // namespace ismap::feed
