#include "registry/import/cells.h"

#include <gtest/gtest.h>

namespace ismap::registry::importing {
namespace {

/// The value as JSON text, or "refused: " and the English reason.
std::string shown(const Reading& reading) {
  if (!reading.errors.empty()) return "refused: " + reading.errors.front().en;
  return reading.value.dump();
}

std::string day(std::string_view cell) {
  const Result<Day> read = day_in(cell);
  return read ? read->iso() : "refused: " + read.errors().front().en;
}

void expect_refused(const std::string& answer, std::string_view reason) {
  EXPECT_TRUE(answer.starts_with("refused: ")) << answer;
  EXPECT_NE(answer.find(reason), std::string::npos) << answer;
}

TEST(ImportDates, EveryFormOfOneDay) {
  for (const char* cell : {"2026/10/06",
                           "2026/10/6",
                           "2026-10-06",
                           "2026.10.6",
                           "20261006",
                           "2026年10月6日",
                           "２０２６年１０月６日",
                           "２０２６／１０／６",
                           "令和8年10月6日",
                           "令和８年１０月０６日",
                           "R8.10.6",
                           "R8/10/6",
                           "R8-10-6",
                           "r8.10.6",
                           "Ｒ８．１０．６",
                           "㋿8.10.6",
                           "㋿８年１０月６日",
                           "令和 8 年 10 月 6 日",
                           "2026/10/6(火)",
                           "2026年10月6日（火）",
                           "令和8年10月6日（火曜日）",
                           "2026/10/6 （火曜）",
                           "2026/10/06 0:00",
                           "2026/10/06 00:00:00",
                           "2026/10/6（火） 0:00:00",
                           "2026-10-06T00:00:00",
                           "2026−10−06",
                           "2026‐10‐06",
                           "2026年 10月 6日"}) {
    EXPECT_EQ(day(cell), "2026-10-06") << cell;
  }
}

TEST(ImportDates, BordersOfTheEras) {
  EXPECT_EQ(day("令和元年5月1日"), "2019-05-01");
  EXPECT_EQ(day("R1.5.1"), "2019-05-01");
  EXPECT_EQ(day("H31.4.30"), "2019-04-30");
  EXPECT_EQ(day("㍻31.4.30"), "2019-04-30");
  EXPECT_EQ(day("H1.1.8"), "1989-01-08");
  EXPECT_EQ(day("S64.1.7"), "1989-01-07");
  EXPECT_EQ(day("S63.1.1"), "1988-01-01");
  EXPECT_EQ(day("大正元年7月30日"), "1912-07-30");
  for (const char* cell :
       {"平成40年5月1日", "平成31年5月1日", "令和元年4月30日", "S64.1.8", "昭和元年12月24日", "H1.1.7"}) {
    expect_refused(day(cell), "outside the era");
  }
  expect_refused(day("平成40年5月1日"), "平成");
  expect_refused(day("令和0年1月1日"), "no year 0");
  expect_refused(day("R0.1.1"), "no year 0");
}

TEST(ImportDates, OnlyDaysOfTheCalendar) {
  EXPECT_EQ(day("2028/2/29"), "2028-02-29");
  EXPECT_EQ(day("令和6年2月29日"), "2024-02-29");
  for (const char* cell : {"2025/2/30", "2026/2/29", "令和8年2月29日", "2026/13/1", "2026/0/1", "2026-04-31",
                           "20260431", "R8.6.31", "1850/1/1"}) {
    expect_refused(day(cell), "does not exist");
  }
}

TEST(ImportDates, WhatIsNoDateSaysWhy) {
  for (const char* cell : {"26/10/6", "26.10.6", "8年10月6日", "08-10-06"}) expect_refused(day(cell), "two digits");
  expect_refused(day("46301"), "serial number");
  expect_refused(day("46301"), "2026-10-06");
  expect_refused(day("46301.0"), "serial number");
  expect_refused(day("2026/10/6 9:30"), "time of day");
  expect_refused(day("2026/10/6（水）"), "day of the week");
  for (const char* cell : {"10/6/2026",
                           "2026/10",
                           "2026年10月",
                           "2026/10/6/1",
                           "2026/10-6",
                           "未定",
                           "-",
                           "2026 10 6",
                           "2026/10/006",
                           "12026/1/1",
                           "202610061",
                           "令和8年",
                           "令和元元年1月1日",
                           "令和100年1月1日",
                           "R8",
                           "2026/+1/6",
                           "2026/10/6 x",
                           "()",
                           "（火）",
                           ":",
                           " : ",
                           "年月日",
                           "R..",
                           "2026/1/1a",
                           "2026年10月6日（火",
                           "0x7E/1/1"}) {
    expect_refused(day(cell), "cannot be read");
  }
}

TEST(ImportCells, Flags) {
  for (const char* yes :
       {"○", "〇", "◯", "有", "有り", "あり", "はい", "済", "true", "TRUE", "Ｙｅｓ", "１", " 1 ", "　有　"}) {
    EXPECT_EQ(shown(read_flag(yes)), "true") << yes;
  }
  for (const char* no : {"×", "✕", "✗", "無", "無し", "なし", "いいえ", "false", "ＮＯ", "0", "０"}) {
    EXPECT_EQ(shown(read_flag(no)), "false") << no;
  }
  for (const char* neither : {"？", "x", "有無", "なし。", "2", "-", "あり（予定）"})
    expect_refused(shown(read_flag(neither)), "neither");
}

TEST(ImportCells, Counts) {
  EXPECT_EQ(shown(read_count("36")), "36");
  EXPECT_EQ(shown(read_count("３４")), "34");
  EXPECT_EQ(shown(read_count(" 1,234 ")), "1234");
  EXPECT_EQ(shown(read_count("１，２３４，５６７")), "1234567");
  EXPECT_EQ(shown(read_count("007")), "7");
  EXPECT_EQ(shown(read_count("0")), "0");
  expect_refused(shown(read_count("約10")), "no exact number");
  expect_refused(shown(read_count("10以上")), "no exact number");
  for (const char* cell : {"-3", "－３", "−3", "▲3"}) expect_refused(shown(read_count(cell)), "negative");
  for (const char* cell : {"1,23", "1,2345", ",123", "12,,345", "1234,567"})
    expect_refused(shown(read_count(cell)), "between thousands");
  for (const char* cell : {"36機関", "3.0", "1e3", "三", "10²", "①", "+3", "0x10", "1 2"})
    expect_refused(shown(read_count(cell)), "no number");
  expect_refused(shown(read_count("1234567890")), "too large");
  expect_refused(shown(read_count(std::string(100'000, '9'))), "too large");
}

TEST(ImportCells, CorporateNumberAndId) {
  EXPECT_EQ(shown(read_corporate_number("３３０１８６３０３０９４０")), "\"3301863030940\"");
  EXPECT_EQ(shown(read_corporate_number("3 3018-6303－0940")), "\"3301863030940\"");
  expect_refused(shown(read_corporate_number("4.0011E+12")), "exponent");
  expect_refused(shown(read_corporate_number("４．００１１Ｅ＋１２")), "exponent");
  EXPECT_EQ(shown(read_corporate_number("-123")), "\"-123\"");
  EXPECT_EQ(shown(read_corporate_number("なし")), "\"なし\"");
  EXPECT_EQ(shown(read_id(" Ｌ２５－０００１　")), "\"L25-0001\"");
  EXPECT_EQ(shown(read_id("L25‐0001")), "\"L25-0001\"");
  EXPECT_EQ(shown(read_id("L25ー0001")), "\"L25-0001\"");
  EXPECT_EQ(shown(read_text("　 １－２ ㈱\n 髙\u00A0")), "\"１－２ ㈱\\n 髙\"");
}

}  // namespace
}  // namespace ismap::registry::importing
