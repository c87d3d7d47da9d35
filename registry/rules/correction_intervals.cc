#include "registry/rules/correction_intervals.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "registry/as_of.h"
#include "registry/rules/common.h"

namespace ismap::registry::rules {

namespace {

/// An array of intervals: its members, and whose articles begin and end what is in it.
struct IntervalArray {
  std::string_view name;
  std::string_view begin;  ///< the day on which it begins
  std::string_view end;
  Act opens;
  Act closes;
  std::string_view ja;
  std::string_view en;
};
constexpr std::array<IntervalArray, 3> kIntervalArraysOfRecord{{
    {"suspensions", "since", "lifted", Act::suspend, Act::reinstate, "一時停止", "suspension"},
    {"re_audits", "since", "ended", Act::start_re_audit, Act::end_re_audit, "再監査", "re-audit"},
    {"renewals", "filed_on", "decided", Act::file_renewal, Act::close_renewal, "更新の申請", "renewal application"},
}};

/// The article under which a renewal application ends with each result by itself. Article: 9.6, 11.2, 18.2(3)
struct DecisionArticle {
  std::string_view result;
  std::string_view article;
  Act act;
};
constexpr std::array<DecisionArticle, 4> kDecisionArticles{{{"renewed", "11.2", Act::renew},
                                                            {"not-accepted", "9.6", Act::close_renewal},
                                                            {"dismissed", "18.2(3)", Act::close_renewal},
                                                            {"withdrawn", "", Act::close_renewal}}};

/// What an event did to an interval.
struct Reach {
  bool opening = false;
  bool closing = false;
};
using ReachMap = std::map<std::pair<std::string, std::uint64_t>, Reach>;

Reach reach_of_change(const FieldChange& change, const std::string& end) {
  if (change.kind == FieldChange::Kind::strike) return {true, true};
  if (change.kind == FieldChange::Kind::open) return {true, !change.value.at(end).is_null()};
  const std::size_t closing = change.value.count(end);
  return {change.value.size() > closing, closing > 0};
}

const IntervalArray& array_of(const FieldChange& change) {
  return *std::find_if(kIntervalArraysOfRecord.begin(), kIntervalArraysOfRecord.end(),
                       [&](const IntervalArray& a) { return a.name == change.path.front(); });
}

/// The intervals that the target opened or closed; as a correction, that it changed.
ReachMap reach_of(const CorrectionGround& ground) {
  const Json before = record_before(ground.situation, ground.target.seq);
  ReachMap reach;
  for (const FieldChange& change : changes_of(ground.target, before)) {
    if (change.kind == FieldChange::Kind::set) continue;
    reach[{change.path.front(), change.opening}] = reach_of_change(change, std::string(array_of(change).end));
  }
  return reach;
}

std::optional<Article> article_in(const Json& dated) {
  const auto found = dated.find("article");
  if (found == dated.end() || found->is_null()) return std::nullopt;
  return Article{found->get<std::string>()};
}

/// One change of an interval, looked at against the reach and the role.
class IntervalCheck {
 public:
  IntervalCheck(const CorrectionGround& ground, const ReachMap& reach, const Event& corrected, const Json& wanted,
                const FieldChange& change)
      : ground_(ground),
        wanted_(wanted),
        change_(change),
        array_(array_of(change)),
        end_(array_.end),
        pointer_("/changes/" + std::string(array_.name)) {
    const auto known = reach.find({change.path.front(), change.opening});
    if (known != reach.end()) reach_ = known->second;
    before_ = interval_in(current(ground.situation).at(std::string(array_.name)));
    if (change.kind == FieldChange::Kind::strike) return;
    const Json& all = corrected.changes.at(std::string(array_.name));
    after_ = interval_in(all);
    pointer_ += "/" + std::to_string(index_in(all));
  }

  Errors errors() {
    switch (change_.kind) {
      case FieldChange::Kind::strike:
        struck();
        break;
      case FieldChange::Kind::open:
        opened();
        break;
      default:
        amended();
    }
    return std::move(errors_);
  }

 private:
  [[nodiscard]] std::size_t index_in(const Json& all) const {
    std::size_t at = 0;
    while (at < all.size() && all.at(at).at("opening") != change_.opening) ++at;
    return at;
  }
  [[nodiscard]] Json interval_in(const Json& all) const {
    const std::size_t at = index_in(all);
    return at < all.size() ? all.at(at) : Json();
  }

  /// What is struck takes its end with it.
  void struck() {
    if (!reach_.opening) return beyond("");
    const Json& end = before_.at(end_);
    if (!end.is_null() && !reach_.closing) closing_is_the_roles(end, "");
  }

  void opened() {
    if (!reach_.opening && brings_application()) return day_may_be(after_, array_.begin, "");
    if (!reach_.opening) return beyond("");
    opening_is_the_roles();
    day_may_be(after_, array_.begin, "");
    const Json& end = after_.at(end_);
    if (end.is_null()) return;
    if (!reach_.closing) return beyond("/" + end_);
    closing_is_the_roles(end, "/" + end_);
    day_may_be(end, "on", "/" + end_);
  }

  void amended() {
    for (const char* member : {"article", "since", "filed_on"}) {
      if (changed(member) && !reach_.opening) beyond("/" + std::string(member));
    }
    if (!errors_.empty()) return;
    if (changed("article")) opening_is_the_roles();
    if (changed(array_.begin)) day_may_be(after_, array_.begin, "");
    if (!changed(end_)) return;
    const Json& was = before_.at(end_);
    const Json& is = after_.at(end_);
    if (!reach_.closing) return beyond("/" + end_);
    if (is.is_null()) return;
    if (was.is_null() || !only_day_differs(was, is)) closing_is_the_roles(is, "/" + end_);
    if (was.is_null() || was.at("on") != is.at("on")) day_may_be(is, "on", "/" + end_);
  }

  [[nodiscard]] bool changed(std::string_view member) const { return change_.value.contains(std::string(member)); }

  static bool only_day_differs(const Json& was, const Json& is) {
    return was.at("article") == is.at("article") && was.value("result", Json()) == is.value("result", Json());
  }

  /// 12.1: a removed service stands again with an application that is undecided still.
  [[nodiscard]] bool brings_application() const {
    return array_.opens == Act::file_renewal && Seq{change_.opening} == ground_.situation.next &&
           ground_.root.kind == EventKind::removed && after_.at(end_).is_null() &&
           current(ground_.situation).at("state") == "removed" && wanted_.at("state") == "registered";
  }

  void opening_is_the_roles() {
    if (array_.opens == Act::file_renewal) return;  // whoever received it
    is_the_roles(array_.opens, article_in(after_), "");
    if (array_.opens != Act::start_re_audit || after_.at("article") != "16.5") return;
    for (const Json& suspension : wanted_.at("suspensions")) {
      if (suspension.at("article") == "13.7" && suspension.at("lifted").is_null()) return;
    }
    refuse("/article", "13.11", "16.5の再監査は、13.7による一時停止が続いている間のものです",
           "a re-audit under 16.5 stands within an open suspension under 13.7");
  }

  void closing_is_the_roles(const Json& end, const std::string& where) {
    if (array_.closes != Act::close_renewal) return is_the_roles(array_.closes, article_in(end), where);
    const std::optional<Article> article = article_in(end);
    const std::string text = article ? article->value() : "";
    const std::string result = end.at("result").get<std::string>();
    if (!article && ended_with_removal(result)) {
      return is_the_roles(Act::remove, article_in(current(ground_.situation).at("removal")), where);
    }
    if ((result == "renewed") != (ground_.root.kind == EventKind::renewed)) {
      return refuse(where + "/result", text,
                    "更新の登録とそのほかの決定は、互いに訂正できません。更新は renew で行います",
                    "a renewal is made by `renew`: no correction turns another decision into one, or one into another");
    }
    for (const DecisionArticle& line : kDecisionArticles) {
      if (line.result == result && line.article == text) return is_the_roles(line.act, article, where);
    }
    refuse(where + "/result", text, "結果と根拠条項が合いません", "result and article do not fit");
  }

  /// 18.2: a removal ends the undecided application without an article of its own. A withdrawal may be the
  /// registrant's.
  [[nodiscard]] bool ended_with_removal(const std::string& result) const {
    const Json& removal = current(ground_.situation).at("removal");
    if (removal.is_null()) return false;
    return result == "dismissed" || (result == "withdrawn" && may(ground_.role, Act::remove, article_in(removal)).ok());
  }

  void is_the_roles(Act act, const std::optional<Article>& article, const std::string& where) {
    const Result<Done> allowed = may(ground_.role, act, article);
    if (allowed.ok()) return;
    for (Error e : allowed.errors()) {
      e.pointer = place(where + "/article");
      errors_.push_back(std::move(e));
    }
  }

  void day_may_be(const Json& dated, std::string_view member, const std::string& where) {
    const std::string day = dated.at(std::string(member)).get<std::string>();
    const std::string first = wanted_.at("registered_on").get<std::string>();
    if (day < first) {
      return refuse(where + "/" + std::string(member), own_article(), "登録の日（" + first + "）より前です",
                    "before the day of the registration, " + first);
    }
    if (day <= ground_.situation.today.iso()) return;
    refuse(where + "/" + std::string(member), own_article(), day + " はまだ来ていない日です",
           day + " is a day that is still to come");
  }

  void beyond(const std::string& where) {
    const std::string target = std::to_string(ground_.target.seq.value());
    const std::string opening = std::to_string(change_.opening);
    refuse(where, own_article(),
           "事象 " + target + " は、事象 " + opening + " の" + std::string(array_.ja) +
               "をこのように始めても終わらせてもいません。訂正できません",
           "event " + target + " neither began nor ended so the " + std::string(array_.en) + " of event " + opening);
  }

  [[nodiscard]] std::string own_article() const {
    if (array_.opens == Act::file_renewal) return "12.1";
    return (before_.is_null() ? after_ : before_).at("article").get<std::string>();
  }

  void refuse(const std::string& where, const std::string& article, std::string ja, std::string en) {
    errors_.push_back(refusal(Code::invalid, place(where), article, std::move(ja), std::move(en)));
  }

  /// What is struck has no place among the changes but that of its array.
  [[nodiscard]] std::string place(const std::string& where) const {
    return pointer_ + (change_.kind == FieldChange::Kind::strike ? "" : where);
  }

  const CorrectionGround& ground_;
  const Json& wanted_;
  const FieldChange& change_;
  const IntervalArray& array_;
  std::string end_;
  std::string pointer_;
  Reach reach_;
  Json before_;
  Json after_;
  Errors errors_;
};

/// An opening names one interval.
Errors named_twice(const Json& record) {
  Errors errors;
  for (const IntervalArray& array : kIntervalArraysOfRecord) {
    const std::string name(array.name);
    std::set<std::uint64_t> openings;
    std::size_t at = 0;
    for (const Json& interval : record.at(name)) {
      const auto opening = interval.at("opening").get<std::uint64_t>();
      if (!openings.insert(opening).second) {
        errors.push_back(refusal(Code::invalid, "/changes/" + name + "/" + std::to_string(at) + "/opening", "",
                                 "事象 " + std::to_string(opening) + " で始まるものが重複しています",
                                 "what event " + std::to_string(opening) + " opened is named twice"));
      }
      ++at;
    }
  }
  return errors;
}

}  // namespace

Errors beyond_intervals(const CorrectionGround& ground, const Event& corrected, const Json& wanted) {
  Errors errors = named_twice(wanted);
  if (!errors.empty()) return errors;
  const ReachMap reach = reach_of(ground);
  for (const FieldChange& change : changes_of(corrected, current(ground.situation))) {
    if (change.kind == FieldChange::Kind::set) continue;
    append(errors, IntervalCheck(ground, reach, corrected, wanted, change).errors());
  }
  return errors;
}

Errors beyond_renewals(const Service& after) {
  Errors errors;
  const auto undecided = std::count_if(after.renewals.begin(), after.renewals.end(),
                                       [](const Renewal& renewal) { return !renewal.decided; });
  if (undecided > 1) {
    errors.push_back(refusal(Code::invalid, "/changes/renewals", "12.1", "審査中の更新の申請は一つに限ります",
                             "no more than one renewal application is undecided"));
  }
  const Day expiry = after.items.expires_on;
  for (std::size_t i = 0; i < after.renewals.size(); ++i) {
    if (after.renewals[i].filed_on <= expiry) continue;
    errors.push_back(refusal(Code::invalid, "/changes/renewals/" + std::to_string(i) + "/filed_on", "12.1",
                             "更新の申請は有効期限（" + expiry.iso() + "）までです",
                             "a renewal is applied for by the expiry (" + expiry.iso() + ")"));
  }
  return errors;
}

}  // namespace ismap::registry::rules
