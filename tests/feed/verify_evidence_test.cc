#include <gtest/gtest.h>

#include "feed/verify/site.h"
#include "tests/feed/hostile_mirror.h"

namespace ismap::feed {
namespace {

using registry::Day;
using registry::EventKind;
using verify::code_of;
using verify::Receipt;
using verify::Status;

/// Evidence that somebody filed, years ago perhaps.
class Evidence : public HostileMirror {
 protected:
  /// One service with its history: registered, then twice changed.
  Evidence() : mirror_(*keys_) {
    for (const char* name : {"一", "二", "三"}) {
      mirror_.put_service("L24-0001", name, *name == *"一" ? EventKind::registered : EventKind::changed);
      mirror_.put_service("L24-0002", name, EventKind::changed);
    }
  }

  /// The past form, signed. `edit` may spoil the payload, `pick` the events.
  [[nodiscard]] std::string past(const std::string& day, const std::string& known_at, const std::string& state,
                                 const std::function<void(std::vector<std::uint64_t>&)>& pick = {},
                                 const Change& edit = {}) const {
    const std::string note = mirror_.checkpoint();
    auto seqs = mirror_.history("L24-0001");
    if (pick) pick(seqs);
    std::string events;
    Json proofs = Json::array();
    for (const std::uint64_t seq : seqs) {
      events += (events.empty() ? "" : ",") + mirror_.leaves()[seq];
      proofs.push_back(mirror_.proof(seq, note));
    }
    std::string payload = fmt::format(
        R"({{"as_of":"{}","events":[{}],"iat":{},"iss":"{}","known_at":"{}","proofs":{},"rely_until":{},"state":{},)"
        R"("sub":"{}/v1/records/L24-0001.jwt?as_of={}&known_at={}","ver":7}})",
        day, events, Mirror::kNow, Mirror::kIss, known_at, registry::canonical(proofs), Mirror::kNow + 60, state,
        Mirror::kIss, day, known_at);
    if (edit) edit(payload);
    return sign_jwt(keys_->jwt, kStatusType, payload);
  }

  [[nodiscard]] std::string record_of(std::size_t nth) const {
    return registry::canonical(
        registry::parse_json(mirror_.leaves()[mirror_.history("L24-0001")[nth]]).value().at("record"));
  }

  [[nodiscard]] std::string receipt(const Change& edit = {}, std::string_view typ = kReceiptType) const {
    std::string payload = registry::canonical({{"article", "14.2"},
                                               {"filing", "F-1"},
                                               {"form", "2-1"},
                                               {"iat", Mirror::kNow},
                                               {"iss", Mirror::kIss},
                                               {"payload_sha256", registry::hex(registry::sha256("x"))},
                                               {"received_at", "2026-05-28T20:26:40.123Z"},
                                               {"sub", std::string(Mirror::kIss) + "/v1/filings/F-1"}});
    if (edit) edit(payload);
    return sign_jwt(keys_->jwt, typ, payload);
  }

  /// A receipt that was issued at that second.
  [[nodiscard]] std::string receipt_dated(std::int64_t iat) const {
    return receipt(replaced(fmt::format("\"iat\":{}", Mirror::kNow), fmt::format("\"iat\":{}", iat)));
  }

  [[nodiscard]] verify::Checked<verify::Evidence> open(const std::string& compact,
                                                       std::int64_t now = Mirror::kNow) const {
    Files files;
    for (std::size_t n = 0; n < mirror_.key_documents().size(); ++n) {
      files[fmt::format("/v1/keys/{}.json", n + 1)] = mirror_.key_documents()[n];
    }
    return verify_evidence(compact, FileSource(files), trust(), Instant{now * 1000}, "evidence.jwt");
  }
  [[nodiscard]] std::string told_of(const std::string& compact, std::int64_t now = Mirror::kNow) const {
    const auto opened = open(compact, now);
    return opened ? "good" : std::string(code_of(opened.finding().fault));
  }

  static constexpr Instant kRevokedAt{(Mirror::kNow + 10) * 1000};
  Mirror mirror_;
  const std::string known_ = "2026-05-29T00:00:00.000Z";
};

TEST_F(Evidence, OfTheCurrentStateHoldsForYears) {
  constexpr std::int64_t kTenYears = std::int64_t{10} * 365 * 86'400;
  const auto opened = open(mirror_.status("L24-0001"), Mirror::kNow + kTenYears);
  ASSERT_TRUE(opened) << code_of(opened.finding().fault);
  const auto& status = std::get<Status>(*opened);
  EXPECT_EQ(status.id, "L24-0001");
  EXPECT_EQ(registry::canonical(status.state), record_of(2));
  EXPECT_EQ(status.checkpoint.size.value(), 7U);
  EXPECT_EQ(told_of(mirror_.status("L24-0001"), Mirror::kNow - 301), "status-future");
}

TEST_F(Evidence, OfThePastIsFoldedAgain) {
  const std::string day = Instant{Mirror::kNow * 1000}.jst_day().iso();
  const auto opened = open(past(day, known_, record_of(2)));
  ASSERT_TRUE(opened) << code_of(opened.finding().fault) << opened.finding().detail;
  EXPECT_EQ(std::get<Status>(*opened).as_of, Day::parse(day));
  EXPECT_EQ(told_of(past(day, known_, record_of(1))), "status-fold") << "an earlier state";
  EXPECT_EQ(told_of(past(day, known_, "null")), "status-fold");
  EXPECT_EQ(told_of(past("2026-01-01", known_, "null")), "good") << "before it was registered";
  EXPECT_EQ(told_of(past("2026-01-01", known_, record_of(2))), "status-fold");
  EXPECT_EQ(told_of(past(day, "2026-01-01T00:00:00.000Z", "null")), "good") << "before it was known";
}

TEST_F(Evidence, OfThePastShowsEveryEventWithItsProof) {
  const std::string day = Instant{Mirror::kNow * 1000}.jst_day().iso();
  const auto picked = [&](const std::function<void(std::vector<std::uint64_t>&)>& pick) {
    return told_of(past(day, known_, record_of(2), pick));
  };
  EXPECT_EQ(picked([](auto& seqs) { seqs.erase(seqs.begin()); }), "status-malformed") << "the first is left out";
  EXPECT_EQ(picked([](auto& seqs) { seqs.erase(seqs.begin() + 1); }), "status-malformed") << "one between";
  EXPECT_EQ(picked([](auto& seqs) { seqs.pop_back(); }), "status-fold") << "the last";
  EXPECT_EQ(picked([](auto& seqs) { std::swap(seqs[0], seqs[1]); }), "status-malformed");
  EXPECT_EQ(picked([&](auto& seqs) { seqs[1] = mirror_.history("L24-0002")[1]; }), "status-malformed");
  const auto edited = [&](const Change& edit) { return told_of(past(day, known_, record_of(2), {}, edit)); };
  EXPECT_EQ(edited(replaced("index 1", "index 2")), "status-proof");
  EXPECT_EQ(edited(replaced("\"一\"", "\"壱\"")), "status-proof");
  EXPECT_EQ(edited(replaced("?as_of=", "?as_0f=")), "status-subject");
  EXPECT_EQ(edited(replaced(R"("known_at":"2026)", R"("known_at":"2025)")), "status-subject");
  EXPECT_EQ(edited(replaced(R"("as_of":)", R"("as_of": )")), "status-malformed");
}

TEST_F(Evidence, OfARevokedKeyIsGoodUpToItsLastGoodVersion) {
  const std::string status = mirror_.status("L24-0001");
  const auto revoke = [&](std::uint64_t ver, std::uint64_t size) {
    Mirror later = mirror_;
    later.next_keys();
    for (const std::string& kid : {keys_->jwt.kid(), verify::kid_of(later.set().log.front())}) {
      later.set().revoked.push_back({kid, kRevokedAt, "lost", registry::ListVersion{ver}, registry::TreeSize{size}});
    }
    later.set().keys = Json::array({keys_->jwt2.jwk()});
    later.set().log = {parse_vkey(vkey(Mirror::kOrigin, keys_->log2)).value()};
    later.publish_keys({keys_->root});
    std::swap(mirror_, later);
    const std::string told = told_of(status);
    const std::string told_receipt = told_of(receipt());
    std::swap(mirror_, later);
    return told + " " + told_receipt;
  };
  EXPECT_EQ(revoke(7, 7), "good good") << "a receipt has neither version nor size: its time alone counts";
  EXPECT_EQ(revoke(6, 7), "status-key good");
  EXPECT_EQ(revoke(7, 6), "checkpoint-key good");
}

TEST_F(Evidence, OfAThiefIsNotBackdatedByItsVersion) {
  Mirror later = mirror_;
  later.put_service("L24-0001", "四", EventKind::changed);
  Signing how;
  how.ver = 5;  // below the last good version
  const std::string status = later.status("L24-0001", how);
  later.next_keys();
  later.set().revoked.push_back(
      {keys_->jwt.kid(), kRevokedAt, "lost", registry::ListVersion{7}, registry::TreeSize{7}});
  later.set().keys = Json::array({keys_->jwt2.jwk()});
  later.publish_keys({keys_->root});
  const std::string good = mirror_.status("L24-0001", how);
  std::swap(mirror_, later);
  EXPECT_EQ(told_of(good), "good");
  EXPECT_EQ(told_of(status), "status-key") << "its checkpoint is after the last good size";
}

TEST_F(Evidence, OfARevokedKeyIsNotDatedAfterItsRevocation) {
  // Who has the key can take an old version, checkpoint and leaf, which are all public, and write today's date.
  const auto dated = [&](std::int64_t iat) {
    Signing how;
    how.iat = iat;
    return std::pair(mirror_.status("L24-0001", how), mirror_.files(how).at("/v1/list.jwt"));
  };
  const std::int64_t at = kRevokedAt.unix_seconds();
  const auto [before, list_before] = dated(at);
  const auto [after, list_after] = dated(at + 1);
  const auto [years_after, list_years_after] = dated(at + std::int64_t{3} * 365 * 86'400);
  mirror_.next_keys();
  mirror_.set().revoked.push_back(
      {keys_->jwt.kid(), kRevokedAt, "lost", registry::ListVersion{7}, registry::TreeSize{7}});
  mirror_.set().keys = Json::array({keys_->jwt2.jwk()});
  mirror_.publish_keys({keys_->root});
  constexpr std::int64_t kTenYears = Mirror::kNow + std::int64_t{10} * 365 * 86'400;
  EXPECT_EQ(told_of(before, kTenYears), "good");
  EXPECT_EQ(told_of(after, kTenYears), "status-key");
  EXPECT_EQ(told_of(years_after, kTenYears), "status-key");
  EXPECT_EQ(told_of(list_before, kTenYears), "good");
  EXPECT_EQ(told_of(list_after, kTenYears), "list-key");
  EXPECT_EQ(told_of(list_years_after, kTenYears), "list-key");
  EXPECT_EQ(told_of(receipt_dated(at), kTenYears), "good");
  EXPECT_EQ(told_of(receipt_dated(at + 1), kTenYears), "receipt-key");
  EXPECT_EQ(told_of(receipt_dated(at + std::int64_t{3} * 365 * 86'400), kTenYears), "receipt-key");
}

TEST_F(Evidence, OfARevokedLogKeyIsNotDatedAfterItsRevocation) {
  Signing how;
  how.iat = kRevokedAt.unix_seconds() + 1;
  const std::string after = mirror_.status("L24-0001", how);
  const std::string before = mirror_.status("L24-0001");
  const std::string log = verify::kid_of(mirror_.set().log.front());
  mirror_.next_keys();
  mirror_.set().revoked.push_back({log, kRevokedAt, "lost", registry::ListVersion{7}, registry::TreeSize{7}});
  mirror_.set().log = {parse_vkey(vkey(Mirror::kOrigin, keys_->log2)).value()};
  mirror_.publish_keys({keys_->root});
  EXPECT_EQ(told_of(before, Mirror::kNow + 86'400), "good");
  EXPECT_EQ(told_of(after, Mirror::kNow + 86'400), "checkpoint-key");
}

TEST_F(Evidence, MayBeAReceipt) {
  const auto opened = open(receipt());
  ASSERT_TRUE(opened) << code_of(opened.finding().fault);
  EXPECT_EQ(std::get<Receipt>(*opened).filing, "F-1");
  EXPECT_EQ(told_of(receipt(replaced("F-1", "F-2"))), "receipt-malformed") << "filing and sub differ";
  EXPECT_EQ(told_of(receipt(replaced("liu.example", "lie.example"))), "receipt-malformed");
  EXPECT_EQ(told_of(receipt(), Mirror::kNow - 301), "receipt-future");
  std::string changed = receipt();
  changed[changed.size() - 5] = changed[changed.size() - 5] == 'A' ? 'B' : 'A';
  EXPECT_EQ(told_of(changed), "receipt-signature");
  EXPECT_EQ(told_of(receipt({}, kListType)), "list-malformed");
  EXPECT_EQ(told_of(receipt({}, kStatusType)), "status-malformed");
  EXPECT_EQ(told_of(receipt({}, "liu-other+jwt")), "status-type");
  EXPECT_EQ(told_of("x"), "status-signature");
}

TEST_F(Evidence, OfAReceiptIsHeldAgainstWhatWasFiled) {
  const Json filed{{"b", 1}, {"a", "届出"}};
  const std::string compact = receipt(
      replaced(registry::hex(registry::sha256("x")), registry::hex(registry::sha256(registry::canonical(filed)))));
  const auto opened = open(compact);
  ASSERT_TRUE(opened) << code_of(opened.finding().fault);
  const auto told = [&](std::string_view payload) {
    const auto checked = check_payload(std::get<Receipt>(*opened), payload, "payload.json");
    return checked ? "good" : std::string(code_of(checked.finding().fault));
  };
  EXPECT_EQ(told(registry::canonical(filed)), "good");
  EXPECT_EQ(told(filed.dump(2) + "\n"), "good") << "in any spelling";
  EXPECT_EQ(told(R"({"a":"届出","b":2})"), "receipt-payload");
  EXPECT_EQ(told("no JSON"), "receipt-payload");
}

TEST_F(Evidence, IsNotOlderThanWhatItShows) {
  Signing how;
  const std::int64_t newest = Mirror::kNow - 80'000 + 5;  // recorded then: the newest leaf of L24-0001
  how.iat = newest - 300;
  EXPECT_EQ(told_of(mirror_.status("L24-0001", how)), "good") << "clocks may differ by so much";
  how.iat = newest - 301;
  EXPECT_EQ(told_of(mirror_.status("L24-0001", how)), "leaf-time");
}

TEST_F(Evidence, IsHeldAgainstTheQuorumOfItsTime) {
  mirror_.next_keys();
  mirror_.set().iat = Instant{Mirror::kNow * 1000};
  mirror_.set().witnesses.push_back(parse_vkey(vkey("w.example", keys_->witness, SignatureType::cosignature)).value());
  mirror_.set().witness_quorum = 1;
  mirror_.publish_keys({keys_->root});
  constexpr std::int64_t kTenYears = std::int64_t{10} * 365 * 86'400;
  const auto issued = [&](std::int64_t iat, const std::vector<std::string>& cosigners) {
    Signing how;
    how.iat = iat;
    how.cosigners = cosigners;
    return told_of(mirror_.status("L24-0001", how), Mirror::kNow + kTenYears);
  };
  EXPECT_EQ(issued(Mirror::kNow - 1, {}), "good") << "before there was such a version";
  EXPECT_EQ(issued(Mirror::kNow, {}), "good") << "it may have been a draft still";
  EXPECT_EQ(issued(Mirror::kNow + kDraftLifeSeconds - 1, {}), "good");
  EXPECT_EQ(issued(Mirror::kNow + kDraftLifeSeconds, {}), "checkpoint-quorum");
  EXPECT_EQ(issued(Mirror::kNow + kDraftLifeSeconds, {"w.example"}), "good");
}

/// A whole list that somebody filed, to show who was listed and who was not.
class FiledListEvidence : public Evidence {
 protected:
  static constexpr std::int64_t kTenYears = std::int64_t{10} * 365 * 86'400;

  [[nodiscard]] std::string list(const Signing& how = {}) { return mirror_.files(how).at("/v1/list.jwt"); }
  /// What is told of a list whose payload was changed before it was signed.
  std::string told_list(const Change& edit) {
    Signing how;
    how.list = edit;
    return told_of(list(how));
  }
};

TEST_F(FiledListEvidence, SaysForYearsWhoWasListedAndWhoWasNot) {
  const auto opened = open(list(), Mirror::kNow + kTenYears);
  ASSERT_TRUE(opened) << code_of(opened.finding().fault);
  const auto& filed = std::get<verify::FiledList>(*opened);
  EXPECT_EQ(filed.list.ver.value(), 7U);
  EXPECT_EQ(filed.checkpoint.size.value(), 7U);
  EXPECT_EQ(filed.leaves.size(), 2U);
  ASSERT_NE(filed.find("L24-0002"), nullptr);
  EXPECT_EQ(filed.find("L24-0002")->octets, mirror_.leaves()[6]);
  EXPECT_EQ(filed.find("L24-0003"), nullptr);
  EXPECT_EQ(filed.find(""), nullptr);
  EXPECT_EQ(told_of(list(), Mirror::kNow - 301), "list-future");
}

TEST_F(FiledListEvidence, IsRefusedWhenAnythingInItIsChanged) {
  std::string changed = list();
  changed[changed.size() - 5] = changed[changed.size() - 5] == 'A' ? 'B' : 'A';
  EXPECT_EQ(told_of(changed), "list-signature");
  EXPECT_EQ(told_list(replaced("\"ttl\":3600", "\"ttl\": 3600")), "list-malformed");
  EXPECT_EQ(told_list(replaced("/v1/list.jwt", "/v1/lost.jwt")), "list-issuer");
  EXPECT_EQ(told_list(replaced("\"id\":\"L24-0001\"", "\"id\":\"L24-0003\"")), "records-differ") << "out of order";
  EXPECT_EQ(told_list(replaced("\"seq\":6}", "\"seq\":7}")), "leaf-seq") << "beyond the log";
  EXPECT_EQ(told_list(replaced("\"origin\":\"liu.", "\"origin\":\"lie.")), "leaf-origin");
  EXPECT_EQ(told_list(replaced("\"rules\":\"2024-03-01\"", "\"rules\":\"2024-13-01\"")), "leaf-malformed");
  Signing early;
  early.iat = Mirror::kNow - 80'000 - 301;
  EXPECT_EQ(told_of(list(early)), "leaf-time");
  Signing other;
  other.second_log = true;
  EXPECT_EQ(told_of(list(other)), "checkpoint-signature");
  other = {};
  other.second_jwt = true;
  EXPECT_EQ(told_of(list(other)), "list-signature");
}

TEST_F(FiledListEvidence, OfARevokedKeyIsGoodUpToItsLastGoodVersionAndSize) {
  const std::string filed = list();
  Mirror later = mirror_;
  later.put_service("L24-0001", "四", EventKind::changed);
  const std::string backdated = later.files().at("/v1/list.jwt");  // of the old version, with a longer log
  Signing next;
  next.ver = 8;
  const std::string after = mirror_.files(next).at("/v1/list.jwt");
  mirror_.next_keys();
  mirror_.set().revoked.push_back(
      {keys_->jwt.kid(), kRevokedAt, "lost", registry::ListVersion{7}, registry::TreeSize{7}});
  mirror_.set().keys = Json::array({keys_->jwt2.jwk()});
  mirror_.publish_keys({keys_->root});
  EXPECT_EQ(told_of(filed, Mirror::kNow + kTenYears), "good");
  EXPECT_EQ(told_of(after), "list-key");
  EXPECT_EQ(told_of(backdated), "list-key");
}

}  // namespace
}  // namespace ismap::feed
