#include <algorithm>
#include <stdexcept>

#include "tests/support/law_twin.h"

/// What each act needs and does, one function an act.
namespace ismap::test {

namespace {

std::string numbered(const char* what, std::uint64_t seq) { return what + (" " + std::to_string(seq)); }

/// 13.6, 13.10, 14.4, 16.3, 16.4, 16.7: which suspension or re-audit the article closes; "" for another article.
std::string closes(const std::string& article) {
  static const std::map<std::string, std::string> table{{"13.6", "13.5"}, {"13.10", "13.7"}, {"14.4", "14.3"},
                                                        {"16.3", "16.1"}, {"16.4", "16.1"},  {"16.7", "16.5"}};
  const auto found = table.find(article);
  return found == table.end() ? "" : found->second;
}

/// The role that an act under the article needed.
std::string role_under(const std::string& article) {
  return article == "13.7" || article.starts_with("18.2") ? "committee" : "operator";
}

}  // namespace

/// On which cases the acts that open or end something may rest. In these lives nobody reports, demands or consults:
/// what an article asks of a case beside is never there.
void LawTwin::check_cited(const Wish& wish, Grounds& grounds) const {
  if (wish.cited.empty()) return;
  const std::string& article = wish.article;
  const std::set<std::string> all_but_removals{"incident", "notification", "monitoring", "re-audit", "renewal"};
  static const std::map<std::string, std::set<std::string>> rest_on{
      {"suspend 13.5", {"incident"}},
      {"suspend 13.7", {"incident"}},
      {"suspend 14.3", {"notification"}},
      {"change 14.1", {"notification"}},
      {"change 14.2", {"notification"}},
      {"start-re-audit 16.1", {"monitoring", "re-audit"}},
      {"start-re-audit 16.5", {"incident", "re-audit"}},
      {"file-renewal 12.1", {"renewal"}},
      {"renew 11.2", {"renewal"}},
      {"close-renewal 9.6", {"renewal"}},
      {"close-renewal ", {"renewal"}},
      {"close-renewal 18.2(3)", {"renewal", "removal"}},
      {"remove 18.2(1)", {"renewal", "removal"}},
      {"remove 18.2(2)", {"withdrawal", "removal"}},
      {"remove 18.2(3)", {"renewal", "removal"}},
      {"remove 18.2(4)", {"monitoring", "re-audit", "removal"}},
      {"remove 18.2(5)", {"removal"}},
      {"remove 18.2(7)", {"removal"}}};
  const bool looks_back = (article == "18.2(5)" || article == "18.2(7)") && all_but_removals.contains(wish.cited);
  if (looks_back) return;
  const bool another_part = wish.act == "start-re-audit" && wish.cited == "re-audit";
  const auto row = rest_on.find(wish.act + " " + article);
  const bool known = row != rest_on.end() && row->second.contains(wish.cited);
  if (!known || (wish.cited_ended && !another_part)) {
    grounds.insert(article);
    return;
  }
  if (wish.cited == "incident") grounds.insert(article);  // no demand (13.5), no report (13.7), no wish of 13.11 (16.5)
  if (article == "18.2(4)" && wish.cited == "re-audit") grounds.insert("16.4");
}

void LawTwin::do_register(const Wish& wish, Grounds& grounds) {
  const IsoDay from = wish.items.at("registered_on");
  if (wish.effective && *wish.effective != from) grounds.insert("11.5(4)");
  if (!grounds.empty()) return;
  for (const auto& [name, value] : wish.items) set(wish.id, name, value, from);
  ++size_;
}

void LawTwin::do_renew(const Wish& wish, Grounds& grounds) {
  Service& service = services_.at(wish.id);
  const IsoDay day = wish.effective.value_or(wish.today);
  if (!service.undecided()) grounds.insert("12.1");
  const IsoDay& expiry = wish.items.at("expires_on");
  if (expiry <= service.item("expires_on") || expiry < day) grounds.insert("11.5(5)");
  std::set<std::string> touched;
  for (const auto& [name, value] : wish.items) touched.insert(name);
  for (const auto& [opening, renewal] : service.renewals) {
    if (renewal.result.empty()) touched.insert(numbered("renewal", opening));
  }
  check_late(wish, touched, grounds);
  if (!grounds.empty()) return;
  for (const auto& [name, value] : wish.items) set(wish.id, name, value, day);
  for (auto& [opening, renewal] : service.renewals) {
    if (renewal.result.empty()) renewal = {renewal.filed_on, "renewed", "11.2", day};
    if (renewal.on == day) service.settled[numbered("renewal", opening)] = day;
  }
  ++size_;
}

void LawTwin::do_file_renewal(const Wish& wish, Grounds& grounds) {
  Service& service = services_.at(wish.id);
  const IsoDay day = wish.effective.value_or(wish.today);
  if (service.undecided()) grounds.insert("12.1");
  if (day > service.item("expires_on")) grounds.insert("12.1");
  check_late(wish, {}, grounds);
  if (!grounds.empty()) return;
  service.renewals[size_] = {day, "", "", ""};
  service.settled[numbered("renewal", size_)] = day;
  ++size_;
}

void LawTwin::do_close_renewal(const Wish& wish, Grounds& grounds) {
  static const std::map<std::string, std::string> results{
      {"9.6", "not-accepted"}, {"18.2(3)", "dismissed"}, {"", "withdrawn"}};
  Service& service = services_.at(wish.id);
  const IsoDay day = wish.effective.value_or(wish.today);
  const auto fits = results.find(wish.article);
  if (fits == results.end() || fits->second != wish.result) grounds.insert(wish.article);
  if (!service.undecided()) grounds.insert("12.1");
  std::set<std::string> touched;
  for (const auto& [opening, renewal] : service.renewals) {
    if (renewal.result.empty()) touched.insert(numbered("renewal", opening));
  }
  check_late(wish, touched, grounds);
  if (!grounds.empty()) return;
  if (wish.result == "dismissed") return remove(wish.id, "18.2(3)", day, "dismissed");
  for (auto& [opening, renewal] : service.renewals) {
    if (renewal.result.empty()) renewal = {renewal.filed_on, wish.result, wish.article, day};
  }
  ++size_;
}

void LawTwin::do_change(const Wish& wish, Grounds& grounds) {
  static const std::map<std::string, std::string> others{
      {"registered_on", "11.5(4)"}, {"expires_on", "11.5(5)"}, {"agencies_using", "11.5(13)"}};
  Service& service = services_.at(wish.id);
  std::set<std::string> touched;
  for (const auto& [name, value] : wish.items) {
    const auto other = others.find(name);
    if (other != others.end()) grounds.insert(other->second);
    if (service.item(name) != value) touched.insert(name);
  }
  if (touched.empty()) grounds.insert("14.2");
  check_late(wish, touched, grounds);
  if (!grounds.empty()) return;
  const IsoDay day = wish.effective.value_or(wish.today);
  for (const std::string& name : touched) set(wish.id, name, wish.items.at(name), day);
  service.changes[size_] = {wish.article, day, touched};
  ++size_;
}

void LawTwin::do_usage(const Wish& wish, Grounds& grounds) {
  const std::string& wanted = wish.items.at("agencies_using");
  if (services_.at(wish.id).item("agencies_using") == wanted) grounds.insert("11.5(13)");
  check_late(wish, {"agencies_using"}, grounds);
  if (!grounds.empty()) return;
  set(wish.id, "agencies_using", wanted, wish.effective.value_or(wish.today));
  ++size_;
}

void LawTwin::do_suspend(const Wish& wish, Grounds& grounds) {
  check_late(wish, {}, grounds);
  if (!grounds.empty()) return;
  Interval suspension{wish.article, wish.today, "", "", std::nullopt, wish.known_on};
  if (!wish.estimated) suspension.incident_on = wish.incident_on;
  services_.at(wish.id).suspensions[size_] = suspension;
  ++size_;
}

void LawTwin::do_start_re_audit(const Wish& wish, Grounds& grounds) {
  Service& service = services_.at(wish.id);
  if (wish.article == "16.5") {
    const bool by_committee = std::any_of(service.suspensions.begin(), service.suspensions.end(), [](const auto& s) {
      return s.second.article == "13.7" && s.second.closed_by.empty();
    });
    if (!by_committee) grounds.insert("13.11");
  }
  check_late(wish, {}, grounds);
  if (!grounds.empty()) return;
  service.re_audits[size_] = {wish.article, wish.today, "", "", std::nullopt, std::nullopt};
  ++size_;
}

void LawTwin::do_close(const Wish& wish, std::map<std::uint64_t, Interval> Service::*all, Grounds& grounds) {
  const IsoDay day = wish.effective.value_or(wish.today);
  const std::string opened_by = closes(wish.article);
  if (opened_by.empty()) return;  // refused already: no article of the act
  auto& intervals = services_.at(wish.id).*all;
  const auto which = meant(wish, intervals, opened_by, grounds);
  if (which && day < intervals.at(*which).since) grounds.insert(intervals.at(*which).article);
  check_late(wish, {}, grounds);
  if (!grounds.empty()) return;
  intervals.at(*which).closed_by = wish.article;
  intervals.at(*which).closed_on = day;
  ++size_;
}

/// 18.2(6): a year since the firm day of the incident.
void LawTwin::check_year(const Wish& wish, const Interval& suspension, Grounds& grounds) const {
  if (wish.incident_on && suspension.incident_on && wish.incident_on != suspension.incident_on) {
    grounds.insert("18.2(6)");  // the committee said another day when it suspended
  }
  const auto occurred = wish.incident_on ? wish.incident_on : suspension.incident_on;
  if (!occurred) {
    grounds.insert("18.2(6)");
    return;
  }
  check_incident(wish, occurred, wish.known_on ? wish.known_on : suspension.known_on, grounds);
  if (wish.today <= year_ends(*occurred)) grounds.insert("18.2(6)");
}

void LawTwin::do_remove(const Wish& wish, Grounds& grounds) {
  const Service& service = services_.at(wish.id);
  const std::string& article = wish.article;
  if (article == "18.2(1)" && service.undecided()) grounds.insert("12.1");
  if (article == "18.2(1)" && wish.today <= service.item("expires_on")) grounds.insert("18.2(1)");
  if (article == "18.2(3)" && !service.undecided()) grounds.insert("12.1");
  if (article == "18.2(6)") {
    const auto which = meant(wish, service.suspensions, "13.7", grounds);
    if (which) check_year(wish, service.suspensions.at(*which), grounds);
  }
  check_late(wish, {}, grounds);
  if (!grounds.empty()) return;
  remove(wish.id, article, wish.today, article == "18.2(2)" ? "withdrawn" : "dismissed");
}

void LawTwin::do_correct(const Wish& wish, Grounds& grounds) {
  const Service& service = services_.at(wish.id);
  if (!wish.seq) throw std::logic_error("a correction names an event");
  if (service.suspensions.contains(*wish.seq)) return mend_suspension(wish, grounds);
  if (!service.removed_by.empty() && service.removal_seq == *wish.seq) return revive(wish, grounds);
  if (service.renewals.contains(*wish.seq)) {
    const Renewal& renewal = service.renewals.at(*wish.seq);
    grounds.insert("12.1");  // in these lives only its decision is corrected, and to decide is an act of its own
    if (renewal.article == wish.mended_to && renewal.on == wish.today) grounds.insert("");  // as it was decided today
    return;
  }
  if (service.changes.contains(*wish.seq)) return mend_item(wish, grounds);
  grounds.insert("");
}

/// A suspension on a false premise: its own role takes it back, whether it was lifted since or not; or says on which
/// day it began. What belongs to another act, or to the other role, is no mistake in this one.
void LawTwin::mend_suspension(const Wish& wish, Grounds& grounds) {
  auto& suspensions = services_.at(wish.id).suspensions;
  Interval& suspension = suspensions.at(*wish.seq);
  if (wish.role != role_under(suspension.article)) grounds.insert(suspension.article);
  if (wish.mend == "same") grounds.insert("");
  if (wish.mend == "strike-other" || wish.mend == "lift-other") grounds.insert(suspensions.at(*wish.other).article);
  if (wish.mend == "article" && wish.role != role_under(wish.mended_to)) grounds.insert(wish.mended_to);
  if (wish.mend == "since") {
    if (wish.mended_to == suspension.since) grounds.insert("");
    if (wish.mended_to > wish.today) grounds.insert(suspension.article);
    if (!suspension.closed_by.empty() && wish.mended_to > suspension.closed_on) grounds.insert(suspension.closed_by);
  }
  if (!grounds.empty()) return;
  if (wish.mend == "since") {
    suspension.since = wish.mended_to;
  } else if (wish.mend == "article") {
    suspension.article = wish.mended_to;
  } else {
    suspensions.erase(*wish.seq);
  }
  ++size_;
}

/// A removal that should not have been; one by 12.1 with the application that came in time and waits for its decision.
/// Another article is for the committee to find, and 12.1 for nobody.
void LawTwin::revive(const Wish& wish, Grounds& grounds) {
  Service& service = services_.at(wish.id);
  if (wish.role != role_under(service.removed_by)) grounds.insert(service.removed_by);
  if (wish.filed_on && *wish.filed_on > service.item("expires_on")) grounds.insert("12.1");
  if (service.removed_by == "12.1" && !wish.filed_on && wish.mend.empty()) grounds.insert("12.1");
  if (wish.mend == "renewed") grounds.insert("12.1");
  if (wish.mend == "removed-by") grounds.insert(wish.mended_to);
  if (!grounds.empty()) return;
  if (wish.filed_on) {
    service.renewals[size_] = {*wish.filed_on, "", "", ""};
    service.settled[numbered("renewal", size_)] = service.removed_on;
  }
  service.removed_by.clear();
  service.removed_on.clear();
  ++size_;
}

/// An item that was entered wrongly holds from the day of the entry; what was entered for later days stays.
void LawTwin::mend_item(const Wish& wish, Grounds& grounds) {
  const Service& service = services_.at(wish.id);
  const Change& change = service.changes.at(*wish.seq);
  const IsoDay day = change.day;
  if (wish.role != "operator") grounds.insert(change.article);
  for (const auto& [name, value] : wish.items) {
    if (!change.items.contains(name)) grounds.insert("");
  }
  if (!grounds.empty()) return;
  for (const auto& [name, value] : wish.items) set(wish.id, name, value, day);
  ++size_;
}

}  // namespace ismap::test
