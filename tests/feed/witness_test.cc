#include "feed/witness.h"

#include <gtest/gtest.h>

#include "tests/feed/key_register_fixture.h"
#include "tests/support/witness.h"

namespace ismap::feed {
namespace {

/// A register whose publisher asks witnesses in this process.
class Witness : public KeyRegisterFixture {
 protected:
  Witness() {
    publisher_.reset();
    PublisherSettings settings;
    settings.cosign = [this](const CosignRequest& request) { return cosign(request); };
    publisher_ = publisher(settings);
    publish();
    first_ = publisher_->current()->checkpoint;
  }

  /// Names the witnesses in the key set.
  void name(std::uint64_t quorum) {
    KeySet next = next_key_set(ground(), now_);
    WitnessChange change;
    for (const auto& witness : witnesses_) change.add.push_back(witness->vkey());
    change.quorum = quorum;
    ASSERT_TRUE(change_witnesses(next, change).ok());
    must_install(next);
  }

  std::string cosign(const CosignRequest& request) {
    std::string lines;
    for (const auto& witness : witnesses_) {
      registry::TreeSize from = request.published;
      for (int attempt = 0; attempt < 2; ++attempt) {
        const auto proof = request.proof(from);
        const auto told =
            witness->add_checkpoint(add_checkpoint_body(from, proof.value(), request.checkpoint), witness_clock());
        const auto read = read_witness_answer(told.status, told.body, request, witness->key());
        lines += read.line;
        last_reason_ = read.reason;
        if (!read.other_size) break;
        from = *read.other_size;
      }
    }
    return lines;
  }

  registry::Instant witness_clock() const { return now_.plus_seconds(ahead_); }

  std::vector<VerifierKey> log_ = ground().present().log;
  std::vector<std::unique_ptr<TestWitness>> witnesses_;
  std::int64_t ahead_ = 0;
  std::string last_reason_;
  std::string first_;  ///< checkpoint of one leaf
};

TEST_F(Witness, TheCheckpointIsCosignedEverywhere) {
  witnesses_.push_back(std::make_unique<TestWitness>("w1.example", log_));
  witnesses_.push_back(std::make_unique<TestWitness>("w2.example", log_));
  name(2);
  for (int n = 0; n < 5; ++n) {
    put_service("L24-000" + std::to_string(n), "架空");
    wait(60);
    const Generation& generation = *publisher_->current();
    EXPECT_EQ(verify_cosignatures(generation.checkpoint, ground().present().witnesses, 2).value().size(), 2U);
    EXPECT_EQ(generation.find("/log/checkpoint")->body(), generation.checkpoint);
    const auto list = registry::parse_json(generation.find("/v1/list.json")->body()).value();
    EXPECT_EQ(list.at("checkpoint"), generation.checkpoint);
    EXPECT_NE(generation.find("/v1/events.atom")->body().find(base64(generation.checkpoint)), std::string::npos);
    EXPECT_EQ(witnesses_.front()->size_of(kOrigin), generation.size.value());
  }
  wait(3600);
  EXPECT_TRUE(verify_cosignatures(publisher_->current()->checkpoint, ground().present().witnesses, 2).ok())
      << "the same size again";
}

TEST_F(Witness, WithoutTheQuorumNothingIsPublished) {
  witnesses_.push_back(std::make_unique<TestWitness>("w1.example", log_));
  witnesses_.push_back(std::make_unique<TestWitness>("w2.example", log_));
  name(2);
  const auto before = publisher_->current();
  auto asleep = std::move(witnesses_.back());
  witnesses_.pop_back();
  put_service("L24-0001", "架空");
  now_ = now_.plus_seconds(60);
  EXPECT_FALSE(publisher_->publish(now_).ok());
  EXPECT_TRUE(publisher_->failing());
  EXPECT_EQ(publisher_->current(), before);
  witnesses_.push_back(std::move(asleep));
  publish();
  EXPECT_EQ(publisher_->current()->size.value(), before->size.value() + 1);
  EXPECT_FALSE(publisher_->failing());
}

TEST_F(Witness, AQuorumOfNoneWaitsForNobody) {
  witnesses_.push_back(std::make_unique<TestWitness>("w1.example", log_));
  name(0);
  witnesses_.clear();
  wait(60);
  EXPECT_TRUE(verify_checkpoint(publisher_->current()->checkpoint, log_).ok());
}

TEST_F(Witness, AWitnessThatWasAheadIsAskedAgainFromItsSize) {
  witnesses_.push_back(std::make_unique<TestWitness>("w1.example", log_));
  name(1);
  const Checkpoint early = parse_checkpoint(parse_note(first_)->text).value();
  witnesses_.front()->set_seen(kOrigin, {early.size, early.root});
  put_service("L24-0001", "架空");
  wait(60);
  EXPECT_EQ(witnesses_.front()->size_of(kOrigin), 3U);
}

TEST_F(Witness, AnotherLogOrALongerOneIsNotCosigned) {
  witnesses_.push_back(std::make_unique<TestWitness>("w1.example", log_));
  name(1);
  witnesses_.front()->set_seen(kOrigin, {registry::TreeSize{2}, registry::Digest{}});
  now_ = now_.plus_seconds(60);
  EXPECT_FALSE(publisher_->publish(now_).ok());
  EXPECT_NE(last_reason_.find("another log"), std::string::npos);
  witnesses_.front()->set_seen(kOrigin, {registry::TreeSize{99}, registry::Digest{}});
  EXPECT_FALSE(publisher_->publish(now_).ok());
  EXPECT_NE(last_reason_.find("longer log"), std::string::npos);
}

TEST_F(Witness, ACosignatureFromTheFutureIsNotTaken) {
  witnesses_.push_back(std::make_unique<TestWitness>("w1.example", log_));
  name(1);
  ahead_ = 301;
  now_ = now_.plus_seconds(60);
  EXPECT_FALSE(publisher_->publish(now_).ok());
  ahead_ = 299;
  EXPECT_TRUE(publisher_->publish(now_).ok());
}

TEST_F(Witness, StrangeAnswersGiveNoLine) {
  witnesses_.push_back(std::make_unique<TestWitness>("w1.example", log_));
  CosignRequest request;
  request.checkpoint = publisher_->current()->checkpoint;
  request.size = publisher_->current()->size;
  request.now = now_;
  const VerifierKey key = witnesses_.front()->key();
  const auto good =
      witnesses_.front()->add_checkpoint(add_checkpoint_body(registry::TreeSize{0}, {}, request.checkpoint), now_);
  ASSERT_EQ(good.status, 200);
  EXPECT_EQ(read_witness_answer(200, good.body, request, key).line, good.body);
  EXPECT_EQ(read_witness_answer(200, "\u2014 other AAAAAAAA\n" + good.body, request, key).line, good.body);
  std::string changed = good.body;
  changed[changed.size() / 2] = changed[changed.size() / 2] == 'A' ? 'B' : 'A';
  for (const std::string& body : {std::string(), changed, good.body.substr(0, good.body.size() - 1), std::string("\n"),
                                  std::string(20'000, 'x')}) {
    EXPECT_EQ(read_witness_answer(200, body, request, key).line, "") << body.substr(0, 80);
  }
  for (const int status : {0, 204, 301, 400, 403, 404, 422, 500}) {
    const auto read = read_witness_answer(status, good.body, request, key);
    EXPECT_TRUE(read.line.empty() && !read.other_size && !read.reason.empty()) << status;
  }
  EXPECT_EQ(read_witness_answer(409, "0\n", request, key).other_size, registry::TreeSize{0});
  for (const char* body : {"", "0", "01\n", "-1\n", "x\n", "2\n", "18446744073709551616\n"}) {
    EXPECT_FALSE(read_witness_answer(409, body, request, key).other_size) << body;
  }
}

}  // namespace
}  // namespace ismap::feed
