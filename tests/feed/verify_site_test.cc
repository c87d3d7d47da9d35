#include "feed/verify/site.h"

#include <gtest/gtest.h>

#include <set>

#include "feed/verify/seen.h"
#include "tests/feed/hostile_mirror.h"

namespace ismap::feed {
namespace {

using registry::EventKind;
using verify::code_of;
using verify::Ending;

class SiteVerifier : public HostileMirror {};

// The control: everything below differs from this.
TEST_F(SiteVerifier, NoneIsGood) {
  const Report report = verify(*files_);
  EXPECT_FALSE(report.finding) << code_of(report.finding->fault) << " " << report.finding->document << " "
                               << report.finding->detail;
  EXPECT_EQ(report.ver.value(), 7U);
  EXPECT_EQ(report.size.value(), 295U);
  std::string checks;
  for (const auto& passed : report.passed) checks += passed.check + " ";
  EXPECT_EQ(checks, "keys list checkpoint tiles consistency entries replay events records feeds ");
  EXPECT_EQ(told(*files_, Mirror::kNow + 60, true), "good");
  EXPECT_EQ(told(*files_, Mirror::kNow + 60, true), "good") << "again, with what was seen";
}

// Tampering.
TEST_F(SiteVerifier, TamperingOfEachDocumentIsNamed) {
  EXPECT_EQ(told_with("/v1/keys/1.json", flipped(2)), "keys-malformed");
  EXPECT_EQ(told_with("/v1/keys/1.json", flipped(files_->at("/v1/keys/1.json").size() - 20)), "keys-signature");
  EXPECT_EQ(told_with("/v1/keys.json", [](std::string& s) { s += "\n"; }), "keys-version");
  EXPECT_EQ(told_with("/v1/list.jwt", flipped(500)), "list-signature");
  EXPECT_EQ(told_with("/v1/list.json", flipped(500)), "list-json");
  EXPECT_EQ(told_with("/log/checkpoint", flipped(20)), "checkpoint-signature");
  EXPECT_EQ(told_with("/log/tile/0/000", flipped(100)), "tile-root");
  EXPECT_EQ(told_with("/log/tile/0/001.p/39", flipped(0)), "tile-root");
  EXPECT_EQ(told_with("/log/tile/1/000.p/1", flipped(0)), "tile-root");
  EXPECT_EQ(told_with("/log/tile/0/000", [](std::string& s) { s.pop_back(); }), "tile-malformed");
  EXPECT_EQ(told_with("/log/tile/entries/000", flipped(700)), "entries-root");
  EXPECT_EQ(told_with("/log/tile/entries/001.p/39", [](std::string& s) { s += '\0'; }), "entries-malformed");
  EXPECT_EQ(told_with("/v1/events/57.json", flipped(30)), "event-differs");
  EXPECT_EQ(told_with("/v1/records/L24-0001.jwt", flipped(300)), "status-signature");
  EXPECT_EQ(told_with("/v1/events.atom", replaced("架空", "仮空")), "feed-signature");
  EXPECT_EQ(told_with("/v1/events/archive/0.atom", replaced("架空", "仮空")), "feed-signature");
  EXPECT_EQ(told_with("/v1/services/L24-0002.atom", replaced("架空", "仮空")), "feed-signature");
}

TEST_F(SiteVerifier, EveryDocumentThatMustBeThereIsMissed) {
  for (const char* path :
       {"/v1/keys/1.json", "/v1/keys.json", "/v1/list.jwt", "/v1/list.json", "/log/checkpoint", "/log/tile/0/000",
        "/log/tile/1/000.p/1", "/log/tile/entries/001.p/39", "/v1/events.atom", "/v1/events/archive/0.atom"}) {
    EXPECT_EQ(told_without(path), "missing") << path;
  }
  EXPECT_EQ(told_without("/v1/events/3.json"), "good") << "only those present are compared";
  EXPECT_EQ(told_without("/v1/services/L24-0003.atom"), "good") << "a mirror need not hold every service's feed";
  Files files = *files_;
  files["/v1/events/295.json"] = "{}";
  EXPECT_EQ(told(files), "event-differs") << "an event that is not in the log";
  files.erase("/v1/events/295.json");
  files["/v1/events/999.json"] = files.at("/v1/events/1.json");
  EXPECT_EQ(told(files), "event-differs") << "likewise";
}

TEST_F(SiteVerifier, AFullTileStandsForAPartialOneThatIsGone) {
  Mirror longer = *honest_;
  fill(longer, 300);
  Files files = *files_;
  const Files later = longer.files();
  for (const char* path : {"/log/tile/0/001", "/log/tile/entries/001"}) files[path] = later.at(path);
  files.erase("/log/tile/0/001.p/39");
  files.erase("/log/tile/entries/001.p/39");
  EXPECT_EQ(told(files), "good") << last_;
}

// Forms that a signature does not excuse.
TEST_F(SiteVerifier, ASignedListInAnotherFormIsRefused) {
  Signing how;
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{R"(,"ttl":3600)", R"(, "ttl":3600)"},
                                                        {R"(,"ttl":3600)", R"(,"ttl":3600.0)"},
                                                        {R"(,"ttl":3600)", ""},
                                                        {R"(,"ttl":3600)", R"(,"ttl":3600,"ttl":3600)"},
                                                        {R"("ver":7)", R"("ver":7,"x":1)"},
                                                        {R"("ver":7)", R"("ver":07)"}}) {
    how.list = replaced(from, to);
    EXPECT_EQ(told_signed(how), "list-malformed") << to;
  }
}

TEST_F(SiteVerifier, AListOfAnotherIssuerOrPlaceIsRefused) {
  Signing how;
  how.list = replaced(R"("iss":"https://liu.)", R"("iss":"https://lie.)");
  EXPECT_EQ(told_signed(how), "list-issuer");
  how.list = replaced("/v1/list.jwt", "/v1/mist.jwt");
  EXPECT_EQ(told_signed(how), "list-issuer");
}

TEST_F(SiteVerifier, AListThatLeavesOutOrRepeatsARecordIsRefused) {
  const std::string last = honest_->leaves()[honest_->history("L24-0004").back()];
  const std::string first = honest_->leaves()[honest_->history("L24-0001").front()];
  const std::string newest = honest_->leaves()[honest_->history("L24-0001").back()];
  Signing how;
  how.list = replaced("," + last, "");
  EXPECT_EQ(told_signed(how), "records-differ") << "a removal that the log does not know";
  how.list = replaced("," + last, "," + last + "," + last);
  EXPECT_EQ(told_signed(how), "records-differ");
  how.list = replaced(newest, first);
  EXPECT_EQ(told_signed(how), "records-differ") << "an old state of a service";
}

// Freeze and clocks.
TEST_F(SiteVerifier, AFrozenPublicationBecomesUnknownNeverUnregistered) {
  const std::int64_t exp = Mirror::kNow + 48 * 3600;
  EXPECT_EQ(told(*files_, exp - 1), "good");
  EXPECT_EQ(told(*files_, exp), "list-expired");
  EXPECT_EQ(ending_of(verify(*files_, exp)), Ending::unknown);
  EXPECT_EQ(told(*files_, Mirror::kNow - 86'400 + kKeySetLifeSeconds), "keys-expired");
}

TEST_F(SiteVerifier, AClockMayBeFiveMinutesBehind) {
  EXPECT_EQ(told(*files_, Mirror::kNow - 300), "good");
  EXPECT_EQ(told(*files_, Mirror::kNow - 301), "list-future");
  EXPECT_EQ(told(*files_, Mirror::kNow - 86'400 - 301), "keys-future");
}

TEST_F(SiteVerifier, AFrozenFeedBesideAFreshListIsTold) {
  Signing how;
  how.ver = 8;
  how.iat = Mirror::kNow + 3600;
  Files files = honest_->files(how);
  files["/v1/events.atom"] = files_->at("/v1/events.atom");
  EXPECT_EQ(told(files, Mirror::kNow + 3700), "feed-generation");
  EXPECT_EQ(told(files, Mirror::kNow + 48 * 3600), "feed-expired");
}

// Rollback and a restored backup.
TEST_F(SiteVerifier, RollbackIsSeenByWhoSawMore) {
  Mirror longer = *honest_;
  longer.put_service("L24-0009", "架空 後");
  Signing how;
  how.ver = 8;
  EXPECT_EQ(told(longer.files(how), Mirror::kNow + 60, true), "good");
  EXPECT_EQ(told(*files_, Mirror::kNow + 60, true), "list-rollback");
  how.ver = 9;
  EXPECT_EQ(told(honest_->files(how), Mirror::kNow + 60, true), "checkpoint-rollback") << "a restored backup";
}

TEST_F(SiteVerifier, KeysDoNotGoBack) {
  Mirror rotated = *honest_;
  rotated.next_keys();
  rotated.publish_keys({keys_->root});
  Signing how;
  how.ver = 8;
  EXPECT_EQ(told(rotated.files(how), Mirror::kNow + 60, true), "good") << last_;
  how.ver = 9;
  EXPECT_EQ(told(honest_->files(how), Mirror::kNow + 60, true), "keys-rollback");
}

TEST_F(SiteVerifier, AFailureLeavesWhatWasSeen) {
  EXPECT_EQ(told(*files_, Mirror::kNow + 60, true), "good");
  const auto before = read_file(state() / "seen.json").value();
  Signing how;
  how.ver = 8;
  Files files = honest_->files(how);
  files.erase("/v1/events.atom");
  EXPECT_EQ(told(files, Mirror::kNow + 60, true), "missing");
  EXPECT_EQ(read_file(state() / "seen.json").value(), before);
  ASSERT_TRUE(replace_file(state() / "seen.json", before.substr(1)).ok());
  EXPECT_EQ(told(*files_, Mirror::kNow + 60, true), "state-unreadable");
}

// Rewriting and split views.
TEST_F(SiteVerifier, RewritingHistoryIsSeenByWhoSawIt) {
  EXPECT_EQ(told(*files_, Mirror::kNow + 60, true), "good");
  Mirror other(*keys_);
  other.put_service("L24-0007", "架空 別");
  fill(other);
  Signing how;
  how.ver = 8;
  const Files files = other.files(how);
  EXPECT_EQ(told(files), "good") << "to whom it is the first " << last_;
  EXPECT_EQ(told(files, Mirror::kNow + 60, true), "checkpoint-fork");
}

TEST_F(SiteVerifier, TwoListsOfOneVersionAreASplitView) {
  EXPECT_EQ(told(*files_, Mirror::kNow + 60, true), "good");
  Mirror longer = *honest_;
  longer.put_service("L24-0009", "架空 後");
  EXPECT_EQ(told(longer.files(), Mirror::kNow + 60, true), "list-fork");
}

TEST_F(SiteVerifier, TwoLogsInOnePublicationAreTold) {
  Mirror other(*keys_);
  other.put_service("L24-0007", "架空 別");
  fill(other, 289);
  Files files = *files_;
  files["/log/checkpoint"] = other.checkpoint();
  EXPECT_EQ(told(files), "checkpoint-differs") << "of the same size";
  Mirror shorter(*keys_);
  shorter.put_service("L24-0007", "架空 別");
  files["/log/checkpoint"] = shorter.checkpoint();
  EXPECT_EQ(told(files), "checkpoint-differs");
  fill(other, 5);
  files["/log/checkpoint"] = other.checkpoint();
  EXPECT_EQ(told(files), "checkpoint-differs") << "longer, but the tiles do not lead there";
}

TEST_F(SiteVerifier, ACheckpointReadALittleLaterIsNoFork) {
  Mirror longer = *honest_;
  longer.put_service("L24-0001", "架空 後", EventKind::changed);
  Files files = *files_;
  for (const auto& [path, octets] : longer.files()) {
    if (path.starts_with("/log/tile/")) files[path] = octets;
  }
  files["/log/checkpoint"] = longer.checkpoint();
  EXPECT_EQ(told(files), "good") << last_;
}

TEST_F(SiteVerifier, ACheckpointThatLiesAboutItsTreeIsRefused) {
  Signing how;
  how.checkpoint = [](Checkpoint& c) { c.root = registry::sha256("other"); };
  EXPECT_EQ(told_signed(how), "tile-root");
  how.checkpoint = [](Checkpoint& c) { c.size = registry::TreeSize{294}; };
  EXPECT_EQ(told_signed(how), "missing") << "no tile of that size";
  how.checkpoint = [](Checkpoint& c) { c.origin = "other.example/log"; };
  EXPECT_EQ(told_signed(how), "checkpoint-signature") << "not a key of that origin";
}

// Leaves that a log should never have taken.
TEST_F(SiteVerifier, LeavesOutOfOrderAreRefused) {
  const auto told_of = [&](const std::function<void(registry::Event&)>& edit) {
    Mirror mirror(*keys_);
    mirror.put_service("L24-0001", "架空");
    Json record = Mirror::example_record();
    record["id"] = "L24-0001";
    mirror.append(EventKind::changed, record, edit);
    return told(mirror.files());
  };
  EXPECT_EQ(told_of({}), "good") << last_;
  EXPECT_EQ(told_of([](registry::Event& e) { e.prev = std::nullopt; }), "leaf-prev");
  EXPECT_EQ(told_of([](registry::Event& e) { e.prev = registry::Seq{0}; }), "leaf-prev");
  EXPECT_EQ(told_of([](registry::Event& e) { e.seq = registry::Seq{3}; }), "leaf-seq");
  EXPECT_EQ(told_of([](registry::Event& e) { e.origin = "other.example/log"; }), "leaf-origin");
  EXPECT_EQ(told_of([](registry::Event& e) { e.recorded_at = e.recorded_at.plus_seconds(-2); }), "leaf-time");
  EXPECT_EQ(told_of([](registry::Event& e) { e.recorded_at = Instant{(Mirror::kNow + 400) * 1000}; }), "leaf-time");
  EXPECT_EQ(told_of([](registry::Event& e) { e.changes = Json::object(); }), "leaf-malformed")
      << "changes without a correction";
}

TEST_F(SiteVerifier, LeavesInAnotherFormAreRefused) {
  Mirror probe(*keys_);
  probe.put_service("L24-0001", "架空");
  const std::string good = probe.leaves().back();
  const auto told_of = [&](const Change& change) {
    Mirror mirror(*keys_);
    std::string leaf = good;
    change(leaf);
    EXPECT_NE(leaf, good);
    mirror.append_octets(leaf);
    mirror.put_service("L24-0001", "架空", EventKind::changed);  // so that the list does not show it
    return told(mirror.files());
  };
  EXPECT_EQ(told_of(replaced(R"(,"seq":1)", R"(, "seq":1)")), "leaf-malformed");
  EXPECT_EQ(told_of(replaced(R"(,"seq":1)", R"(,"seq":1,"zeq":1)")), "leaf-malformed");
  EXPECT_EQ(told_of(replaced(R"("event":"registered")", R"("event":"invented")")), "leaf-malformed");
  EXPECT_EQ(told_of(replaced(".000Z", "Z")), "leaf-malformed") << "not 24 characters";
  EXPECT_EQ(told_of(replaced("架空", "\\u67b6空")), "leaf-malformed") << "an escape that is not needed";
}

TEST_F(SiteVerifier, AnotherLogThanTheOneSeenIsTold) {
  const std::string other =
      sign_checkpoint({"other.example/log", registry::TreeSize{3}, registry::sha256("x")}, keys_->log);
  const verify::Seen seen{other, registry::KeySetVersion{1}, registry::sha256("y"), registry::ListVersion{1}};
  ASSERT_TRUE(verify::write_seen(state(), seen));
  EXPECT_EQ(told(*files_, Mirror::kNow + 60, true), "checkpoint-origin");
}

/// A site that publishes its next generation while it is being read.
class MovingSource : public FileSource {
 public:
  MovingSource(const Files& before, const Files& after, int at) : FileSource(before), after_(after), left_(at) {}
  [[nodiscard]] verify::Checked<std::string> get(const std::string& path) const override {
    return left_-- > 0 ? FileSource::get(path) : after_.get(path);
  }

 private:
  FileSource after_;
  mutable int left_;
};

TEST_F(SiteVerifier, AGenerationMayFollowWhileItReads) {
  Mirror longer = *honest_;
  longer.put_service("L24-0001", "架空 後", EventKind::changed);
  Signing how;
  how.ver = 8;
  const Files next = longer.files(how);
  verify::SiteOptions options;
  options.trust = trust();
  options.now = Instant{Mirror::kNow * 1000};
  for (int at = 0; at < 20; ++at) {
    const Report report = verify_site(MovingSource(*files_, next, at), options);
    ASSERT_FALSE(report.finding) << at << code_of(report.finding->fault) << report.finding->document;
  }
}

// What cannot be read at all.
TEST_F(SiteVerifier, WhatCannotBeReachedIsNotRefused) {
  verify::SiteOptions options;
  options.trust = trust();
  options.now = Instant{Mirror::kNow * 1000};
  const verify::FolderSource nowhere(folder_.path() / "nowhere");
  const Report report = verify_site(nowhere, options);
  ASSERT_TRUE(report.finding);
  EXPECT_EQ(code_of(report.finding->fault), "unreachable");
  EXPECT_EQ(ending_of(report), Ending::unreachable);
  options.trust = folder_.path() / "nowhere";
  const FileSource source(*files_);
  EXPECT_EQ(ending_of(verify_site(source, options)), Ending::usage);
  EXPECT_EQ(code_of(verify_site(source, options).finding->fault), "trust-unreadable");
}

TEST_F(SiteVerifier, ADocumentThatIsTooLargeIsNotRead) {
  const std::filesystem::path list = folder_.path() / "mirror/v1/list.jwt";
  write_files(*files_, folder_.path() / "mirror");
  const verify::FolderSource source(folder_.path() / "mirror");
  std::filesystem::resize_file(list, verify::kMaxDocument + 1);
  EXPECT_EQ(source.get("/v1/list.jwt")->size(), verify::kMaxDocument + 1) << "a list grows with the register";
  std::filesystem::resize_file(list, verify::kMaxGrowing + 1);
  EXPECT_EQ(code_of(source.get("/v1/list.jwt").finding().fault), "too-large");
  std::filesystem::resize_file(folder_.path() / "mirror/v1/events/3.json", verify::kMaxDocument + 1);
  EXPECT_EQ(code_of(source.get("/v1/events/3.json").finding().fault), "too-large");
  EXPECT_EQ(code_of(source.get("/v1").finding().fault), "missing") << "a folder is no document";
}

TEST(Faults, HaveACodeAndWordsOfTheirOwn) {
  std::set<std::string_view> codes;
  for (int n = 0; n <= static_cast<int>(verify::Fault::feed_cover); ++n) {
    const auto fault = static_cast<verify::Fault>(n);
    EXPECT_TRUE(codes.insert(code_of(fault)).second) << n << " " << code_of(fault);
    EXPECT_FALSE(ja_of(fault).empty());
    EXPECT_FALSE(en_of(fault).empty());
    const bool expired = code_of(fault).ends_with("-expired");
    EXPECT_EQ(ending_of(fault) == Ending::unknown, expired) << "what expired is unknown, and nothing else is";
    EXPECT_EQ(en_of(fault).find("not registered"), std::string_view::npos);
  }
}

}  // namespace
}  // namespace ismap::feed
