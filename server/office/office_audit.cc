#include <utility>

#include "server/office/office.h"

/// The audit trail: the part of the office that answers who did what, when and from where.
namespace ismap::server {

using registry::Json;
using registry::Result;

Result<Office::Audited> Office::audit(const registry::AuditFilter& filter, const registry::Actor& who,
                                      const Json& question) {
  if (!filter.texts) {
    return folder_.env().read([&](const registry::lmdb::ReadTxn& txn) -> Result<Audited> {
      return Audited{registry::audit::query(txn, filter), registry::audit::head(txn)};
    });
  }
  const registry::Instant now = now_();
  return folder_.env().write([&](registry::lmdb::WriteTxn& txn) -> Result<Audited> {
    registry::AuditPage page = registry::audit::query(txn, filter);
    registry::audit::note_reading(txn, page, who, question, now);
    return Audited{std::move(page), registry::audit::head(txn)};
  });
}

Result<registry::AuditLines> Office::audit_lines(std::uint64_t from, std::optional<std::uint64_t> to,
                                                 std::size_t limit) const {
  return folder_.env().read([&](const registry::lmdb::ReadTxn& txn) -> Result<registry::AuditLines> {
    return registry::audit::lines(txn, from, to, limit);
  });
}

Result<registry::Instant> Office::note_backup(const registry::Actor& who, const std::string& out) {
  const registry::Instant now = now_();
  return folder_.env().write([&](registry::lmdb::WriteTxn& txn) -> Result<registry::Instant> {
    registry::audit::note(txn, "backup", who, now, Json{{"out", out}});
    return now;
  });
}

}  // namespace ismap::server
