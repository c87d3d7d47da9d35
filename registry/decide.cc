#include "registry/decide.h"

#include <array>
#include <string>
#include <string_view>

#include "registry/rules/chapter11.h"
#include "registry/rules/chapter12.h"
#include "registry/rules/chapter13.h"
#include "registry/rules/chapter14.h"
#include "registry/rules/chapter16.h"
#include "registry/rules/chapter18.h"
#include "registry/rules/common.h"
#include "registry/rules/correction.h"
#include "registry/rules/hand_over.h"

namespace ismap::registry {

namespace {

using Answer = Result<std::vector<Draft>>;

/// The rule of one paragraph under which an act is done.
struct Paragraph {
  Act act;
  std::string_view article;
  Answer (*rule)(const Situation&, const Command&);
};

constexpr std::array<Paragraph, 18> kParagraphs{{
    {Act::suspend, "13.5", rules::suspend_for_missing_report},
    {Act::suspend, "13.7", rules::suspend_for_serious_incident},
    {Act::suspend, "14.3", rules::suspend_for_missing_notification},
    {Act::reinstate, "13.6", rules::lift_after_report},
    {Act::reinstate, "13.10", rules::lift_when_conditions_are_met},
    {Act::reinstate, "14.4", rules::lift_after_notification},
    {Act::start_re_audit, "16.1", rules::require_re_audit},
    {Act::start_re_audit, "16.5", rules::require_committees_re_audit},
    {Act::end_re_audit, "16.3", rules::end_confirmed_re_audit},
    {Act::end_re_audit, "16.4", rules::end_failed_re_audit},
    {Act::end_re_audit, "16.7", rules::end_committees_re_audit},
    {Act::remove, "18.2(1)", rules::remove_unrenewed},
    {Act::remove, "18.2(2)", rules::remove_withdrawn},
    {Act::remove, "18.2(3)", rules::remove_dismissed},
    {Act::remove, "18.2(4)", rules::remove_for_re_application},
    {Act::remove, "18.2(5)", rules::remove_for_unanswered_demand},
    {Act::remove, "18.2(6)", rules::remove_for_unresolved_incident},
    {Act::remove, "18.2(7)", rules::remove_for_unmet_requirements},
}};

/// One call an act.
struct Decide {
  const Situation& situation;
  const Command& command;

  Answer operator()(const RegisterService& d) const { return rules::register_service(situation, command, d); }
  Answer operator()(const Renew& d) const { return rules::renew(situation, command, d); }
  Answer operator()(const FileRenewal&) const { return rules::file_renewal(situation, command); }
  Answer operator()(const CloseRenewal& d) const { return rules::close_renewal(situation, command, d); }
  Answer operator()(const ChangeItems& d) const { return rules::change_items(situation, command, d); }
  Answer operator()(const UpdateUsage& d) const { return rules::update_usage(situation, command, d); }
  Answer operator()(const Correct& d) const { return rules::correct(situation, command, d); }
  Answer operator()(const Suspend&) const {
    return command.at_hand_over ? rules::suspend_at_hand_over(situation, command) : by_article();
  }
  Answer operator()(const Reinstate&) const { return by_article(); }
  Answer operator()(const StartReAudit&) const {
    return command.at_hand_over ? rules::start_re_audit_at_hand_over(situation, command) : by_article();
  }
  Answer operator()(const EndReAudit&) const { return by_article(); }
  Answer operator()(const Remove&) const { return by_article(); }

 private:
  /// The rule of the command's paragraph; what has none is refused.
  [[nodiscard]] Answer by_article() const {
    const Act act = act_of(command.doing);
    const std::string article = command.article ? command.article->value() : "";
    for (const Paragraph& paragraph : kParagraphs) {
      if (paragraph.act == act && paragraph.article == article) return paragraph.rule(situation, command);
    }
    return rules::refusal(
        Code::invalid, "/article", article,
        article + " による " + std::string(name_of(act)) + " は、台帳が自ら行うもののほかにありません",
        "nobody does '" + std::string(name_of(act)) + "' under " + article +
            ": where the rules ask for it, the register does it by itself");
  }
};

}  // namespace

Result<std::vector<Draft>> decide(const Situation& situation, const Command& command) {
  if (!command.at_hand_over) {
    Result<Done> allowed = may(command.actor.role, act_of(command.doing), command.article);
    if (!allowed.ok()) return allowed.errors();
  }
  if (!situation.history.empty() && situation.history.front().kind == EventKind::key) {
    const std::string& id = command.service.value();
    return rules::refusal(Code::not_found, "/service", "11.1", id + " は鍵の記録であり、サービスではありません",
                          id + " is the record of the log's keys, not a service");
  }
  return std::visit(Decide{situation, command}, command.doing);
}

}  // namespace ismap::registry
