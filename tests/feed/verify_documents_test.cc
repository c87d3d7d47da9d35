#include "feed/verify/documents.h"

#include <gtest/gtest.h>

#include "feed/list_csv.h"
#include "tests/feed/hostile_mirror.h"

namespace ismap::feed {
namespace {

using registry::EventKind;
using verify::code_of;

/// What a publication has beside its list and log.
class DocumentsVerifier : public HostileMirror {};

// What an export or mirror that was cut off leaves behind, and what somebody plants.
TEST_F(DocumentsVerifier, EventsThatFollowTheLogAreNotVouchedFor) {
  Mirror longer = *honest_;
  longer.put_service("L24-0001", "架空 後", EventKind::changed);
  longer.put_service("L24-0009", "架空 後");
  Files files = *files_;
  files["/v1/events/295.json"] = longer.leaves()[295];
  files["/v1/events/296.json"] = longer.leaves()[296];
  const Report report = verify(files);
  EXPECT_FALSE(report.finding);
  ASSERT_EQ(report.notes.size(), 1U);
  EXPECT_EQ(report.notes.front().check, "events");
  EXPECT_EQ(report.notes.front().detail, "2 documents beyond the log: nothing vouches for them yet");
  EXPECT_TRUE(verify(*files_).notes.empty());
  files["/v1/events/296.json"] = longer.leaves()[295];
  EXPECT_EQ(told(files), "event-differs") << "not of its number";
  files["/v1/events/296.json"] = longer.leaves()[296] + "\n";
  EXPECT_EQ(told(files), "event-differs") << "no leaf in form";
  files["/v1/events/296.json"] = longer.leaves()[296];
  files.erase("/v1/events/295.json");
  EXPECT_EQ(told(files), "event-differs") << "a gap";
  files["/v1/events/295.json"] = longer.leaves()[295];
  replaced("liu.example.jp/log", "lie.example.jp/log")(files["/v1/events/295.json"]);
  EXPECT_EQ(told(files), "event-differs") << "of another log";
}

TEST_F(DocumentsVerifier, WhatWasAskedForMustBeThere) {
  Files files = *files_;
  const auto asked = [&](const std::string& id, const Files& of) {
    verify::SiteOptions options;
    options.trust = trust();
    options.now = Instant{Mirror::kNow * 1000};
    options.services = {id};
    const Report report = verify_site(FileSource(of), options);
    return report.finding ? std::string(code_of(report.finding->fault)) + " " + report.finding->document : "good";
  };
  EXPECT_EQ(asked("L24-0001", files), "good");
  EXPECT_EQ(asked("L24-0009", files), "service-unknown /v1/list.jwt");
  EXPECT_EQ(asked("keys", files), "service-unknown /v1/list.jwt");
  EXPECT_EQ(asked("", files), "service-unknown /v1/list.jwt");
  files.erase("/v1/services/L24-0001.atom");
  EXPECT_EQ(asked("L24-0001", files), "missing /v1/services/L24-0001.atom");
  files.erase("/v1/records/L24-0001.jwt");
  EXPECT_EQ(asked("L24-0001", files), "missing /v1/records/L24-0001.jwt");
  EXPECT_EQ(asked("L24-0002", files), "good") << "of the others nothing need be there";
}

TEST_F(DocumentsVerifier, TheCsvIsThatOfTheList) {
  std::vector<std::string_view> leaves;
  for (int s = 1; s <= 4; ++s)
    leaves.push_back(honest_->leaves()[honest_->history(fmt::format("L24-000{}", s)).back()]);
  Files files = *files_;
  files["/v1/list.csv"] = csv_of_leaves(leaves).value();
  EXPECT_EQ(told(files), "good") << last_;
  Files tampered = files;
  replaced("L24-0002", "L24-0009")(tampered["/v1/list.csv"]);
  EXPECT_EQ(told(tampered), "list-csv");
  leaves.pop_back();
  files["/v1/list.csv"] = csv_of_leaves(leaves).value();
  EXPECT_EQ(told(files), "list-csv") << "a service left out";
  files["/v1/list.csv"] = "";
  EXPECT_EQ(told(files), "list-csv");
}

TEST_F(DocumentsVerifier, AFeedOfNoServiceIsRefused) {
  Files files = *files_;
  files["/v1/services/L24-0009.atom"] = files.at("/v1/services/L24-0001.atom");
  EXPECT_EQ(told(files), "feed-cover");
  files.erase("/v1/services/L24-0009.atom");
  files["/v1/services/keys.atom"] = "x";
  EXPECT_EQ(told(files), "feed-cover");
}

TEST_F(DocumentsVerifier, AStatusIsOfTheListsTimes) {
  const auto told_of = [&](std::int64_t iat, std::int64_t life) {
    Signing how;
    how.iat = iat;
    how.life = life;
    Files files = *files_;
    files["/v1/records/L24-0001.jwt"] = honest_->status("L24-0001", how, files.at("/log/checkpoint"));
    return told(files);
  };
  constexpr std::int64_t kLife = std::int64_t{48} * 3600;
  EXPECT_EQ(told_of(Mirror::kNow, kLife), "good") << last_;
  EXPECT_EQ(told_of(Mirror::kNow, kLife * 365), "status-generation") << "to be relied on for two years";
  EXPECT_EQ(told_of(Mirror::kNow + 60, kLife - 60), "status-generation");
}

TEST_F(DocumentsVerifier, ANameThatLeadsNowhereIsMissed) {
  namespace fs = std::filesystem;
  for (const char* path : {"v1/events/57.json", "v1/records/L24-0001.jwt", "v1/services/L24-0001.atom"}) {
    const fs::path base = folder_.path() / "mirror";
    fs::remove_all(base);
    write_files(*files_, base);
    std::ofstream(base / "v1/events/58.json.part") << "half";  // of an earlier version's export
    verify::SiteOptions options;
    options.trust = trust();
    options.now = Instant{Mirror::kNow * 1000};
    const verify::FolderSource source(base);
    EXPECT_FALSE(verify_site(source, options).finding) << path;
    fs::remove(base / path);
    fs::create_symlink(base / "nowhere", base / path);
    const Report report = verify_site(source, options);
    ASSERT_TRUE(report.finding) << path;
    EXPECT_EQ(code_of(report.finding->fault), "missing") << path;
  }
}

}  // namespace
}  // namespace ismap::feed
