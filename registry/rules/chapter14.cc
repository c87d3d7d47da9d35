#include "registry/rules/chapter14.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "registry/rules/common.h"
#include "registry/rules/intervals.h"

namespace ismap::registry::rules {

namespace {

/// Members of the record that a change may not touch, and the way that there is.
struct Closed {
  std::string_view member;
  std::string_view article;
  std::string_view ja;
  std::string_view en;
};
constexpr std::array<Closed, 8> kClosed{{
    {"id", "11.1", "登録番号は変わりません", "a registration number never changes"},
    {"registered_on", "11.5(4)", "登録日は訂正（correct）でのみ変わります", "changes only by a correction"},
    {"expires_on", "11.5(5)", "有効期限は更新（renew）又は訂正（correct）で変わります",
     "changes by a renewal or a correction"},
    {"agencies_using", "11.5(13)", "利用中の政府機関等の数は usage で更新します", "is set by the act 'usage'"},
    {"state", "11.5", "登録の状態は掲載項目ではありません", "is not an item of the list"},
    {"suspensions", "11.5", "登録の一時停止は掲載項目ではありません", "is not an item of the list"},
    {"re_audits", "11.5", "再監査は掲載項目ではありません", "is not an item of the list"},
    {"renewals", "11.5", "更新の申請は掲載項目ではありません", "is not an item of the list"},
}};

Errors closed_members(const Json& changes) {
  Errors errors;
  for (const Closed& closed : kClosed) {
    if (!changes.contains(closed.member)) continue;
    errors.push_back(refusal(Code::invalid, "/" + std::string(closed.member), std::string(closed.article),
                             std::string(closed.ja), std::string(closed.member) + " " + std::string(closed.en)));
  }
  return errors;
}

/// Listed with a remark: what was changed without an audit.
Errors unremarked(const Items& before, const Items& after) {
  const bool audited_items = before.scope != after.scope || before.controls != after.controls;
  if (!audited_items || before.remarks != after.remarks) return {};
  return {refusal(Code::invalid, "/changes/remarks", "11.5(12)",
                  "監査を経ない(6)(7)の変更です。特記事項（12）にその旨を掲載してください",
                  "(6) or (7) changes without an audit: say so in the remarks (12)")};
}

/// Another legal person: no change of items that a registrant notifies, but a succession, or a mistake.
Errors succeeded(const Items& before, const Items& after) {
  if (before.provider.corporate_number == after.provider.corporate_number) return {};
  return {
      refusal(Code::invalid, "/changes/provider/corporate_number", "11.5(3)",
              "法人番号が変わります。合併・分割・事業譲渡による承継の根拠（登記事項証明書など）を basis に示し、"
              "同じサービス・同じ言明が続くことを確かめてください。続かないときは新しい登録です",
              "the corporate number changes: cite the basis of the succession (merger, split, transfer) and see that "
              "the same service goes on under the same statement; where it does not, it is a new registration")};
}

}  // namespace

Errors grown_controls(const Items& before, const Items& after) {
  std::string grown;
  for (const ControlId& id : after.controls.implemented) {
    const auto& known = before.controls.implemented;
    if (std::find(known.begin(), known.end(), id) == known.end()) grown += (grown.empty() ? "" : ", ") + id.str();
  }
  if (grown.empty()) return {};
  return {refusal(
      Code::invalid, "/controls/implemented", "11.5(7)",
      "実施している管理策の追加（" + grown + "）は、監査を受けた言明によります。届出では減らすことだけができます",
      "controls are added by an audited statement alone (" + grown + "); a notification can only take away")};
}

Result<std::vector<Draft>> change_items(const Situation& situation, const Command& command, const ChangeItems& doing) {
  Result<Service> before = standing(situation, command);
  if (!before.ok()) return before.errors();
  Result<Day> effective = effective_day(situation, command);
  if (!effective.ok()) return effective.errors();
  if (!doing.changes.is_object() || doing.changes.empty()) {
    return refusal(Code::invalid, "", "14.2", "変更する項目がありません", "there is no item to change");
  }
  Errors errors = closed_members(doing.changes);
  Result<Service> after = parse_service(patched(to_json(*before), doing.changes));
  if (!after.ok()) append(errors, after.errors());
  if (after.ok() && !command.at_hand_over) append(errors, grown_controls(before->items, after->items));
  if (!errors.empty()) return errors;
  if (after->items == before->items) {
    return refusal(Code::conflict, "", "14.2", "掲載事項は変わりません。既に同じ内容です", "nothing would change");
  }
  Result<std::vector<Draft>> drafts = drafted(situation, command, EventKind::changed, *effective, *after);
  if (drafts.ok() && !command.at_hand_over) {
    drafts->front().notices = unremarked(before->items, after->items);
    append(drafts->front().notices, succeeded(before->items, after->items));
  }
  return drafts;
}

Result<std::vector<Draft>> suspend_for_missing_notification(const Situation& situation, const Command& command) {
  const auto& doing = std::get<Suspend>(command.doing);
  if (doing.incident != IncidentStated{} || doing.conditions) {
    return refusal(
        Code::invalid, doing.conditions ? "/conditions" : "/incident_on", "14.3",
        "14.3の一時停止にインシデントの日と解除条件はありません。13.5又は13.7によるものか確かめてください",
        "a suspension under 14.3 has neither an incident nor conditions: check whether 13.5 or 13.7 is meant");
  }
  return open_suspension(situation, command);
}

Result<std::vector<Draft>> lift_after_notification(const Situation& situation, const Command& command) {
  return lift_suspension(situation, command, "14.3");
}

}  // namespace ismap::registry::rules
