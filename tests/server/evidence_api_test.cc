#include <gtest/gtest.h>

#include "feed/jwt.h"
#include "feed/keyset.h"
#include "feed/proof.h"
#include "tests/server/office_site.h"

/// What an officer downloads and files: evidence of now and of a past day, and the log's files.
namespace ismap::server {
namespace {

using registry::Json;
using test::Answer;
using test::kMine;

const std::string kPath = std::string("/v1/records/") + kMine + ".jwt";

class EvidenceApi : public test::OfficeSite {
 protected:
  EvidenceApi() { EXPECT_TRUE(folder->publisher().publish(now).ok()); }

  Json claims(const Answer& answer) {
    EXPECT_EQ(answer.status(), 200) << answer.json;
    const Json keys = feed::open_key_set(*get("/v1/keys.json").response.body).value().keys;
    return Json::parse(feed::verify_jwt(*answer.response.body, keys, feed::kStatusType).value().octets);
  }
};

TEST_F(EvidenceApi, OfNowHoldsTheLatestLeaf) {
  const Answer answer = get(kPath);
  EXPECT_EQ(answer.response.headers.get("Content-Type"), "application/jwt");
  EXPECT_TRUE(answer.response.headers.get("ETag").has_value());
  const Json evidence = claims(answer);
  EXPECT_EQ(registry::canonical(evidence.at("event")), *get("/v1/events/1.json").response.body);
  const auto proof = feed::parse_tlog_proof(evidence.at("proof").get<std::string>()).value();
  EXPECT_EQ(proof.checkpoint, *get("/log/checkpoint").response.body);
  EXPECT_EQ(*get(kPath).response.body, *answer.response.body);
}

TEST_F(EvidenceApi, OfAPastDaySaysWhatHeldThen) {
  const Json before = claims(get(kPath + "?as_of=2026-03-31"));
  EXPECT_TRUE(before.at("state").is_null()) << "registered on 2026-04-01";
  EXPECT_EQ(before.at("as_of"), "2026-03-31");
  const Json then = claims(get(kPath + "?as_of=2026-04-01"));
  EXPECT_EQ(then.at("state").at("id"), kMine);
  EXPECT_EQ(then.at("events").size(), then.at("proofs").size());
  ASSERT_EQ(post("operator", std::string("/v1/services/") + kMine + "/acts",
                 act("usage", "11.5(13)", {{"agencies_using", 7}}))
                .status(),
            201);
  const std::string yesterday = now.jst_day().plus(-1).iso();
  const Json still = claims(get(kPath + "?as_of=" + yesterday));
  EXPECT_EQ(still.at("events").size(), 2U) << "every leaf, so that the fold can be repeated";
  EXPECT_NE(still.at("state").at("agencies_using"), 7);
  const Json today = claims(get(kPath));
  EXPECT_EQ(today.at("event").at("record").at("agencies_using"), 7);
  const std::string known = folder->publisher().current()->known_until.iso();
  EXPECT_EQ(claims(get(kPath + "?known_at=" + known)).at("known_at"), known);
}

TEST_F(EvidenceApi, OfNowIsThatOfTheLastPublicationUnlessSomethingWasRecordedSince) {
  bool failing = false;
  reopen([&failing](feed::PublishStep step) -> registry::Result<registry::Done> {
    if (!failing || step != feed::PublishStep::before_guard) return registry::Done{};
    return registry::Error{registry::Code::unavailable, "", "", "試験", "test"};
  });
  ASSERT_TRUE(folder->publisher().publish(now).ok());
  const std::string published = folder->publisher().current()->known_until.iso();
  now = now.plus_seconds(10);
  const std::string asked = "?known_at=" + now.iso();
  const Json evidence = claims(get(kPath + asked));
  EXPECT_EQ(evidence.at("known_at"), published) << "nothing was recorded since";
  EXPECT_EQ(evidence.at("as_of"), now.jst_day().iso());
  EXPECT_EQ(get("/v1/services/" + std::string(kMine) + asked).status(), 200) << "as for the service";
  failing = true;
  const Json usage = act("usage", "11.5(13)", {{"agencies_using", 8}});
  ASSERT_EQ(post("operator", std::string("/v1/services/") + kMine + "/acts", usage).status(), 503);
  EXPECT_EQ(get(kPath + asked).status(), 503) << "recorded and not published";
  EXPECT_EQ(claims(get(kPath + "?known_at=" + published)).at("known_at"), published);
  failing = false;
  ASSERT_TRUE(folder->publisher().publish(now).ok());
  EXPECT_EQ(claims(get(kPath + asked)).at("state").at("agencies_using"), 8);
}

TEST_F(EvidenceApi, RefusesWhatIsNotThereOrNotYet) {
  EXPECT_EQ(get("/v1/records/L24-9999.jwt").status(), 404);
  EXPECT_EQ(get("/v1/records/keys.jwt").status(), 404);
  EXPECT_EQ(get("/v1/records/L24-9999.jwt?as_of=2026-04-01").status(), 404);
  EXPECT_EQ(get(kPath + "?as_of=2026-02-30").status(), 400);
  EXPECT_EQ(get(kPath + "?as_of=2999-01-01").status(), 400);
  EXPECT_EQ(get(kPath + "?when=now").status(), 400);
  EXPECT_EQ(get(kPath + "?known_at=" + now.plus_seconds(1).iso()).status(), 400) << "in the future";
  now = folder->publisher().current()->expires_at;
  EXPECT_EQ(get(kPath).status(), 503) << "nothing is attested with an expired list";
}

TEST_F(EvidenceApi, LogFilesAreThereForEverAndNothingElseIs) {
  const std::uint64_t leaves = size();
  const std::string partial = "/log/tile/0/000.p/" + std::to_string(leaves);
  const Answer tile = get(partial);
  EXPECT_EQ(tile.status(), 200);
  EXPECT_EQ(tile.response.body->size(), leaves * 32);
  EXPECT_EQ(tile.response.headers.get("Content-Type"), "application/octet-stream");
  EXPECT_NE(std::string(tile.response.headers.get("Cache-Control").value()).find("immutable"), std::string::npos);
  EXPECT_EQ(get("/log/tile/entries/000.p/" + std::to_string(leaves)).status(), 200);
  EXPECT_EQ(std::string(get("/log/checkpoint").response.headers.get("Cache-Control").value()), "no-store");
  for (const char* absent : {"/log/tile/0/000", "/log/tile/0/000.p/0", "/log/tile/1/000.p/1", "/log/tile/0/0",
                             "/log/tile/64/000", "/log/tile/0/000.p/200", "/log/tile/x/000", "/log/tile/0/x000/000",
                             "/log/tile/0/000.p/4/", "/log/tile/entries/../0/000.p/4", "/v1/events/archive/0.atom"}) {
    EXPECT_EQ(get(absent).status(), 404) << absent;
  }
  EXPECT_EQ(get(std::string("/v1/services/") + kMine + ".atom").status(), 200);
}

}  // namespace
}  // namespace ismap::server
