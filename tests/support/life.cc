#include "tests/support/life.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "registry/journal.h"
#include "registry/tables.h"

namespace ismap::test {

using registry::Json;

namespace {

std::string day_or_dash(const Json& value) { return value.is_string() ? value.get<std::string>() : ""; }

std::string interval_text(const Json& interval, const char* end) {
  std::string text = interval.at("article").get<std::string>() + " " + interval.at("since").get<std::string>();
  const Json& closed = interval.at(end);
  if (!closed.is_null()) {
    text += " until " + closed.at("article").get<std::string>() + " " + closed.at("on").get<std::string>();
  }
  return text;
}

std::string renewal_text(const Json& renewal) {
  std::string text = renewal.at("filed_on").get<std::string>();
  const Json& decided = renewal.at("decided");
  if (decided.is_null()) return text;
  return text + " " + decided.at("result").get<std::string>() + " " + day_or_dash(decided.at("article")) + " " +
         decided.at("on").get<std::string>();
}

std::string listed(const Shown& shown) {
  std::string text;
  for (const auto& [name, value] : shown) text += "  " + name + ": " + value + "\n";
  return text;
}

std::string worded(const Wish& wish) {
  return "on " + wish.today + " " + wish.role + " " + wish.act + " " + wish.id + " " + wish.article +
         (wish.effective ? " from " + *wish.effective : "") + (wish.cited.empty() ? "" : " on " + wish.cited) +
         (wish.opening ? " #" + std::to_string(*wish.opening) : "");
}

std::vector<std::string> open_articles(const registry::Service& service) {
  std::vector<std::string> open;
  for (const auto& s : registry::open_suspensions(service)) open.push_back(s.article.value());
  for (const auto& r : registry::open_re_audits(service)) open.push_back(r.article.value());
  return open;
}

std::optional<registry::Day> day_of(const std::optional<IsoDay>& text) {
  return text ? std::optional<registry::Day>(Book::day(*text)) : std::nullopt;
}

std::optional<registry::Seq> seq_of(const std::optional<std::uint64_t>& number) {
  return number ? std::optional<registry::Seq>(registry::Seq{*number}) : std::nullopt;
}

std::optional<registry::Text> text_if(bool given) {
  return given ? std::optional<registry::Text>(registry::Text{"非公開", std::nullopt}) : std::nullopt;
}

registry::IncidentStated wished_incident(const Wish& wish) {
  return {day_of(wish.incident_on), wish.estimated, day_of(wish.known_on)};
}

/// The items of a wish as a merge patch of the record.
Json items_of(const Wish& wish) {
  Json items = Json::object();
  for (const auto& [name, value] : wish.items) {
    if (name == "agencies_using") {
      items[name] = std::stoi(value);
    } else if (name == "name") {
      items[name] = Json{{"ja", value}};
    } else if (name.starts_with("audit_")) {
      items["audit_period"][name.substr(6)] = value;
    } else {
      items[name] = value;
    }
  }
  return items;
}

registry::RenewalResult renewal_result(const std::string& word) {
  if (word == "dismissed") return registry::RenewalResult::dismissed;
  return word == "not-accepted" ? registry::RenewalResult::not_accepted : registry::RenewalResult::withdrawn;
}

registry::Doing wished_doing(const Wish& wish, const Json& items) {
  using namespace registry;
  using Make = Doing (*)(const Wish&, const Json&);
  static const std::map<std::string, Make> makers{
      {"register",
       [](const Wish& w, const Json& i) -> Doing {
         Json record = Book::record(w.id);
         record.merge_patch(i);
         return RegisterService{parse_service(record).value()};
       }},
      {"renew", [](const Wish&, const Json& i) -> Doing { return Renew{i}; }},
      {"file-renewal", [](const Wish&, const Json&) -> Doing { return FileRenewal{}; }},
      {"close-renewal", [](const Wish& w, const Json&) -> Doing { return CloseRenewal{renewal_result(w.result)}; }},
      {"change", [](const Wish&, const Json& i) -> Doing { return ChangeItems{i}; }},
      {"usage",
       [](const Wish&, const Json& i) -> Doing { return UpdateUsage{i.at("agencies_using").get<std::uint32_t>()}; }},
      {"suspend",
       [](const Wish& w, const Json&) -> Doing {
         return Suspend{wished_incident(w), text_if(w.conditions)};
       }},
      {"reinstate", [](const Wish& w, const Json&) -> Doing { return Reinstate{seq_of(w.opening)}; }},
      {"start-re-audit",
       [](const Wish& w, const Json&) -> Doing {
         return StartReAudit{text_if(w.part), day_of(w.due_on)};
       }},
      {"end-re-audit",
       [](const Wish& w, const Json&) -> Doing {
         return EndReAudit{seq_of(w.opening),
                           w.result == "confirmed" ? ReAuditResult::confirmed : ReAuditResult::not_confirmed};
       }},
      {"remove", [](const Wish& w, const Json&) -> Doing {
         return Remove{seq_of(w.opening), wished_incident(w)};
       }}};
  return makers.at(wish.act)(wish, items);
}

/// The changes of a correction that is more, or less, than taking back what the event did.
Json mended(const Wish& wish, const Json& record) {
  if (wish.mend == "removed-by") {
    const Json& removal = record.at("removal");
    const Json on = removal.is_null() ? Json(wish.today) : removal.at("on");
    return Json{{"removal", {{"article", wish.mended_to}, {"on", on}}}};
  }
  if (wish.mend == "decide") {
    static const std::map<std::string, std::string> results{
        {"9.6", "not-accepted"}, {"11.2", "renewed"}, {"18.2(3)", "dismissed"}};
    const Json decided{{"article", wish.mended_to}, {"on", wish.today}, {"result", results.at(wish.mended_to)}};
    Json renewals = record.at("renewals");
    for (Json& renewal : renewals) {
      if (renewal.at("opening") == *wish.seq) renewal["decided"] = decided;
    }
    return Json{{"renewals", renewals}};
  }
  Json suspensions = Json::array();
  for (Json suspension : record.at("suspensions")) {
    const bool target = suspension.at("opening") == *wish.seq;
    const bool other = wish.other && suspension.at("opening") == *wish.other;
    if (target && (wish.mend == "since" || wish.mend == "article")) suspension[wish.mend] = wish.mended_to;
    if (other && wish.mend == "lift-other") suspension["lifted"] = {{"article", wish.mended_to}, {"on", wish.today}};
    if (!other || wish.mend != "strike-other") suspensions.push_back(std::move(suspension));
  }
  return Json{{"suspensions", suspensions}};
}

}  // namespace

Life::Life(unsigned seed) : twin_(book_.size()), random_(seed) {}

Shown Life::shown(const Json& record) {
  const auto day = [&](const char* name) { return record.at(name).get<std::string>(); };
  Shown out{{"state", day("state")},
            {"registered_on", day("registered_on")},
            {"expires_on", day("expires_on")},
            {"audit_from", record.at("audit_period").at("from")},
            {"audit_to", record.at("audit_period").at("to")},
            {"url", day("url")},
            {"name", record.at("name").at("ja")},
            {"agencies_using", std::to_string(record.at("agencies_using").get<int>())}};
  const Json& removal = record.at("removal");
  out["removal"] =
      removal.is_null() ? "-" : removal.at("article").get<std::string>() + " " + day_or_dash(removal["on"]);
  const auto number = [](const char* what, const Json& interval) { return what + interval.at("opening").dump(); };
  for (const Json& s : record.at("suspensions")) out[number("suspension ", s)] = interval_text(s, "lifted");
  for (const Json& r : record.at("re_audits")) out[number("re-audit ", r)] = interval_text(r, "ended");
  for (const Json& r : record.at("renewals")) out[number("renewal ", r)] = renewal_text(r);
  return out;
}

const Life::Published& Life::published(const std::string& id) {
  const auto last = book_.env().read([&](const registry::lmdb::ReadTxn& txn) -> registry::Result<registry::Event> {
    const registry::Seq seq = registry::tables::latest(txn, id).value();
    const auto known = published_.find(id);
    if (known == published_.end() || known->second.seq != seq) return registry::journal::event(txn, seq);
    registry::Event unchanged;
    unchanged.seq = seq;
    return unchanged;
  });
  const registry::Event& event = last.value();
  if (!event.record.is_null()) {
    Published read{event.seq, shown(event.record), registry::stored_service(event.record).value()};
    published_.insert_or_assign(id, std::move(read));
  }
  return published_.at(id);
}

std::vector<std::string> Life::differences() {
  std::vector<std::string> found;
  for (const std::string& id : twin_.ids()) {
    const Published& public_state = published(id);
    const Shown wanted = twin_.shown(id);
    if (public_state.shown != wanted) {
      found.push_back(id + " is published as\n" + listed(public_state.shown) + " and should be\n" + listed(wanted));
    }
    if (open_articles(public_state.service) != twin_.flags(id)) found.push_back(id + ": flags");
    const bool valid = registry::valid_on(public_state.service, Book::day(today_));
    if (valid != twin_.valid(id, today_)) found.push_back(id + ": validity");
  }
  return found;
}

/// 5.1(4): all services are of one provider.
std::vector<std::string> Life::forgotten(const Wish& wish, const registry::Errors& notices) const {
  std::vector<std::string> found;
  if (wish.act != "register" && wish.act != "renew") return found;
  for (const std::string& id : twin_.ids()) {
    if (twin_.service(id).removed_by != "18.2(5)") continue;
    const bool told = std::any_of(notices.begin(), notices.end(), [&](const registry::Error& notice) {
      return notice.article == "5.1(4)" && notice.en.find(id) != std::string::npos;
    });
    if (!told) found.push_back(worded(wish) + ": nothing is said of " + id + ", removed under 18.2(5)");
  }
  return found;
}

std::vector<std::string> Life::step() {
  if (!once_in(3)) today_ = days_after(today_, pick(9));
  if (once_in(25)) today_ = days_after(today_, 20 + pick(60));
  twin_.day_begins(today_);
  if (once_in(4)) (void)book_.registrar().remove_expired(Book::noon(today_));
  const Wish wanted = wish();
  const registry::Command command = command_of(wanted);
  const std::set<std::string> grounds = twin_.ask(wanted);
  const auto answer = book_.act(command, today_);
  std::vector<std::string> found;
  if (answer.ok() != grounds.empty()) {
    found.push_back(worded(wanted) + (answer.ok() ? " was done, against " + *grounds.begin()
                                                  : " was refused: " + answer.errors().front().en));
  }
  if (answer.ok()) ++done_[wanted.act + " " + wanted.article];
  if (answer.ok() && !wanted.cited.empty()) ++done_["on a case"];
  if (!wanted.mend.empty()) ++(answer.ok() ? done_ : refused_)["correct " + wanted.mend];
  for (const registry::Error& error : answer.ok() ? registry::Errors{} : answer.errors()) {
    ++refused_[error.article];
    if (!grounds.contains(error.article)) found.push_back(worded(wanted) + " was refused by " + error.article);
  }
  const auto more_notices = answer.ok() ? forgotten(wanted, answer->notices) : std::vector<std::string>{};
  found.insert(found.end(), more_notices.begin(), more_notices.end());
  if (book_.size() != twin_.size()) found.push_back(worded(wanted) + ": another number of events");
  const auto more = differences();
  found.insert(found.end(), more.begin(), more.end());
  return found;
}

/// What a correction changes: a suspension that is struck, a removal that is undone, or items.
Json Life::changes_of(const Wish& wish, const Json& items) {
  if (!wish.seq || !items.empty() || book_.history(wish.id).empty()) return items;
  const Json record = book_.latest(wish.id);
  if (!wish.mend.empty() && wish.mend != "renewed") return mended(wish, record);
  Json rest = Json::array();
  for (const Json& suspension : record.at("suspensions")) {
    if (suspension.at("opening") != *wish.seq) rest.push_back(suspension);
  }
  if (rest.size() < record.at("suspensions").size()) return Json{{"suspensions", rest}};
  Json changes{{"state", "registered"}, {"removal", nullptr}};
  if (wish.filed_on) {
    changes["renewals"] = record.at("renewals");
    Json decided;
    if (wish.mend == "renewed") decided = {{"article", "11.2"}, {"on", wish.today}, {"result", "renewed"}};
    changes["renewals"].push_back({{"filed_on", *wish.filed_on}, {"decided", decided}});
  }
  return changes;
}

registry::Command Life::command_of(const Wish& wish) {
  const Json items = items_of(wish);
  registry::Doing doing =
      wish.act == "correct"
          ? registry::Doing{registry::Correct{registry::Seq{wish.seq.value()}, changes_of(wish, items)}}
          : wished_doing(wish, items);
  registry::Command command = Book::command(wish.id, std::move(doing), wish.article);
  command.actor.role = registry::role_of(wish.role).value();
  command.effective = day_of(wish.effective);
  if (!wish.basis) command.basis = Json();
  if (!cited_.is_null()) command.basis = cited_;
  return command;
}

}  // namespace ismap::test
