#include "registry/cases/joining.h"

#include <algorithm>
#include <array>
#include <utility>

#include "registry/cases/citing.h"
#include "registry/cases/correction.h"
#include "registry/cases/step_request.h"
#include "registry/rules/common.h"

namespace ismap::registry::cases {

namespace {

using rules::refusal;

/// Which step of which procedure an act is.
struct Fit {
  Act act;
  std::string_view article;
  Procedure procedure;
  std::string_view step;
  std::string_view step_article = {};  ///< where it is not that of the act
};

/// The procedure of an act's own.
constexpr std::array<Fit, 26> kOwn{{
    {Act::suspend, "13.5", Procedure::incident, "suspended"},
    {Act::suspend, "13.7", Procedure::incident, "suspended"},
    {Act::suspend, "14.3", Procedure::notification, "suspended"},
    {Act::reinstate, "13.6", Procedure::incident, "lifted"},
    {Act::reinstate, "13.10", Procedure::incident, "lifted"},
    {Act::reinstate, "14.4", Procedure::notification, "lifted"},
    {Act::change, "14.1", Procedure::notification, "changed"},
    {Act::change, "14.2", Procedure::notification, "changed"},
    {Act::start_re_audit, "16.1", Procedure::re_audit, "started"},
    {Act::start_re_audit, "16.5", Procedure::re_audit, "started"},
    {Act::end_re_audit, "16.3", Procedure::re_audit, "ended"},
    {Act::end_re_audit, "16.4", Procedure::re_audit, "ended"},
    {Act::end_re_audit, "16.7", Procedure::re_audit, "ended"},
    {Act::file_renewal, "12.1", Procedure::renewal, "applied"},
    {Act::renew, "11.2", Procedure::renewal, "renewed"},
    {Act::close_renewal, "9.6", Procedure::renewal, "closed"},
    {Act::close_renewal, "18.2(3)", Procedure::removal, "removed"},
    {Act::close_renewal, "", Procedure::renewal, "closed", "12.1"},
    {Act::remove, "12.1", Procedure::removal, "removed"},
    {Act::remove, "18.2(1)", Procedure::removal, "removed"},
    {Act::remove, "18.2(2)", Procedure::removal, "removed"},
    {Act::remove, "18.2(3)", Procedure::removal, "removed"},
    {Act::remove, "18.2(4)", Procedure::removal, "removed"},
    {Act::remove, "18.2(5)", Procedure::removal, "removed"},
    {Act::remove, "18.2(6)", Procedure::removal, "removed"},
    {Act::remove, "18.2(7)", Procedure::removal, "removed"},
}};

/// What an act is in a case of another procedure that it cites.
constexpr std::array<Fit, 4> kCited{{
    {Act::start_re_audit, "16.1", Procedure::monitoring, "re-audit-required"},
    {Act::start_re_audit, "16.5", Procedure::incident, "re-audit-started"},
    {Act::remove, "18.2(2)", Procedure::withdrawal, "removed"},
    {Act::register_service, "11.1", Procedure::re_application, "registered"},
}};

std::string article_of(const Command& command) { return command.article ? command.article->value() : ""; }

const Fit* find(const Fit* begin, const Fit* end, const Command& command, std::optional<Procedure> procedure) {
  const Act act = act_of(command.doing);
  const std::string article = article_of(command);
  const Fit* found = std::find_if(begin, end, [&](const Fit& fit) {
    return fit.act == act && fit.article == article && (!procedure || fit.procedure == *procedure);
  });
  return found == end ? nullptr : found;
}

/// The interval that an act closed: its opening.
std::optional<Seq> closed_interval(const Json& before, const Json& after, const char* array, const char* end) {
  if (!before.is_object()) return std::nullopt;
  for (std::size_t i = 0; i < before.at(array).size() && i < after.at(array).size(); ++i) {
    const Json& was = before.at(array).at(i);
    const Json& is = after.at(array).at(i);
    if (was.at(end).is_null() && !is.at(end).is_null()) return Seq{is.at("opening").get<std::uint64_t>()};
  }
  return std::nullopt;
}

/// One act on its way into its cases.
class Joining {
 public:
  Joining(lmdb::WriteTxn& txn, const ActDone& done) : txn_(txn), done_(done), command_(done.command) {}

  Result<Joined> run() {
    Result<std::vector<Case>> known = of_service(txn_, command_.service);
    if (!known.ok()) return known.errors();
    known_ = std::move(*known);
    Result<Done> found = find_cited();
    if (!found.ok()) return found.errors();
    if (std::holds_alternative<Correct>(command_.doing)) {
      join_correction(txn_, done_, std::move(known_));
      return Joined{};
    }
    const Fit* own = find(kOwn.begin(), kOwn.end(), command_, std::nullopt);
    if (skipped_at_hand_over()) own = nullptr;
    Result<Done> joined = cited_ ? check_citation(command_, *cited_, done_.effective) : Result<Done>(Done{});
    if (cited_) notices_ = missing_in(command_, *cited_);
    tell_what_was_considered(own);
    if (joined.ok()) joined = join_own(own);
    if (joined.ok()) joined = join_cited(own);
    if (!joined.ok()) return joined.errors();
    Result<Done> followed = follow(own);
    if (!followed.ok()) return followed.errors();
    return Joined{std::move(notices_)};
  }

 private:
  [[nodiscard]] bool skipped_at_hand_over() const {
    return command_.at_hand_over && std::holds_alternative<ChangeItems>(command_.doing);
  }

  [[nodiscard]] static Error no_such_step(const char* pointer) {
    return refusal(Code::invalid, pointer, "", "このサービスの事案に、その番号の手続はありません",
                   "names no step of a case of this service");
  }

  Result<Done> find_cited() {
    const Json& basis = command_.basis;
    if (command_.at_hand_over || !basis.is_object() || !basis.contains("case")) return Done{};
    const Json& id = basis.at("case");
    Result<Case> found = get(txn_, CaseId{id.is_string() ? id.get<std::string>() : ""});
    if (!found.ok()) return no_such_step("/basis/case");
    const bool new_record =
        std::holds_alternative<RegisterService>(command_.doing) && found->procedure == Procedure::re_application;
    if (found->service != command_.service && !new_record) return no_such_step("/basis/case");
    const Json number = basis.value("step", Json());
    const bool there = number.is_number_integer() && number.get<std::int64_t>() >= 1 &&
                       number.get<std::uint64_t>() <= found->steps.size();
    if (!there) return no_such_step("/basis/step");
    cited_ = std::move(*found);
    return Done{};
  }

  [[nodiscard]] Json facts() const {
    Json facts = case_facts(command_.doing);
    if (std::holds_alternative<CloseRenewal>(command_.doing) && done_.before.is_object()) {
      facts["expires_on"] = done_.before.at("expires_on");
    }
    if (std::holds_alternative<ChangeItems>(command_.doing) && done_.before.is_object()) {
      facts["scope_or_controls"] = done_.before.at("scope") != done_.after.at("scope") ||
                                   done_.before.at("controls") != done_.after.at("controls");
    }
    if (const auto opening = opening_closed()) facts["opening"] = opening->value();
    if (std::holds_alternative<RegisterService>(command_.doing)) facts["registered_as"] = command_.service.value();
    return facts;
  }

  [[nodiscard]] std::optional<Seq> opening_closed() const {
    if (std::holds_alternative<Reinstate>(command_.doing)) {
      return closed_interval(done_.before, done_.after, "suspensions", "lifted");
    }
    if (std::holds_alternative<EndReAudit>(command_.doing)) {
      return closed_interval(done_.before, done_.after, "re_audits", "ended");
    }
    return std::nullopt;
  }

  [[nodiscard]] NewStep step_as(std::string_view name, std::string_view article, const StepRule* rule) const {
    NewStep made;
    Step& step = made.step;
    step.name = std::string(name);
    step.article = Article{std::string(article)};
    step.by = rule == nullptr ? command_.actor.role : rule->by;
    step.actor = command_.actor;
    step.on = done_.effective;
    step.recorded_at = done_.recorded_at;
    step.facts = facts();
    step.event = done_.events.back();
    const Json& basis = command_.basis;
    if (basis.is_object() && basis.contains("filing") && basis.at("filing").is_string()) {
      step.filing = basis.at("filing").get<std::string>();
    }
    return made;
  }

  /// Whether a step of the case is the filing that the act rests on.
  [[nodiscard]] bool holds_the_filing(const Case& one) const {
    if (!command_.basis.is_object()) return false;
    const Json filing = command_.basis.value("filing", Json());
    return std::any_of(one.steps.begin(), one.steps.end(),
                       [&](const Step& s) { return s.filing && filing == *s.filing; });
  }

  /// The open case of the service that the act continues by itself.
  [[nodiscard]] Case* continued(const Fit& fit) {
    const auto opening = opening_closed();
    for (Case& one : known_) {
      if (one.procedure != fit.procedure || one.ended) continue;
      if (fit.act == Act::change && holds_the_filing(one)) return &one;
      const std::vector<OpenInterval> open = open_intervals(one);
      const bool holds =
          std::any_of(open.begin(), open.end(), [&](const OpenInterval& i) { return i.opening == opening; });
      if (opening && holds) return &one;
      if (fit.procedure == Procedure::renewal && (fit.step == "applied") != has_any(one, "applied")) return &one;
      if (considers_removal(one, fit.article) && cited_in(fit.procedure) == nullptr) return &one;
    }
    return nullptr;
  }

  /// The cited case, when it is of this procedure and open.
  [[nodiscard]] Case* cited_in(Procedure procedure) {
    if (!cited_ || cited_->procedure != procedure || cited_->ended) return nullptr;
    const auto found = std::find_if(known_.begin(), known_.end(), [&](const Case& c) { return c.id == cited_->id; });
    return found == known_.end() ? nullptr : &*found;
  }

  [[nodiscard]] Result<Done> fits_interval(const Case& own) const {
    if (cited_ && cited_->procedure == own.procedure && cited_->id != own.id) {
      return refusal(Code::conflict, "/basis/case", article_of(command_),
                     "これは事案 " + own.id.value() + " によるものです。示された事案は別のものです",
                     "this belongs to case " + own.id.value() + ", not to the one that is cited");
    }
    if (own.procedure != Procedure::notification || !command_.basis.is_object()) return Done{};
    for (const Case& other : known_) {
      if (other.id == own.id || other.procedure != own.procedure || !holds_the_filing(other) || holds_the_filing(own))
        continue;
      return refusal(
          Code::conflict, "/basis/filing", "14.4",
          "この届出は別の事案 " + other.id.value() + " のものです。求めた届出か確かめてください",
          "this filing belongs to another case, " + other.id.value() + ": check that it is the one asked for");
    }
    return Done{};
  }

  Result<Done> join_own(const Fit* own) {
    if (own == nullptr) return Done{};
    const std::string_view article = own->step_article.empty() ? own->article : own->step_article;
    const StepRule* rule = find_rule(own->procedure, own->step, article);
    NewStep made = step_as(own->step, article, rule);
    Case* to = continued(*own);
    if (to != nullptr && opening_closed()) {
      Result<Done> fits = fits_interval(*to);
      if (!fits.ok()) return fits;
    }
    if (to == nullptr && own->step != "started") to = cited_in(own->procedure);
    if (cited_ && (to == nullptr || cited_->id != to->id)) made.links.push_back(cited_->id);
    const Case none = start_of(own->procedure);
    const Case& so_far = to == nullptr ? none : *to;
    if (to != nullptr && cited_ && cited_->id == to->id && rule != nullptr) {
      Result<Done> allowed = check_act(*to, *rule, made.step);
      if (!allowed.ok()) return allowed;
    }
    if (rule != nullptr) made.ends = end_with(so_far, *rule, made.step);
    if (to == nullptr) {
      own_ = open(txn_, own->procedure, command_.service, std::move(made));
    } else {
      add(txn_, *to, std::move(made));
      own_ = *to;
    }
    return Done{};
  }

  [[nodiscard]] Case start_of(Procedure procedure) const {
    Case none;
    none.procedure = procedure;
    none.service = command_.service;
    return none;
  }

  /// The step in the cited case, when the act did not join that one already.
  Result<Done> join_cited(const Fit* own) {
    if (!cited_ || (own_ && own_->id == cited_->id)) return Done{};
    const Fit* there = find(kCited.begin(), kCited.end(), command_, cited_->procedure);
    const std::string article = command_.article ? command_.article->value() : "12.1";
    const StepRule* rule = there == nullptr ? nullptr : find_rule(there->procedure, there->step, there->article);
    NewStep made = step_as(there == nullptr ? "acted" : there->step, article, rule);
    if (own_) made.links.push_back(own_->id);
    if (rule != nullptr) {
      Result<Done> allowed = check_act(*cited_, *rule, made.step);
      if (!allowed.ok()) return allowed;
      if (!cited_->ended) made.ends = end_with(*cited_, *rule, made.step);
    }
    if (own != nullptr && own->step == "removed" && !cited_->ended && !outlives_removal(cited_->procedure)) {
      return Done{};  // its last step says it
    }
    add(txn_, *cited_, std::move(made));
    return Done{};
  }

  /// 18.2(5): the committee sees what it considered when it removes on another ground. Article: 5.1(4), 18.2(5)
  void tell_what_was_considered(const Fit* own) {
    constexpr std::string_view kDemandNotMet = "18.2(5)";
    if (own == nullptr || own->step != "removed" || own->article == kDemandNotMet) return;
    for (const Case& one : known_) {
      if (one.ended || !considers_removal(one, kDemandNotMet)) continue;
      notices_.push_back(
          refusal(Code::conflict, "/article", std::string(kDemandNotMet),
                  "18.2(5) による削除を検討中の事案 " + one.id.value() +
                      " があります。この削除で終わり、5.1(4) の審査のために記憶されます",
                  "case " + one.id.value() +
                      " considers removal under 18.2(5): it ends with this removal and is remembered for the review by "
                      "5.1(4)"));
    }
  }

  /// What follows from the act in other cases.
  Result<Done> follow(const Fit* own) {
    if (own == nullptr) return Done{};
    const std::string article = article_of(command_);
    const bool removed = own->step == "removed";
    if (removed) {
      Result<Done> ended = end_others(article);
      if (!ended.ok()) return ended;
    }
    if (removed && article == "18.2(4)") open_linked(Procedure::re_application, "demanded", article);
    if (!command_.at_hand_over && (removed || own->act == Act::suspend)) {
      open_linked(Procedure::agencies, own->step, article);
    }
    return Done{};
  }

  void open_linked(Procedure procedure, std::string_view name, const std::string& article) {
    NewStep made = step_as(name, article, find_rule(procedure, name, article));
    made.links.push_back(own_->id);
    open(txn_, procedure, command_.service, std::move(made));
  }

  /// A removal ends the other cases, those that consider another removal among them: no new duties.
  Result<Done> end_others(const std::string& article) {
    for (Case& one : known_) {
      const bool goes_on = outlives_removal(one.procedure) && !considers_removal(one);
      if (one.ended || goes_on || one.id == own_->id) continue;
      const StepRule* rule = find_rule(one.procedure, "removed", article);
      const bool meant = rule != nullptr && one.procedure == Procedure::withdrawal;
      NewStep made = step_as("removed", article, rule);
      if (meant) {
        Result<Done> allowed = check_act(one, *rule, made.step);
        if (!allowed.ok()) return allowed;
      }
      made.ends = meant ? CaseEnd::completed : CaseEnd::by_removal;
      made.links.push_back(own_->id);
      add(txn_, one, std::move(made));
    }
    return Done{};
  }

  lmdb::WriteTxn& txn_;
  const ActDone& done_;
  const Command& command_;
  std::vector<Case> known_;
  std::optional<Case> cited_;
  std::optional<Case> own_;
  Errors notices_;
};

}  // namespace

Result<Joined> join(lmdb::WriteTxn& txn, const ActDone& done) { return Joining(txn, done).run(); }

Result<Done> join_lapse(lmdb::WriteTxn& txn, const ServiceId& service, Seq event, Day effective, Instant recorded_at) {
  Command command;
  command.service = service;
  command.actor.role = Role::system;
  command.article = Article{"12.1"};
  command.doing = Remove{};
  const ActDone done{command, {event}, effective, nullptr, nullptr, recorded_at};
  const Result<Joined> joined = join(txn, done);
  if (!joined.ok()) return joined.errors();
  return Done{};
}

std::optional<Incident> incident_behind(const lmdb::ReadTxn& txn, const ServiceId& service, Seq opening) {
  const Result<std::vector<Case>> known = of_service(txn, service);
  if (!known.ok()) return std::nullopt;
  for (const Case& one : *known) {
    const bool holds = one.procedure == Procedure::incident &&
                       std::any_of(one.steps.begin(), one.steps.end(),
                                   [&](const Step& s) { return s.name == "suspended" && s.event == opening; });
    if (holds) return incident_of(one);
  }
  return std::nullopt;
}

}  // namespace ismap::registry::cases
