#include "registry/decide.h"

#include <string>
#include <type_traits>

#include "registry/rules/chapter11.h"
#include "registry/rules/chapter12.h"
#include "registry/rules/chapter14.h"
#include "registry/rules/common.h"
#include "registry/rules/correction.h"
#include "registry/rules/hand_over.h"

namespace ismap::registry {

namespace {

/// One call an act; acts that come only at hand-over fall through to the refusal.
struct Decide {
  const Situation& situation;
  const Command& command;

  using Answer = Result<std::vector<Draft>>;
  Answer operator()(const RegisterService& d) const { return rules::register_service(situation, command, d); }
  Answer operator()(const Renew& d) const { return rules::renew(situation, command, d); }
  Answer operator()(const FileRenewal&) const { return rules::file_renewal(situation, command); }
  Answer operator()(const CloseRenewal& d) const { return rules::close_renewal(situation, command, d); }
  Answer operator()(const ChangeItems& d) const { return rules::change_items(situation, command, d); }
  Answer operator()(const UpdateUsage& d) const { return rules::update_usage(situation, command, d); }
  Answer operator()(const Correct& d) const { return rules::correct(situation, command, d); }
  Answer operator()(const Suspend&) const {
    return command.at_hand_over ? rules::suspend_at_hand_over(situation, command) : refuse();
  }
  Answer operator()(const StartReAudit&) const {
    return command.at_hand_over ? rules::start_re_audit_at_hand_over(situation, command) : refuse();
  }

 private:
  [[nodiscard]] Answer refuse() const {
    const std::string name(name_of(act_of(command.doing)));
    return rules::refusal(Code::invalid, "/act", command.article ? command.article->value() : "",
                          "この行為（" + name + "）は取込みでのみ記録できます",
                          "the act '" + name + "' comes by import only");
  }
};

}  // namespace

Act act_of(const Doing& doing) {
  struct Name {
    Act operator()(const RegisterService&) const { return Act::register_service; }
    Act operator()(const Renew&) const { return Act::renew; }
    Act operator()(const FileRenewal&) const { return Act::file_renewal; }
    Act operator()(const CloseRenewal&) const { return Act::close_renewal; }
    Act operator()(const ChangeItems&) const { return Act::change; }
    Act operator()(const UpdateUsage&) const { return Act::usage; }
    Act operator()(const Suspend&) const { return Act::suspend; }
    Act operator()(const StartReAudit&) const { return Act::start_re_audit; }
    Act operator()(const Correct&) const { return Act::correct; }
  };
  return std::visit(Name{}, doing);
}

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
