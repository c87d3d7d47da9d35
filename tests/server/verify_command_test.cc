#include "server/command/verify_command.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <thread>

#include "server/command/url_source.h"
#include "tests/feed/mirror.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tool.h"

namespace ismap::server {
namespace {

using feed::Files;
using feed::Mirror;
using feed::MirrorKeys;
using feed::write_files;
using feed::verify::Fault;
using registry::Json;

/// The program against a mirror on disk.
class VerifyCommand : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    keys_ = new MirrorKeys();
    mirror_ = new Mirror(*keys_);
    for (int s = 1; s <= 3; ++s) mirror_->put_service(fmt::format("L24-000{}", s), "架空");
    files_ = new Files(mirror_->files());
  }
  static void TearDownTestSuite() {
    delete files_;
    delete mirror_;
    delete keys_;
  }
  VerifyCommand() {
    write_files(*files_, base());
    const std::string jwks = registry::canonical({{"keys", Json::array({keys_->root.jwk()})}}) + "\n";
    write_files({{"/root.jwks", jwks}, {"/keysver", "1\n"}}, trust());
  }

  [[nodiscard]] std::filesystem::path base() const { return folder_.path() / "mirror"; }
  [[nodiscard]] std::filesystem::path trust() const { return folder_.path() / "trust"; }

  /// Runs `ismap-liu verify` with --trust and --now; keeps what it printed.
  int verify(std::vector<std::string> arguments, std::int64_t now = Mirror::kNow + 60) {
    std::vector<std::string> argv{ISMAP_PROGRAM, "verify", "--trust", trust().string(), "--now", std::to_string(now)};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    const test::ToolRun run = test::run_tool(argv);
    out_ = run.out + run.err;
    return run.exit_code;
  }

  static inline MirrorKeys* keys_ = nullptr;
  static inline Mirror* mirror_ = nullptr;
  static inline Files* files_ = nullptr;
  test::TempFolder folder_;
  std::string out_;
};

TEST_F(VerifyCommand, PrintsALineACheckAndEndsByItsCode) {
  EXPECT_EQ(verify({base().string(), "--state", (folder_.path() / "state").string()}), 0) << out_;
  EXPECT_NE(out_.find("ok keys"), std::string::npos) << out_;
  EXPECT_NE(out_.find("good list version 7, log of 4 leaves"), std::string::npos) << out_;
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "state" / "seen.json"));

  EXPECT_EQ(verify({base().string()}, Mirror::kNow + 48 * 3600), 4);
  EXPECT_NE(out_.find("unknown list-expired /v1/list.jwt"), std::string::npos) << out_;
  EXPECT_EQ(out_.find("not registered"), std::string::npos) << out_;

  EXPECT_EQ(verify({(folder_.path() / "nowhere").string()}), 3) << out_;
  EXPECT_EQ(verify({"http://127.0.0.1:1"}), 3) << out_;
  EXPECT_EQ(verify({}), 2) << out_;
  EXPECT_EQ(verify({"ftp://127.0.0.1"}), 2) << out_;
  EXPECT_EQ(verify({base().string(), "--evidence", "x", "--keys", "y"}), 2) << "one or the other";
  EXPECT_EQ(verify({"--evidence", "x"}), 2) << "evidence wants its keys";

  std::filesystem::remove(base() / "v1/list.json");
  EXPECT_EQ(verify({base().string(), "--json"}), 1);
  const Json json = registry::parse_json(out_).value();
  EXPECT_EQ(json.at("code"), "missing");
  EXPECT_EQ(json.at("result"), "refused");
  EXPECT_EQ(json.at("document"), "/v1/list.json");
  EXPECT_EQ(json.at("checks").size(), 1U);
}

TEST_F(VerifyCommand, TakesFiledEvidence) {
  const std::filesystem::path kept = folder_.path() / "kept";
  write_files(
      {{"/1.json", files_->at("/v1/keys/1.json")}, {"/status.jwt", files_->at("/v1/records/L24-0002.jwt") + "\n"}},
      kept);
  const std::string status = (kept / "status.jwt").string();
  constexpr std::int64_t kYearsLater = Mirror::kNow + std::int64_t{5} * 365 * 86'400;
  EXPECT_EQ(verify({"--evidence", status, "--keys", kept.string()}, kYearsLater), 0) << out_;
  EXPECT_NE(out_.find("good status L24-0002: registered"), std::string::npos) << out_;
  EXPECT_EQ(verify({"--evidence", status, "--keys", kept.string(), "--json"}, kYearsLater), 0) << out_;
  EXPECT_EQ(registry::parse_json(out_).value().at("state").at("id"), "L24-0002");
  EXPECT_EQ(verify({"--evidence", status, "--keys", kept.string(), "--payload", status}), 2) << "no receipt";
  EXPECT_EQ(verify({"--evidence", (kept / "nowhere").string(), "--keys", kept.string()}), 2) << out_;
  EXPECT_NE(out_.find("usage evidence-unreadable"), std::string::npos) << out_;
}

TEST_F(VerifyCommand, TakesAFiledListAndSaysWhoIsNotInIt) {
  const std::filesystem::path kept = folder_.path() / "kept";
  write_files({{"/1.json", files_->at("/v1/keys/1.json")}, {"/list.jwt", files_->at("/v1/list.jwt")}}, kept);
  constexpr std::int64_t kYearsLater = Mirror::kNow + std::int64_t{5} * 365 * 86'400;
  const std::vector<std::string> filed{
      "--evidence", (kept / "list.jwt").string(), "--keys", kept.string(), "--service", "L24-0002", "--service",
      "L24-0009"};
  EXPECT_EQ(verify(filed, kYearsLater), 0) << out_;
  EXPECT_NE(out_.find("good list version 7: 3 records"), std::string::npos) << out_;
  EXPECT_NE(out_.find("L24-0002: registered at 2026-05-28T20:26:40.000Z"), std::string::npos) << out_;
  EXPECT_NE(out_.find("L24-0009: not listed at 2026-05-28T20:26:40.000Z"), std::string::npos) << out_;
  std::vector<std::string> as_json = filed;
  as_json.emplace_back("--json");
  EXPECT_EQ(verify(as_json, kYearsLater), 0) << out_;
  const Json json = registry::parse_json(out_).value();
  EXPECT_EQ(json.at("evidence"), "list");
  EXPECT_EQ(json.at("services").at("L24-0002").at("id"), "L24-0002");
  EXPECT_TRUE(json.at("services").at("L24-0009").is_null());
  write_files({{"/list.jwt", files_->at("/v1/list.jwt").substr(1)}}, kept);
  EXPECT_EQ(verify(filed, kYearsLater), 1) << out_;
}

TEST_F(VerifyCommand, HoldsAFiledReceiptAgainstWhatWasFiled) {
  const std::filesystem::path kept = folder_.path() / "kept";
  const Json filed{{"form", "2-11"}, {"changes", {{"url", "https://new.example.jp/"}}}};
  const Json claims{{"article", "14.2"},
                    {"filing", "F1"},
                    {"form", "2-11"},
                    {"iat", Mirror::kNow},
                    {"iss", Mirror::kIss},
                    {"payload_sha256", registry::hex(registry::sha256(registry::canonical(filed)))},
                    {"received_at", "2026-05-28T20:26:40.123Z"},
                    {"sub", std::string(Mirror::kIss) + "/v1/filings/F1"}};
  write_files({{"/1.json", files_->at("/v1/keys/1.json")},
               {"/receipt.jwt", feed::sign_jwt(keys_->jwt, feed::kReceiptType, registry::canonical(claims))},
               {"/filed.json", filed.dump(2)},
               {"/other.json", "{}"}},
              kept);
  const auto held_against = [&](const char* file) {
    return verify(
        {"--evidence", (kept / "receipt.jwt").string(), "--keys", kept.string(), "--payload", (kept / file).string()});
  };
  EXPECT_EQ(held_against("filed.json"), 0) << out_;
  EXPECT_NE(out_.find("good receipt of filing F1 (2-11)"), std::string::npos) << out_;
  EXPECT_EQ(held_against("other.json"), 1) << out_;
  EXPECT_NE(out_.find("refused receipt-payload"), std::string::npos) << out_;
  EXPECT_EQ(held_against("none.json"), 2) << out_;
}

TEST_F(VerifyCommand, WhatWasAskedForMustBeInAFolderToo) {
  EXPECT_EQ(verify({base().string(), "--service", "L24-0001"}), 0) << out_;
  EXPECT_EQ(verify({base().string(), "--service", "L24-0009"}), 1) << out_;
  EXPECT_NE(out_.find("refused service-unknown"), std::string::npos) << out_;
  std::filesystem::remove(base() / "v1/records/L24-0001.jwt");
  EXPECT_EQ(verify({base().string()}), 0) << out_;
  EXPECT_EQ(verify({base().string(), "--service", "L24-0001"}), 1) << out_;
  EXPECT_NE(out_.find("refused missing /v1/records/L24-0001.jwt"), std::string::npos) << out_;
}

TEST_F(VerifyCommand, SaysWhatNothingVouchesFor) {
  Mirror longer = *mirror_;
  longer.put_service("L24-0004", "架空");
  write_files({{"/v1/events/4.json", longer.leaves().back()}}, base());
  EXPECT_EQ(verify({base().string()}), 0) << out_;
  EXPECT_NE(out_.find("note events     1 documents beyond the log"), std::string::npos) << out_;
  EXPECT_EQ(verify({base().string(), "--json"}), 0) << out_;
  EXPECT_EQ(registry::parse_json(out_).value().at("notes").size(), 1U);
}

TEST_F(VerifyCommand, PrintsJsonOfAnyFileName) {
  const std::string name = (folder_.path() / "\xFF\xFE.jwt").string();
  EXPECT_EQ(verify({"--evidence", name, "--keys", folder_.path().string(), "--json"}), 2) << out_;
  const auto json = registry::parse_json(out_);
  ASSERT_TRUE(json.ok()) << out_;
  EXPECT_EQ(json->at("code"), "evidence-unreadable");
  EXPECT_EQ(verify({"--evidence", folder_.path().string(), "--keys", folder_.path().string(), "--json"}), 2) << out_;
}

TEST_F(VerifyCommand, TakesFiledEvidenceFromAPipe) {
  const std::filesystem::path kept = folder_.path() / "kept";
  write_files({{"/1.json", files_->at("/v1/keys/1.json")}, {"/status.jwt", files_->at("/v1/records/L24-0002.jwt")}},
              kept);
  const std::string line =
      fmt::format("cat '{}' | '{}' verify --trust '{}' --now {} --keys '{}' --evidence /dev/stdin",
                  (kept / "status.jwt").string(), ISMAP_PROGRAM, trust().string(), Mirror::kNow + 60, kept.string());
  const test::ToolRun run = test::run_tool({"sh", "-c", line});
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_NE(run.out.find("good status L24-0002"), std::string::npos) << run.out;
}

/// A site that ends with its test.
class MirrorSite {
 public:
  MirrorSite(const Files& files) {
    server_.Get(".*", [&files](const httplib::Request& request, httplib::Response& response) {
      const auto file = files.find(request.path);
      response.status = file == files.end() ? 404 : 200;
      if (file != files.end()) response.set_content(file->second, "application/octet-stream");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~MirrorSite() {
    server_.stop();
    thread_.join();
  }
  MirrorSite(const MirrorSite&) = delete;
  MirrorSite& operator=(const MirrorSite&) = delete;
  [[nodiscard]] std::string base() const { return fmt::format("http://127.0.0.1:{}", port_); }

 private:
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

TEST_F(VerifyCommand, ReadsASite) {
  Files files = *files_;
  const MirrorSite site(files);
  EXPECT_EQ(verify({site.base()}), 0) << out_;
  EXPECT_EQ(verify({site.base() + "/", "--service", "L24-0001"}), 0) << out_;
  EXPECT_NE(out_.find("1 statuses"), std::string::npos) << out_;
  EXPECT_EQ(verify({"--service", "L24-0001", "--service", "L24-0002", site.base()}), 0) << out_;
  EXPECT_NE(out_.find("2 statuses"), std::string::npos) << out_;
  EXPECT_EQ(verify({site.base() + "/elsewhere"}), 1) << out_;
  EXPECT_NE(out_.find("refused missing /v1/keys/1.json"), std::string::npos) << out_;
}

TEST_F(VerifyCommand, OnlyHttpAddressesAreSites) {
  EXPECT_EQ(UrlSource::open("127.0.0.1"), nullptr);
  EXPECT_EQ(UrlSource::open("file:///etc"), nullptr);
  const auto nobody = UrlSource::open("http://127.0.0.1:1");
  ASSERT_NE(nobody, nullptr);
  EXPECT_EQ(nobody->get("/v1/keys/1.json").finding().fault, Fault::unreachable);
}

}  // namespace
}  // namespace ismap::server
