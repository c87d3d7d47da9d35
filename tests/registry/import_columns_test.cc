#include "registry/import/columns.h"

#include <gtest/gtest.h>

#include <set>

#include "registry/import/csv.h"
#include "tests/registry/read_rows.h"
#include "tests/support/temp_folder.h"

namespace ismap::registry {
namespace {

using test::test_data;

constexpr std::string_view kMark = "\xEF\xBB\xBF";

/// The row as a register would hold it after the hand-over.
Service handed_over(const ImportRow& row) {
  Service service = row.service;
  std::uint64_t seq = 1;
  for (const auto& [article, since] : row.hand_over.suspensions)
    service.suspensions.push_back({Seq{seq++}, article, since, std::nullopt});
  for (const auto& [article, since] : row.hand_over.re_audits)
    service.re_audits.push_back({Seq{seq++}, article, since, std::nullopt});
  if (row.hand_over.renewal_filed) service.renewals.push_back({Seq{seq++}, *row.hand_over.renewal_filed, std::nullopt});
  return service;
}

std::string exported(const std::vector<Service>& services) {
  std::string csv = std::string(kMark) + csv_header() + "\r\n";
  for (const Service& service : services) csv += write_row(csv_cells(service)) + "\r\n";
  return csv;
}

/// A good service to spoil or to dress up.
Service good() {
  static const ReadList list = read_rows(test_data("operator-list.csv"));
  return list.rows.at(4).service;
}

TEST(ImportColumns, HeadersAreTheOperatorsInOrder) {
  const CsvFile original = read_csv(test_data("operator-list-bad.csv").substr(kMark.size()), 100);
  EXPECT_EQ(read_csv(csv_header(), 2).rows.at(0).cells, original.rows.at(0).cells);
  EXPECT_EQ(columns().size(), 29U);
  std::set<std::string_view> pointers;
  for (const Column& column : columns()) EXPECT_TRUE(pointers.insert(column.pointer).second) << column.pointer;
}

TEST(ImportColumns, HeadersMatchInAnyWidthAndWithSpaces) {
  EXPECT_EQ(column_named("（１）クラウドサービスの名称"), 1U);
  EXPECT_EQ(column_named(" (1) クラウドサービスの\n名称 "), 1U);
  EXPECT_EQ(column_named("名称(英語)"), 2U);
  EXPECT_EQ(column_named("⑴クラウドサービスの名称"), 1U);
  EXPECT_EQ(column_named("(11)準拠法･裁判管轄"), 22U);
  EXPECT_EQ(column_named("一時停止(根拠条項　開始日)"), 26U);
  EXPECT_EQ(column_named("名称"), std::nullopt);
  EXPECT_EQ(column_named(""), std::nullopt);
}

TEST(ImportColumns, PointersFindTheirColumn) {
  EXPECT_EQ(column_of("/name/ja"), "(1)クラウドサービスの名称");
  EXPECT_EQ(column_of("/name"), "(1)クラウドサービスの名称");
  EXPECT_EQ(column_of("/name/en"), "名称（英語）");
  EXPECT_EQ(column_of("/provider"), "(3)クラウドサービス事業者の名称");
  EXPECT_EQ(column_of("/provider/address/ja"), "(3)所在地");
  EXPECT_EQ(column_of("/controls/excluded/0/reason/ja"), "実施していない統制目標（理由）");
  EXPECT_EQ(column_of("/controls/implemented/12"), "(7)実施している統制目標の管理策");
  EXPECT_EQ(column_of("/audit_period"), "(8)監査対象期間（至）");
  EXPECT_EQ(column_of("/suspensions/0/since"), "一時停止（根拠条項 開始日）");
  EXPECT_EQ(column_of("/remarks"), "(12)特記事項");
  EXPECT_EQ(column_of("/idx"), "");
  EXPECT_EQ(column_of(""), "");
}

TEST(ImportColumns, ArticlesAreThoseOfTheItems_11_5) {
  for (const Column& column : columns().first(26))
    EXPECT_EQ(column.article, article_of_item(column.pointer)) << column.header;
}

TEST(ImportColumns, TheWholeListComesBack) {
  const ReadList first = read_rows(test_data("operator-list.csv"));
  ASSERT_EQ(first.rows.size(), 60U);
  std::vector<Service> services;
  for (const ImportRow& row : first.rows) services.push_back(handed_over(row));
  const ReadList again = read_rows(exported(services));
  EXPECT_TRUE(again.errors.empty());
  ASSERT_EQ(again.rows.size(), 60U);
  for (std::size_t i = 0; i < 60; ++i) {
    EXPECT_EQ(again.rows[i].service, first.rows[i].service) << i;
    EXPECT_EQ(again.rows[i].hand_over, first.rows[i].hand_over) << i;
    EXPECT_EQ(again.rows[i].row, i + 2);
  }
}

TEST(ImportColumns, HostileTextsComeBack) {
  const std::vector<std::string> hostile = {"=cmd|'/C calc'!A0",
                                            "'=x",
                                            "+1",
                                            "-1",
                                            "@x",
                                            "a,b\"c\"\nd",
                                            "「、」",
                                            "\"",
                                            "なし",
                                            "(1)",
                                            "、\nA",
                                            "5.1.1：A",
                                            "A\n5.1.1：B",
                                            "有",
                                            "2026-01-01",
                                            "㈱髙﨑～－",
                                            "𠮷野家",
                                            "<script>alert(1)</script>",
                                            ";;",
                                            "・",
                                            "'"};
  std::vector<Service> services;
  for (std::size_t i = 0; i < hostile.size(); ++i) {
    const Text text{hostile[i], std::nullopt};
    const Text other{hostile[(i + 1) % hostile.size()], std::nullopt};
    Service s = good();
    s.id = ServiceId{"L26-" + std::to_string(1000 + i)};
    s.items.name = {hostile[i], hostile[(i + 2) % hostile.size()]};
    s.items.provider.name = s.items.provider.address = text;
    s.items.scope = {text, {text, other}, {other}, {text}};
    for (ExcludedControl& control : s.items.controls.excluded) control.reason = text;
    s.items.subsequent_events = text;
    s.items.disclosures = {text, other, text, other};
    s.items.remarks = other;
    s.items.improvement_plan = i % 2 == 0;
    services.push_back(s);
  }
  const ReadList again = read_rows(exported(services));
  for (const RowError& e : again.errors) ADD_FAILURE() << e.row << " " << e.column << " " << e.error.en;
  ASSERT_EQ(again.rows.size(), services.size());
  for (std::size_t i = 0; i < services.size(); ++i) EXPECT_EQ(again.rows[i].service, services[i]) << hostile[i];
}

TEST(ImportColumns, OnlyWhatIsOpenIsCarried_13_12_14_5_16_8) {
  const Day day = Day::parse("2026-11-01").value();
  Service s = good();
  s.suspensions = {{Seq{1}, Article{"14.3"}, day, Closing{Article{"14.4"}, day}},
                   {Seq{2}, Article{"13.7"}, day, std::nullopt},
                   {Seq{3}, Article{"14.3"}, day.plus(1), std::nullopt}};
  s.re_audits = {{Seq{4}, Article{"16.1"}, day, Closing{Article{"16.3"}, day}}};
  s.renewals = {{Seq{5}, day, RenewalDecision{std::nullopt, day, RenewalResult::withdrawn}},
                {Seq{6}, day.plus(2), std::nullopt}};
  const std::vector<std::string> cells = csv_cells(s);
  EXPECT_EQ(cells.at(26), "13.7 2026-11-01\n14.3 2026-11-02");
  EXPECT_EQ(cells.at(27), "");
  EXPECT_EQ(cells.at(28), "2026-11-03");
  EXPECT_TRUE(cells.at(19) == "有" || cells.at(19) == "無");
}

}  // namespace
}  // namespace ismap::registry
