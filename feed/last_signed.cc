#include "feed/last_signed.h"

#include <algorithm>
#include <string_view>

#include "registry/tables.h"

namespace ismap::feed {

namespace {

using registry::Done;
using registry::Result;
using registry::lmdb::Env;
using registry::lmdb::ReadTxn;
using registry::lmdb::WriteTxn;

constexpr std::string_view kLastSigned = "last-signed";  ///< in kMeta: the octets of a guard file

}  // namespace

Result<Guard> not_below(const ReadTxn& txn, const Guard& guard) {
  const auto stored = txn.get(registry::tables::kMeta, kLastSigned);
  if (!stored) return guard;  // nothing was signed since the database remembers it
  const auto last = parse_guard(*stored);
  if (!last) return last.errors();
  Guard raised = guard;
  raised.iat = std::max(guard.iat, last->iat);
  raised.ver = std::max(guard.ver, last->ver);
  return raised;
}

Result<Guard> read_last_signed(const ReadTxn& txn, const std::filesystem::path& data_folder) {
  const auto guard = read_guard(data_folder);
  return guard ? not_below(txn, *guard) : guard;
}

void remember_signed(WriteTxn& txn, const Guard& guard) {
  txn.put(registry::tables::kMeta, kLastSigned, to_octets(guard));
}

Result<Done> write_last_signed(Env& env, const std::filesystem::path& data_folder, const Guard& guard) {
  auto remembered = env.write([&](WriteTxn& txn) -> Result<Done> {
    remember_signed(txn, guard);
    return Done{};
  });
  if (!remembered) return remembered;
  return write_guard(data_folder, guard);
}

}  // namespace ismap::feed
