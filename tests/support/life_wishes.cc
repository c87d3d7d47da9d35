#include <algorithm>
#include <array>
#include <set>

#include "registry/cases/case.h"
#include "tests/support/life.h"

/// What people may come to want of the services that there are: mostly what fits, sometimes what does not.
namespace ismap::test {

namespace {

const std::vector<std::string> kRoles{"operator",  "committee", "ministries", "registrant",
                                      "applicant", "agency",    "auditor",    "system"};
const std::vector<std::string> kArticles{"",        "9.6",     "11.1",    "11.2",    "11.5(13)", "12.1",    "13.5",
                                         "13.6",    "13.7",    "13.10",   "14.1",    "14.2",     "14.3",    "14.4",
                                         "16.1",    "16.3",    "16.4",    "16.5",    "16.7",     "18.2(1)", "18.2(2)",
                                         "18.2(3)", "18.2(4)", "18.2(5)", "18.2(6)", "18.2(7)"};

/// A suspension or re-audit that is open.
struct Open {
  std::uint64_t seq;
  std::string article;
};

std::vector<Open> open_intervals(const LawTwin::Service& service) {
  std::vector<Open> open;
  for (const auto* all : {&service.suspensions, &service.re_audits}) {
    for (const auto& [seq, interval] : *all) {
      if (interval.closed_by.empty()) open.push_back({seq, interval.article});
    }
  }
  return open;
}

}  // namespace

Wish Life::wish() {
  cited_ = registry::Json();
  const std::vector<std::string> ids = twin_.ids();
  if (ids.size() < 4 || (ids.size() < 14 && once_in(20))) return entrance();
  std::string id = one_of(ids);
  for (int i = 0; i < 4 && !twin_.service(id).removed_by.empty(); ++i) id = one_of(ids);
  Wish wanted = about(id);
  wanted.id = id;
  wanted.today = today_;
  if (once_in(4)) spoil(wanted);
  if (once_in(6)) cite(wanted);
  return wanted;
}

Wish Life::about(const std::string& id) {
  if (once_in(9)) return correction(id);
  if (once_in(14)) return removal(id);
  switch (pick(4)) {
    case 0:
      return about_renewal(id);
    case 1:
      return about_items(id);
    case 2:
      return opening(id);
    default:
      return closing(id);
  }
}

Wish Life::entrance() {
  Wish w;
  const int number = once_in(8) ? 1 + pick(3) : static_cast<int>(twin_.ids().size()) + 1;
  w.id = "L26-" + std::string(number < 10 ? "000" : "00") + std::to_string(number);
  w.role = "operator";
  w.act = "register";
  w.article = "11.1";
  w.today = today_;
  const IsoDay from = days_after(today_, once_in(3) ? -pick(20) : 0);
  const IsoDay audited = days_after(from, -1 - pick(60));
  w.items = {{"registered_on", from},
             {"expires_on", days_after(from, 200 + pick(280))},
             {"audit_from", days_after(audited, -200)},
             {"audit_to", audited},
             {"url", "https://" + unique("s") + ".example.jp/"},
             {"name", unique("架空サービス")},
             {"agencies_using", std::to_string(pick(9))}};
  if (once_in(5)) w.effective = days_after(from, pick(3) - 1);
  if (once_in(8)) w.role = one_of(kRoles);
  return w;
}

Wish Life::about_renewal(const std::string& id) {
  const LawTwin::Service& service = twin_.service(id);
  Wish w;
  if (!service.undecided()) {
    if (days_after(today_, 120) < service.item("expires_on") && !once_in(4)) return about_items(id);
    w.act = "file-renewal";
    w.article = "12.1";
    w.role = once_in(2) ? "operator" : "registrant";
    return w;
  }
  const int choice = pick(6);
  if (choice < 3) {
    w.act = "renew";
    w.article = "11.2";
    w.role = "operator";
    const IsoDay audited = days_after(today_, -1 - pick(60));
    const IsoDay expiry = std::max(service.item("expires_on"), today_);
    w.items = {{"expires_on", days_after(expiry, 300 + pick(90))},
               {"audit_from", days_after(audited, -300)},
               {"audit_to", audited}};
    return w;
  }
  struct Ending {
    const char* article;
    const char* role;
    const char* result;
  };
  constexpr std::array<Ending, 3> kEndings{
      {{"9.6", "ministries", "not-accepted"}, {"18.2(3)", "committee", "dismissed"}, {"", "registrant", "withdrawn"}}};
  const Ending& ending = kEndings.at(static_cast<std::size_t>(choice - 3));
  w.act = "close-renewal";
  w.article = ending.article;
  w.role = ending.role;
  w.result = ending.result;
  return w;
}

Wish Life::about_items(const std::string& id) {
  Wish w;
  w.role = "operator";
  if (once_in(3)) {
    w.act = "usage";
    w.article = "11.5(13)";
    w.items["agencies_using"] = std::to_string(pick(12));
    return w;
  }
  w.act = "change";
  w.article = once_in(2) ? "14.1" : "14.2";
  if (!once_in(3)) w.items["url"] = "https://" + unique("s") + ".example.jp/";
  if (!once_in(3)) w.items["name"] = unique("架空サービス");
  if (w.items.empty()) w.items["url"] = twin_.service(id).item("url");  // no change at all
  return w;
}

Wish Life::opening(const std::string&) {
  Wish w;
  w.role = "operator";
  const std::string article = one_of(std::vector<std::string>{"13.5", "13.7", "14.3", "16.1", "16.5"});
  w.article = article;
  w.act = article.starts_with("16.") ? "start-re-audit" : "suspend";
  w.part = article.starts_with("16.");
  if (w.part) w.due_on = days_after(today_, pick(90));
  if (article == "13.7") {
    w.role = "committee";
    w.conditions = true;
    w.incident_on = days_after(today_, -pick(400));
    w.estimated = once_in(4);
    if (once_in(3)) w.known_on = days_after(*w.incident_on, pick(3));
  }
  return w;
}

Wish Life::closing(const std::string& id) {
  static const std::map<std::string, std::string> ends{
      {"13.5", "13.6"}, {"13.7", "13.10"}, {"14.3", "14.4"}, {"16.1", "16.3"}, {"16.5", "16.7"}};
  const std::vector<Open> open = open_intervals(twin_.service(id));
  if (open.empty()) return opening(id);
  const Open& which = one_of(open);
  Wish w;
  w.article = which.article == "16.1" && once_in(2) ? "16.4" : ends.at(which.article);
  w.role = w.article == "13.10" ? "committee" : "operator";
  w.act = w.article.starts_with("16.") ? "end-re-audit" : "reinstate";
  if (w.act == "end-re-audit") w.result = w.article == "16.4" ? "not-confirmed" : "confirmed";
  if (!once_in(3)) w.opening = which.seq;
  if (once_in(4)) w.effective = days_after(today_, -pick(6));
  return w;
}

Wish Life::removal(const std::string& id) {
  Wish w;
  w.act = "remove";
  w.role = "committee";
  w.article = "18.2(" + std::to_string(1 + pick(7)) + ")";
  for (const auto& [seq, suspension] : twin_.service(id).suspensions) {
    if (suspension.article != "13.7" || !suspension.closed_by.empty()) continue;
    w.article = "18.2(6)";
    if (once_in(2)) w.opening = seq;
    if (once_in(3)) w.incident_on = days_after(today_, -300 - pick(100));
    if (suspension.incident_on && once_in(3)) w.incident_on = suspension.incident_on;
  }
  return w;
}

Wish Life::correction(const std::string& id) {
  const LawTwin::Service& service = twin_.service(id);
  Wish w;
  w.act = "correct";
  w.role = "operator";
  if (!service.removed_by.empty() && once_in(2)) {
    w.seq = service.removal_seq;
    const bool automatic = service.removed_by == "12.1";
    if (!automatic) w.role = "committee";
    if (automatic && !once_in(4)) w.filed_on = days_after(service.item("expires_on"), 1 - pick(9));
    if (w.filed_on && once_in(3)) w.mend = "renewed";
    if (w.mend.empty() && once_in(4)) w.mend = "removed-by";
    w.mended_to = automatic ? "18.2(2)" : "12.1";
  } else if (!service.suspensions.empty() && once_in(2)) {
    suspension_correction(service, w);
  } else if (!service.renewals.empty() && once_in(4)) {
    w.seq = std::next(service.renewals.begin(), pick(static_cast<int>(service.renewals.size())))->first;
    w.mend = "decide";
    w.mended_to = one_of(std::vector<std::string>{"9.6", "11.2", "18.2(3)"});
  } else if (!service.changes.empty()) {
    const auto at = std::next(service.changes.begin(), pick(static_cast<int>(service.changes.size())));
    w.seq = at->first;
    const bool named = at->second.items.contains("name") != once_in(8);
    if (named) w.items["name"] = unique("架空サービス");
    if (!named) w.items["url"] = "https://" + unique("s") + ".example.jp/";
  } else {
    return about_items(id);
  }
  return w;
}

/// A suspension that was none, or began on another day; or somebody means to act on what is not theirs by the way.
void Life::suspension_correction(const LawTwin::Service& service, Wish& w) {
  const auto any = [&] {
    return std::next(service.suspensions.begin(), pick(static_cast<int>(service.suspensions.size())));
  };
  const auto at = any();
  const bool committees = at->second.article == "13.7";
  w.seq = at->first;
  if (committees) w.role = "committee";
  if (once_in(3)) return;
  const auto other = any();
  const bool another = other != at;
  switch (pick(4)) {
    case 0:
      w.mend = "since";
      w.mended_to = days_after(at->second.since, pick(4));
      break;
    case 1:
      w.mend = "article";
      w.mended_to = committees ? one_of(std::vector<std::string>{"13.5", "14.3"}) : "13.7";
      break;
    case 2:
      w.mend = another ? "strike-other" : "same";
      w.other = other->first;
      break;
    default:
      w.mend = another && other->second.closed_by.empty() ? "lift-other" : "same";
      w.other = other->first;
      w.mended_to = other->second.article == "13.7" ? "13.10" : other->second.article == "13.5" ? "13.6" : "14.4";
  }
}

/// The wish rests on a case of the service, whether it fits or not. Not where the case of an interval is meant.
void Life::cite(Wish& w) {
  static const std::set<std::string> others{"correct", "register", "reinstate", "end-re-audit"};
  if (!w.basis || others.contains(w.act) || w.article == "18.2(6)") return;
  const auto known = book_.env().read(
      [&](const registry::lmdb::ReadTxn& txn) { return registry::cases::of_service(txn, registry::ServiceId{w.id}); });
  if (known.value().empty()) return;
  const registry::Case& one = one_of(known.value());
  w.cited = registry::name_of(one.procedure);
  w.cited_ended = one.ended.has_value();
  cited_ = registry::Json{{"case", one.id.value()}, {"step", one.steps.size()}};
}

/// Something is wrong with the wish, or only unusual.
void Life::spoil(Wish& w) {
  const bool dated = w.act != "correct";
  const bool has_incident = w.act == "suspend";
  switch (pick(9)) {
    case 0:
      w.role = one_of(kRoles);
      break;
    case 1:
      w.article = one_of(kArticles);
      break;
    case 2:
      if (dated) w.effective = days_after(today_, 1 + pick(5));
      break;
    case 3:
      if (dated) w.effective = days_after(today_, -1 - pick(once_in(4) ? 1500 : 90));
      break;
    case 4:
      w.basis = false;
      break;
    case 5:
      w.opening = pick(static_cast<int>(twin_.size()) + 3);
      break;
    case 6:
      w.conditions = !w.conditions;
      w.part = !w.part;
      w.due_on = days_after(today_, pick(3) - 2);
      break;
    case 7:
      if (has_incident) w.incident_on = once_in(2) ? "2023-12-20" : days_after(today_, pick(3));
      if (has_incident) w.known_on = once_in(2) ? "2024-01-03" : days_after(today_, pick(3) - 1);
      if (w.act == "renew") w.items = {{"expires_on", twin_.service(w.id).item("expires_on")}};
      if (w.act == "change") w.items["expires_on"] = days_after(today_, 900);
      break;
    default:
      w.id = once_in(2) ? "L26-9999" : one_of(twin_.ids());
      w.result = w.result == "confirmed" ? "not-confirmed" : "confirmed";
  }
}

}  // namespace ismap::test
