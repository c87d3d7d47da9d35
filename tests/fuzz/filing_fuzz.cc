#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "registry/filings/preparation.h"
#include "tests/support/book.h"

namespace {

using namespace ismap::registry;
using ismap::test::Book;

/// A register with one service, made once; nothing is written to it.
Book& book() {
  static Book made;
  static const bool entered = [] {
    made.enter(ismap::test::kId);
    return true;
  }();
  (void)entered;
  return made;
}

}  // namespace

/// Whatever is filed is refused with a reason, or would be filed the same again from its own payload.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto request = parse_json({reinterpret_cast<const char*>(data), size});
  if (!request.ok()) return 0;
  Filer filer{{}, Book::noon("2026-05-01"), {}};
  filer.actor.role = Role::registrant;
  filer.actor.organisation = "株式会社架空";
  const auto read = book().env().read([&](const lmdb::ReadTxn& txn) -> Result<Done> {
    const auto prepared = prepare(txn, *request, filer);
    if (!prepared.ok()) {
      if (prepared.errors().empty()) std::abort();
      return Done{};
    }
    const auto again = prepare(txn, request_of(prepared->payload), filer);
    if (!again.ok() || canonical(again->payload) != canonical(prepared->payload)) std::abort();
    return Done{};
  });
  if (!read.ok()) std::abort();
  return 0;
}
