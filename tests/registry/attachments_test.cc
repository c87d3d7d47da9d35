#include "registry/attachments/attachments.h"

#include <gtest/gtest.h>

#include <fstream>

#include "registry/digest.h"
#include "registry/filings/desk.h"
#include "registry/fsck.h"
#include "registry/tables.h"
#include "tests/support/book.h"

namespace ismap::registry {
namespace {

using attachments::Added;
using attachments::NewFile;
using test::Book;
using test::kId;

constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20U;

/// A register with two drafts, and files in a folder for fsck.
class Attachments : public ::testing::Test {
 protected:
  Attachments() : desk(book.env(), book.registrar()), files(book.folder() / "attached") {
    for (const char* id : {kId, "L26-0002"}) book.enter(id);
    registrant.role = Role::registrant;
    registrant.organisation = "株式会社架空";
    filing = drafted(kId);
    std::filesystem::create_directory(files);
  }

  FilingId drafted(const std::string& service) {
    const Json request{{"form", "2-11"},
                       {"service", service},
                       {"changes", {{"url", "https://new.example.jp/"}}},
                       {"reason", {{"ja", "移転"}}}};
    return desk.draft(request, registrant, Book::noon("2026-05-01")).value().filing.id;
  }
  /// A file with this content, on the disk too.
  NewFile file(const std::string& name, const std::string& content) const {
    const Digest digest = sha256(content);
    std::ofstream(files / hex(digest), std::ios::binary) << content;
    return {name, "application/pdf", content.size(), digest};
  }
  NewFile sized(const std::string& name, std::uint64_t bytes) const {
    NewFile out = file(name, name);
    out.bytes = bytes;
    return out;
  }
  Result<Added> add(const NewFile& wanted, const std::optional<RequestKey>& key = std::nullopt) {
    return book.env().write([&](lmdb::WriteTxn& txn) {
      return attachments::add(txn, filing, wanted, registrant, Book::noon("2026-05-02"), key);
    });
  }
  Result<Attachment> remove(std::uint64_t number) {
    return book.env().write([&](lmdb::WriteTxn& txn) {
      return attachments::remove(txn, filing, number, registrant, Book::noon("2026-05-03"));
    });
  }
  std::vector<std::string> names() {
    const auto attached = book.env().read([&](const lmdb::ReadTxn& txn) { return attachments::of(txn, filing); });
    std::vector<std::string> out;
    for (const Attachment& one : attached.value()) out.push_back(std::to_string(one.number) + " " + one.name);
    return out;
  }
  std::vector<std::string> findings() { return fsck(book.env(), files).value().findings; }
  void submit() {
    const RequestKey key{"株式会社架空", "POST /v1/filings/{id}/submission", "s", sha256("")};
    const auto sign = [](const Filing&) { return std::string("receipt"); };
    ASSERT_TRUE(desk.submit(filing, registrant, key, sign, Book::noon("2026-05-02")).ok());
  }
  /// The last entry of the ledger, with its payload.
  std::pair<Json, Json> last_entry() {
    return book.env()
        .read([](const lmdb::ReadTxn& txn) -> Result<std::pair<Json, Json>> {
          const auto last = txn.last(tables::kLedger).value();
          const auto payload = txn.get(tables::kPayloads, last.first);
          return std::pair{Json::parse(last.second), payload ? Json::parse(*payload) : Json()};
        })
        .value();
  }

  Book book;
  FilingDesk desk;
  std::filesystem::path files;
  Actor registrant;
  FilingId filing;
};

using Names = std::vector<std::string>;

TEST_F(Attachments, AreNumberedAndTheirNumbersAreNotGivenAgain) {
  EXPECT_EQ(add(file("契約書.pdf", "a"))->attachment.number, 1U);
  EXPECT_EQ(add(file("図.pdf", "b"))->attachment.number, 2U);
  EXPECT_EQ(remove(2)->name, "図.pdf");
  EXPECT_EQ(names(), Names{"1 契約書.pdf"});
  EXPECT_EQ(add(file("図.pdf", "b"))->attachment.number, 3U);
  EXPECT_EQ(names(), (Names{"1 契約書.pdf", "3 図.pdf"}));
  for (const std::uint64_t gone : {2U, 4U, 0U}) EXPECT_EQ(remove(gone).errors().front().code, Code::not_found);
  EXPECT_EQ(findings(), Names{});
}

TEST_F(Attachments, TheSameBytesUnderTheSameNameAreOne) {
  const Added first = add(file("a.pdf", "x")).value();
  EXPECT_FALSE(first.existed);
  const Added again = add(file("a.pdf", "x")).value();
  EXPECT_TRUE(again.existed);
  EXPECT_EQ(again.attachment, first.attachment);
  EXPECT_FALSE(add(file("b.pdf", "x"))->existed) << "another name";
  EXPECT_FALSE(add(file("a.pdf", "y"))->existed) << "other bytes";
  EXPECT_EQ(names(), (Names{"1 a.pdf", "2 b.pdf", "3 a.pdf"}));
}

TEST_F(Attachments, EachStepIsInTheLedgerAndTheNameCanBeDestroyed) {
  const Added added = add(file("架空太郎.pdf", "x")).value();
  const std::string digest = hex(sha256("x"));
  for (const char* act : {"attach", "detach"}) {
    const auto [entry, payload] = last_entry();
    EXPECT_EQ(entry.at("act"), act);
    EXPECT_EQ(entry.at("actor"), to_json(registrant));
    EXPECT_EQ(entry.at("article"), nullptr);
    EXPECT_EQ(entry.at("filing"), filing.value());
    EXPECT_EQ(entry.at("attachment"), 1);
    EXPECT_EQ(entry.at("sha256"), digest);
    EXPECT_EQ(entry.dump().find("架空太郎"), std::string::npos);
    EXPECT_EQ(payload, (Json{{"name", "架空太郎.pdf"}}));
    if (std::string(act) == "detach") break;
    ASSERT_TRUE(remove(added.attachment.number).ok());
  }
  EXPECT_EQ(findings(), Names{});
}

TEST_F(Attachments, AFilingHasTwentyAtMost) {
  for (std::size_t n = 0; n < attachments::kMaxCount; ++n) ASSERT_TRUE(add(file("a.pdf", std::to_string(n))).ok());
  EXPECT_EQ(add(file("a.pdf", "one more")).errors().front().code, Code::conflict);
  EXPECT_TRUE(add(file("a.pdf", "7"))->existed) << "what is there is no more";
  ASSERT_TRUE(remove(20).ok());
  EXPECT_TRUE(add(file("a.pdf", "one more")).ok());
}

TEST_F(Attachments, AFileAndAFilingHaveASizeLimit) {
  EXPECT_EQ(add(sized("a.pdf", 20 * kMebibyte + 1)).errors().front().code, Code::too_large);
  for (const char* name : {"a.pdf", "b.pdf", "c.pdf", "d.pdf"}) ASSERT_TRUE(add(sized(name, 20 * kMebibyte)).ok());
  EXPECT_TRUE(add(sized("e.pdf", 20 * kMebibyte - 1)).ok());
  EXPECT_EQ(add(sized("f.pdf", 2)).errors().front().code, Code::too_large);
  EXPECT_TRUE(add(sized("f.pdf", 1)).ok()) << "100 MiB exactly";
}

TEST_F(Attachments, OnlyADraftChanges) {
  ASSERT_TRUE(add(file("a.pdf", "x")).ok());
  submit();
  EXPECT_EQ(add(file("b.pdf", "y")).errors().front().code, Code::conflict);
  EXPECT_EQ(remove(1).errors().front().code, Code::conflict);
  EXPECT_EQ(names(), Names{"1 a.pdf"});
  filing = FilingId{"F999999999"};
  EXPECT_EQ(add(file("b.pdf", "y")).errors().front().code, Code::not_found);
  EXPECT_EQ(remove(1).errors().front().code, Code::not_found);
}

TEST_F(Attachments, AWithdrawnDraftHasNone) {
  ASSERT_TRUE(add(file("a.pdf", "x")).ok());
  ASSERT_TRUE(add(file("b.pdf", "y")).ok());
  const FilingId first = filing;
  filing = drafted("L26-0002");
  ASSERT_TRUE(add(file("b.pdf", "y")).ok());
  ASSERT_TRUE(desk.withdraw(first, registrant, Book::noon("2026-05-02")).ok());
  EXPECT_EQ(names(), Names{"1 b.pdf"}) << "another's stay";
  const auto named = [&](const std::string& content) {
    return book.env()
        .read([&](const lmdb::ReadTxn& txn) { return attachments::is_named(txn, sha256(content)); })
        .value();
  };
  EXPECT_FALSE(named("x"));
  EXPECT_TRUE(named("y")) << "another filing has the same file";
  filing = first;
  EXPECT_EQ(names(), Names{});
  EXPECT_EQ(findings(), Names{});
}

TEST_F(Attachments, ARepeatedRequestIsAnsweredAsTheFirstTime) {
  const RequestKey key{"株式会社架空", "POST /v1/filings/{id}/attachments", "k", sha256("a.pdf x")};
  const Added first = add(file("a.pdf", "x"), key).value();
  ASSERT_TRUE(remove(1).ok());
  const Added again = add(file("a.pdf", "x"), key).value();
  EXPECT_TRUE(again.existed);
  EXPECT_EQ(again.attachment, first.attachment);
  EXPECT_EQ(names(), Names{}) << "nothing is done twice";
  RequestKey other = key;
  other.fingerprint = sha256("b.pdf y");
  EXPECT_EQ(add(file("b.pdf", "y"), other).errors().front().code, Code::invalid);
}

TEST_F(Attachments, WhatIsDestroyedIsNowhereButItsDigest) {
  const RequestKey key{"株式会社架空", "POST /v1/filings/{id}/attachments", "k", sha256("")};
  ASSERT_TRUE(add(file("架空太郎.pdf", "x"), key).ok());
  ASSERT_TRUE(add(file("架空太郎の写真.pdf", "y")).ok());
  ASSERT_TRUE(remove(2).ok());
  submit();
  const auto destroyed = book.env().write([&](lmdb::WriteTxn& txn) {
    filings::destroy_payload(txn, filing);  // which names them under the receipt
    return attachments::destroy(txn, filing,
                                {registrant, "公文書管理法 8", "保存期間の満了", Book::noon("2031-05-01")});
  });
  ASSERT_TRUE(destroyed.ok());
  const auto everything = book.env().read([](const lmdb::ReadTxn& txn) -> Result<std::string> {
    std::string all;
    for (const lmdb::Table table : {tables::kAttachments, tables::kLedger, tables::kPayloads, tables::kReplays}) {
      txn.scan(table, "", [&](std::string_view, std::string_view value) {
        all += value;
        return true;
      });
    }
    return all;
  });
  EXPECT_EQ(everything->find("架空太郎"), std::string::npos);
  EXPECT_NE(everything->find(hex(sha256("x"))), std::string::npos) << "that it was there stays on the record";
  EXPECT_EQ(names(), Names{});
  EXPECT_EQ(findings(), Names{}) << "and the chain is whole";
}

TEST_F(Attachments, ANameIsOneOfAFileAndNoWayElsewhere) {
  const std::string long_name(251, 'a');
  for (const std::string& good : {std::string("契約書.pdf"), std::string("a b (1).pdf"), std::string("…。pdf"),
                                  long_name + ".pdf", std::string("a..pdf")}) {
    EXPECT_TRUE(attachments::check_name(good).ok()) << good;
  }
  const std::vector<std::string> bad{"",
                                     " ",
                                     "\xE3\x80\x80",
                                     ".",
                                     "..",
                                     "../../x.pdf",
                                     "a/b.pdf",
                                     "C:\\x.pdf",
                                     "C:.pdf",
                                     "a\nb.pdf",
                                     "a\tb.pdf",
                                     "a\rb.pdf",
                                     "\x7F.pdf",
                                     std::string("a\0.pdf", 6),
                                     "\xFF.pdf",
                                     "a?.pdf",
                                     "a\"b.pdf",
                                     "<a>.pdf",
                                     "a|b.pdf",
                                     "a*.pdf",
                                     "\xE2\x80\xAE"
                                     "fdp.exe",
                                     long_name + "x.pdf"};
  for (const std::string& name : bad) {
    const auto refused = attachments::check_name(name);
    ASSERT_FALSE(refused.ok()) << name;
    EXPECT_EQ(refused.errors().front().pointer, "/name");
    EXPECT_EQ(add(file(name, "x")).errors().front().code, Code::invalid);
  }
}

TEST_F(Attachments, FsckNamesAFileThatIsMissingOrAnother) {
  ASSERT_TRUE(add(file("a.pdf", "x")).ok());
  ASSERT_TRUE(add(file("b.pdf", "y")).ok());
  const std::string x = hex(sha256("x"));
  const std::string y = hex(sha256("y"));
  file("nobody's.pdf", "z");
  EXPECT_EQ(findings(), Names{}) << "a file that nobody names is no mistake";
  std::ofstream(files / x, std::ios::binary) << "X";
  std::filesystem::remove(files / y);
  const auto found = findings();
  ASSERT_EQ(found.size(), 2U);
  for (const auto& [digest, what] : {std::pair{x, "does not have the bytes"}, std::pair{y, "is missing"}}) {
    EXPECT_EQ(std::count_if(found.begin(), found.end(),
                            [&, d = digest, w = what](const std::string& line) {
                              return line.find(d) != std::string::npos && line.find(w) != std::string::npos;
                            }),
              1);
  }
}

TEST_F(Attachments, FsckNamesARowThatIsWrong) {
  ASSERT_TRUE(add(file("a.pdf", "x")).ok());
  ASSERT_TRUE(add(file("b.pdf", "y")).ok());
  const auto stored = book.env()
                          .read([&](const lmdb::ReadTxn& txn) -> Result<std::string> {
                            return std::string(txn.last(tables::kAttachments).value().second);
                          })
                          .value();
  const std::string prefix = filing.value() + '\0';
  const std::pair<std::string, std::string> rows[] = {{prefix + lmdb::key_of(7), stored},
                                                      {prefix + lmdb::key_of(8), "{}"},
                                                      {prefix + "9", stored},
                                                      {"F999999999" + ('\0' + lmdb::key_of(2)), stored}};
  const auto written = book.env().write([&](lmdb::WriteTxn& txn) -> Result<Done> {
    for (const auto& [key, value] : rows) txn.put(tables::kAttachments, key, value);
    return Done{};
  });
  ASSERT_TRUE(written.ok());
  EXPECT_EQ(book.fsck().size(), 4U);
  const auto attached = book.env().read([&](const lmdb::ReadTxn& txn) { return attachments::of(txn, filing); });
  ASSERT_FALSE(attached.ok());
  EXPECT_EQ(attached.errors().front().code, Code::corrupt);
}

}  // namespace
}  // namespace ismap::registry
