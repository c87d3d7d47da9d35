#include "server/office/office.h"

#include "feed/jwt.h"
#include "registry/digest.h"
#include "registry/journal.h"
#include "server/api/act_request.h"

namespace ismap::server {

using registry::Actor;
using registry::Article;
using registry::Code;
using registry::Done;
using registry::Error;
using registry::Errors;
using registry::Filing;
using registry::FilingId;
using registry::Json;
using registry::Result;

namespace {

/// The body of an act; a basis that names its channel alone was received on `day`.
Json received_today(Json body, registry::Day day) {
  if (!body.is_object() || !body.contains("basis")) return body;
  Json& basis = body["basis"];
  if (basis.is_object() && basis.size() == 1 && basis.contains("channel")) basis["received_on"] = day.iso();
  return body;
}

}  // namespace

void Office::publish(Recorded& recorded) {
  const auto size = folder_.env().read(
      [](const registry::lmdb::ReadTxn& txn) -> Result<registry::TreeSize> { return registry::journal::size(txn); });
  const auto published = size.ok() ? folder_.publisher().publish_covering(*size, now_()) : size.errors();
  if (published.ok()) {
    recorded.list_ver = (*published)->ver.value();
  } else {
    recorded.not_published = published.errors();
  }
}

Result<registry::Command> Office::command_of(const registry::ServiceId& service, const Actor& actor, const Json& body,
                                             registry::Day today) const {
  Result<registry::Command> command = read_act(service, actor, body, today);
  if (!command.ok() || !command->basis.contains("filing")) return command;
  Result<Filing> cited = filing(FilingId{command->basis.at("filing").get<std::string>()});
  if (cited.ok() && cited->service == service) return command;
  return Error{Code::invalid, "/basis/filing", "", "このサービスにその届出はありません",
               "this service has no such filing"};
}

Result<Recorded> Office::act(const registry::ServiceId& service, const Actor& actor, const Json& body,
                             const std::optional<registry::RequestKey>& key, Reading reading,
                             const registry::LookedAt& looked_at) {
  if (!reading) reading = read_now();
  const auto use = keys_in_use_.take(key);
  if (!use.ok()) return use.errors();
  const Json stated = actor.local_user ? received_today(body, reading->read_at().jst_day()) : body;
  Result<registry::Command> command = command_of(service, actor, stated, reading->read_at().jst_day());
  if (!command.ok()) return command.errors();
  command->looked_at = looked_at;
  Result<Done> allowed = folder_.publisher().may_sign(now_());
  if (!allowed.ok()) return allowed.errors();
  auto held = proposal_desk().hold_back(*command, stated, reading->read_at(), key);
  if (!held.ok()) return held.errors();
  if (held->has_value()) return held_back(**held, reading->read_at());
  Result<registry::Acted> acted = folder_.registrar().act(*command, reading->read_at(), key);
  reading->settle();  // before the publication, which removes what waited for it
  if (!acted.ok()) return acted.errors();
  Recorded recorded{acted->seqs, acted->replayed, 0, {}, acted->notices};
  publish(recorded);
  return recorded;
}

registry::CaseDesk Office::desk() const {
  return registry::CaseDesk(folder_.env(), folder_.registrar(), folder_.case_settings());
}

Result<registry::CaseAnswer> Office::open_case(const Json& request, const Actor& who,
                                               const std::optional<registry::RequestKey>& key, Reading reading) {
  if (!reading) reading = read_now();
  const auto use = keys_in_use_.take(key);
  if (!use.ok()) return use.errors();
  const Json stated = who.local_user ? received_today(request, reading->read_at().jst_day()) : request;
  return desk().open(stated, who, reading->read_at(), key);
}

Result<registry::CaseAnswer> Office::step_in_case(const registry::CaseId& id, const Json& request, const Actor& who,
                                                  const std::optional<registry::RequestKey>& key, Reading reading) {
  if (!reading) reading = read_now();
  const auto use = keys_in_use_.take(key);
  if (!use.ok()) return use.errors();
  const Json stated = who.local_user ? received_today(request, reading->read_at().jst_day()) : request;
  return desk().step(id, stated, who, reading->read_at(), key);
}

Result<Json> Office::destroy_texts(const registry::CaseId& id, std::uint64_t step, const Actor& who,
                                   const Destruction& why, Reading reading) {
  if (!reading) reading = read_now();
  const registry::Instant now = reading->read_at();
  auto cases = desk();
  const Result<Done> done = cases.destroy_texts(id, step, who, why.ground, why.reason, now);
  if (!done.ok()) return done.errors();
  // They are destroyed on the record; a file that cannot be removed now is removed at the next start.
  [[maybe_unused]] const Result<Done> removed = attachments().remove_unnamed();
  return cases.get(id, now.jst_day());
}

Result<Json> Office::one_case(const registry::CaseId& id) const { return desk().get(id, now_().jst_day()); }

Result<Json> Office::cases(const registry::CaseFilter& filter) const { return desk().list(filter, now_().jst_day()); }

Result<std::vector<registry::Deadline>> Office::deadlines(const registry::DeadlineFilter& filter) const {
  return desk().deadlines(filter, now_().jst_day());
}

Result<Office::Imported> Office::import(std::string_view file, const Actor& actor, bool dry_run) {
  if (!dry_run) {
    Result<Done> allowed = folder_.publisher().may_sign(now_());
    if (!allowed.ok()) return allowed.errors();
  }
  Result<registry::ImportReport> report = folder_.registrar().import(file, actor, now_(), dry_run);
  if (!report.ok()) return report.errors();
  Imported imported{std::move(*report), {}};
  if (dry_run || !imported.report.errors.empty()) return imported;
  Recorded recorded;
  publish(recorded);
  imported.not_published = recorded.not_published;
  return imported;
}

Result<feed::ExportReport> Office::export_site(const std::filesystem::path& out) {
  auto generation = folder_.publisher().current();
  if (generation == nullptr) {
    auto published = folder_.publisher().publish(now_());
    if (!published.ok()) return published.errors();
    generation = *published;
  }
  return feed::export_site(folder_.env(), folder_.surface(), *generation, out);
}

}  // namespace ismap::server
