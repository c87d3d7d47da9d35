#include "registry/filings/records.h"

#include <utility>

#include "registry/digest.h"
#include "registry/ledger.h"
#include "registry/rules/common.h"

namespace ismap::registry::filings {

using rules::refusal;

void enter_in_ledger(lmdb::WriteTxn& txn, std::string_view act, const Filing& filing, const Actor& who, Instant at,
                     const Json& more, const Json& payload) {
  Json entry{{"act", act},
             {"actor", to_json(who)},
             {"article", filing.article.value()},
             {"at", at.iso()},
             {"filing", filing.id.value()},
             {"payload_sha256", payload_digest(filing)},
             {"service", filing.service.value()}};
  entry.update(more);
  ledger::append(txn, std::move(entry), payload);
}

Error already_received(const Filing& filing) {
  const std::string state(name_of(filing.state));
  return refusal(
      Code::conflict, "", filing.article.value(),
      "届出 " + filing.id.value() + " は " + filing.received_at->iso() + " に受け付けています（状態: " + state + "）",
      "filing " + filing.id.value() + " was received at " + filing.received_at->iso() + " and is " + state);
}

Error was_withdrawn(const Filing& filing) {
  return refusal(Code::conflict, "", filing.article.value(), "下書き " + filing.id.value() + " は取り下げられています",
                 "the draft " + filing.id.value() + " was withdrawn");
}

Result<Done> may_change_the_list(const lmdb::ReadTxn& txn, const Filing& filing, const LookedAt& looked_at) {
  Result<Done> same = still_shows(txn, filing.service, looked_at);
  if (!same.ok() || looked_at) return same;
  const auto moved = moved_since(txn, filing);
  if (!moved.ok()) return moved.errors();
  if (moved->empty()) return Done{};
  Errors errors;
  for (const FieldDiff& field : *moved) {
    errors.push_back(refusal(
        Code::unlooked, "/changes" + field.pointer, field.article,
        "届け出る項目が、下書きの後にリストで変わっています。差分を確かめ、サービスのETagをIf-Matchで示してください",
        "this item has changed on the list since: look at the difference and send the service's ETag as If-Match"));
  }
  return errors;
}

Result<Effect> effect_of_prepared(const lmdb::ReadTxn& txn, const Prepared& prepared, Day today) {
  if (!prepared.command) return Effect{{}, std::nullopt, shown(txn, prepared.service)};
  Command command = *prepared.command;
  if (!acts_when_received(prepared.form)) command.actor.role = Role::operator_;  // who accepts it
  return effect_of(txn, command, today);
}

Command change_of(const Filing& filing) {
  Command command;
  command.service = filing.service;
  command.actor.role = Role::operator_;
  command.article = Article{"14.2"};
  command.effective = Day::parse(filing.payload.at("effective").get<std::string>());
  command.doing = ChangeItems{filing.payload.at("changes")};
  command.receipt = sha256(filing.receipt);
  command.basis = Json{{"filing", filing.id.value()}};
  return command;
}

}  // namespace ismap::registry::filings
