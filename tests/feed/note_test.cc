#include "feed/note.h"

#include <gtest/gtest.h>

#include <array>

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

}  // namespace
}  // namespace ismap::feed
