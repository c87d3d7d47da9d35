#include "server/office/folder_clock.h"

#include <unistd.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "feed/last_signed.h"
#include "registry/audit.h"
#include "registry/journal.h"
#include "registry/tables.h"
#include "server/auth.h"

namespace ismap::server {

using registry::Code;
using registry::Done;
using registry::Error;
using registry::Instant;
using registry::Result;
using registry::lmdb::ReadTxn;
using registry::lmdb::WriteTxn;

namespace {

constexpr std::string_view kTimeKey = "time";
constexpr std::string_view kReal = "real";
constexpr std::string_view kRehearsal = "rehearsal";

Error lives_for_real() {
  return {Code::conflict, "/clock", "",
          "このデータフォルダーは実際の時計で記録又は署名をしています。--clock "
          "は使えません。予行には、init --clock で別のフォルダーを作ってください",
          "this data folder has recorded or signed under the real clock: --clock is refused. Make another folder for a "
          "rehearsal with init --clock"};
}

Error is_a_rehearsal() {
  return {Code::conflict, "/clock", "",
          "このデータフォルダーは予行用です。--clock で予行の時刻を示してください。実際の登録には使えません",
          "this data folder is a rehearsal: say by --clock what time it is there. It cannot become a real register"};
}

Error goes_back(Instant start, Instant reached) {
  return {Code::conflict, "/clock", "",
          "--clock（" + start.iso() + "）は、このフォルダーの最後の記録又は署名（" + reached.iso() + "）より前の日です",
          "--clock (" + start.iso() + ") is of a day before what this folder last recorded or signed (" +
              reached.iso() + ")"};
}

/// Without a mark, what has recorded anything is real: a rehearsal is marked before it records.
FolderTime time_in(const ReadTxn& txn) {
  const auto mark = txn.get(registry::tables::kMeta, kTimeKey);
  if (!mark) return registry::journal::last_recorded_at(txn) ? FolderTime::real : FolderTime::unsettled;
  return *mark == kReal ? FolderTime::real : FolderTime::rehearsal;
}

/// Marks a folder that has no mark yet; that a rehearsal begins, and with which time, is an entry of the ledger.
Result<Done> mark(registry::lmdb::Env& env, std::string_view time, const std::optional<Instant>& start) {
  const Result<bool> marked = env.read(
      [](const ReadTxn& txn) -> Result<bool> { return txn.get(registry::tables::kMeta, kTimeKey).has_value(); });
  if (!marked.ok()) return marked.errors();
  if (*marked) return Done{};
  return env.write([&](WriteTxn& txn) -> Result<Done> {
    txn.put(registry::tables::kMeta, kTimeKey, time);
    if (start) {
      registry::audit::note(txn, kRehearsal, local_actor(registry::Role::operator_, ::getuid()), *start);
    }
    return Done{};
  });
}

/// Until when the folder has recorded or signed anything; nothing in a new one.
Result<std::optional<Instant>> reached(const registry::lmdb::Env& env, const std::filesystem::path& folder) {
  return env.read([&](const ReadTxn& txn) -> Result<std::optional<Instant>> {
    const auto last = registry::journal::last_recorded_at(txn);
    const auto guard = feed::read_last_signed(txn, folder);
    if (guard.ok() && last) return std::optional<Instant>(std::max(*last, guard->iat));
    return last;
  });
}

}  // namespace

Result<FolderTime> folder_time(const registry::lmdb::Env& env) {
  return env.read([](const ReadTxn& txn) -> Result<FolderTime> { return time_in(txn); });
}

Result<Clock> choose_clock(registry::lmdb::Env& env, const std::filesystem::path& folder, std::optional<Instant> start,
                           ClockUse use) {
  const Result<FolderTime> time = folder_time(env);
  if (!time.ok()) return time.errors();
  if (!start) {
    if (*time == FolderTime::rehearsal) return is_a_rehearsal();
    if (use == ClockUse::work) {
      if (const auto marked = mark(env, kReal, std::nullopt); !marked.ok()) return marked.errors();
    }
    return Clock(system_now);
  }
  if (*time == FolderTime::real) return lives_for_real();
  const auto last = reached(env, folder);
  if (!last.ok()) return last.errors();
  if (last->has_value() && start->jst_day() < (*last)->jst_day()) return goes_back(*start, **last);
  if (use == ClockUse::work) {
    if (const auto marked = mark(env, kRehearsal, start); !marked.ok()) return marked.errors();
  }
  return clock_from(last->has_value() ? std::max(*start, **last) : *start);
}

}  // namespace ismap::server
