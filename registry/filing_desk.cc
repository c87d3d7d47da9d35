#include "registry/filing_desk.h"

#include <algorithm>
#include <utility>

#include "registry/articles.h"
#include "registry/attachments/attachments.h"
#include "registry/digest.h"
#include "registry/journal.h"
#include "registry/ledger.h"
#include "registry/rules/common.h"
#include "registry/rules/form_2_11.h"
#include "registry/text.h"
#include "registry/writing.h"

namespace ismap::registry {

namespace {

using rules::refusal;

/// Whether the payload could be accepted: now, or on its day when that lies ahead.
Result<Done> fits(const lmdb::ReadTxn& txn, const Json& payload, Instant now) {
  Command about;
  about.service = ServiceId{payload.at("service").get<std::string>()};
  const Json& stated = payload.at("effective");
  about.effective = stated.is_string() ? Day::parse(stated.get_ref<const std::string&>()) : std::nullopt;
  const Day day = about.effective.value_or(now.jst_day());
  Result<std::vector<Event>> history =
      journal::history_around(txn, about.service.value(), std::min(day, now.jst_day()));
  if (!history.ok()) return history.errors();
  const Situation on_its_day{*history, std::max(day, now.jst_day()), Seq{0}};
  Result<Service> service = rules::standing(on_its_day, about);
  if (!service.ok()) return service.errors();
  Result<Day> possible = rules::effective_day(on_its_day, about);
  Errors errors = possible.ok() ? Errors{} : possible.errors();
  Result<Done> sound = rules::check_form_2_11(payload, *service);
  if (!sound.ok()) append(errors, sound.errors());
  if (!errors.empty()) return errors;
  return rules::in_order(on_its_day, day, rules::patched(rules::current(on_its_day), payload.at("changes")));
}

void enter_in_ledger(lmdb::WriteTxn& txn, std::string_view act, const Filing& filing, const Actor& who, Instant at,
                     const Json& more, const Json& payload = nullptr) {
  Json entry{{"act", act},     {"actor", to_json(who)},       {"article", "14.2"},
             {"at", at.iso()}, {"filing", filing.id.value()}, {"payload_sha256", hex(payload_digest(filing))}};
  entry.update(more);
  ledger::append(txn, std::move(entry), payload);
}

Error already_received(const Filing& filing) {
  return refusal(Code::conflict, "", "14.2",
                 "届出 " + filing.id.value() + " は " + filing.received_at->iso() +
                     " に受け付けています（状態: " + std::string(name_of(filing.state)) + "）",
                 "filing " + filing.id.value() + " was received at " + filing.received_at->iso() + " and is " +
                     std::string(name_of(filing.state)));
}

Error was_withdrawn(const Filing& filing) {
  return refusal(Code::conflict, "", "14.2", "下書き " + filing.id.value() + " は取り下げられています",
                 "the draft " + filing.id.value() + " was withdrawn");
}

Result<Done> check_ruling(const Ruling& ruling, const Actor& who) {
  if (who.role != Role::operator_) {
    return refusal(Code::forbidden, "/role", "14.2", "届出を確認するのは operator です",
                   "filings are decided by the operator");
  }
  Errors errors;
  const std::string& article = ruling.article.value();
  if (ruling.accept && article != "14.2") {
    errors.push_back(refusal(Code::invalid, "/article", "14.2", "様式2-11の受理の根拠条項は 14.2 です",
                             "form 2-11 is accepted under 14.2"));
  } else if (!is_article(article)) {
    errors.push_back(refusal(Code::invalid, "/article", "", "登録規則にない条項です: " + excerpt(article),
                             "the rules have no article " + excerpt(article)));
  }
  if (is_blank(ruling.reason)) {
    errors.push_back(refusal(Code::invalid, "/reason", "14.2", "理由を書いてください", "give the reason"));
  } else if (check_text(ruling.reason)) {
    errors.push_back(refusal(Code::invalid, "/reason", "14.2", "理由に使えない文字があります",
                             "the reason holds refused characters"));
  }
  if (!errors.empty()) return errors;
  return Done{};
}

/// The command that an accepted filing becomes.
Command command_of(const Filing& filing, const Ruling& ruling, const Actor& who) {
  Command command;
  command.service = filing.service;
  command.actor = who;
  command.article = ruling.article;
  command.effective = Day::parse(filing.payload.at("effective").get<std::string>());
  command.doing = ChangeItems{filing.payload.at("changes")};
  command.receipt = sha256(filing.receipt);
  command.reason = ruling.reason;
  command.basis = Json{{"filing", filing.id.value()}};
  return command;
}

Result<Done> day_has_come(const Filing& filing, Day today) {
  const Day effective = Day::parse(filing.payload.at("effective").get<std::string>()).value();
  if (effective <= today) return Done{};
  return refusal(Code::conflict, "/effective", "14.2",
                 "この届出の変更日は " + effective.iso() + " です。その日から受理できます",
                 "this filing holds from " + effective.iso() + "; it can be accepted from that day on");
}

}  // namespace

Json view_of(const Filing& filing) {
  Json view = to_json(filing);
  if (filing.decision) {
    const Actor& by = filing.decision->by;  // which token spoke, and from where, is for the ledger alone
    view["decision"]["by"] = Json{{"organisation", by.organisation}, {"role", name_of(by.role)}};
  }
  view["payload_sha256"] = hex(payload_digest(filing));
  view["seq"] = filing.decision && filing.decision->seq ? Json(filing.decision->seq->value()) : Json(nullptr);
  if (filing.receipt.empty()) view["receipt"] = nullptr;
  return view;
}

Result<Filing> FilingDesk::draft(const Json& request, const Actor& who, Instant now) {
  Errors errors = rules::check_members(request);
  const bool readable = errors.empty() || (request.is_object() && request.value("changes", Json()).is_object() &&
                                           request.value("service", Json()).is_string());
  if (!readable) return errors;
  const Json payload = rules::payload_of(request, now.jst_day());
  return env_.write([&](lmdb::WriteTxn& txn) -> Result<Filing> {
    Result<Done> sound = fits(txn, payload, now);
    if (!sound.ok()) registry::append(errors, sound.errors());
    if (!errors.empty()) return errors;
    Filing filing;
    filing.id = filings::next_id(txn);
    filing.form = "2-11";
    filing.service = ServiceId{payload.at("service").get<std::string>()};
    filing.organisation = who.organisation;
    filing.payload = payload;
    filing.created_at = now;
    if (const auto open = filings::open_draft(txn, filing)) {
      return refusal(Code::conflict, "", "14.2",
                     "提出していない下書きがあります: /v1/filings/" + open->value() + " （DELETE で取り下げられます）",
                     "there is an open draft, which DELETE withdraws: /v1/filings/" + open->value());
    }
    filings::put(txn, filing);
    enter_in_ledger(txn, "draft", filing, who, now, Json::object());
    return filing;
  });
}

Result<Filing> FilingDesk::withdraw(const FilingId& id, const Actor& who, Instant now) {
  return env_.write([&](lmdb::WriteTxn& txn) -> Result<Filing> {
    Result<Filing> filing = filings::get(txn, id);
    if (!filing.ok() || filing->state == FilingState::withdrawn) return filing;
    if (filing->state != FilingState::draft) return already_received(*filing);
    Result<Done> detached = attachments::remove_all(txn, id, who, now);
    if (!detached.ok()) return detached.errors();
    filing->state = FilingState::withdrawn;
    filings::put(txn, *filing);
    enter_in_ledger(txn, "withdraw-draft", *filing, who, now, Json::object());
    return filing;
  });
}

Result<Submission> FilingDesk::submit(const FilingId& id, const Actor& who, const RequestKey& key,
                                      const SignReceipt& sign, Instant now) {
  Result<Filing> seen = env_.read([&](const lmdb::ReadTxn& txn) { return filings::get(txn, id); });
  if (!seen.ok()) return seen.errors();
  Filing received = *seen;
  if (received.state == FilingState::draft) {
    received.state = FilingState::received;
    received.received_at = now;
    received.receipt = sign(received);
  }
  return env_.write([&](lmdb::WriteTxn& txn) -> Result<Submission> {
    Result<std::optional<Json>> earlier = replays::find(txn, key);
    if (!earlier.ok()) return earlier.errors();
    if (earlier->has_value()) return Submission{std::move(**earlier), true};
    Result<Filing> stored = filings::get(txn, id);
    if (!stored.ok()) return stored.errors();
    if (stored->state == FilingState::withdrawn) return was_withdrawn(*stored);
    if (stored->state != FilingState::draft) return already_received(*stored);
    Result<Done> sound = fits(txn, stored->payload, now);
    if (!sound.ok()) return sound.errors();
    filings::put(txn, received);
    const Json answer = view_of(received);
    replays::keep(txn, key, answer, now);
    enter_in_ledger(txn, "file", received, who, now, Json{{"receipt_sha256", hex(sha256(received.receipt))}});
    return Submission{answer, false};
  });
}

Result<Filing> FilingDesk::decide(const FilingId& id, const Ruling& ruling, const Actor& who, Instant now,
                                  const std::optional<RequestKey>& key) {
  Result<Done> allowed = check_ruling(ruling, who);
  if (!allowed.ok()) return allowed.errors();
  Result<Acted> lapsed = registrar_.remove_expired(now);
  if (!lapsed.ok()) return lapsed.errors();
  return env_.write([&](lmdb::WriteTxn& txn) -> Result<Filing> {
    Result<Filing> filing = filings::get(txn, id);
    if (!filing.ok()) return filing;
    if (key) {
      Result<std::optional<Json>> earlier = replays::find(txn, *key);
      if (!earlier.ok()) return earlier.errors();
      if (earlier->has_value()) return filing;  // what was decided then stands in it
      replays::keep(txn, *key, Json{{"filing", id.value()}}, now);
    }
    if (filing->state == FilingState::withdrawn) return was_withdrawn(*filing);
    if (filing->state == FilingState::draft) {
      return refusal(Code::conflict, "", "14.2", "まだ提出されていない下書きです",
                     "this is a draft, not yet submitted");
    }
    if (filing->state != FilingState::received) return already_received(*filing);
    FilingDecision decision{ruling.accept, ruling.article, ruling.reason, who, now, std::nullopt};
    if (ruling.accept) {
      Result<Done> come = day_has_come(*filing, now.jst_day());
      if (!come.ok()) return come.errors();
      Result<Writing> writing = Writing::begin(txn, now);
      if (!writing.ok()) return writing.errors();
      const Command command = command_of(*filing, ruling, who);
      Result<Done> done = writing->perform(command);
      if (!done.ok()) return done.errors();
      writing->sign_off(who, "change", &command);
      decision.seq = writing->appended().back();
    }
    filing->state = ruling.accept ? FilingState::accepted : FilingState::returned;
    filing->decision = decision;
    filings::put(txn, *filing);
    enter_in_ledger(txn, ruling.accept ? "accept" : "return", *filing, who, now,
                    Json{{"article", ruling.article.value()}}, Json{{"reason", ruling.reason}});
    return filing;
  });
}

}  // namespace ismap::registry
