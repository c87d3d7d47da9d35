#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "feed/verify/fault.h"
#include "feed/verify/site.h"
#include "registry/service.h"
#include "tests/feed/vector_values.h"
#include "tests/feed/vector_variants.h"

/// docs/vectors: made here when ISMAP_WRITE_VECTORS is set, with keys that nobody keeps. Otherwise the program must
/// make the same octets from the same events, and say of them what docs/vectors/vectors.json says.
namespace ismap::feed {
namespace {

using registry::Instant;
using registry::Json;
using vectors::Press;

std::filesystem::path folder() { return std::filesystem::path(ISMAP_TEST_DATA) / "../../docs/vectors"; }

std::string octets_of(const std::string& file) {
  std::ifstream in(folder() / file, std::ios::binary);
  EXPECT_TRUE(in.good()) << file;
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}
std::string published(const std::string& path) { return octets_of("publication" + path); }

/// One member a line, so that a change of one shows as such.
std::string lines(const Json& document) { return document.dump(1, ' ') + "\n"; }

void write_all(const vectors::StoryKeys& keys) {
  vectors::Story story(keys);
  story.first_part();
  Press& press = story.press();
  const Generation before = press.generation(1, vectors::kFirstIat, sign_checkpoint(press.head(), keys.old.log));
  const vectors::Files earlier = vectors::print(press, before, keys.old);
  story.second_part();
  const Generation generation = press.generation(2, vectors::kSecondIat, sign_checkpoint(press.head(), keys.fresh.log));
  vectors::Files honest = vectors::print(press, generation, keys.fresh, earlier);
  for (std::size_t n = 0; n < story.key_documents().size(); ++n) {
    honest[fmt::format("/v1/keys/{}.json", n + 1)] = story.key_documents()[n];
  }
  honest["/v1/keys.json"] = story.key_documents().back();

  for (const char* part : {"publication", "variants", "evidence", "trust"}) {
    std::filesystem::remove_all(folder() / part);
  }
  vectors::write_files(honest, folder() / "publication");
  vectors::Cases cases(folder(), honest);
  cases.write("trust/root.jwks",
              registry::canonical({{"keys", Json::array({keys.root.jwk()})}, {"threshold", 1}}) + "\n");
  cases.write("trust/keysver", "1\n");
  const vectors::Stage stage{keys, story, generation, before, honest, earlier};
  const Json all = vectors::all_cases(cases, stage);
  cases.write("vectors.json", lines({{"cases", all}, {"now", vectors::kNow}}));
  cases.write("values.json", lines(vectors::values_of(honest, before.checkpoint)));
}

// First of all: it writes them when it is asked to.
TEST(Vectors, HoldNoPrivateKey) {
  if (std::getenv("ISMAP_WRITE_VECTORS") != nullptr) write_all(vectors::StoryKeys());
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder())) {
    if (!entry.is_regular_file()) continue;
    const std::string octets = octets_of(std::filesystem::relative(entry.path(), folder()).generic_string());
    EXPECT_EQ(octets.find("PRIVATE KEY"), std::string::npos) << entry.path();
    EXPECT_EQ(octets.find("\"d\":"), std::string::npos) << entry.path();
    ++files;
  }
  EXPECT_GT(files, 300U);
}

/// The published events in a journal of their own.
class PublishedVectors : public testing::Test {
 protected:
  PublishedVectors() {
    list_ = registry::parse_json(published("/v1/list.json")).value();
    const auto note = list_.at("checkpoint").get<std::string>();
    const Checkpoint head = parse_checkpoint(parse_note(note)->text).value();
    std::vector<registry::Event> events;
    for (std::uint64_t n = 0; n < head.size.value(); ++n) {
      events.push_back(registry::parse_leaf(published(fmt::format("/v1/events/{}.json", n))).value());
    }
    press_.append(events);
    EXPECT_EQ(press_.head(), head);
    generation_ = press_.generation(list_.at("ver"), list_.at("iat"), note);
  }

  Press press_;
  Json list_;
  Generation generation_;
};

TEST_F(PublishedVectors, LeavesAreWrittenAgainOctetForOctet) {
  for (std::size_t n = 0; n < press_.leaves().size(); ++n) {
    EXPECT_EQ(press_.leaves()[n], published(fmt::format("/v1/events/{}.json", n)));
  }
}

TEST_F(PublishedVectors, TilesAndBundlesAreThese) {
  for (const auto& [path, octets] : press_.log()) EXPECT_EQ(octets, published(path)) << path;
}

TEST_F(PublishedVectors, ListPayloadAndCsvAreThese) {
  EXPECT_EQ(Press::list_of(generation_), published("/v1/list.json"));
  EXPECT_EQ(vectors::payload_of(published("/v1/list.jwt")), published("/v1/list.json"));
  EXPECT_EQ(list_csv(generation_.services), published("/v1/list.csv"));
}

TEST_F(PublishedVectors, EvidencePayloadsAreThese) {
  const PrivateKey any = PrivateKey::generate(KeyKind::es256);
  for (const auto& service : generation_.services) {
    const std::string path = "/v1/records/" + service->service.id.value() + ".jwt";
    EXPECT_EQ(vectors::payload_of(press_.status_of(generation_, *service, any)), vectors::payload_of(published(path)));
  }
  for (const char* file : {"evidence/past.jwt", "evidence/before.jwt"}) {
    const std::string payload = vectors::payload_of(octets_of(file));
    const Json claims = registry::parse_json(payload).value();
    const Moment moment{registry::Day::parse(claims.at("as_of").get<std::string>()).value(),
                        Instant::parse(claims.at("known_at").get<std::string>()).value()};
    EXPECT_EQ(vectors::payload_of(press_.past_of(generation_, "L24-0001", moment, any)), payload) << file;
  }
}

TEST_F(PublishedVectors, FeedsAreTheseButForTheirSignatures) {
  EXPECT_EQ(press_.events_feed(generation_), vectors::without_signature(published("/v1/events.atom")));
  EXPECT_EQ(press_.archive(0), vectors::without_signature(published("/v1/events/archive/0.atom")));
  for (const auto& service : generation_.services) {
    const std::string path = "/v1/services/" + service->service.id.value() + ".atom";
    EXPECT_EQ(press_.service_feed(service->service), vectors::without_signature(published(path)));
  }
}

TEST_F(PublishedVectors, KeySetPayloadsAreThese) {
  for (int n = 1; n <= 3; ++n) {
    const std::string octets = published(fmt::format("/v1/keys/{}.json", n));
    const std::string payload = unverified_payload(octets).value();
    EXPECT_EQ(to_payload(parse_key_set(payload).value()), payload);
    EXPECT_EQ(registry::canonical(registry::parse_json(octets).value()), octets);
  }
}

TEST_F(PublishedVectors, CheckpointIsThis) {
  EXPECT_EQ(published("/log/checkpoint"), generation_.checkpoint);
  const Checkpoint head = press_.head();
  const std::string signed_by_another = sign_checkpoint(head, PrivateKey::generate(KeyKind::ed25519));
  EXPECT_EQ(parse_note(signed_by_another)->text, parse_note(generation_.checkpoint)->text);
}

TEST_F(PublishedVectors, EveryRecordPassesTheChecksOfIntake) {
  for (const auto& service : generation_.services) {
    const Json leaf = registry::parse_json(service->leaf.value()).value();
    const auto parsed = registry::parse_service(leaf.at("record"));
    ASSERT_TRUE(parsed.ok()) << parsed.errors().front().en;
    EXPECT_EQ(registry::to_json(*parsed), leaf.at("record"));
  }
}

TEST_F(PublishedVectors, ValuesAreThese) {
  vectors::Files honest;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder() / "publication")) {
    if (!entry.is_regular_file()) continue;
    const std::string path = "/" + std::filesystem::relative(entry.path(), folder() / "publication").generic_string();
    honest[path] = published(path);
  }
  const Json values = registry::parse_json(octets_of("values.json")).value();
  const Json again = vectors::values_of(honest, values.at("earlier_checkpoint").get<std::string>());
  for (const auto& [name, value] : again.items()) EXPECT_EQ(value, values.at(name)) << name;
  EXPECT_EQ(again.size(), values.size());
}

// The shell test runs them all; here only that none is missing.
TEST(Vectors, EveryFaultHasACase) {
  const Json index = registry::parse_json(octets_of("vectors.json")).value();
  std::set<std::string> expected;
  std::set<std::string> names;
  for (const Json& one : index.at("cases")) {
    expected.insert(one.at("expect").get<std::string>());
    EXPECT_TRUE(names.insert(one.at("name").get<std::string>()).second) << one.at("name");
  }
  for (int fault = 0; fault <= static_cast<int>(verify::Fault::feed_cover); ++fault) {
    const std::string code(verify::code_of(static_cast<verify::Fault>(fault)));
    EXPECT_TRUE(expected.contains(code)) << code;
  }
}

}  // namespace
}  // namespace ismap::feed
