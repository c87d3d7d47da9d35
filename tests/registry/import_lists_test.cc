#include "registry/import/lists.h"

#include <gtest/gtest.h>

#include "registry/import/control_lists.h"
#include "registry/import/hand_over.h"

namespace ismap::registry::importing {
namespace {

using Entries = std::vector<std::string>;

Entries plain(std::string_view cell) { return split_texts(cell, ListKind::plain); }
Entries regions(std::string_view cell) { return split_texts(cell, ListKind::regions); }

TEST(ImportLists, Separators) {
  for (const char* cell : {"基本機能,API", "基本機能 ; API", "基本機能、API", "基本機能，API", "基本機能；API",
                           "基本機能\nAPI", "基本機能、\nAPI", "、基本機能、、API、", "・基本機能\n・API",
                           "- 基本機能\n- API", "●基本機能\n●API", "\n\n基本機能\n\n　\nAPI\n"}) {
    EXPECT_EQ(plain(cell), (Entries{"基本機能", "API"})) << cell;
  }
  EXPECT_EQ(regions("東京・オハイオ"), (Entries{"東京", "オハイオ"}));
  EXPECT_EQ(regions("東京;大阪"), (Entries{"東京", "大阪"}));
  EXPECT_EQ(regions("東京／大阪/名古屋"), (Entries{"東京", "大阪", "名古屋"}));
  EXPECT_EQ(plain("生成AI・音声/画像"), (Entries{"生成AI・音声/画像"}));
}

TEST(ImportLists, LineBreaksAloneSeparateUnlessTheListWasWrapped) {
  EXPECT_EQ(plain("ベータ版機能、\n個別開発"), (Entries{"ベータ版機能", "個別開発"}));
  EXPECT_EQ(plain("検索、集計\nAPI"), (Entries{"検索、集計", "API"}));
  EXPECT_EQ(plain("検索、集計、\nAPI"), (Entries{"検索", "集計", "API"}));
  EXPECT_EQ(plain("検索、集計\nAPI、"), (Entries{"検索、集計", "API"}));
}

TEST(ImportLists, BracketsAndQuotesHoldTogether) {
  EXPECT_EQ(plain("API（検索、集計）、管理(a,b)"), (Entries{"API（検索、集計）", "管理(a,b)"}));
  EXPECT_EQ(plain("「A、B」,『C,D』"), (Entries{"「A、B」", "『C,D』"}));
  EXPECT_EQ(plain("（A、（B、C）、D）、E"), (Entries{"（A、（B、C）、D）", "E"}));
  EXPECT_EQ(plain("（A、B"), (Entries{"（A", "B"}));
  EXPECT_EQ(plain("A）、B"), (Entries{"A）", "B"}));
  EXPECT_EQ(plain("\"A、B\"、C"), (Entries{"A、B", "C"}));
  EXPECT_EQ(plain("\"say \"\"x\"\"\"\nB"), (Entries{"say \"x\"", "B"}));
  EXPECT_EQ(plain("24\"画面、30\"画面"), (Entries{"24\"画面", "30\"画面"}));
  EXPECT_EQ(plain("-5度\n-API"), (Entries{"-5度", "API"}));
}

TEST(ImportLists, EveryListComesBack) {
  const std::vector<Entries> lists = {
      {},
      {"A"},
      {"A、B"},
      {"A,B", "C;D"},
      {"A\nB"},
      {"A\nB", "C"},
      {"A（", "B）"},
      {"・A", "-B", "●"},
      {"\"A\"", "\"", "\"\"", "A\"B\"C"},
      {"A、", "B"},
      {"A、\"B", "C\""},
      {"なし"},
      {"=SUM(A1)", "+1", "@x"},
      {" A ", "　B"},
      {"A、\nB", "C、"},
      {"「", "」", "、", ","},
      {"（A\n、B）", "C"},
      {"アジア・太平洋", "東京/大阪"},
      {"A", "A"},
      {"-", "ー"},
  };
  for (const Entries& list : lists) {
    for (const ListKind kind : {ListKind::plain, ListKind::regions}) {
      const std::string cell = join_texts(list, kind);
      EXPECT_EQ(split_texts(cell, kind), list) << cell;
    }
  }
  EXPECT_EQ(join_texts({"検索、集計", "API"}, ListKind::plain), "検索、集計\nAPI");
}

TEST(ImportLists, SeededRandomListsComeBack) {
  const std::vector<std::string> parts = {"A",  "、", ",", "\n", "\"", "（", "）", "「", "」",
                                          "・", "-",  " ", ";",  "1",  "：", "=",  "'",  "/"};
  std::uint32_t seed = 20260401;
  const auto next = [&seed] { return seed = seed * 1664525U + 1013904223U, seed >> 16; };
  for (int round = 0; round < 5'000; ++round) {
    Entries list(1 + next() % 3);
    for (std::string& entry : list) {
      entry = "x";
      for (std::uint32_t n = next() % 6; n > 0; --n)
        entry.insert(next() % 2 == 0 ? 0 : entry.size(), parts[next() % parts.size()]);
    }
    const ListKind kind = round % 2 == 0 ? ListKind::plain : ListKind::regions;
    ASSERT_EQ(split_texts(join_texts(list, kind), kind), list) << join_texts(list, kind);
  }
}

TEST(ImportLists, HostileCellsTakeLinearTime) {
  for (const char* unit : {"（", "\"", "\"\"", "、", "）", "「（", "\n\"", "-", "、\n"}) {
    std::string cell;
    for (int i = 0; i < 20'000; ++i) cell += unit;
    (void)plain(cell);
    (void)read_excluded_controls(cell);
    (void)read_controls(cell);
  }
}

TEST(ImportLists, SaysNone) {
  for (const char* cell : {"なし", "該当なし", "無", "無し", "－", "ー", "特になし。", " なし "})
    EXPECT_TRUE(says_none(cell)) << cell;
  for (const char* cell : {"生成AI機能", "なしの機能", ""}) EXPECT_FALSE(says_none(cell)) << cell;
  EXPECT_EQ(read_excluded_texts("該当なし").value, Json::array());
}

TEST(ImportControls, Implemented_11_5_7) {
  const Json expected = Json::array({"5.1.1", "6.3.1.P", "10.1.1"});
  for (const char* cell : {"5.1.1\n6.3.1.P\n10.1.1", "5.1.1 ; 6.3.1.P ; 10.1.1", "5.1.1,6.3.1.P,10.1.1",
                           "5.1.1、6.3.1.P、10.1.1", "５．１．１　６．３．１．Ｐ　１０．１．１",
                           "5.1.1・6.3.1.P・10.1.1", "5.1.1\t6.3.1.P;、\n 10.1.1、", "・5.1.1\n・6.3.1.P\n・10.1.1"}) {
    EXPECT_EQ(read_controls(cell).value, expected) << cell;
  }
  EXPECT_EQ(read_controls("5.1.1;5.1.9;19.1.1").value.size(), 3U);
}

/// "id=reason" of each entry.
Entries excluded(std::string_view cell) {
  Entries out;
  for (const Json& e : read_excluded_controls(cell).value) {
    out.push_back(e.at("id").get<std::string>() + "=" +
                  (e.contains("reason") ? e.at("reason").at("ja").get<std::string>() : "?"));
  }
  return out;
}

TEST(ImportControls, ExcludedWithReasons_11_5_7) {
  for (const char* cell : {"10.1.1：業務なし", "10.1.1:業務なし", "10.1.1 業務なし", "10.1.1（業務なし）",
                           "１０．１．１　業務なし", "・10.1.1 (業務なし)", "10.1.1： 業務なし\n", "10.1.1業務なし"}) {
    EXPECT_EQ(excluded(cell), Entries{"10.1.1=業務なし"}) << cell;
  }
  for (const char* cell : {"5.1.1：A、B\n6.3.1.P：C（SOC2報告書で確認）", "5.1.1：A、B;6.3.1.P：C（SOC2報告書で確認）",
                           "5.1.1：A、B；6.3.1.P C（SOC2報告書で確認）", "5.1.1：A、B、6.3.1.P：C（SOC2報告書で確認）",
                           "5.1.1（A、B）、6.3.1.P（C（SOC2報告書で確認））"}) {
    EXPECT_EQ(excluded(cell), (Entries{"5.1.1=A、B", "6.3.1.P=C（SOC2報告書で確認）"})) << cell;
  }
  EXPECT_EQ(excluded("5.1.1：委託先\nが実施"), Entries{"5.1.1=委託先\nが実施"});
  EXPECT_EQ(excluded("5.1.1：2024年、5.1.9と同じ"), Entries{"5.1.1=2024年、5.1.9と同じ"});
  EXPECT_EQ(excluded("5.1.1：A\n5.1：B"), (Entries{"5.1.1=A", "5.1=B"}));
  EXPECT_TRUE(excluded("該当なし").empty());
}

TEST(ImportControls, ExcludedMistakes_11_5_7) {
  const Reading bare = read_excluded_controls("5.1.1：A\n9.2.1\n10.1.1：");
  ASSERT_EQ(bare.errors.size(), 2U);
  EXPECT_EQ(bare.errors[0].pointer, "/1/reason");
  EXPECT_EQ(bare.errors[0].article, "11.5(7)");
  EXPECT_EQ(bare.errors[1].pointer, "/2/reason");
  EXPECT_EQ(bare.value.size(), 3U);
  ASSERT_EQ(read_excluded_controls("業務がない").errors.size(), 1U);
  ASSERT_EQ(read_excluded_controls("理由：\n5.1.1：A").errors.size(), 1U);
}

TEST(ImportControls, EveryReasonComesBack) {
  const std::vector<Entries> lists = {{"業務なし"},    {"A、B", "C；D"},       {"A\n6.1.1：B", "C"},
                                      {"\"", "\"A\""}, {"（A）", "：A"},       {"A、", "B;"},
                                      {"A\nB"},        {" A ", "6.1.1：A"},    {"6.1.1", "A、6.1.1 B"},
                                      {"=A", "-"},     {"なし", "5.1.1"},      {"\"A\n7.1.1：\"B", "\""},
                                      {"A（", "）B"},  {"A\"\n6.1.1：\"", "A"}};
  for (const Entries& reasons : lists) {
    std::vector<ExcludedControl> controls;
    Entries expected;
    for (const std::string& reason : reasons) {
      const std::string id = controls.empty() ? "5.1.1" : "6.3.1.P";
      controls.push_back({ControlId::parse(id).value(), Text{reason, std::nullopt}});
      expected.push_back(id + "=" + reason);
    }
    const std::string cell = join_excluded_controls(controls);
    EXPECT_EQ(excluded(cell), expected) << cell;
  }
  EXPECT_EQ(join_excluded_controls({}), "");
}

TEST(ImportHandOver, ArticlesAndDays) {
  const Json expected = Json::array({Json{{"article", "14.3"}, {"since", "2026-11-12"}}});
  for (const char* cell : {"14.3 2026/11/12", "14.3（2026/11/12）", "14.3：2026-11-12", "14.3: 令和8年11月12日",
                           "１４．３　R8.11.12", "14.3 (2026年11月12日（木）)", "14.3、2026"}) {
    const Reading reading = read_suspensions(cell);
    if (std::string_view(cell) == "14.3、2026") {
      EXPECT_FALSE(reading.errors.empty());
    } else {
      EXPECT_EQ(reading.value, expected) << cell;
      EXPECT_TRUE(reading.errors.empty()) << cell;
    }
  }
  for (const char* cell : {"13.7 令和8年11月11日\n14.3 2026/11/12", "13.7 2026/11/11;14.3 2026/11/12",
                           "13.7（2026/11/11）、14.3（2026/11/12）", "13.7 2026.11.11，14.3 2026.11.12"}) {
    const Reading reading = read_suspensions(cell);
    ASSERT_EQ(reading.value.size(), 2U) << cell;
    EXPECT_EQ(reading.value[0].at("article"), "13.7");
    EXPECT_EQ(reading.value[0].at("since"), "2026-11-11");
    EXPECT_EQ(reading.value[1], expected[0]);
  }
  EXPECT_EQ(read_re_audits("16.5 2026-11-15").value[0].at("article"), "16.5");
  EXPECT_EQ(read_renewal("2026/11/13").value, Json::array({Json{{"filed_on", "2026-11-13"}}}));
  EXPECT_EQ(read_suspensions("なし").value, Json::array());
}

TEST(ImportHandOver, Mistakes_13_12_16_8) {
  EXPECT_EQ(read_suspensions("14.4 2026/11/12").errors.at(0).pointer, "/0/article");
  EXPECT_EQ(read_suspensions("16.1 2026/11/12").errors.at(0).pointer, "/0/article");
  EXPECT_EQ(read_re_audits("14.3 2026/11/12").errors.at(0).pointer, "/0/article");
  const Reading bad_day = read_suspensions("13.7 2026/11/11\n14.3 2026/2/30");
  ASSERT_EQ(bad_day.errors.size(), 1U);
  EXPECT_EQ(bad_day.errors[0].pointer, "/1/since");
  EXPECT_EQ(bad_day.errors[0].article, "14.3");
  EXPECT_EQ(read_suspensions("2026/11/12").errors.size(), 2U);
  EXPECT_FALSE(read_suspensions("14.3").errors.empty());
  EXPECT_FALSE(read_suspensions("13.7 2026/11/11 14.3 2026/11/12").errors.empty());
  EXPECT_FALSE(read_renewal("済").errors.empty());
}

}  // namespace
}  // namespace ismap::registry::importing
