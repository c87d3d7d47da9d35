#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "registry/import/columns.h"
#include "registry/import/csv.h"
#include "registry/import/read.h"

/// Any file is read or refused; what is read can be written as CSV and reads back as the same items.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ismap::registry;
  const Day today = Day::parse("2026-11-22").value();
  const auto list = read_list({reinterpret_cast<const char*>(data), size}, kDefaultIdPattern, today);
  if (list.rows.empty()) return 0;
  const Service& service = list.rows.front().service;
  const std::string file = csv_header() + "\r\n" + write_row(csv_cells(service));
  const auto back = read_list(file, kDefaultIdPattern, today);
  for (const RowError& e : back.errors) {
    if (e.column == "登録番号") std::abort();
  }
  return 0;
}
