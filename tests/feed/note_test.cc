#include "feed/note.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>

#include "registry/merkle.h"

namespace ismap::feed {
namespace {

// The example of C2SP signed-note.md, from golang.org/x/mod/sumdb/note.
constexpr std::string_view kVkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view kNote =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

TEST(Note, ReadsTheExampleOfTheSpecification) {
  const auto key = parse_vkey(kVkey);
  const auto note = parse_note(kNote);
  ASSERT_TRUE(key.ok());
  ASSERT_TRUE(note.ok());
  ASSERT_EQ(note->signatures.size(), 1U);
  EXPECT_EQ(note->signatures[0].name, key->name);
  EXPECT_EQ(note->signatures[0].key_id, key->key_id);
  EXPECT_TRUE(verify_ed25519(key->public_key, note->text, note->signatures[0].bytes));
}

TEST(Note, AWrongVkeyIsRefused) {
  for (const std::string wrong :
       {"PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T", "PeterNeumann+c74f20a3", "", "++"}) {
    EXPECT_FALSE(parse_vkey(wrong).ok()) << wrong;
  }
}

class Checkpoints : public testing::Test {
 protected:
  [[nodiscard]] bool accepts(std::string_view note) const { return verify_checkpoint(note, keys_).ok(); }

  PrivateKey key_ = PrivateKey::generate(KeyKind::ed25519);
  Checkpoint checkpoint_{"liu.example.jp/log", registry::TreeSize{57}, registry::leaf_hash("x")};
  std::vector<VerifierKey> keys_{parse_vkey(vkey(checkpoint_.origin, key_)).value()};
  std::string note_ = sign_checkpoint(checkpoint_, key_);
};

TEST_F(Checkpoints, AreSignedNotesOfThreeLines) {
  EXPECT_TRUE(note_.starts_with("liu.example.jp/log\n57\n"));
  EXPECT_NE(note_.find("=\n\n\u2014 liu.example.jp/log "), std::string::npos);
  EXPECT_TRUE(note_.ends_with("=\n"));
  const auto back = verify_checkpoint(note_, keys_);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, checkpoint_);
}

TEST_F(Checkpoints, OneChangedByteAnywhereIsRefused) {
  for (std::size_t i = 0; i < note_.size(); ++i) {
    std::string tampered = note_;
    tampered[i] = static_cast<char>(tampered[i] ^ 0x01);
    EXPECT_FALSE(accepts(tampered)) << i;
    EXPECT_FALSE(accepts(note_.substr(0, i))) << i;
  }
}

TEST_F(Checkpoints, LinesOfUnknownKeysArePassedOverWrongOnesOfKnownKeysNot) {
  const PrivateKey witness = PrivateKey::generate(KeyKind::ed25519);
  Checkpoint other = checkpoint_;
  other.origin = "witness.example";
  const std::string line = sign_checkpoint(other, witness).substr(sign_checkpoint(other, witness).find("\n\n") + 2);
  EXPECT_TRUE(accepts(note_ + line));
  keys_.push_back(parse_vkey(vkey("witness.example", witness)).value());
  EXPECT_FALSE(accepts(note_ + line)) << "it signed another text";
}

TEST_F(Checkpoints, AnotherOriginsSignatureDoesNotCount) {
  keys_ = {parse_vkey(vkey("other.example/log", key_)).value()};
  EXPECT_FALSE(accepts(note_));
}

TEST_F(Checkpoints, TheTextIsReadStrictly) {
  const std::string root = base64(std::string(32, 'r'));
  EXPECT_TRUE(parse_checkpoint("o\n0\n" + root + "\n").ok());
  EXPECT_TRUE(parse_checkpoint("o\n10\n" + root + "\nextension\n").ok());
  const std::vector<std::string> wrong_ones{"o\n00\n" + root + "\n", "o\n-1\n" + root + "\n",  "o\n1 \n" + root + "\n",
                                            "o\n\n" + root + "\n",   "\n1\n" + root + "\n",    "o\n1\nAAAA\n",
                                            "o\n1\n" + root,         "o\n1\n" + root + "\n\n", "o\n1\n"};
  for (const std::string& wrong : wrong_ones) {
    EXPECT_FALSE(parse_checkpoint(wrong).ok()) << wrong;
  }
}

// A checkpoint of the public log arche2025h1.staging.ct.transparency.dev with the line of the public witness
// remora.n621.de, both as they were served.
constexpr std::string_view kPublicLog =
    "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f";
constexpr std::string_view kPublicWitness = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
constexpr std::string_view kCosigned =
    "arche2025h1.staging.ct.transparency.dev\n"
    "1432088532\n"
    "U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n"
    "\n"
    "— arche2025h1.staging.ct.transparency.dev "
    "ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n"
    "— witness1.smartit.nu/witness1 "
    "pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==\n"
    "— remora.n621.de "
    "2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==\n";

// The example of C2SP tlog-cosignature.md; it does not say the keys.
constexpr std::string_view kSpecified =
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

TEST(Cosignature, OfAPublicWitnessIsVerified) {
  const std::vector<VerifierKey> log{parse_vkey(kPublicLog).value()};
  const std::vector<VerifierKey> witnesses{parse_vkey(kPublicWitness).value()};
  EXPECT_EQ(witnesses.front().type, SignatureType::cosignature);
  EXPECT_EQ(to_string(witnesses.front()), kPublicWitness);
  EXPECT_EQ(verify_checkpoint(kCosigned, log)->size.value(), 1'432'088'532U);
  const auto seen = verify_cosignatures(kCosigned, witnesses, 1);
  ASSERT_TRUE(seen.ok());
  EXPECT_EQ(*seen, (std::vector<Cosignature>{{"remora.n621.de", registry::Instant{1'779'573'024'000}}}));
  EXPECT_FALSE(verify_cosignatures(kCosigned, witnesses, 2).ok());
}

TEST(Cosignature, OfTheSpecificationsExampleHasItsParts) {
  const auto note = parse_note(kSpecified);
  ASSERT_TRUE(note.ok());
  ASSERT_EQ(note->signatures.size(), 2U);
  EXPECT_EQ(note->signatures[1].name, "witness.example.com/w1");
  EXPECT_EQ(note->signatures[1].key_id, "\x8d\x66\xcf\x3f");
  EXPECT_EQ(note->signatures[1].bytes.substr(0, 8), std::string("\0\0\0\0\x64\x18\x50\xcb", 8)) << "1679315147";
}

class Cosignatures : public Checkpoints {
 protected:
  [[nodiscard]] std::string line(const PrivateKey& key, std::string_view name, std::int64_t at = kSeen) const {
    return sign_cosignature(parse_note(note_)->text, name, key, registry::Instant{at * 1000});
  }
  void know(const PrivateKey& key, std::string_view name) {
    witnesses_.push_back(parse_vkey(vkey(name, key, SignatureType::cosignature)).value());
  }
  /// How many witnesses signed, or nothing when the note is refused.
  [[nodiscard]] std::optional<std::size_t> count(std::string_view note, std::uint64_t quorum = 0) const {
    const auto seen = verify_cosignatures(note, witnesses_, quorum);
    return seen ? std::optional(seen->size()) : std::nullopt;
  }

  static constexpr std::int64_t kSeen = 1'780'000'000;
  PrivateKey one_ = PrivateKey::generate(KeyKind::ed25519);
  PrivateKey two_ = PrivateKey::generate(KeyKind::ed25519);
  std::vector<VerifierKey> witnesses_;
};

TEST_F(Cosignatures, AreCountedByKey) {
  know(one_, "w1.example");
  know(two_, "w2.example");
  EXPECT_EQ(count(note_), 0U);
  EXPECT_EQ(count(note_ + line(one_, "w1.example"), 1), 1U);
  EXPECT_EQ(count(note_ + line(one_, "w1.example"), 2), std::nullopt);
  EXPECT_EQ(count(note_ + line(one_, "w1.example") + line(two_, "w2.example"), 2), 2U);
  const std::string twice = note_ + line(one_, "w1.example", kSeen) + line(one_, "w1.example", kSeen - 60);
  EXPECT_EQ(count(twice), 1U);
  EXPECT_EQ(verify_cosignatures(twice, witnesses_, 1)->front().at, registry::Instant{kSeen * 1000});
  EXPECT_TRUE(accepts(twice)) << "the log's own line is untouched";
}

TEST_F(Cosignatures, OfOneKeyUnderTwoNamesCountOnce) {
  know(one_, "w1.example");
  know(one_, "w2.example");
  EXPECT_EQ(count(note_ + line(one_, "w1.example") + line(one_, "w2.example")), 1U);
}

TEST_F(Cosignatures, OfAnotherTextTimeOrTypeAreRefused) {
  know(one_, "w1.example");
  const std::string good = line(one_, "w1.example");
  Checkpoint other = checkpoint_;
  other.size = registry::TreeSize{58};
  EXPECT_EQ(count(sign_checkpoint(other, key_) + good), std::nullopt) << "another text";
  const std::size_t blob = good.rfind(' ') + 1;
  const std::string bytes = from_base64(good.substr(blob, good.size() - blob - 1)).value();
  for (std::size_t i = 4; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x01);
    EXPECT_EQ(count(note_ + good.substr(0, blob) + base64(changed) + "\n"), std::nullopt) << i;
  }
  EXPECT_EQ(count(note_ + good.substr(0, blob) + base64(bytes.substr(0, 68)) + "\n"), std::nullopt) << "too short";
  witnesses_ = {parse_vkey(vkey("w1.example", one_)).value()};
  EXPECT_EQ(count(note_ + good), 0U) << "a key of the log's type is no witness";
}

TEST_F(Cosignatures, ALogCannotBeItsOwnWitnessByItsOwnLine) {
  know(key_, checkpoint_.origin);
  EXPECT_EQ(count(note_), 0U);
  EXPECT_FALSE(verify_checkpoint(note_, witnesses_).ok()) << "nor a witness the log";
}

}  // namespace
}  // namespace ismap::feed
