#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "registry/articles.h"
#include "registry/filings/desk.h"
#include "registry/filings/records.h"
#include "registry/journal.h"
#include "registry/replays.h"
#include "registry/rules/common.h"
#include "registry/text.h"
#include "registry/writing.h"

/// The operator's side of the desk: what it says to a filing, and what it asks.
namespace ismap::registry {

namespace {

using rules::refusal;

Error for_the_operator(const char* article) {
  return refusal(Code::forbidden, "/role", article, "届出を確認するのは operator です",
                 "filings are decided by the operator");
}

/// The operator's side of applications: under which article it accepts them. Article: 4.1, 9.1
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kAccepting{{{"12.1", "9.1"}, {"3.4", "4.1"}}};

Error wrong_article(const Filing& filing) {
  const std::string article = filings::accepting_article(filing);
  return refusal(Code::invalid, "/article", article, "様式" + filing.form + "の受理の根拠条項は " + article + " です",
                 "form " + filing.form + " is accepted under " + article);
}

/// Every mistake of a ruling, of which the filing is known.
Errors mistakes_in(const Ruling& ruling, const Filing& filing) {
  Errors errors;
  const std::string& article = ruling.article.value();
  if (ruling.accept && article != filings::accepting_article(filing)) {
    errors.push_back(wrong_article(filing));
  } else if (!is_article(article)) {
    errors.push_back(refusal(Code::invalid, "/article", "", "登録規則にない条項です: " + excerpt(article),
                             "the rules have no article " + excerpt(article)));
  }
  if (is_blank(ruling.reason)) {
    errors.push_back(
        refusal(Code::invalid, "/reason", filing.article.value(), "理由を書いてください", "give the reason"));
  } else if (check_text(ruling.reason)) {
    errors.push_back(refusal(Code::invalid, "/reason", filing.article.value(), "理由に使えない文字があります",
                             "the reason holds refused characters"));
  }
  return errors;
}

Result<Done> day_has_come(const Filing& filing, Day today) {
  if (filing.payload.is_null()) {
    return refusal(Code::conflict, "", "14.2", "この届出の内容は廃棄されています", "what was filed was destroyed");
  }
  const Day effective = Day::parse(filing.payload.at("effective").get<std::string>()).value();
  if (effective <= today) return Done{};
  return refusal(Code::conflict, "/effective", "14.2",
                 "この届出の変更日は " + effective.iso() + " です。その日から受理できます",
                 "this filing holds from " + effective.iso() + "; it can be accepted from that day on");
}

/// The decision on its way into the register.
struct Deciding {
  Filing filing;
  const Ruling& ruling;
  const Actor& who;
  Instant now;
  const CaseSettings& settings;
  const LookedAt& looked_at;
};

/// The list changes. Article: 14.2
Result<std::optional<Seq>> change_the_list(lmdb::WriteTxn& txn, const Deciding& deciding) {
  Result<Done> possible = day_has_come(deciding.filing, deciding.now.jst_day());
  if (possible.ok()) possible = filings::may_change_the_list(txn, deciding.filing, deciding.looked_at);
  if (!possible.ok()) return possible.errors();
  Result<Writing> writing = Writing::begin(txn, deciding.now);
  if (!writing.ok()) return writing.errors();
  Command command = filings::change_of(deciding.filing);
  command.actor = deciding.who;
  command.reason = deciding.ruling.reason;
  Result<Done> done = writing->perform(command);
  if (!done.ok()) return done.errors();
  writing->sign_off(deciding.who, "change", &command);
  return std::optional<Seq>(writing->appended().back());
}

/// A step of the operator in the case of the filing. Errors: those of the step.
Result<Case> step_of_operator(lmdb::WriteTxn& txn, const Deciding& deciding, const Json& request) {
  const Result<Case> found = cases::get(txn, CaseId{deciding.filing.case_id.value_or("")});
  if (!found.ok()) return found.errors();
  Result<StepWish> wish = read_step(found->procedure, request, {}, deciding.who, deciding.now.jst_day());
  if (!wish.ok()) return wish.errors();
  auto admitted = cases::admit(txn, {found->procedure, found->service, found->id}, *wish, deciding.settings);
  if (!admitted.ok()) return admitted.errors();
  wish->step.recorded_at = std::max(deciding.now, journal::last_recorded_at(txn).value_or(deciding.now));
  return cases::take(txn, std::move(admitted->so_far), *wish);
}

Json cited(const Filing& filing) { return Json{{"case", *filing.case_id}, {"step", filing.step}}; }

/// What follows from an acceptance: the event of it, if there is one. Article: 9.1, 14.2
Result<std::optional<Seq>> accept(lmdb::WriteTxn& txn, const Deciding& deciding) {
  if (deciding.filing.form == kForm2_11) return change_the_list(txn, deciding);
  if (deciding.filing.article == Article{"12.1"} && deciding.filing.case_id) {
    const Result<Case> made = step_of_operator(txn, deciding,
                                               Json{{"step", "accepted"},
                                                    {"article", "9.1"},
                                                    {"reason", {{"ja", deciding.ruling.reason}}},
                                                    {"basis", cited(deciding.filing)}});
    if (!made.ok()) return made.errors();
  }
  return std::optional<Seq>();
}

/// A filing that waits for a decision. Errors: conflict.
Result<Done> is_undecided(const Filing& filing) {
  if (filing.state == FilingState::received) return Done{};
  if (filing.state == FilingState::withdrawn) return filings::was_withdrawn(filing);
  if (filing.state != FilingState::draft) return filings::already_received(filing);
  return refusal(Code::conflict, "", filing.article.value(), "まだ提出されていない下書きです",
                 "this is a draft, not yet submitted");
}

/// An application for renewal is not returned: it is asked about, or not accepted by 9.6. Article: 9.4, 9.6
Result<Done> may_be_returned(const Filing& filing) {
  if (filing.article != Article{"12.1"}) return Done{};
  return refusal(
      Code::conflict, "/decision", "9.6",
      "更新の申請は返せません。照会（9.4）を行うか、行為 close-renewal（9.6）で不受理としてください",
      "an application for renewal is not returned: ask about it (9.4), or end it by the act close-renewal (9.6)");
}

/// Whether the same request was answered before; else keeps its key. Errors: those of replays::find.
Result<bool> is_repeated(lmdb::WriteTxn& txn, const std::optional<RequestKey>& key, const FilingId& id, Instant now) {
  if (!key) return false;
  Result<std::optional<Json>> earlier = replays::find(txn, *key, now);
  if (!earlier.ok()) return earlier.errors();
  if (!earlier->has_value()) replays::keep(txn, *key, Json{{"filing", id.value()}}, now);
  return earlier->has_value();
}

}  // namespace

namespace filings {

std::string accepting_article(const Filing& filing) {
  for (const auto& [filed, accepted] : kAccepting) {
    if (filing.article.value() == filed) return std::string(accepted);
  }
  return filing.article.value();
}

}  // namespace filings

Result<Filing> FilingDesk::decide(const FilingId& id, const Ruling& ruling, const Actor& who, Instant now,
                                  const std::optional<RequestKey>& key, const LookedAt& looked_at) {
  if (who.role != Role::operator_) return for_the_operator("14.2");
  Result<Acted> lapsed = registrar_.remove_expired(now);
  if (!lapsed.ok()) return lapsed.errors();
  return env_.write([&](lmdb::WriteTxn& txn) -> Result<Filing> {
    Result<Filing> found = filings::get(txn, id);
    if (!found.ok()) return found;
    Errors errors = mistakes_in(ruling, *found);
    if (!errors.empty()) return errors;
    const Result<bool> repeated = is_repeated(txn, key, id, now);
    if (!repeated.ok()) return repeated.errors();
    if (*repeated) return found;  // what was decided then stands in it
    Deciding deciding{*found, ruling, who, now, settings_, looked_at};
    Result<Done> possible = is_undecided(*found);
    if (possible.ok() && !ruling.accept) possible = may_be_returned(*found);
    if (!possible.ok()) return possible.errors();
    FilingDecision decision{ruling.accept, ruling.article, ruling.reason, who, now, std::nullopt};
    if (ruling.accept) {
      Result<std::optional<Seq>> seq = accept(txn, deciding);
      if (!seq.ok()) return seq.errors();
      decision.seq = *seq;
    }
    Filing& filing = deciding.filing;
    filing.state = ruling.accept ? FilingState::accepted : FilingState::returned;
    filing.decision = decision;
    filings::put(txn, filing);
    filings::enter_in_ledger(txn, ruling.accept ? "accept" : "return", filing, who, now,
                             Json{{"article", ruling.article.value()}}, Json{{"reason", ruling.reason}});
    return filing;
  });
}

namespace {

/// The step that asks. Errors: conflict where no article lets the operator ask; invalid at /article.
Result<Json> request_of_inquiry(const lmdb::ReadTxn& txn, const Filing& filing, const Json& request) {
  const Result<Case> of = cases::get(txn, CaseId{filing.case_id.value_or("")});
  const Form* form = find_form(filing.form, filing.article.value());
  const StepRule* rule = of.ok() && form != nullptr ? inquiry_of(*form) : nullptr;
  if (rule == nullptr) {
    return refusal(Code::conflict, "", filing.article.value(),
                   "この届出について追加の報告を求める条項はありません。形式の不備なら返却（return）してください",
                   "no article lets the operator ask about this filing: return it for a defect of form");
  }
  if (request.value("article", Json()) != rule->article) {
    return refusal(Code::invalid, "/article", std::string(rule->article),
                   "この届出について求める根拠条項は " + std::string(rule->article) + " です",
                   "this filing is asked about under " + std::string(rule->article));
  }
  Json step = request;
  step["step"] = std::string(rule->name);
  step["basis"] = cited(filing);
  return step;
}

Result<Done> has_no_members_of_its_own(const Json& request) {
  Errors errors;
  for (const char* name : {"step", "basis"}) {
    if (!request.contains(name)) continue;
    errors.push_back(refusal(Code::invalid, "/" + std::string(name), "", "知らない項目です: " + std::string(name),
                             "unknown member: " + std::string(name)));
  }
  if (!errors.empty()) return errors;
  return Done{};
}

}  // namespace

Result<Filing> FilingDesk::inquire(const FilingId& id, const Json& request, const Actor& who, Instant now,
                                   const std::optional<RequestKey>& key) {
  if (who.role != Role::operator_) return for_the_operator("13.4");
  if (!request.is_object())
    return refusal(Code::invalid, "", "", "JSONオブジェクトで書いてください", "give a JSON object");
  Result<Done> sound = has_no_members_of_its_own(request);
  if (!sound.ok()) return sound.errors();
  Result<Acted> lapsed = registrar_.remove_expired(now);
  if (!lapsed.ok()) return lapsed.errors();
  return env_.write([&](lmdb::WriteTxn& txn) -> Result<Filing> {
    Result<Filing> filing = filings::get(txn, id);
    if (!filing.ok()) return filing;
    const Result<bool> repeated = is_repeated(txn, key, id, now);
    if (!repeated.ok()) return repeated.errors();
    if (*repeated) return filing;
    if (filing->state == FilingState::draft) return is_undecided(*filing).errors();
    if (filing->state == FilingState::withdrawn) return filings::was_withdrawn(*filing);
    const Result<Json> step = request_of_inquiry(txn, *filing, request);
    if (!step.ok()) return step.errors();
    const Ruling none;
    const LookedAt nothing;
    const Result<Case> made = step_of_operator(txn, {*filing, none, who, now, settings_, nothing}, *step);
    if (!made.ok()) return made.errors();
    filing->inquiries.push_back({made->steps.back().article, now, made->id.value(), made->steps.back().number});
    filings::put(txn, *filing);
    filings::enter_in_ledger(txn, "inquire", *filing, who, now, Json{{"article", made->steps.back().article.value()}});
    return filing;
  });
}

Result<Effect> FilingDesk::effect(const FilingId& id, Instant now) const {
  return env_.read([&](const lmdb::ReadTxn& txn) -> Result<Effect> {
    const Result<Filing> filing = filings::get(txn, id);
    if (!filing.ok()) return filing.errors();
    if (filing->seq) return effect_of(txn, *filing->seq);
    if (filing->decision && filing->decision->seq) return effect_of(txn, *filing->decision->seq);
    const bool open = filing->state == FilingState::draft || filing->state == FilingState::received;
    if (open && filing->form == kForm2_11 && !filing->payload.is_null())
      return effect_of(txn, filings::change_of(*filing), now.jst_day());
    if (filing->state != FilingState::draft) return Effect{{}, std::nullopt, shown(txn, filing->service)};
    const Actor filer{Role::registrant, filing->organisation, {}, {}, {}};
    const Result<Prepared> prepared = prepare(txn, request_of(filing->payload), {filer, now, settings_});
    if (!prepared.ok()) return prepared.errors();
    return filings::effect_of_prepared(txn, *prepared, now.jst_day());
  });
}

}  // namespace ismap::registry
