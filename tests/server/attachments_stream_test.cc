#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "registry/digest.h"
#include "server/edge/http_server.h"
#include "server/office/attachment_store.h"
#include "tests/server/office_site.h"
#include "tests/server/raw_client.h"
#include "tests/support/small_files.h"

/// Attachments over real sockets: what is refused before its file is sent, and what is left on the disk.
namespace ismap::server {
namespace {

using registry::Json;
using std::chrono::milliseconds;
using test::RawClient;

constexpr std::size_t kLimit = std::size_t{20} << 20U;

class AttachmentStream : public test::OfficeSite {
 protected:
  AttachmentStream() : filing(drafted({{"url", "https://new.example.jp/"}})), secret(token("registrant")) {
    server.emplace(*context, HttpServerOptions{});
    port = server->start("127.0.0.1", 0).value();
  }
  ~AttachmentStream() override { server.reset(); }

  /// The head of a POST of a file; `more` are whole header lines.
  [[nodiscard]] std::string head(std::size_t length, const std::string& more = "",
                                 const std::string& bearer = "") const {
    return "POST /v1/filings/" + filing +
           "/attachments?name=a.pdf HTTP/1.1\r\nHost: a\r\nContent-Type: application/pdf\r\n" +
           "Authorization: Bearer " + (bearer.empty() ? secret : bearer) +
           "\r\nContent-Length: " + std::to_string(length) + "\r\n" + more + "\r\n";
  }
  [[nodiscard]] std::string get(const std::string& target) const {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + secret + "\r\n\r\n";
  }
  [[nodiscard]] std::size_t on_disk() const {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(attachments_folder(data))) {
      if (entry.is_regular_file()) ++files;
    }
    return files;
  }
  [[nodiscard]] bool nothing_soon() const {
    for (int i = 0; i < 500 && on_disk() != 0; ++i) std::this_thread::sleep_for(milliseconds{10});
    return on_disk() == 0;
  }
  /// A PDF of exactly `size` bytes.
  static std::string pdf_of(std::size_t size) {
    std::string pdf = test::small_pdf();
    pdf.insert(10, std::string(size - pdf.size(), 'x'));
    return pdf;
  }

  const std::string filing;
  const std::string secret;
  std::optional<HttpServer> server;
  std::uint16_t port = 0;
};

TEST_F(AttachmentStream, AFileOfTwentyMebibytesGoesToTheDiskAndComesBack) {
  const std::string pdf = pdf_of(kLimit);
  RawClient client(port);
  const Response made = client.ask(head(pdf.size()) + pdf);
  ASSERT_EQ(made.status, 201) << *made.body;
  const std::string digest = registry::hex(registry::sha256(pdf));
  EXPECT_EQ(Json::parse(*made.body).at("sha256"), digest);
  EXPECT_EQ(std::filesystem::file_size(attachments_folder(data) / digest), kLimit);
  EXPECT_EQ(on_disk(), 1U);
  const Response back = client.ask(get(std::string(made.headers.get("Location").value())));
  EXPECT_EQ(back.status, 200);
  EXPECT_TRUE(*back.body == pdf);
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(AttachmentStream, AByteMoreIsRefusedBeforeItIsSent) {
  RawClient client(port);
  const Response refused = client.ask(head(kLimit + 1, "Expect: 100-continue\r\n"));
  EXPECT_EQ(refused.status, 413);
  EXPECT_NE(refused.body->find("20 MiB"), std::string::npos);
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(on_disk(), 0U);
}

TEST_F(AttachmentStream, WhoMayNotSendIsToldBeforeHeSends) {
  const std::string expect = "Expect: 100-continue\r\n";
  const std::pair<std::string, int> speakers[] = {{"nobody's", 401},
                                                  {token("operator"), 403},
                                                  {token("auditor"), 404},
                                                  {new_token("registrant", "別会社", {test::kMine}), 404}};
  for (const auto& [bearer, status] : speakers) {
    RawClient client(port);
    const Response refused = client.ask(head(1 << 20, expect, bearer));
    EXPECT_EQ(refused.status, status);
    EXPECT_EQ(refused.headers.get("Content-Type"), "application/problem+json");
    EXPECT_EQ(refused.headers.has("WWW-Authenticate"), status == 401);
    EXPECT_TRUE(client.closed());
  }
  const Response english = RawClient(port).ask(head(4, expect + "Accept-Language: en\r\n", "nobody's"));
  EXPECT_EQ(english.headers.get("Content-Language"), "en");
  RawClient client(port);
  EXPECT_EQ(client.ask(head(4, expect)).status, 100);
  EXPECT_EQ(client.ask("%PDF").status, 415);
  EXPECT_TRUE(nothing_soon());
}

TEST_F(AttachmentStream, TheGuardsRulesForLengthsHold) {
  const std::string start = "POST /v1/filings/" + filing + "/attachments?name=a.pdf HTTP/1.1\r\nHost: a\r\n" +
                            "Content-Type: application/pdf\r\nAuthorization: Bearer " + secret + "\r\n";
  const std::pair<std::string, int> heads[] = {
      {"\r\n", 411},
      {"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501},
      {"Content-Length: 4\r\nContent-Length: 4\r\n\r\n%PDF", 400},
      {"Content-Length: -4\r\n\r\n", 400},
      {"Content-Length: 4\r\nContent-Encoding: gzip\r\n\r\n%PDF", 415},
      {"Content-Length: 0\r\n\r\n", 422},
  };
  for (const auto& [rest, status] : heads) EXPECT_EQ(RawClient(port).ask(start + rest).status, status) << rest;
  EXPECT_TRUE(nothing_soon());
}

TEST_F(AttachmentStream, WhatBreaksOffLeavesNothing) {
  const std::string pdf = pdf_of(1 << 20);
  {
    RawClient client(port);
    client.send(head(pdf.size()) + pdf.substr(0, pdf.size() / 2));
    for (int i = 0; i < 500 && on_disk() == 0; ++i) std::this_thread::sleep_for(milliseconds{10});
    EXPECT_EQ(on_disk(), 1U) << "it goes to the disk while it arrives";
  }
  EXPECT_TRUE(nothing_soon());
  EXPECT_EQ(Json::parse(*RawClient(port).ask(get("/v1/filings/" + filing + "/attachments")).body).at("items"),
            Json::array());
}

TEST_F(AttachmentStream, MoreThanTheLengthIsTheNextRequest) {
  const std::string pdf = test::small_pdf();
  RawClient client(port);
  client.send(head(pdf.size()) + pdf + "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read().status, 201);
  EXPECT_EQ(client.read().status, 200);
}

TEST_F(AttachmentStream, ManyAtATimeAreEachWhole) {
  std::vector<std::thread> clients;
  std::atomic<int> made = 0;
  for (int n = 0; n < 6; ++n) {
    clients.emplace_back([&, n] {
      const std::string pdf = test::small_pdf(std::string(200'000, static_cast<char>('a' + n)));
      RawClient client(port);
      made += client.ask(head(pdf.size()) + pdf).status == 201 ? 1 : 0;
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(made, 6);
  EXPECT_EQ(on_disk(), 6U);
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_F(AttachmentStream, TheSameFileAddedAndTakenOffAtATimeIsThereWhenItIsNamed) {
  const std::string pdf = test::small_pdf();
  const std::string base = "/v1/filings/" + filing + "/attachments/";
  std::vector<std::thread> clients;
  for (int n = 0; n < 4; ++n) {
    clients.emplace_back([&] {
      RawClient client(port);
      for (int i = 0; i < 10; ++i) {
        const Response made = client.ask(head(pdf.size()) + pdf);
        EXPECT_TRUE(made.status == 201 || made.status == 200) << *made.body;
        client.ask("DELETE " + std::string(made.headers.get("Location").value_or("/")) +
                   " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + secret + "\r\n\r\n");
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(findings(), std::vector<std::string>{}) << "no row without its file";
  EXPECT_EQ(on_disk(), 0U) << "and no file without a row";
}

}  // namespace
}  // namespace ismap::server
