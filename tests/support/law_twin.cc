#include "tests/support/law_twin.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <stdexcept>

namespace ismap::test {

namespace {

using std::chrono::year_month_day;

year_month_day civil(const IsoDay& day) {
  return year_month_day{std::chrono::year{std::stoi(day.substr(0, 4))},
                        std::chrono::month{static_cast<unsigned>(std::stoi(day.substr(5, 2)))},
                        std::chrono::day{static_cast<unsigned>(std::stoi(day.substr(8, 2)))}};
}

IsoDay text_of(const year_month_day& day) {
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                static_cast<unsigned>(day.day()));
  return text;
}

/// Who does what under which article, as the rules say; "" where they name none.
const std::map<std::string, std::map<std::string, std::set<std::string>>>& who() {
  static const std::map<std::string, std::map<std::string, std::set<std::string>>> table{
      {"register", {{"11.1", {"operator"}}}},
      {"renew", {{"11.2", {"operator"}}}},
      {"file-renewal", {{"12.1", {"operator", "registrant"}}}},
      {"close-renewal",
       {{"9.6", {"operator", "ministries"}}, {"18.2(3)", {"committee"}}, {"", {"operator", "registrant"}}}},
      {"change", {{"14.1", {"operator"}}, {"14.2", {"operator"}}}},
      {"usage", {{"11.5(13)", {"operator"}}}},
      {"suspend", {{"13.5", {"operator"}}, {"13.7", {"committee"}}, {"14.3", {"operator"}}}},
      {"reinstate", {{"13.6", {"operator"}}, {"13.10", {"committee"}}, {"14.4", {"operator"}}}},
      {"start-re-audit", {{"16.1", {"operator"}}, {"16.5", {"operator"}}}},
      {"end-re-audit", {{"16.3", {"operator"}}, {"16.4", {"operator"}}, {"16.7", {"operator"}}}},
      {"remove",
       {{"18.2(1)", {"committee"}},
        {"18.2(2)", {"committee"}},
        {"18.2(3)", {"committee"}},
        {"18.2(4)", {"committee"}},
        {"18.2(5)", {"committee"}},
        {"18.2(6)", {"committee"}},
        {"18.2(7)", {"committee"}}}},
      {"correct", {{"", {"operator", "committee", "ministries"}}}}};
  return table;
}

/// The article that a refusal names for an interval that another paragraph ends.
std::string first_closing(const std::string& article) {
  static const std::map<std::string, std::string> table{
      {"13.5", "13.6"}, {"13.7", "13.10"}, {"14.3", "14.4"}, {"16.1", "16.3"}, {"16.5", "16.7"}};
  return table.at(article);
}

constexpr const char* kIncidentRules = "2024-01-04";  // S2023-11-10.1

bool bears_on_the_registrant(const Wish& wish) {
  return wish.act == "suspend" || wish.act == "start-re-audit" || wish.act == "remove" ||
         (wish.act == "close-renewal" && wish.result != "withdrawn");
}

bool cites(const Wish& wish) {
  return wish.act == "suspend" || wish.act == "reinstate" || wish.act == "start-re-audit" ||
         wish.act == "end-re-audit" || wish.act == "remove" || wish.act == "correct";
}

}  // namespace

IsoDay days_after(const IsoDay& day, int days) {
  return text_of(year_month_day{std::chrono::sys_days{civil(day)} + std::chrono::days{days}});
}

IsoDay year_ends(const IsoDay& day) {
  const year_month_day start = civil(days_after(day, 1));
  const year_month_day same{start.year() + std::chrono::years{1}, start.month(), start.day()};
  if (same.ok()) return days_after(text_of(same), -1);
  return text_of(year_month_day{same.year(), same.month(), std::chrono::day{28}});
}

std::string LawTwin::Service::item(const std::string& name) const {
  const auto found = items.find(name);
  return found == items.end() || found->second.empty() ? "" : found->second.rbegin()->second;
}

bool LawTwin::Service::undecided() const {
  for (const auto& [opening, renewal] : renewals) {
    if (renewal.result.empty()) return true;
  }
  return false;
}

std::vector<std::string> LawTwin::ids() const {
  std::vector<std::string> all;
  for (const auto& [id, service] : services_) all.push_back(id);
  return all;
}

Shown LawTwin::shown(const std::string& id) const {
  const Service& service = services_.at(id);
  Shown out{{"state", service.removed_by.empty() ? "registered" : "removed"},
            {"removal", service.removed_by.empty() ? "-" : service.removed_by + " " + service.removed_on}};
  for (const auto& [name, values] : service.items) out[name] = service.item(name);
  const auto interval = [](const Interval& i) {
    return i.article + " " + i.since + (i.closed_by.empty() ? "" : " until " + i.closed_by + " " + i.closed_on);
  };
  for (const auto& [seq, i] : service.suspensions) out["suspension " + std::to_string(seq)] = interval(i);
  for (const auto& [seq, i] : service.re_audits) out["re-audit " + std::to_string(seq)] = interval(i);
  for (const auto& [seq, r] : service.renewals) {
    out["renewal " + std::to_string(seq)] =
        r.filed_on + (r.result.empty() ? "" : " " + r.result + " " + r.article + " " + r.on);
  }
  return out;
}

std::vector<std::string> LawTwin::flags(const std::string& id) const {
  const Service& service = services_.at(id);
  std::vector<std::string> open;
  if (!service.removed_by.empty()) return open;
  for (const auto* all : {&service.suspensions, &service.re_audits}) {
    for (const auto& [seq, interval] : *all) {
      if (interval.closed_by.empty()) open.push_back(interval.article);
    }
  }
  return open;
}

bool LawTwin::valid(const std::string& id, const IsoDay& today) const {
  const Service& service = services_.at(id);
  if (service.item("registered_on") > today || !service.removed_by.empty()) return false;
  return today <= service.item("expires_on") || service.undecided();
}

void LawTwin::set(const std::string& id, const std::string& name, const std::string& value, const IsoDay& day) {
  Service& service = services_[id];
  service.items[name][{day, size_}] = value;
  IsoDay& settled = service.settled[name];
  settled = std::max(settled, day);
}

void LawTwin::remove(const std::string& id, const std::string& article, const IsoDay& day, const std::string& ending) {
  Service& service = services_.at(id);
  if (service.undecided()) ++size_;  // the end of the application is an event of its own
  for (auto& [opening, renewal] : service.renewals) {
    if (renewal.result.empty()) renewal = {renewal.filed_on, ending, article == "18.2(3)" ? article : "", day};
  }
  service.removed_by = article;
  service.removed_on = day;
  service.removal_seq = size_;
  ++size_;
}

void LawTwin::day_begins(const IsoDay& today) {
  std::set<std::pair<IsoDay, std::string>> due;
  for (const auto& [id, service] : services_) {
    const IsoDay expiry = service.item("expires_on");
    bool waits = !service.removed_by.empty() || service.undecided() || today <= expiry;
    for (const auto& [opening, renewal] : service.renewals) {
      waits = waits || (renewal.filed_on <= expiry && renewal.on > expiry);  // the committee's 18.2(1)
    }
    if (!waits) due.insert({expiry, id});
  }
  for (const auto& [expiry, id] : due) remove(id, "12.1", days_after(expiry, 1), "");
}

void LawTwin::check_days(const Wish& wish, Grounds& grounds) const {
  if (wish.act == "correct") return;  // has days of its own
  const IsoDay fallback = wish.act == "register" ? wish.items.at("registered_on") : wish.today;
  const IsoDay day = wish.effective.value_or(fallback);
  if (day > wish.today) grounds.insert("");
  if (day < "2022-11-01") grounds.insert("S2022-11-01.1");
  if (day >= "2022-11-01" && day < "2024-03-01") grounds.insert("S2024-03-01.1");
  if (bears_on_the_registrant(wish) && day < wish.today) grounds.insert(wish.article);
}

void LawTwin::check_everywhere(const Wish& wish, Grounds& grounds) const {
  const auto& articles = who().at(wish.act);
  const auto found = articles.find(wish.article);
  if (found == articles.end() || !found->second.contains(wish.role)) grounds.insert(wish.article);
  if (cites(wish) && !wish.basis) grounds.insert(wish.article);
  check_days(wish, grounds);
  check_wish(wish, grounds);
  check_cited(wish, grounds);
  const auto service = services_.find(wish.id);
  if (wish.act == "register") {
    if (service != services_.end()) grounds.insert("11.1");
  } else if (service == services_.end()) {
    grounds.insert(wish.act == "correct" ? "" : "11.1");
  } else if (wish.act != "correct" && !service->second.removed_by.empty()) {
    grounds.insert(service->second.removed_by);
  }
}

/// What a wish lacks or has too much, whatever it is about.
void LawTwin::check_wish(const Wish& wish, Grounds& grounds) const {
  const std::string& article = wish.article;
  if (wish.act == "suspend") {
    check_incident(wish, wish.incident_on, wish.known_on, grounds);
    const bool serious = article == "13.7";
    if (serious && !wish.incident_on) grounds.insert("13.7");
    if (serious != wish.conditions) grounds.insert(article == "14.3" ? "14.3" : "13.8");
    if (article == "14.3" && (wish.incident_on || wish.known_on || wish.estimated)) grounds.insert("14.3");
  } else if (wish.act == "start-re-audit") {
    if (!wish.part) grounds.insert(article);
    if (!wish.due_on || *wish.due_on < wish.today) grounds.insert(article == "16.5" ? "16.6" : "16.2");
  } else if (wish.act == "end-re-audit") {
    if (wish.result != (article == "16.4" ? "not-confirmed" : "confirmed")) grounds.insert(article);
  } else if (wish.act == "remove") {
    const bool names_incident = wish.opening || wish.incident_on || wish.known_on;
    if (article == "12.1") grounds.insert(article);  // the register does that by itself
    if (article != "18.2(6)" && article != "18.2(3)" && names_incident) grounds.insert("18.2(6)");
  }
}

void LawTwin::check_incident(const Wish& wish, const std::optional<IsoDay>& occurred,
                             const std::optional<IsoDay>& known, Grounds& grounds) const {
  if (occurred && *occurred > wish.today) grounds.insert("13.1");
  if (known && *known > wish.today) grounds.insert("13.1");
  if (known && occurred && !wish.estimated && *known < *occurred) grounds.insert("13.2");
  if (known && *known < kIncidentRules) grounds.insert("S2023-11-10.1");
  if (!known && occurred && *occurred < kIncidentRules) grounds.insert("S2023-11-10.1");
}

void LawTwin::check_late(const Wish& wish, const std::set<std::string>& touched, Grounds& grounds) const {
  const IsoDay day = wish.effective.value_or(wish.today);
  const Service& service = services_.at(wish.id);
  for (const std::string& item : touched) {
    const auto settled = service.settled.find(item);
    if (settled != service.settled.end() && day < settled->second) grounds.insert("");
  }
  if (day < service.item("registered_on")) grounds.insert("");
}

std::optional<std::uint64_t> LawTwin::meant(const Wish& wish, const std::map<std::uint64_t, Interval>& all,
                                            const std::string& opened_by, Grounds& grounds) const {
  std::optional<std::uint64_t> found;
  if (wish.opening) {
    const auto named = all.find(*wish.opening);
    if (named == all.end()) grounds.insert(opened_by);
    if (named == all.end()) return found;
    if (!named->second.closed_by.empty()) grounds.insert(named->second.closed_by);
    if (named->second.article != opened_by) grounds.insert(first_closing(named->second.article));
    return named->first;
  }
  int open = 0;
  for (const auto& [seq, interval] : all) {
    if (!interval.closed_by.empty() || interval.article != opened_by) continue;
    ++open;
    found = seq;
  }
  if (open != 1) grounds.insert(opened_by);
  return found;
}

std::set<std::string> LawTwin::ask(const Wish& wish) {
  using Do = void (LawTwin::*)(const Wish&, Grounds&);
  static const std::map<std::string, Do> acts{{"register", &LawTwin::do_register},
                                              {"renew", &LawTwin::do_renew},
                                              {"file-renewal", &LawTwin::do_file_renewal},
                                              {"close-renewal", &LawTwin::do_close_renewal},
                                              {"change", &LawTwin::do_change},
                                              {"usage", &LawTwin::do_usage},
                                              {"suspend", &LawTwin::do_suspend},
                                              {"start-re-audit", &LawTwin::do_start_re_audit},
                                              {"remove", &LawTwin::do_remove},
                                              {"correct", &LawTwin::do_correct}};
  day_begins(wish.today);
  Grounds grounds;
  check_everywhere(wish, grounds);
  if (!grounds.empty() && (!services_.contains(wish.id) || wish.act == "register")) return grounds;
  if (wish.act == "reinstate") {
    do_close(wish, &Service::suspensions, grounds);
  } else if (wish.act == "end-re-audit") {
    do_close(wish, &Service::re_audits, grounds);
  } else {
    (this->*acts.at(wish.act))(wish, grounds);
  }
  return grounds;
}

}  // namespace ismap::test
