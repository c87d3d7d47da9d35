#include "feed/list_csv.h"

#include "registry/event.h"
#include "registry/import/columns.h"
#include "registry/import/csv.h"

namespace ismap::feed {

using registry::Result;

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kLineEnd = "\r\n";

}  // namespace

std::string csv_start() {
  std::string out(kByteOrderMark);
  out += registry::csv_header();
  out += kLineEnd;
  return out;
}

std::string csv_row(const registry::Service& service) { return registry::write_row(registry::csv_cells(service)); }

void add_csv_row(std::string& csv, registry::State state, std::string_view row) {
  if (state != registry::State::registered) return;
  csv += row;
  csv += kLineEnd;
}

Result<std::string> csv_of_leaves(std::span<const std::string_view> leaves) {
  std::string out = csv_start();
  for (const std::string_view leaf : leaves) {
    const auto event = registry::stored_leaf(leaf);
    if (!event) return event.errors();
    const auto service = registry::stored_service(event->record);
    if (!service) return service.errors();
    add_csv_row(out, service->state, csv_row(*service));
  }
  return out;
}

}  // namespace ismap::feed
