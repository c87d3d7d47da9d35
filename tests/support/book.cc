#include "tests/support/book.h"

#include <stdexcept>

#include "registry/fsck.h"
#include "registry/journal.h"
#include "registry/tables.h"

namespace ismap::test {

using namespace ismap::registry;

Book::Book() {
  reopen();
  const auto opened = registrar_->open_log(kOrigin, "{}", noon("2026-01-05"));
  if (!opened.ok()) throw std::runtime_error(opened.errors().front().en);
}

void Book::reopen() {
  registrar_.reset();
  env_.reset();
  lmdb::EnvOptions options;
  options.create = true;
  options.map_bytes = std::size_t{1} << 30;
  auto opened = tables::open(folder_.path(), options);
  if (!opened.ok()) throw std::runtime_error(opened.errors().front().en);
  env_ = std::move(*opened);
  registrar_ = std::make_unique<Registrar>(*env_);
}

Day Book::day(const std::string& iso) { return Day::parse(iso).value(); }

Instant Book::noon(const std::string& iso) { return Instant::start_of(day(iso)).plus_seconds(12 * 3600); }

Json Book::record(const std::string& id) {
  Json leaf = parse_json(test_data("example-leaf.json")).value();
  Json record = leaf.at("record");
  record["id"] = id;
  for (const char* intervals : {"suspensions", "re_audits", "renewals"}) record[intervals] = Json::array();
  return record;
}

Command Book::command(const std::string& id, Doing doing, const std::string& article) {
  Command c;
  c.service = ServiceId{id};
  c.actor.role = Role::operator_;
  c.actor.organisation = "ISMAP運用支援機関";
  if (!article.empty()) c.article = Article{article};
  c.doing = std::move(doing);
  c.reason = "試験";
  c.basis = Json{{"channel", "試験"}, {"received_on", "2026-04-01"}};
  return c;
}

void Book::enter(const std::string& id) {
  const Service service = parse_service(record(id)).value();
  const auto done = act(command(id, RegisterService{service}, "11.1"), service.items.registered_on.iso());
  if (!done.ok()) throw std::runtime_error(done.errors().front().en);
}

Result<Acted> Book::act(const Command& command, const std::string& today) {
  return registrar_->act(command, noon(today));
}

std::vector<Event> Book::history(const std::string& id) {
  return env_->read([&](const lmdb::ReadTxn& txn) { return journal::history(txn, id, journal::size(txn)); }).value();
}

Json Book::latest(const std::string& id) { return history(id).back().record; }

std::uint64_t Book::size() {
  return env_->read([](const lmdb::ReadTxn& txn) -> Result<std::uint64_t> { return journal::size(txn).value(); })
      .value();
}

std::vector<std::string> Book::fsck() { return registry::fsck(*env_).value().findings; }

}  // namespace ismap::test
