#include "registry/import/csv.h"

#include <algorithm>
#include <utility>

#include "registry/import/glyphs.h"
#include "registry/text.h"

namespace ismap::registry {

namespace {

constexpr std::string_view kFormulaStarts = "=+-@\t\r";

/// Whether `cell` is apostrophes and spaces, then a character that starts a formula.
bool looks_like_formula(std::string_view cell) {
  const std::size_t text = cell.find_first_not_of('\'');
  if (text == std::string_view::npos) return false;
  const std::size_t first = cell.find_first_not_of(' ', text);
  return first != std::string_view::npos && kFormulaStarts.find(cell[first]) != std::string_view::npos;
}

void drop_guard(std::string& cell) {
  if (cell.starts_with('\'') && looks_like_formula(cell)) cell.erase(0, 1);
}

/// Reads rows one after the other.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] const std::optional<Error>& fault() const { return fault_; }

  std::vector<std::string> row() {
    std::vector<std::string> cells;
    do {
      cells.push_back(cell());
      drop_guard(cells.back());
    } while (!fault_ && take(','));
    take('\r');
    take('\n');
    return cells;
  }

 private:
  [[nodiscard]] bool next_is(char c) const { return !at_end() && text_[at_] == c; }
  bool take(char c) {
    if (!next_is(c)) return false;
    ++at_;
    return true;
  }

  std::string cell() {
    if (take('"')) return quoted();
    const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
    std::string out(text_.substr(at_, end - at_));
    at_ = end;
    return out;
  }

  std::string quoted() {
    std::string out;
    while (!at_end()) {
      const char c = text_[at_++];
      if (c == '"' && !take('"')) return closed(std::move(out));
      if (c == '\r') take('\n');
      out.push_back(c == '\r' ? '\n' : c);
    }
    fail("引用符（\"）で始まるセルが閉じられていません。閉じる引用符を補ってください",
         "a cell that starts with a quote is never closed; add the closing quote");
    return out;
  }

  std::string closed(std::string out) {
    if (!at_end() && !next_is(',') && !next_is('\r') && !next_is('\n')) {
      const std::string rest = excerpt(text_.substr(at_));
      fail("閉じる引用符の後に文字「" + rest + "」があります。セルの中の引用符は二つ重ねてください",
           "text \"" + rest + "\" after a closing quote; write a quote inside a cell twice");
    }
    return out;
  }

  void fail(std::string ja, std::string en) { fault_ = Error{Code::malformed, "", "", std::move(ja), std::move(en)}; }

  std::string_view text_;
  std::size_t at_ = 0;
  std::optional<Error> fault_;
};

bool all_blank(const std::vector<std::string>& cells) {
  return std::all_of(cells.begin(), cells.end(), [](const std::string& cell) { return is_blank(cell); });
}

Error numbered(std::size_t row, Error error) {
  error.ja = std::to_string(row) + "行目：" + error.ja;
  error.en = "row " + std::to_string(row) + ": " + error.en;
  return error;
}

Error too_many(std::size_t max_rows) {
  return {Code::too_large, "", "", "行が多すぎます。" + std::to_string(max_rows) + "行までに分けてください",
          "too many rows; split the file into files of at most " + std::to_string(max_rows)};
}

}  // namespace

CsvFile read_csv(std::string_view text, std::size_t max_rows) {
  CsvFile file;
  Reader reader(text);
  for (std::size_t row = 1; !reader.at_end(); ++row) {
    CsvRow next{row, reader.row()};
    if (reader.fault()) {
      file.fault = CsvFault{row, numbered(row, *reader.fault())};
      break;
    }
    if (all_blank(next.cells)) continue;
    if (file.rows.size() == max_rows) {
      file.fault = CsvFault{row, too_many(max_rows)};
      break;
    }
    file.rows.push_back(std::move(next));
  }
  return file;
}

std::string write_row(const std::vector<std::string>& cells) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    const std::string cell = (looks_like_formula(cells[i]) ? "'" : "") + cells[i];
    if (cell.find_first_of(",\"\r\n") == std::string::npos && importing::trimmed(cell).size() == cell.size()) {
      out += cell;
      continue;
    }
    out += '"';
    for (const char c : cell) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    out += '"';
  }
  return out;
}

}  // namespace ismap::registry
