#include "registry/import/read.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "registry/import/columns.h"
#include "registry/import/csv.h"
#include "tests/registry/read_rows.h"
#include "tests/support/book.h"

namespace ismap::registry {
namespace {

using test::day;
using test::test_data;

/// "row|column|pointer|article" of each mistake.
std::vector<std::string> places(const std::vector<RowError>& errors) {
  std::vector<std::string> out;
  for (const RowError& e : errors)
    out.push_back(std::to_string(e.row) + "|" + e.column + "|" + e.error.pointer + "|" + e.error.article);
  return out;
}

std::string first_reason(const ReadList& list) { return list.errors.empty() ? "" : list.errors.front().error.en; }

TEST(ImportRead, TheOperatorsListHasNoMistake) {
  const ReadList list = read_rows(test_data("operator-list.csv"));
  EXPECT_TRUE(list.errors.empty());
  ASSERT_EQ(list.rows.size(), 60U);
  for (std::size_t i = 0; i < list.rows.size(); ++i) {
    EXPECT_EQ(list.rows[i].row, i + 2);
    EXPECT_TRUE(list.rows[i].en_only_for_name);
    EXPECT_TRUE(list.rows[i].service.suspensions.empty());
  }
  EXPECT_EQ(places(list.notices).at(0),
            "15|(7)実施している統制目標の管理策|" + list.notices[0].error.pointer + "|11.5(7)");
}

TEST(ImportRead, RowsInDetail) {
  const ReadList list = read_rows(test_data("operator-list.csv"));
  const Items& first = list.rows.at(0).service.items;
  EXPECT_EQ(first.name, (Text{"架空 ひかり勤怠管理クラウド001", std::nullopt}));
  EXPECT_EQ(first.provider.corporate_number.value(), "3301863030940");
  EXPECT_EQ(first.provider.address.ja, "福岡県福岡市博多区例示１－２－３　架空ビル５階");
  EXPECT_EQ(first.registered_on, day("2026-10-06"));
  EXPECT_EQ(first.expires_on, day("2027-09-13"));
  EXPECT_EQ(first.scope.items.size(), 4U);
  EXPECT_EQ(first.scope.regions, (std::vector<Text>{{"東京", std::nullopt}, {"オハイオ", std::nullopt}}));
  EXPECT_EQ(first.controls.implemented.size(), 128U);
  EXPECT_TRUE(first.improvement_plan);
  EXPECT_EQ(first.agencies_using, 36U);
  EXPECT_NE(first.scope.text.ja.find("対象とする。\n本サービス"), std::string::npos);
  EXPECT_EQ(list.rows.at(1).service.items.name, (Text{"架空 髙橋アンケートクラウド002", "Fictitious Service 2"}));
  EXPECT_EQ(list.rows.at(2).service.items.scope.excluded,
            (std::vector<Text>{{"ベータ版機能", std::nullopt}, {"個別開発", std::nullopt}}));
  EXPECT_EQ(list.rows.at(2).service.items.agencies_using, 34U);
  EXPECT_EQ(list.rows.at(2).hand_over, (HandOver{{{Article{"14.3"}, day("2026-11-12")}}, {}, std::nullopt}));
  const ImportRow& fifth = list.rows.at(4);
  ASSERT_EQ(fifth.service.items.controls.excluded.size(), 2U);
  EXPECT_EQ(fifth.service.items.controls.excluded[0].id.str(), "11.2.1");
  EXPECT_EQ(fifth.service.items.controls.excluded[0].reason.ja, "委託先が実施するため（SOC2報告書で確認）");
  EXPECT_EQ(fifth.hand_over,
            (HandOver{{{Article{"13.7"}, day("2026-11-11")}}, {{Article{"16.5"}, day("2026-11-15")}}, std::nullopt}));
  EXPECT_EQ(list.rows.at(6).hand_over.renewal_filed, day("2026-11-13"));
}

TEST(ImportRead, EveryMistakeOfTheBadListAtItsRowAndColumn) {
  const ReadList list = read_rows(test_data("operator-list-bad.csv"));
  const std::map<std::size_t, std::string> expected = {{3, "(4)登録日"},
                                                       {4, "登録番号"},
                                                       {5, "(13)利用中の政府機関等の数"},
                                                       {6, "(6)言明の対象範囲"},
                                                       {7, "(10)改善計画書の有無"},
                                                       {8, "(9)後発事象"},
                                                       {9, "(2)ホームページのURL"},
                                                       {10, "登録番号"},
                                                       {11, "(5)登録の有効期限"},
                                                       {12, "(8)監査対象期間（至）"},
                                                       {13, "実施していない統制目標（理由）"},
                                                       {14, "(4)登録日"},
                                                       {15, "(7)実施している統制目標の管理策"},
                                                       {16, "(1)クラウドサービスの名称"},
                                                       {17, "(13)利用中の政府機関等の数"},
                                                       {18, "(1)クラウドサービスの名称"},
                                                       {19, "法人番号"},
                                                       {20, "(5)登録の有効期限"}};
  std::map<std::size_t, std::set<std::string>> found;
  for (const RowError& e : list.errors) {
    found[e.row].insert(e.column);
    EXPECT_TRUE(e.error.article.starts_with("11.5")) << e.error.en;
    EXPECT_FALSE(e.error.ja.empty());
    EXPECT_FALSE(e.error.en.empty());
  }
  EXPECT_EQ(found.size(), expected.size());
  for (const auto& [row, column] : expected) EXPECT_EQ(found[row], std::set<std::string>{column}) << row;
  ASSERT_EQ(list.rows.size(), 2U);
  EXPECT_EQ(list.rows[0].row, 2U);
  EXPECT_EQ(list.rows[1].row, 21U);
  EXPECT_EQ(places(list.errors).at(0), "3|(4)登録日|/registered_on|11.5(4)");
}

/// A list of one good row, to be spoiled: header and cells by column.
class Sheet {
 public:
  Sheet() {
    const CsvFile csv = read_csv(test_data("operator-list-bad.csv").substr(3), 100);
    header = csv.rows.at(0).cells;
    rows = {csv.rows.at(1).cells};
  }
  std::string& cell(std::string_view name, std::size_t row = 0) { return rows.at(row).at(column_named(name).value()); }
  [[nodiscard]] std::string text() const {
    std::string out = write_row(header) + "\r\n";
    for (const auto& row : rows) out += write_row(row) + "\r\n";
    return out;
  }
  void drop(std::string_view name) {
    const auto at = static_cast<std::ptrdiff_t>(column_named(name).value());
    header.erase(header.begin() + at);
    for (auto& row : rows) row.erase(row.begin() + at);
  }

  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};

TEST(ImportRead, CellAndRecordMistakesOfARowComeTogether) {
  Sheet sheet;
  sheet.cell("(4)登録日") = "2025/2/30";
  sheet.cell("法人番号") = "1234567890123";
  sheet.cell("(9)後発事象") = " 　";
  sheet.cell("実施していない統制目標（理由）") = "9.2.1\n19.1.1：理由";
  sheet.cell("(13)利用中の政府機関等の数") = "約10";
  sheet.cell("一時停止（根拠条項 開始日）") = "14.4 2026/11/01\n14.3 2027/1/1";
  const std::vector<std::string> found = places(read_rows(sheet.text()).errors);
  EXPECT_EQ(found[0], "2|法人番号|/provider/corporate_number|11.5(3)");
  EXPECT_EQ(found[1], "2|(4)登録日|/registered_on|11.5(4)");
  const std::set<std::string> all(found.begin(), found.end());
  for (const char* place :
       {"2|実施していない統制目標（理由）|/controls/excluded/0/reason|11.5(7)",
        "2|実施していない統制目標（理由）|/controls/excluded/1/id|11.5(7)",
        "2|(9)後発事象|/subsequent_events/ja|11.5(9)", "2|(13)利用中の政府機関等の数|/agencies_using|11.5(13)",
        "2|一時停止（根拠条項 開始日）|/suspensions/0/article|13.12",
        "2|一時停止（根拠条項 開始日）|/suspensions/1/since|14.3"}) {
    EXPECT_EQ(all.count(place), 1U) << place;
  }
}

TEST(ImportRead, ColumnsInAnyOrderAndWidth) {
  Sheet sheet;
  std::reverse(sheet.header.begin(), sheet.header.end());
  std::reverse(sheet.rows[0].begin(), sheet.rows[0].end());
  sheet.header.back() = " 登録 番号";
  sheet.rows.push_back(sheet.rows[0]);
  const ReadList list = read_rows(sheet.text());
  ASSERT_EQ(list.rows.size(), 1U);
  EXPECT_EQ(places(list.errors), (std::vector<std::string>{"3|登録 番号|/id|11.5"}));
}

TEST(ImportRead, OptionalColumnsMayBeAbsent) {
  Sheet sheet;
  for (const char* name :
       {"名称（英語）", "対象サービス", "対象外", "リージョン", "管理基準の版", "実施していない統制目標（理由）",
        "(12)特記事項", "一時停止（根拠条項 開始日）", "再監査（根拠条項 開始日）", "更新の申請日"}) {
    const CsvFile now = read_csv(write_row(sheet.header), 2);
    std::size_t at = 0;
    while (now.rows[0].cells[at] != name) ++at;
    sheet.header.erase(sheet.header.begin() + static_cast<std::ptrdiff_t>(at));
    sheet.rows[0].erase(sheet.rows[0].begin() + static_cast<std::ptrdiff_t>(at));
  }
  const ReadList list = read_rows(sheet.text());
  ASSERT_EQ(list.rows.size(), 1U) << first_reason(list);
  EXPECT_EQ(list.rows[0].service.items.controls.edition, day("2022-04-01"));
  EXPECT_FALSE(list.rows[0].service.items.remarks);
}

TEST(ImportRead, HeaderMistakesAreAtRowOne) {
  Sheet missing;
  missing.drop("(9)後発事象");
  EXPECT_EQ(places(read_rows(missing.text()).errors),
            (std::vector<std::string>{"1|(9)後発事象|/subsequent_events/ja|11.5(9)"}));
  Sheet twice;
  twice.header.push_back("（９）後発事象");
  twice.rows[0].push_back("なし");
  EXPECT_EQ(places(read_rows(twice.text()).errors),
            (std::vector<std::string>{"1|（９）後発事象|/subsequent_events/ja|11.5(9)"}));
  Sheet unknown;
  unknown.header.push_back("担当者");
  unknown.rows[0].push_back("");
  EXPECT_EQ(places(read_rows(unknown.text()).errors), (std::vector<std::string>{"1|担当者||"}));
  Sheet unnamed;
  unnamed.header.push_back("");
  unnamed.rows[0].push_back(" ");
  EXPECT_TRUE(read_rows(unnamed.text()).errors.empty());
  unnamed.rows[0].back() = "メモ";
  EXPECT_EQ(read_rows(unnamed.text()).errors.at(0).row, 1U);
  EXPECT_EQ(places(read_rows("a;b;c\n1;2;3\n").errors), (std::vector<std::string>{"1|||"}));
}

TEST(ImportRead, BlankEditionIsAMistakeBlankOptionalCellsAreNot) {
  Sheet sheet;
  sheet.cell("管理基準の版") = "";
  EXPECT_EQ(places(read_rows(sheet.text()).errors),
            (std::vector<std::string>{"2|管理基準の版|/controls/edition|11.5(7)"}));
  sheet.cell("管理基準の版") = "令和4年4月1日";
  for (const char* name :
       {"名称（英語）", "対象サービス", "対象外", "リージョン", "実施していない統制目標（理由）", "(12)特記事項"})
    sheet.cell(name) = "";
  EXPECT_EQ(first_reason(read_rows(sheet.text())), "");
}

TEST(ImportRead, WrongNumberOfCells) {
  Sheet sheet;
  sheet.rows.push_back(sheet.rows[0]);
  sheet.rows.back().pop_back();
  const ReadList list = read_rows(sheet.text());
  EXPECT_EQ(places(list.errors), (std::vector<std::string>{"3|||"}));
  EXPECT_NE(first_reason(list).find("28 cells; the header has 29"), std::string::npos);
}

TEST(ImportRead, TheLaterDuplicateIsTheMistakeEvenWithOthers) {
  Sheet sheet;
  sheet.rows.push_back(sheet.rows[0]);
  sheet.rows.push_back(sheet.rows[0]);
  sheet.cell("(9)後発事象", 0) = "";
  sheet.cell("登録番号", 1) = "Ｌ２５－０００１";
  sheet.cell("(10)改善計画書の有無", 2) = "？";
  EXPECT_EQ(places(read_rows(sheet.text()).errors),
            (std::vector<std::string>{"2|(9)後発事象|/subsequent_events/ja|11.5(9)", "3|登録番号|/id|11.5",
                                      "4|登録番号|/id|11.5", "4|(10)改善計画書の有無|/improvement_plan|11.5(10)"}));
}

TEST(ImportRead, NoPublicActInTheFuture) {
  Sheet sheet;
  sheet.cell("(4)登録日") = "2026-11-22";
  sheet.cell("一時停止（根拠条項 開始日）") = "14.3 2026-11-22";
  sheet.cell("更新の申請日") = "2026-11-22";
  EXPECT_EQ(first_reason(read_rows(sheet.text())), "");
  EXPECT_EQ(places(read_rows(sheet.text(), kToday.plus(-1)).errors),
            (std::vector<std::string>{"2|(4)登録日|/registered_on|11.5(4)",
                                      "2|一時停止（根拠条項 開始日）|/suspensions/0/since|14.3",
                                      "2|更新の申請日|/renewals/0/filed_on|12.1"}));
  sheet.cell("一時停止（根拠条項 開始日）") = "14.3 2026-11-21";
  sheet.cell("更新の申請日") = "2026-11-21";
  EXPECT_EQ(places(read_rows(sheet.text()).errors),
            (std::vector<std::string>{"2|一時停止（根拠条項 開始日）|/suspensions/0/since|14.3",
                                      "2|更新の申請日|/renewals/0/filed_on|12.1"}));
}

TEST(ImportRead, RenewalByTheExpiry_12_1) {
  Sheet sheet;  // expires on 2027-04-22
  const Day later = day("2027-06-01");
  sheet.cell("更新の申請日") = "2027-04-22";
  EXPECT_EQ(read_rows(sheet.text(), later).rows.at(0).hand_over.renewal_filed, day("2027-04-22"));
  sheet.cell("更新の申請日") = "2027-04-23";
  EXPECT_EQ(places(read_rows(sheet.text(), later).errors),
            (std::vector<std::string>{"2|更新の申請日|/renewals/0/filed_on|12.1"}));
  sheet.cell("更新の申請日") = "";
  const ReadList lapsed = read_rows(sheet.text(), later);
  EXPECT_EQ(lapsed.rows.size(), 1U);
  EXPECT_EQ(places(lapsed.notices).back(), "2|(5)登録の有効期限|/expires_on|12.1");
}

TEST(ImportRead, ReAuditWithoutItsSuspensionIsANotice_16_5) {
  Sheet sheet;
  sheet.cell("再監査（根拠条項 開始日）") = "16.5 2026-11-15";
  EXPECT_EQ(places(read_rows(sheet.text()).notices),
            (std::vector<std::string>{"2|再監査（根拠条項 開始日）|/re_audits|16.5"}));
  sheet.cell("一時停止（根拠条項 開始日）") = "13.7 2026-11-01";
  EXPECT_TRUE(read_rows(sheet.text()).notices.empty());
}

TEST(ImportRead, WhatIsNoList) {
  EXPECT_EQ(places(read_rows("").errors), (std::vector<std::string>{"0|||"}));
  EXPECT_EQ(places(read_rows("\xEF\xBB\xBF\r\n").errors), (std::vector<std::string>{"0|||"}));
  EXPECT_NE(first_reason(read_rows(csv_header())).find("no service"), std::string::npos);
  EXPECT_NE(first_reason(read_rows("\xFF\xFE\x31")).find("UTF-16"), std::string::npos);
  EXPECT_EQ(read_rows("登録番号\n\"L25").errors.back().row, 2U);
  EXPECT_EQ(read_rows(std::string(kMaxListBytes + 1, ' ')).errors.at(0).error.code, Code::too_large);
}

// --- JSON ---

std::string leaf() { return test_data("example-leaf.json"); }

Json open_record() {
  Json record = parse_json(leaf()).value().at("record");
  record["suspensions"] =
      Json::array({Json{{"opening", 41}, {"article", "14.3"}, {"since", "2026-05-11"}, {"lifted", nullptr}}});
  return record;
}

TEST(ImportJson, EveryForm) {
  const Json record = open_record();
  const Json element{{"record", record}, {"seq", 57}, {"event", "registered"}};
  Json beside = record;
  beside["seq"] = 57;
  for (const Json& root : {Json::array({record}), Json{{"records", {element}}}, Json{{"services", {record}}},
                           Json{{"items", {beside}}, {"total", 1}}, Json::array({element})}) {
    const ReadList list = read_rows("\xEF\xBB\xBF \n" + root.dump());
    ASSERT_EQ(list.rows.size(), 1U) << first_reason(list);
    EXPECT_EQ(list.rows[0].row, 2U);
    EXPECT_FALSE(list.rows[0].en_only_for_name);
    EXPECT_EQ(list.rows[0].service.items.name.en, "Fictitious Safety Check Cloud");
    EXPECT_TRUE(list.rows[0].service.suspensions.empty());
    EXPECT_EQ(
        list.rows[0].hand_over,
        (HandOver{{{Article{"14.3"}, day("2026-05-11")}}, {{Article{"16.1"}, day("2026-05-15")}}, day("2026-05-18")}));
  }
}

TEST(ImportJson, ClosedIntervalsAndRemovedRecords) {
  const ReadList closed = read_rows("[" + parse_json(leaf()).value().at("record").dump() + "]");
  EXPECT_EQ(places(closed.errors), (std::vector<std::string>{"2|/suspensions/0/lifted|/suspensions/0/lifted|14.3"}));
  EXPECT_NE(first_reason(closed).find("only the state at hand-over"), std::string::npos);
  Json removed = open_record();
  removed["state"] = "removed";
  removed["removal"] = Json{{"article", "18.2(2)"}, {"on", "2026-06-01"}};
  const ReadList list = read_rows(Json::array({removed, open_record()}).dump());
  ASSERT_EQ(list.rows.size(), 1U) << first_reason(list);
  EXPECT_EQ(list.rows[0].row, 3U);
  EXPECT_EQ(places(list.notices).at(0), "2|/state|/state|18.2");
}

TEST(ImportJson, MistakesHaveRowAndPointer) {
  Json record = open_record();
  record["agencies_using"] = -3;
  record["suspensions"][0]["article"] = "16.1";
  record["re_audits"][0]["since"] = "2026-02-30";
  record["renewals"][0]["reason"] = "x";
  record["note"] = "x";
  const std::vector<std::string> found = places(read_rows(Json::array({open_record(), record}).dump()).errors);
  const std::set<std::string> all(found.begin(), found.end());
  for (const char* place :
       {"3|/id|/id|11.5", "3|/agencies_using|/agencies_using|11.5(13)",
        "3|/suspensions/0/article|/suspensions/0/article|", "3|/re_audits/0/since|/re_audits/0/since|16.1",
        "3|/renewals/0/reason|/renewals/0/reason|", "3|/note|/note|11.5"}) {
    EXPECT_EQ(all.count(place), 1U) << place;
  }
  EXPECT_EQ(all.size(), 6U);
}

TEST(ImportJson, WhatIsNoListOfRecords) {
  EXPECT_EQ(places(read_rows("{}").errors), (std::vector<std::string>{"0|||"}));
  EXPECT_EQ(places(read_rows("[").errors), (std::vector<std::string>{"0|||"}));
  EXPECT_NE(first_reason(read_rows("[]")).find("no service"), std::string::npos);
  EXPECT_EQ(read_rows("[1,null,\"x\",[]]").errors.size(), 4U);
  EXPECT_EQ(places(read_rows("{\"records\":[{\"id\":\"a\"},{\"record\":{\"id\":1,\"id\":2}}]}").errors),
            (std::vector<std::string>{"3|/id|/id|"}));
  EXPECT_EQ(places(read_rows("[{\"agencies_using\":1.5}]").errors),
            (std::vector<std::string>{"2|/agencies_using|/agencies_using|"}));
  EXPECT_FALSE(read_rows("[{\"suspensions\":{},\"re_audits\":[1],\"renewals\":[{},{}]}]").errors.empty());
}

}  // namespace
}  // namespace ismap::registry
