#include "registry/import/csv.h"

#include <gtest/gtest.h>

#include "registry/import/decode.h"

namespace ismap::registry {
namespace {

using Cells = std::vector<std::string>;

std::string decoded(std::string_view bytes) {
  const Result<std::string> text = to_utf8(bytes);
  return text ? *text : "refused: " + text.errors().front().en;
}

TEST(ImportDecode, Utf8WithOrWithoutMark) {
  EXPECT_EQ(decoded("\xEF\xBB\xBF登録番号"), "登録番号");
  EXPECT_EQ(decoded("登録番号"), "登録番号");
  EXPECT_EQ(decoded(""), "");
}

TEST(ImportDecode, Cp932KeepsWhatShiftJisLacks) {
  EXPECT_EQ(decoded("\x87\x8A\x87\x40\xFB\xFC\x81\x60\x81\x7C\xB1"), "㈱①髙～－ｱ");
  EXPECT_EQ(decoded("\x93\x6F\x98\x5E,\x5C"), "登録,\\");
}

TEST(ImportDecode, LongCp932TextGoesThroughTheBuffer) {
  std::string bytes;
  std::string expected;
  for (int i = 0; i < 50'000; ++i) {
    bytes += "\x93\x6F";
    expected += "登";
  }
  EXPECT_EQ(decoded(bytes), expected);
}

TEST(ImportDecode, RefusalsNameByteAndLine) {
  const auto refusal = [](std::string_view bytes) { return to_utf8(bytes).errors().front(); };
  EXPECT_NE(refusal("\xFF\xFE\x31\x00").ja.find("UTF-16"), std::string::npos);
  EXPECT_NE(refusal(std::string_view("a\nb\0c", 5)).en.find("line 2, byte 3"), std::string::npos);
  EXPECT_NE(refusal("ab\n\x93\x6F\xF0\x40").en.find("line 2, byte 5 (from 0, 0xF0)"), std::string::npos);
  EXPECT_NE(refusal("\xEF\xBB\xBF\x93\x6F").en.find("byte 3 (from 0, 0x93) is no character of UTF-8"),
            std::string::npos);
  // One broken byte in a file that is UTF-8 otherwise is told as that.
  EXPECT_NE(refusal("登録番号登録番号\nあ\xFFい").en.find("0xFF) is no character of UTF-8"), std::string::npos);
  EXPECT_EQ(refusal("\xFF\xFE").code, Code::malformed);
  EXPECT_NE(refusal("\x93").ja.find("CSV UTF-8"), std::string::npos);
}

TEST(ImportDecode, EveryByteAndPairIsReadOrRefused) {
  for (int a = 1; a < 256; ++a) {
    for (int b = 1; b < 256; ++b) {
      const std::string bytes{static_cast<char>(a), static_cast<char>(b)};
      const Result<std::string> text = to_utf8(bytes);
      if (text) {
        EXPECT_FALSE(text->empty() && !bytes.empty() && a != 0xEF) << a << " " << b;
      } else {
        EXPECT_FALSE(text.errors().front().ja.empty());
      }
    }
  }
}

std::vector<Cells> rows_of(std::string_view text) {
  const CsvFile file = read_csv(text, 1000);
  EXPECT_FALSE(file.fault) << file.fault->error.en;
  std::vector<Cells> rows;
  for (const CsvRow& row : file.rows) rows.push_back(row.cells);
  return rows;
}

TEST(ImportCsv, QuotesLineEndsAndLastLine) {
  EXPECT_EQ(rows_of("a,b\r\nc,d\r\n"), (std::vector<Cells>{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(rows_of("a,b\nc,d"), (std::vector<Cells>{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(rows_of("a,b\rc,\r"), (std::vector<Cells>{{"a", "b"}, {"c", ""}}));
  EXPECT_EQ(rows_of("\"a,\"\"b\"\"\",\"x\r\ny\rz\n\"\r\nlast"),
            (std::vector<Cells>{{"a,\"b\"", "x\ny\nz\n"}, {"last"}}));
  EXPECT_EQ(rows_of("a\"b,c"), (std::vector<Cells>{{"a\"b", "c"}}));
  EXPECT_EQ(rows_of("\"\",\"\"\"\""), (std::vector<Cells>{{"", "\""}}));
  EXPECT_TRUE(rows_of("").empty());
}

TEST(ImportCsv, BlankRowsAreSkippedAndCounted) {
  const CsvFile file = read_csv("h\r\n,,\r\n　, ,\r\nx\r\n\r\n,,,\r\n", 1000);
  ASSERT_EQ(file.rows.size(), 2U);
  EXPECT_EQ(file.rows[1].row, 4U);
  EXPECT_EQ(file.rows[1].cells, Cells{"x"});
}

TEST(ImportCsv, FaultsNameTheRowAndKeepWhatWasBefore) {
  const CsvFile open = read_csv("a\n\"b\nc,d\n", 1000);
  ASSERT_TRUE(open.fault);
  EXPECT_EQ(open.fault->row, 2U);
  EXPECT_EQ(open.rows.size(), 1U);
  const CsvFile after = read_csv("a\nb\n\"c\"d,e\nf", 1000);
  ASSERT_TRUE(after.fault);
  EXPECT_EQ(after.fault->row, 3U);
  EXPECT_NE(after.fault->error.ja.find("3行目"), std::string::npos);
  EXPECT_EQ(read_csv("a\nb\nc\n", 2).fault->error.code, Code::too_large);
}

TEST(ImportCsv, FormulaCellsAreGuardedAndComeBack) {
  EXPECT_EQ(write_row({"=1+1", "+81", "-3", "@x", "\tx", "a=b", "", " =x"}), "'=1+1,'+81,'-3,'@x,'\tx,a=b,,' =x");
  EXPECT_EQ(write_row({"a,b", "a\"b", "a\nb", "'quoted'", "'=x"}), "\"a,b\",\"a\"\"b\",\"a\nb\",'quoted',''=x");
  const Cells hostile{
      "=cmd|'/C calc'!A0", "'=x", "''=x", "'", "''", "' =", "-", "a\n=b", "\"=\"", ",", " ", "\n", "'a", "＝1"};
  EXPECT_EQ(rows_of(write_row(hostile)), std::vector<Cells>{hostile});
}

}  // namespace
}  // namespace ismap::registry
