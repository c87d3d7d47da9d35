#include "registry/filings/desk.h"

#include <algorithm>
#include <utility>

#include "registry/attachments/attachments.h"
#include "registry/cases/superseding.h"
#include "registry/digest.h"
#include "registry/filings/lifting_form.h"
#include "registry/filings/records.h"
#include "registry/journal.h"
#include "registry/ledger.h"
#include "registry/replays.h"
#include "registry/rules/common.h"
#include "registry/tables.h"
#include "registry/writing.h"

namespace ismap::registry {

namespace {

using filings::already_received;
using filings::enter_in_ledger;
using filings::was_withdrawn;
using rules::refusal;

Error draft_is_open(const Filing& filing, const FilingId& open) {
  return refusal(Code::conflict, "", filing.article.value(),
                 "提出していない下書きがあります: /v1/filings/" + open.value() + " （DELETE で取り下げられます）",
                 "there is an open draft, which DELETE withdraws: /v1/filings/" + open.value());
}

Error changed_meanwhile(const Filing& filing) {
  return refusal(Code::conflict, "", filing.article.value(),
                 "下書きが提出の間に変わりました。確かめて、もう一度提出してください",
                 "the draft changed while it was being submitted: look at it and submit again");
}

/// Puts what was prepared into the filing.
void take_over(const lmdb::ReadTxn& txn, const Prepared& prepared, Filing& filing) {
  filing.form = std::string(prepared.form.name);
  filing.article = Article{std::string(prepared.form.step->article)};
  filing.service = prepared.service;
  filing.payload = prepared.payload;
  filing.case_id.reset();
  if (prepared.into) filing.case_id = prepared.into->value();
  filing.supplements = prepared.supplements;
  filing.supersedes = prepared.supersedes;
  filing.base = tables::latest(txn, prepared.service.value());
}

}  // namespace

std::string etag_of(const Filing& filing) { return hex(sha256(canonical(view_of(filing)))); }

Result<Preview> FilingDesk::preview(const Json& request, const Actor& who, Instant now) const {
  return env_.read([&](const lmdb::ReadTxn& txn) -> Result<Preview> {
    Result<Prepared> prepared = prepare(txn, request, {who, now, settings_});
    if (!prepared.ok()) return prepared.errors();
    Result<Effect> effect = filings::effect_of_prepared(txn, *prepared, now.jst_day());
    if (!effect.ok()) return effect.errors();
    return Preview{std::move(*prepared), std::move(*effect)};
  });
}

namespace {

/// The draft that was made with this key before; nothing when it is new. Errors: those of replays::find.
Result<std::optional<Filing>> drafted_before(const lmdb::ReadTxn& txn, const std::optional<RequestKey>& key,
                                             Instant now) {
  if (!key) return std::optional<Filing>();
  const auto earlier = replays::find(txn, *key, now);
  if (!earlier.ok()) return earlier.errors();
  if (!earlier->has_value()) return std::optional<Filing>();
  Result<Filing> filing = filings::get(txn, FilingId{(*earlier)->at("draft").get<std::string>()});
  if (!filing.ok()) return filing.errors();
  return std::optional<Filing>(*std::move(filing));
}

}  // namespace

Result<Drafted> FilingDesk::draft(const Json& request, const Actor& who, Instant now,
                                  const std::optional<RequestKey>& key) {
  return env_.write([&](lmdb::WriteTxn& txn) -> Result<Drafted> {
    Result<std::optional<Filing>> before = drafted_before(txn, key, now);
    if (!before.ok()) return before.errors();
    if (before->has_value()) return Drafted{std::move(**before), {}};
    Result<Prepared> prepared = prepare(txn, request, {who, now, settings_});
    if (!prepared.ok()) return prepared.errors();
    Filing filing;
    filing.id = filings::next_id(txn);
    filing.organisation = who.organisation;
    filing.created_at = now;
    take_over(txn, *prepared, filing);
    if (const auto open = filings::open_draft(txn, filing)) return draft_is_open(filing, *open);
    filings::put(txn, filing);
    if (key) replays::keep(txn, *key, Json{{"draft", filing.id.value()}}, now);
    enter_in_ledger(txn, "draft", filing, who, now, Json::object());
    return Drafted{std::move(filing), std::move(prepared->notices)};
  });
}

Result<Drafted> FilingDesk::amend(const FilingId& id, const Json& patch, const std::string& etag, const Actor& who,
                                  Instant now) {
  if (!patch.is_object())
    return refusal(Code::invalid, "", "", "JSONオブジェクトで書いてください", "give a JSON object");
  return env_.write([&](lmdb::WriteTxn& txn) -> Result<Drafted> {
    Result<Filing> filing = filings::get(txn, id);
    if (!filing.ok()) return filing.errors();
    if (filing->state == FilingState::withdrawn) return was_withdrawn(*filing);
    if (filing->state != FilingState::draft) return already_received(*filing);
    if (etag_of(*filing) != etag) {
      return Error{Code::stale, "", "", "下書きは、If-Matchで示された版から変わっています",
                   "the draft has changed since the version that If-Match names"};
    }
    Json request = request_of(filing->payload);
    request.merge_patch(patch);
    for (const char* fixed : {"form", "service"}) {
      if (request.value(fixed, Json()) == filing->payload.at(fixed)) continue;
      return refusal(Code::invalid, "/" + std::string(fixed), filing->article.value(),
                     "様式とサービスは変えられません。新しい下書きを作ってください",
                     "form and service stay: make another draft");
    }
    Result<Prepared> prepared = prepare(txn, request, {who, now, settings_});
    if (!prepared.ok()) return prepared.errors();
    Filing amended = *filing;
    take_over(txn, *prepared, amended);
    const auto open = filings::open_draft(txn, amended);
    if (open && *open != id) return draft_is_open(amended, *open);
    filings::replace(txn, *filing, amended);
    enter_in_ledger(txn, "amend-draft", amended, who, now, Json::object());
    return Drafted{std::move(amended), std::move(prepared->notices)};
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

namespace {

/// One submission on its way into the register.
struct Receiving {
  Filing filing;  ///< received, with its receipt
  const Actor& who;
  Instant now;
  const CaseSettings& settings;
};

/// Makes the step of a case that the filing is. Article: 13.2, 13.3, 13.4, 13.9, 14.1, 15.2, 16.2, 16.6, 18.1
Result<Done> make_its_step(lmdb::WriteTxn& txn, Receiving& receiving, Prepared& prepared) {
  StepWish& wish = *prepared.step;
  auto admitted =
      cases::admit(txn, {prepared.form.procedure, prepared.service, prepared.into}, wish, receiving.settings);
  if (!admitted.ok()) return admitted.errors();
  wish.step.recorded_at = std::max(receiving.now, journal::last_recorded_at(txn).value_or(receiving.now));
  wish.step.filing = receiving.filing.id.value();
  if (prepared.supersedes) {
    const Result<Filing> earlier = filings::get(txn, *prepared.supersedes);
    if (!earlier.ok()) return earlier.errors();
    const bool same_case = earlier->step != 0 && earlier->case_id == receiving.filing.case_id;
    if (same_case) wish.step.facts[kReplaces] = earlier->step;
  }
  const Case made = cases::take(txn, std::move(admitted->so_far), wish);
  receiving.filing.case_id = made.id.value();
  receiving.filing.step = made.steps.back().number;
  return file_for_lifting_too(txn, made, wish, receiving.settings);
}

/// Makes the public act that the filing is the moment it is received. Article: 12.1
Result<Done> make_its_act(lmdb::WriteTxn& txn, Receiving& receiving, Prepared& prepared) {
  Command& command = *prepared.command;
  command.actor = receiving.who;
  command.receipt = sha256(receiving.filing.receipt);
  command.basis = Json{{"filing", receiving.filing.id.value()}};
  const Json reason = prepared.payload.value("reason", Json());
  command.reason = reason.is_object() ? reason.value("ja", "") : "";
  Result<Writing> writing = Writing::begin(txn, receiving.now);
  if (!writing.ok()) return writing.errors();
  Result<Done> done = writing->perform(command);
  if (!done.ok()) return done;
  writing->sign_off(receiving.who, name_of(act_of(command.doing)), &command);
  receiving.filing.seq = writing->appended().back();
  const auto known = cases::of_service(txn, prepared.service);
  if (!known.ok()) return known.errors();
  for (const Case& one : *known) {
    for (const Step& step : one.steps) {
      if (step.filing != receiving.filing.id.value()) continue;
      receiving.filing.case_id = one.id.value();
      receiving.filing.step = step.number;
    }
  }
  return Done{};
}

Result<Done> supersede(lmdb::WriteTxn& txn, const Receiving& receiving) {
  if (!receiving.filing.supersedes) return Done{};
  Result<Filing> earlier = filings::get(txn, *receiving.filing.supersedes);
  if (!earlier.ok()) return earlier.errors();
  earlier->state = FilingState::superseded;
  earlier->superseded_by = receiving.filing.id;
  filings::put(txn, *earlier);
  return Done{};
}

/// A report or answer says something, or a file does. A withdrawal says all there is to say itself. Article: 13.2, 18.1
Result<Done> says_something(const Prepared& prepared, const Json& payload) {
  if (prepared.form.procedure == Procedure::withdrawal || payload.contains("attachments")) return Done{};
  std::string missing;
  for (const FieldRule& field : prepared.form.step->fields) {
    if (field.kind != FieldKind::text) continue;
    if (payload.contains(std::string(field.name))) return Done{};
    if (missing.empty()) missing = std::string(field.name);
  }
  if (missing.empty() || prepared.form.name == kForm2_11) return Done{};
  return refusal(Code::invalid, "/" + missing, std::string(prepared.form.step->article),
                 "内容（" + missing + "）を書くか、様式のファイルを添付してください",
                 "write " + missing + ", or attach the form as a file");
}

/// What a filing means the moment it is received.
Result<Done> make_it_count(lmdb::WriteTxn& txn, Receiving& receiving) {
  Filing& filing = receiving.filing;
  Result<Prepared> prepared =
      prepare(txn, request_of(filing.payload), {receiving.who, receiving.now, receiving.settings});
  if (!prepared.ok()) return prepared.errors();
  filing.first_received_at = prepared->first_received_at ? prepared->first_received_at : filing.received_at;
  Result<Done> done = says_something(*prepared, filing.payload);
  if (done.ok() && prepared->step) done = make_its_step(txn, receiving, *prepared);
  if (done.ok() && acts_when_received(prepared->form)) done = make_its_act(txn, receiving, *prepared);
  if (done.ok()) done = supersede(txn, receiving);
  return done;
}

/// The filing as it would be received now: a draft's payload names the files that are attached to it.
Result<Filing> as_filed(const lmdb::ReadTxn& txn, const FilingId& id) {
  Result<Filing> filing = filings::get(txn, id);
  if (!filing.ok() || filing->state != FilingState::draft) return filing;
  const auto files = attachments::of(txn, id);
  if (!files.ok()) return files.errors();
  for (const Attachment& file : *files) {
    Json named = to_json(file);
    named.erase("added_at");
    filing->payload["attachments"].push_back(std::move(named));
  }
  return filing;
}

}  // namespace

Result<Submission> FilingDesk::submit(const FilingId& id, const Actor& who, const RequestKey& key,
                                      const SignReceipt& sign, Instant now, const LookedAt& looked_at) {
  Result<Acted> lapsed = registrar_.remove_expired(now);
  if (!lapsed.ok()) return lapsed.errors();
  const Result<Filing> seen = env_.read([&](const lmdb::ReadTxn& txn) { return as_filed(txn, id); });
  if (!seen.ok()) return seen.errors();
  Receiving receiving{*seen, who, now, settings_};
  Filing& received = receiving.filing;
  if (received.state == FilingState::draft) {
    received.state = FilingState::received;
    received.received_at = now;
    received.digest = payload_digest(received);
    received.receipt = sign(received);
  }
  return env_.write([&](lmdb::WriteTxn& txn) -> Result<Submission> {
    Result<std::optional<Json>> earlier = replays::find(txn, key, now);
    if (!earlier.ok()) return earlier.errors();
    if (earlier->has_value()) return Submission{std::move(**earlier), true};
    const Result<Filing> stored = as_filed(txn, id);
    if (!stored.ok()) return stored.errors();
    if (stored->state == FilingState::withdrawn) return was_withdrawn(*stored);
    if (stored->state != FilingState::draft) return already_received(*stored);
    if (etag_of(*stored) != etag_of(*seen)) return changed_meanwhile(*stored);
    Result<Done> counts = make_it_count(txn, receiving);
    if (counts.ok()) counts = filings::may_change_the_list(txn, *stored, looked_at);
    if (!counts.ok()) return counts.errors();
    if (looked_at) received.base = tables::latest(txn, received.service.value());
    filings::replace(txn, *stored, received);
    const Json answer = view_of(received);
    replays::keep(txn, key, answer, now);
    enter_in_ledger(txn, "file", received, who, now, Json{{"receipt_sha256", hex(sha256(received.receipt))}});
    return Submission{answer, false};
  });
}

}  // namespace ismap::registry
