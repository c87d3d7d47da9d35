#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "registry/digest.h"
#include "server/office/attachment_store.h"
#include "tests/server/office_site.h"
#include "tests/support/small_files.h"

/// Attachments through the API: what is taken, who may do what, and what is on the disk after each step.
namespace ismap::server {
namespace {

using registry::Json;
using test::Answer;
using test::kMine;

const Json kMovedUrl{{"url", "https://new.example.jp/"}};
constexpr const char* kPdf = "application/pdf";

class AttachmentsApi : public test::OfficeSite {
 protected:
  AttachmentsApi() : filing(drafted(kMovedUrl)) {}

  [[nodiscard]] std::string path(const std::string& more = "") const {
    return "/v1/filings/" + filing + "/attachments" + more;
  }
  /// Sends a file as the registrant; `more` replaces or adds header fields.
  Answer attach(const std::string& name, const std::string& bytes, const std::string& type = kPdf,
                const test::Fields& more = {}) {
    test::Fields fields{{"Content-Type", type}, {"Content-Length", std::to_string(bytes.size())}};
    fields.insert(fields.end(), more.begin(), more.end());
    return ask("registrant", "POST", path("?name=" + percent_encoded(name)), bytes, fields);
  }
  Json items(const std::string& role = "registrant") { return ask(role, "GET", path()).json.at("items"); }
  Answer read(const std::string& number, const std::string& role = "registrant") {
    return ask(role, "GET", path("/" + number));
  }
  static std::string bytes_of(const Answer& answer) {
    return answer.response.source ? answer.response.source->read(0, answer.response.source->size()) : std::string();
  }
  /// Names of the files that are kept, and how many are on their way.
  [[nodiscard]] std::vector<std::string> kept() const { return files_in(attachments_folder(data)); }
  [[nodiscard]] std::size_t incoming() const { return files_in(attachments_folder(data) / "incoming").size(); }
  static std::vector<std::string> files_in(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.is_regular_file()) names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  static std::string digest_of(const std::string& bytes) { return registry::hex(registry::sha256(bytes)); }

  std::string filing;
};

using FileNames = std::vector<std::string>;

TEST_F(AttachmentsApi, AFileIsAttachedListedReadAndTakenOff) {
  const std::string pdf = test::small_pdf();
  const Answer made = attach("契約書.pdf", pdf);
  ASSERT_EQ(made.status(), 201) << made.json;
  EXPECT_EQ(made.json, (Json{{"number", 1},
                             {"name", "契約書.pdf"},
                             {"type", kPdf},
                             {"bytes", pdf.size()},
                             {"sha256", digest_of(pdf)},
                             {"added_at", now.iso()}}));
  EXPECT_EQ(made.response.headers.get("Location"), path("/1"));
  EXPECT_EQ(items(), Json::array({made.json}));
  EXPECT_EQ(kept(), FileNames{digest_of(pdf)});
  EXPECT_EQ(incoming(), 0U);
  EXPECT_EQ(bytes_of(read("1")), pdf);
  const Answer removed = ask("registrant", "DELETE", path("/1"));
  EXPECT_EQ(removed.status(), 200);
  EXPECT_EQ(removed.json, (Json{{"items", Json::array()}}));
  EXPECT_EQ(kept(), FileNames{}) << "the file goes with its last row";
  EXPECT_EQ(read("1").status(), 404);
  EXPECT_EQ(ask("registrant", "DELETE", path("/1")).status(), 404);
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(AttachmentsApi, TheReceiptCoversWhatIsAttached) {
  const std::string pdf = test::small_pdf();
  ASSERT_EQ(attach("契約書.pdf", pdf).status(), 201);
  const Answer received = post("registrant", "/v1/filings/" + filing + "/submission", nullptr, "k");
  ASSERT_EQ(received.status(), 202) << received.json;
  const Json& payload = received.json.at("payload");
  EXPECT_EQ(payload.at("attachments"), Json::array({{{"number", 1},
                                                     {"name", "契約書.pdf"},
                                                     {"type", kPdf},
                                                     {"bytes", pdf.size()},
                                                     {"sha256", digest_of(pdf)}}}));
  EXPECT_EQ(received.json.at("payload_sha256"), digest_of(registry::canonical(payload)));
  EXPECT_EQ(attach("他.pdf", pdf).status(), 409) << "what was received stays as it is";
  EXPECT_EQ(post("operator", "/v1/filings/" + filing + "/decision",
                 {{"decision", "accept"}, {"article", "14.2"}, {"reason", "確認した"}})
                .status(),
            200);
}

TEST_F(AttachmentsApi, AFileIsOfferedToBeSavedAndNeverShown) {
  ASSERT_EQ(attach("契約書 (1)%.pdf", test::small_pdf()).status(), 201);
  for (const char* role : {"registrant", "operator", "committee", "ministries"}) {
    const Answer file = read("1", role);
    ASSERT_EQ(file.status(), 200) << role;
    const Headers& headers = file.response.headers;
    EXPECT_EQ(headers.get("Content-Type"), kPdf);
    EXPECT_EQ(headers.get("Content-Disposition"),
              "attachment; filename=\"attachment-1.pdf\"; "
              "filename*=UTF-8''%E5%A5%91%E7%B4%84%E6%9B%B8%20%281%29%25.pdf");
    EXPECT_EQ(headers.get("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(headers.get("Cache-Control"), "private, no-store");
    EXPECT_TRUE(headers.get("Content-Security-Policy")->starts_with("sandbox"));
    EXPECT_FALSE(headers.has("Access-Control-Allow-Origin"));
  }
}

TEST_F(AttachmentsApi, EachKindIsTaken) {
  const std::pair<std::string, std::string> files[] = {{"a.pdf", test::small_pdf()},
                                                       {"a.docx", test::small_docx()},
                                                       {"a.xlsx", test::small_xlsx()},
                                                       {"a.pptx", test::small_pptx()},
                                                       {"a.odt", test::small_odf("text")},
                                                       {"a.ods", test::small_odf("spreadsheet")},
                                                       {"a.odp", test::small_odf("presentation")}};
  for (const auto& [name, bytes] : files) {
    EXPECT_EQ(attach(name, bytes, "application/octet-stream").status(), 201) << name;
  }
  EXPECT_EQ(items().size(), 7U);
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(AttachmentsApi, WhatIsNotWhatItIsSaidToBeLeavesNothing) {
  const std::string docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
  struct Wrong {
    std::string name;
    std::string bytes;
    std::string type;
    int status;
    std::vector<std::string> reasons;
  };
  const std::vector<Wrong> wrongs{
      {"a.docx", test::small_pdf(), docx, 415, {"", "/name"}},
      {"a.pdf", test::small_pdf(), docx, 415, {""}},
      {"a.docx", test::small_pdf(), "application/octet-stream", 415, {"/name"}},
      {"a.pdf", "<html><script>1</script>", kPdf, 415, {""}},
      {"a.pdf", test::small_pdf().substr(0, 60), kPdf, 415, {""}},
      {"a.docx", test::small_docx().substr(0, 200), docx, 415, {""}},
      {"a.pdf", "", kPdf, 422, {""}},
      {"a.pdf", test::small_pdf(), "text/html", 415, {""}},
      {"a.pdf", test::small_pdf(), "multipart/form-data; boundary=x", 415, {""}},
      {"a.pdf", test::small_pdf(), "", 415, {""}},
      {"a.exe", test::small_pdf(), kPdf, 415, {"/name"}},
      {"a.doc", "\xD0\xCF\x11\xE0", "application/msword", 415, {"/name", ""}},
      {"../../x.pdf", test::small_pdf(), kPdf, 422, {"/name"}},
      {"..\\x.pdf", test::small_pdf(), kPdf, 422, {"/name"}},
      {"", test::small_pdf(), kPdf, 422, {"/name"}},
      {std::string(252, 'a') + ".pdf", test::small_pdf(), kPdf, 422, {"/name"}},
  };
  for (const Wrong& wrong : wrongs) {
    const Answer refused = attach(wrong.name, wrong.bytes, wrong.type);
    EXPECT_EQ(refused.status(), wrong.status) << wrong.name << " " << wrong.type;
    EXPECT_EQ(test::reasons(refused.json), wrong.reasons) << wrong.name << " " << wrong.type;
  }
  EXPECT_EQ(ask("registrant", "POST", path(), test::small_pdf(), {{"Content-Type", kPdf}}).status(), 422) << "no name";
  EXPECT_EQ(ask("registrant", "POST", path("?name=a.pdf&x=1"), test::small_pdf(), {{"Content-Type", kPdf}}).status(),
            400);
  EXPECT_EQ(ask("registrant", "POST", path("?name=a.pdf"), "", {{"Content-Type", kPdf}}).status(), 411);
  EXPECT_EQ(items(), Json::array());
  EXPECT_EQ(kept(), FileNames{});
  EXPECT_EQ(incoming(), 0U);
}

TEST_F(AttachmentsApi, TheSameFileIsThereOnce) {
  const std::string pdf = test::small_pdf();
  const Answer first = attach("a.pdf", pdf);
  const Answer again = attach("a.pdf", pdf);
  EXPECT_EQ(again.status(), 200);
  EXPECT_EQ(again.json, first.json);
  EXPECT_EQ(again.response.headers.get("Location"), path("/1"));
  EXPECT_EQ(attach("b.pdf", pdf).status(), 201);
  EXPECT_EQ(kept(), FileNames{digest_of(pdf)}) << "two rows, one file";
  ASSERT_EQ(ask("registrant", "DELETE", path("/1")).status(), 200);
  EXPECT_EQ(kept(), FileNames{digest_of(pdf)});
  EXPECT_EQ(bytes_of(read("2")), pdf);
  ASSERT_EQ(ask("registrant", "DELETE", path("/2")).status(), 200);
  EXPECT_EQ(kept(), FileNames{});
}

TEST_F(AttachmentsApi, WhatTheRegisterRefusesLeavesNoFile) {
  for (std::size_t n = 0; n < registry::attachments::kMaxCount; ++n) {
    ASSERT_EQ(attach("a.pdf", test::small_pdf(std::to_string(n))).status(), 201);
  }
  EXPECT_EQ(attach("a.pdf", test::small_pdf("one more")).status(), 409);
  EXPECT_EQ(kept().size(), registry::attachments::kMaxCount);
  EXPECT_EQ(incoming(), 0U);
  EXPECT_EQ(attach("a.pdf", test::small_pdf("7")).status(), 200) << "what is there already is no more";
}

TEST_F(AttachmentsApi, ARepeatedKeyIsAnsweredAsTheFirstTime) {
  const test::Fields key{{"Idempotency-Key", "k"}};
  const std::string pdf = test::small_pdf();
  const Answer first = attach("a.pdf", pdf, kPdf, key);
  ASSERT_EQ(first.status(), 201);
  EXPECT_EQ(attach("b.pdf", pdf, kPdf, key).status(), 422) << "another name";
  EXPECT_EQ(attach("a.pdf", test::small_pdf("x"), kPdf, key).status(), 422) << "another file";
  EXPECT_EQ(attach("a.pdf", pdf, kPdf, {{"Idempotency-Key", ""}}).status(), 400);
  ASSERT_EQ(post("registrant", "/v1/filings/" + filing + "/submission", nullptr, "s").status(), 202);
  const Answer again = attach("a.pdf", pdf, kPdf, key);
  EXPECT_EQ(again.status(), 200) << "also after the submission";
  EXPECT_EQ(again.json, first.json);
  EXPECT_EQ(kept(), FileNames{digest_of(pdf)});
  EXPECT_EQ(incoming(), 0U);
}

TEST_F(AttachmentsApi, WhatWasSubmittedStays) {
  const std::string pdf = test::small_pdf();
  ASSERT_EQ(attach("a.pdf", pdf).status(), 201);
  ASSERT_EQ(post("registrant", "/v1/filings/" + filing + "/submission", nullptr, "s").status(), 202);
  EXPECT_EQ(attach("b.pdf", pdf).status(), 409);
  EXPECT_EQ(attach("b.pdf", test::small_pdf("x"), kPdf, {{"Idempotency-Key", "n"}}).status(), 409);
  EXPECT_EQ(ask("registrant", "DELETE", path("/1")).status(), 409);
  EXPECT_EQ(bytes_of(read("1", "operator")), pdf);
  EXPECT_EQ(kept(), FileNames{digest_of(pdf)});
}

TEST_F(AttachmentsApi, AWithdrawnDraftLeavesNoFile) {
  ASSERT_EQ(attach("a.pdf", test::small_pdf()).status(), 201);
  ASSERT_EQ(ask("registrant", "DELETE", "/v1/filings/" + filing).status(), 200);
  EXPECT_EQ(kept(), FileNames{});
  EXPECT_EQ(items(), Json::array());
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(AttachmentsApi, WhatIsDestroyedWithItsFilingIsGone) {
  const Json report{{"form", "13.2"}, {"service", kMine}, {"known_on", "2026-07-31"}, {"report", {{"ja", "報告"}}}};
  filing = post("registrant", "/v1/filings", report).json.at("id").get<std::string>();
  ASSERT_EQ(attach("a.pdf", test::small_pdf()).status(), 201);
  const Answer received = post("registrant", "/v1/filings/" + filing + "/submission", nullptr, "s");
  ASSERT_EQ(received.status(), 202) << received.json;
  const std::string texts = "/v1/cases/" + received.json.at("case").get<std::string>() + "/steps/1/destruction";
  ASSERT_EQ(post("operator", texts, {{"ground", "公文書管理法 8"}, {"reason", {{"ja", "期間満了"}}}}).status(), 200);
  EXPECT_EQ(items("operator"), Json::array());
  EXPECT_EQ(read("1", "operator").status(), 404);
  EXPECT_EQ(kept(), FileNames{});
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(AttachmentsApi, OnlyItsPartiesKnowOfIt) {
  ASSERT_EQ(attach("a.pdf", test::small_pdf()).status(), 201);
  const std::string other = new_token("registrant", "別会社", {kMine});
  for (const char* method : {"GET", "POST", "DELETE"}) {
    const std::string target = path(*method == 'D' ? "/1" : *method == 'P' ? "?name=b.pdf" : "");
    EXPECT_EQ(ask("registrant", method, target, "", {{"Authorization", "Bearer " + other}}).status(), 404) << method;
    EXPECT_EQ(ask("auditor", method, target).status(), 404) << method;
    EXPECT_EQ(ask("operator", method, target).status(), *method == 'G' ? 200 : 403) << method;
    EXPECT_EQ(ask("registrant", method, target, "", {{"Authorization", "Bearer x"}}).status(), 401) << method;
  }
  EXPECT_EQ(ask("registrant", "GET", path("/1"), "", {{"Authorization", "Bearer " + other}}).status(), 404);
  EXPECT_EQ(read("1", "auditor").status(), 404);
  for (const char* number : {"0", "2", "01x", "-1", "99999999999999999999999"}) {
    EXPECT_EQ(read(number).status(), 404) << number;
  }
}

TEST_F(AttachmentsApi, NothingOfItIsPublicOrExported) {
  const std::string mark = "4d7c1f0e-not-for-the-public";
  const std::string pdf = test::small_pdf(mark);
  ASSERT_EQ(attach(mark + ".pdf", pdf).status(), 201);
  const std::string digest = digest_of(pdf);
  for (const char* where : {"/attachments/", "/v1/attachments/", "/css/../attachments/", "/css/../../attachments/",
                            "/log/tile/../../attachments/", "/attachments/incoming/"}) {
    const std::string target = where + digest;
    EXPECT_EQ(get(target).status(), 404) << target;
    EXPECT_EQ(ask("operator", "GET", target).status(), 404) << target;
  }
  EXPECT_EQ(get(path("/1")).status(), 401);
  ASSERT_EQ(post("registrant", "/v1/filings/" + filing + "/submission", nullptr, "s").status(), 202);
  ASSERT_EQ(post("operator", "/v1/filings/" + filing + "/decision",
                 {{"decision", "accept"}, {"article", "14.2"}, {"reason", "確認した"}})
                .status(),
            200);
  ASSERT_TRUE(office->export_site(temp.path() / "site").ok());
  std::size_t looked_at = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(temp.path() / "site")) {
    if (!entry.is_regular_file()) continue;
    ++looked_at;
    const std::string text = test::read_file(entry.path());
    EXPECT_EQ(text.find(mark), std::string::npos) << entry.path();
    EXPECT_EQ(text.find(digest), std::string::npos) << entry.path();
    EXPECT_NE(entry.path().filename(), digest);
  }
  EXPECT_GT(looked_at, 10U);
}

TEST_F(AttachmentsApi, ADamagedFileIsNotHandedOut) {
  const std::string pdf = test::small_pdf();
  ASSERT_EQ(attach("a.pdf", pdf).status(), 201);
  const auto file = attachments_folder(data) / digest_of(pdf);
  std::ofstream(file, std::ios::binary) << "something else";
  EXPECT_EQ(read("1").status(), 500);
  EXPECT_EQ(findings().size(), 1U);
  std::filesystem::remove(file);
  EXPECT_EQ(read("1").status(), 500);
  EXPECT_EQ(findings().size(), 1U);
  EXPECT_EQ(attach("a.pdf", pdf).status(), 200) << "the same file again mends it";
  EXPECT_EQ(bytes_of(read("1")), pdf);
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(AttachmentsApi, FilesAreTheOwnersAlone) {
  using std::filesystem::perms;
  const std::string pdf = test::small_pdf();
  ASSERT_EQ(attach("a.pdf", pdf).status(), 201);
  const auto attached = attachments_folder(data);
  std::filesystem::permissions(attached, perms::owner_all | perms::group_all | perms::others_read);
  reopen();
  EXPECT_EQ(std::filesystem::status(attached).permissions(), perms::owner_all);
  EXPECT_EQ(std::filesystem::status(attached / "incoming").permissions(), perms::owner_all);
  EXPECT_EQ(std::filesystem::status(attached / digest_of(pdf)).permissions(), perms::owner_read | perms::owner_write);
}

TEST_F(AttachmentsApi, WhatADeathLeftIsRemovedWhenTheFolderIsOpenedAndServed) {
  const std::string pdf = test::small_pdf();
  ASSERT_EQ(attach("a.pdf", pdf).status(), 201);
  const auto attached = attachments_folder(data);
  std::ofstream(attached / "incoming" / "0123456789abcdef") << "half a file";
  std::ofstream(attached / std::string(64, 'a')) << "named, and the row was never written";
  reopen();
  EXPECT_EQ(incoming(), 0U);
  EXPECT_EQ(kept().size(), 2U) << "opening alone removes no named file";
  ASSERT_TRUE(office->attachments().remove_unnamed().ok());
  EXPECT_EQ(kept(), FileNames{digest_of(pdf)});
  EXPECT_EQ(bytes_of(read("1")), pdf);
}

TEST_F(AttachmentsApi, OneOrganisationDoesNotTakeAllPlaces) {
  auto& store = folder->attachments();
  std::vector<std::shared_ptr<IncomingFile>> files;
  for (std::size_t n = 0; n < kMostIncomingOfOne; ++n) files.push_back(store.receive("one").value());
  EXPECT_FALSE(store.receive("one").ok());
  for (std::size_t n = kMostIncomingOfOne; n < kMostIncoming; ++n) {
    files.push_back(store.receive("other " + std::to_string(n)).value());
  }
  EXPECT_FALSE(store.receive("another").ok());
  EXPECT_EQ(incoming(), kMostIncoming);
  files.clear();
  EXPECT_EQ(incoming(), 0U) << "what is broken off leaves nothing";
  EXPECT_TRUE(store.receive("one").ok());
}

}  // namespace
}  // namespace ismap::server
