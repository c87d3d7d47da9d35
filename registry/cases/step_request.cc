#include "registry/cases/step_request.h"

#include <algorithm>
#include <array>
#include <utility>

#include "registry/rules/chapter13.h"
#include "registry/rules/common.h"
#include "registry/text.h"

namespace ismap::registry {

namespace {

using rules::refusal;

constexpr std::array<std::string_view, 6> kCommon{"step", "article", "on", "reason", "basis", "links"};

/// By which channel a notice went out.
const FieldRule kChannel{"channel", FieldKind::text};

Error invalid(std::string pointer, std::string article, std::string ja, std::string en) {
  return refusal(Code::invalid, std::move(pointer), std::move(article), std::move(ja), std::move(en));
}

/// What the rows of a procedure offer, for a message: "notice, answer" or "15.1(1), 15.1(2)".
template <class Pick>
std::string offered(Procedure procedure, Pick pick) {
  std::string out;
  std::vector<std::string_view> said;
  for (const StepRule& rule : steps_of(procedure)) {
    const std::string_view word = pick(rule);
    if (word.empty() || std::find(said.begin(), said.end(), word) != said.end()) continue;
    said.push_back(word);
    out += (out.empty() ? "" : ", ") + std::string(word);
  }
  return out;
}

std::optional<Day> day_of(const Json& value) {
  return value.is_string() ? Day::parse(value.get_ref<const std::string&>()) : std::nullopt;
}

bool is_word(const Json& object, const char* name) {
  return object.contains(name) && object.at(name).is_string() &&
         !is_blank(object.at(name).get_ref<const std::string&>()) &&
         !check_text(object.at(name).get_ref<const std::string&>());
}

bool is_step_number(const Json& number) { return number.is_number_integer() && number.get<std::int64_t>() >= 1; }

bool is_basis(const Json& basis) {
  if (!basis.is_object()) return false;
  if (is_word(basis, "filing")) return basis.size() == 1;
  if (is_word(basis, "case")) return basis.size() == 2 && is_step_number(basis.value("step", Json()));
  return basis.size() == 2 && is_word(basis, "channel") && day_of(basis.value("received_on", Json())).has_value();
}

/// Reads one request; gathers every mistake.
class Reading {
 public:
  Reading(Procedure procedure, const Json& request, const Actor& actor, Day today)
      : procedure_(procedure), request_(request), today_(today) {
    wish_.step.actor = actor;
    wish_.today = today;
  }

  Result<StepWish> run(const std::vector<std::string_view>& others) {
    find_rule_of_step();
    if (wish_.rule == nullptr) return std::move(errors_);
    const StepRule& rule = *wish_.rule;
    if (!may_record()) return no_role();
    wish_.step.name = std::string(rule.name);
    wish_.step.article = Article{std::string(rule.article)};
    wish_.step.by = rule.by;
    basis();
    on();
    reason();
    links();
    for (const FieldRule& field : rule.fields) read(field);
    if (!rule.notice.to.empty()) read(kChannel);
    unknown(others);
    incident();
    if (!errors_.empty()) return std::move(errors_);
    keep_payload();
    return std::move(wish_);
  }

 private:
  void wrong(const std::string& pointer, std::string ja, std::string en) {
    const std::string article = wish_.rule == nullptr ? "" : std::string(wish_.rule->article);
    errors_.push_back(invalid(pointer, article, std::move(ja), std::move(en)));
  }

  void find_rule_of_step() {
    const Json name = request_.value("step", Json());
    const Json article = request_.value("article", Json());
    const auto is_named = [&](const StepRule& rule) { return name == rule.name; };
    const auto& rows = steps_of(procedure_);
    const auto named = std::find_if(rows.begin(), rows.end(), is_named);
    if (named == rows.end()) {
      const std::string names =
          offered(procedure_, [](const StepRule& r) { return r.act ? std::string_view() : r.name; });
      return wrong("/step", "手続（step）は次のいずれかです: " + names, "the step is one of: " + names);
    }
    const auto row =
        std::find_if(rows.begin(), rows.end(), [&](const StepRule& r) { return is_named(r) && article == r.article; });
    if (row == rows.end()) {
      const std::string articles =
          offered(procedure_, [&](const StepRule& r) { return is_named(r) ? r.article : std::string_view(); });
      return wrong("/article", "この手続の根拠条項（article）は " + articles + " です",
                   "this step is made under " + articles);
    }
    if (row->act) {
      const std::string act(name_of(*row->act));
      return wrong("/step", "この手続は行為 " + act + " を行うと記録されます",
                   "this step is made by the act '" + act + "' itself");
    }
    wish_.rule = &*row;
  }

  [[nodiscard]] bool recorded_for_registrant() const {
    return wish_.rule->by == Role::registrant && wish_.step.actor.role == Role::operator_;
  }
  [[nodiscard]] bool may_record() const { return wish_.step.actor.role == wish_.rule->by || recorded_for_registrant(); }

  [[nodiscard]] Error no_role() const {
    const std::string role(name_of(wish_.rule->by));
    return refusal(Code::forbidden, "/role", std::string(wish_.rule->article),
                   "この手続（" + std::string(wish_.rule->name) + "）を行うのは " + role + " です",
                   "the step '" + std::string(wish_.rule->name) + "' belongs to " + role);
  }

  void basis() {
    wish_.basis = request_.value("basis", Json());
    if (wish_.basis.is_null()) {
      if (recorded_for_registrant()) {
        wrong("/basis", "登録者の手続を記録するときは、届出番号又は受付の経路と日（basis）を書いてください",
              "a step of the registrant that the operator records cites its filing, or channel and day");
      }
      return;
    }
    if (!is_basis(wish_.basis)) {
      wrong("/basis",
            "根拠（basis）を {\"filing\": 届出番号}、{\"case\": 事案番号, \"step\": 番号} 又は {\"channel\": 経路, "
            "\"received_on\": 日} で書いてください",
            "cite the basis: {\"filing\"}, {\"case\", \"step\"} or {\"channel\", \"received_on\"}");
      wish_.basis = nullptr;
      return;
    }
    if (wish_.basis.contains("filing")) wish_.step.filing = wish_.basis.at("filing").get<std::string>();
    if (wish_.basis.contains("case")) wish_.links.emplace_back(wish_.basis.at("case").get<std::string>());
    received_on_ = day_of(wish_.basis.value("received_on", Json()));
    if (received_on_ && *received_on_ > today_) {
      wrong("/basis/received_on", "将来の日です", "lies in the future");
    }
  }

  void on() {
    const bool given = request_.contains("on");
    const auto day = given ? day_of(request_.at("on")) : received_on_.value_or(today_);
    if (!day) return wrong("/on", "行った日（on）を YYYY-MM-DD で書いてください", "give the day as YYYY-MM-DD");
    wish_.step.on = *day;
    if (*day > today_) {
      wrong("/on", day->iso() + " は将来の日です。行った日に記録してください",
            day->iso() + " lies in the future: a step is recorded once it was made");
    } else if (given && recorded_for_registrant() && received_on_ && *received_on_ != *day) {
      wrong("/on", "受付の日（basis.received_on）と異なります", "is not the day on which it was received");
    }
  }

  void reason() {
    const Json given = request_.value("reason", Json());
    if (given.is_null()) {
      if (wish_.rule->by == Role::registrant) return;
      return wrong("/reason", "理由（reason）を {\"ja\": \"…\"} で書いてください",
                   "give the reason as {\"ja\": \"…\"}");
    }
    if (auto text = text_as_kept(given)) {
      reason_ = std::move(*text);
    } else {
      wrong("/reason", "理由（reason）を {\"ja\": \"…\"} で書いてください", "give the reason as {\"ja\": \"…\"}");
    }
  }

  void links() {
    const Json given = request_.value("links", Json::array());
    const bool sound = given.is_array() && std::all_of(given.begin(), given.end(), [](const Json& id) {
                         return id.is_string() && !id.get_ref<const std::string&>().empty();
                       });
    if (!sound) return wrong("/links", "関連する事案の番号の列で書いてください", "give an array of case ids");
    for (const Json& id : given) wish_.links.emplace_back(id.get<std::string>());
  }

  void read(const FieldRule& field) {
    const std::string name(field.name);
    const std::string pointer = "/" + name;
    const Json value = request_.value(name, Json());
    if (value.is_null()) {
      if (field.required) wrong(pointer, name + " を書いてください", "give " + name);
      return;
    }
    if (field.kind == FieldKind::text) {
      auto text = text_as_kept(value);
      if (!text)
        return wrong(pointer, name + " を {\"ja\": \"…\"} で書いてください", "give " + name + " as {\"ja\": \"…\"}");
      texts_[name] = std::move(*text);
    } else if (field.kind == FieldKind::flag) {
      if (!value.is_boolean()) return wrong(pointer, "true か false を書いてください", "give true or false");
      wish_.step.facts[name] = value;
    } else {
      read_day(field, value);
    }
  }

  void read_day(const FieldRule& field, const Json& value) {
    const std::string name(field.name);
    const auto day = day_of(value);
    if (!day) {
      return wrong("/" + name, name + " を YYYY-MM-DD で書いてください", "give " + name + " as YYYY-MM-DD");
    }
    if (field.kind == FieldKind::day && *day > today_ && procedure_ != Procedure::incident) {
      wrong("/" + name, day->iso() + " は将来の日です", day->iso() + " lies in the future");
    }
    const bool is_term = name == "due_on" || name == "hearing_by";
    if (is_term && *day < wish_.step.on) {
      wrong("/" + name, "行った日（" + wish_.step.on.iso() + "）より前の期日です",
            "lies before the day of the step (" + wish_.step.on.iso() + ")");
    }
    wish_.step.facts[name] = day->iso();
  }

  void unknown(const std::vector<std::string_view>& others) {
    const auto& fields = wish_.rule->fields;
    for (const auto& [name, value] : request_.items()) {
      const auto is_name = [&known = name](std::string_view other) { return other == known; };
      const bool channel = is_name(kChannel.name) && !wish_.rule->notice.to.empty();
      const bool known = channel || std::any_of(kCommon.begin(), kCommon.end(), is_name) ||
                         std::any_of(others.begin(), others.end(), is_name) ||
                         std::any_of(fields.begin(), fields.end(), [&](const FieldRule& f) { return is_name(f.name); });
      if (!known) wrong("/" + pointer_token(name), "知らない項目です: " + name, "unknown member: " + name);
    }
  }

  /// 13.1, S2023-11-10.1: what is said of an incident.
  void incident() {
    if (procedure_ != Procedure::incident || wish_.step.name == "occurrence-confirmed") return;
    const IncidentStated stated = incident_in(wish_.step.facts);
    append(errors_, rules::check_incident(stated, today_));
    if (wish_.step.facts.value("incident_estimated", false) && !stated.occurred_on) {
      wrong("/incident_estimated", "incident_on が推定の日であるときだけ true と書いてください",
            "true when incident_on is an estimate");
    }
  }

  void keep_payload() {
    Json payload = Json::object();
    if (!reason_.is_null()) payload["reason"] = reason_;
    if (!wish_.basis.is_null()) payload["basis"] = wish_.basis;
    if (!texts_.empty()) payload["texts"] = texts_;
    if (!payload.empty()) wish_.payload = std::move(payload);
  }

  Procedure procedure_;
  const Json& request_;
  Day today_;
  StepWish wish_;
  Json reason_;
  Json texts_ = Json::object();
  std::optional<Day> received_on_;
  Errors errors_;
};

std::string words(std::string_view names) {
  std::string out(names);
  std::replace(out.begin(), out.end(), '|', ',');
  return out;
}

/// The first step of the case that the row waits for; the row's own wish is met when it waits for none.
const Step* first_of(const Case& so_far, std::string_view after) {
  for (const Step& step : so_far.steps) {
    if (is_among(step, after)) return &step;
  }
  return nullptr;
}

Error comes_too_early(const StepRule& rule, std::string pointer) {
  const std::string names = words(rule.after);
  return refusal(Code::conflict, std::move(pointer), std::string(rule.article), "先に次の手続が必要です: " + names,
                 "first there must be: " + names);
}

/// 15.2(5): until when a hearing can be asked for, and whether it was asked for later.
void hearing_days(const Case& so_far, Step& step, const CaseSettings& settings) {
  if (so_far.procedure != Procedure::monitoring) return;
  if (step.name == "not-confirmed" && !step.facts.contains("hearing_by")) {
    step.facts["hearing_by"] = step.on.plus(settings.hearing_days).iso();
  }
  const auto by = hearing_asked_by(so_far);
  if (step.name == "hearing-asked" && by) step.facts["late"] = step.on > *by;
}

/// 13.5: until when the report may come that a demand without a day of its own asks for.
void awaited_day(const Case& so_far, Step& step, const CaseSettings& settings) {
  const auto known = incident_of(so_far).known_on;
  if (step.name != "report-demanded" || step.facts.contains("due_on") || !known) return;
  step.facts["awaited_until"] = std::max(step.on, due(*known, kPreliminaryReport, settings.holidays)).iso();
}

/// 18.2(6): the firm day, against what the case says of the awareness.
Errors firm_day(const Case& so_far, const Step& step, Day today) {
  if (step.name != "occurrence-confirmed") return {};
  return rules::check_incident({stated_day(step, "incident_on"), false, incident_of(so_far).known_on}, today);
}

}  // namespace

std::optional<Json> text_as_kept(const Json& value) {
  const Json whole = value.is_string() ? Json{{"ja", value}} : value;
  if (!whole.is_object() || !whole.contains("ja")) return std::nullopt;
  Json out = Json::object();
  for (const auto& [name, text] : whole.items()) {
    if ((name != "ja" && name != "en") || !text.is_string()) return std::nullopt;
    const std::string lines = with_line_feeds(text.get_ref<const std::string&>());
    if (lines.size() > kMaxTextBytes || is_blank(lines) || check_text(lines)) return std::nullopt;
    out[name] = lines;
  }
  return out;
}

Result<StepWish> read_step(Procedure procedure, const Json& request, const std::vector<std::string_view>& others,
                           const Actor& actor, Day today) {
  if (!request.is_object()) return invalid("", "", "JSONオブジェクトで書いてください", "give a JSON object");
  return Reading(procedure, request, actor, today).run(others);
}

Result<Done> check_step(const Case& so_far, StepWish& wish, const CaseSettings& settings) {
  const StepRule& rule = *wish.rule;
  if (so_far.steps.empty() && !rule.opens) {
    const std::string names =
        offered(so_far.procedure, [](const StepRule& r) { return r.opens && !r.act ? r.name : std::string_view(); });
    return invalid("/step", std::string(rule.article), "事案は次の手続から始まります: " + names,
                   "a case begins with: " + names);
  }
  if (!so_far.steps.empty() && !rule.after.empty()) {
    const Step* before = first_of(so_far, rule.after);
    if (before == nullptr) return comes_too_early(rule, "/step");
    if (wish.step.on < before->on) {
      return invalid("/on", std::string(rule.article), "先の手続（" + before->on.iso() + "）より前の日です",
                     "lies before the step that it follows (" + before->on.iso() + ")");
    }
  }
  Errors errors = firm_day(so_far, wish.step, wish.today);
  if (!errors.empty()) return errors;
  hearing_days(so_far, wish.step, settings);
  awaited_day(so_far, wish.step, settings);
  if (rule.unless != nullptr) {
    if (auto error = rule.unless(so_far, wish.step)) return *error;
  }
  return Done{};
}

Result<Done> check_act(const Case& cited, const StepRule& rule, const Step& step) {
  if (!rule.after.empty() && first_of(cited, rule.after) == nullptr) return comes_too_early(rule, "/basis");
  if (rule.unless == nullptr) return Done{};
  auto error = rule.unless(cited, step);
  if (!error) return Done{};
  if (error->pointer == "/step") error->pointer = "/basis";
  return *error;
}

std::optional<CaseEnd> end_with(const Case& so_far, const StepRule& rule, const Step& step) {
  if (rule.ends == Ends::never) return std::nullopt;
  if (rule.ends == Ends::always) return CaseEnd::completed;
  Case after = so_far;
  after.ended.reset();
  after.steps.push_back(step);
  after.steps.back().number = so_far.steps.empty() ? 1 : so_far.steps.back().number + 1;
  if (!open_intervals(after).empty()) return std::nullopt;
  const std::vector<Deadline> all = deadlines(after, step.recorded_at.jst_day());
  const bool open = std::any_of(
      all.begin(), all.end(), [&](const Deadline& d) { return !d.answered_on && d.step == after.steps.back().number; });
  return open ? std::nullopt : std::optional<CaseEnd>(CaseEnd::completed);
}

}  // namespace ismap::registry
