#include "registry/cases/citing.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "registry/cases/procedure.h"
#include "registry/rules/common.h"

namespace ismap::registry::cases {

namespace {

using rules::refusal;

std::string article_cited_for(const Command& command) { return command.article ? command.article->value() : ""; }

/// Something that must have been done, in words.
struct Need {
  bool done;
  std::string_view ja;
  std::string_view en;
};

/// The refusal that names every need that is not met; nothing when all are.
template <std::size_t N>
std::optional<Error> unmet(const std::array<Need, N>& needs, const char* article) {
  std::string ja;
  std::string en;
  for (const Need& need : needs) {
    if (need.done) continue;
    ja += (ja.empty() ? "" : "、") + std::string(need.ja);
    en += (en.empty() ? "" : ", ") + std::string(need.en);
  }
  if (en.empty()) return std::nullopt;
  return refusal(Code::conflict, "/basis", article, "この事案には次のものがありません: " + ja,
                 "this case lacks: " + en);
}

/// 15.2(5)(イ): re-application is demanded after the hearing and the committee's consultation on the last result.
std::optional<Error> no_demand_after_monitoring(const Command&, const Case& of, Day on) {
  const Step* result = last_step(of, "not-confirmed");
  const auto since_result = [&](std::string_view name) {
    const Step* made = last_step(of, name);
    return made != nullptr && result != nullptr && made->number > result->number;
  };
  return unmet(std::array<Need, 4>{{
                   {result != nullptr, "実施結果の通知（15.2(5)）", "the notice of the result (15.2(5))"},
                   {hearing_is_over(of, on), "弁明の機会の終了（15.2(5)）", "the end of the hearing (15.2(5))"},
                   {since_result("committee-consulted"), "運営委員会への確認（15.2(5)(イ)）",
                    "the consultation of the committee (15.2(5))"},
                   {since_result("re-application-demanded"), "再申請への対応の求め（15.2(5)(イ)）",
                    "the demand for re-application (15.2(5))"},
               }},
               "15.2(5)");
}

/// 16.4: the committee was consulted, the re-audit ended unconfirmed, and re-application was demanded.
std::optional<Error> no_demand_after_re_audit(const Command&, const Case& of, Day) {
  return unmet(
      std::array<Need, 3>{{
          {has_any(of, "committee-consulted@16.4"), "運営委員会への確認（16.4）",
           "the consultation of the committee (16.4)"},
          {has_any(of, "ended@16.4"), "確認できなかった旨の終了（16.4）", "the end without a confirmation (16.4)"},
          {has_any(of, "re-application-demanded@16.4"), "再申請への対応の求め（16.4）",
           "the demand for re-application (16.4)"},
      }},
      "16.4");
}

std::optional<Error> objection_is_unanswered(const Command&, const Case& of, Day) {
  return unmet(std::array<Need, 1>{{{has_any(of, "answered"), "異議申立への回答（19.2）",
                                     "the answer to the objection (19.2)"}}},
               "19.2");
}

/// 18.2(6): the incident is that of the suspension whose year has passed.
std::optional<Error> incident_of_no_open_13_7(const Command& command, const Case& of, Day) {
  const auto& named = std::get<Remove>(command.doing).opening;
  const std::vector<OpenInterval> open = open_intervals(of);
  const bool holds = std::any_of(open.begin(), open.end(), [&](const OpenInterval& i) {
    return i.article.value() == "13.7" && (!named || i.opening == *named);
  });
  return unmet(std::array<Need, 1>{{{holds, "続いている13.7の一時停止", "the open suspension under 13.7"}}}, "13.7");
}

/// A procedure of which a case may be the basis of an act.
struct Citable {
  Act act;
  std::string_view article;  ///< "": the act has none
  Procedure procedure;
  bool ended_too = false;  ///< it is looked back at: the case may have ended
  std::optional<Error> (*unless)(const Command&, const Case&, Day) = nullptr;
};

using P = Procedure;
constexpr std::array<Citable, 51> kCitable{{
    {Act::suspend, "13.5", P::incident},
    {Act::suspend, "13.7", P::incident},
    {Act::suspend, "14.3", P::notification},
    {Act::reinstate, "13.6", P::incident},
    {Act::reinstate, "13.6", P::objection, true, objection_is_unanswered},
    {Act::reinstate, "13.10", P::incident},
    {Act::reinstate, "13.10", P::re_audit, true},  // form 2-9 comes with 16.6
    {Act::reinstate, "13.10", P::objection, true, objection_is_unanswered},
    {Act::reinstate, "14.4", P::notification},
    {Act::reinstate, "14.4", P::objection, true, objection_is_unanswered},
    {Act::change, "14.1", P::notification},
    {Act::change, "14.2", P::notification},
    {Act::start_re_audit, "16.1", P::re_audit, true},  // another part
    {Act::start_re_audit, "16.1", P::monitoring},
    {Act::start_re_audit, "16.5", P::re_audit, true},
    {Act::start_re_audit, "16.5", P::incident},
    {Act::end_re_audit, "16.3", P::re_audit},
    {Act::end_re_audit, "16.3", P::objection, true, objection_is_unanswered},
    {Act::end_re_audit, "16.4", P::re_audit},
    {Act::end_re_audit, "16.7", P::re_audit},
    {Act::end_re_audit, "16.7", P::objection, true, objection_is_unanswered},
    {Act::register_service, "11.1", P::re_application},
    {Act::file_renewal, "12.1", P::renewal},
    {Act::renew, "11.2", P::renewal},
    {Act::close_renewal, "9.6", P::renewal},
    {Act::close_renewal, "", P::renewal},
    {Act::close_renewal, "18.2(3)", P::renewal},
    {Act::close_renewal, "18.2(3)", P::removal},
    {Act::remove, "18.2(1)", P::renewal},
    {Act::remove, "18.2(1)", P::removal},
    {Act::remove, "18.2(2)", P::withdrawal},
    {Act::remove, "18.2(2)", P::removal},
    {Act::remove, "18.2(3)", P::renewal},
    {Act::remove, "18.2(3)", P::removal},
    {Act::remove, "18.2(4)", P::monitoring, false, no_demand_after_monitoring},
    {Act::remove, "18.2(4)", P::re_audit, false, no_demand_after_re_audit},
    {Act::remove, "18.2(4)", P::removal},
    {Act::remove, "18.2(5)", P::incident, true},
    {Act::remove, "18.2(5)", P::notification, true},
    {Act::remove, "18.2(5)", P::monitoring, true},
    {Act::remove, "18.2(5)", P::re_audit, true},
    {Act::remove, "18.2(5)", P::renewal, true},
    {Act::remove, "18.2(5)", P::removal},
    {Act::remove, "18.2(6)", P::incident, false, incident_of_no_open_13_7},
    {Act::remove, "18.2(6)", P::removal},
    {Act::remove, "18.2(7)", P::incident, true},
    {Act::remove, "18.2(7)", P::notification, true},
    {Act::remove, "18.2(7)", P::monitoring, true},
    {Act::remove, "18.2(7)", P::re_audit, true},
    {Act::remove, "18.2(7)", P::renewal, true},
    {Act::remove, "18.2(7)", P::removal},
}};

/// What a cited case would be expected to have.
struct Expected {
  Act act;
  std::string_view article;
  Procedure procedure;
  std::string_view steps;
  std::string_view missing;  ///< article of what is missing
};
constexpr std::array<Expected, 1> kExpected{{
    {Act::reinstate, "13.10", P::incident, "conditions-met", "13.9"},
}};

}  // namespace

Result<Done> check_citation(const Command& command, const Case& cited, Day on) {
  const std::string article = article_cited_for(command);
  const auto* row = std::find_if(kCitable.begin(), kCitable.end(), [&](const Citable& c) {
    return c.act == act_of(command.doing) && c.article == article && c.procedure == cited.procedure;
  });
  if (row == kCitable.end()) {
    const std::string procedure(name_of(cited.procedure));
    return refusal(Code::conflict, "/basis/case", article,
                   "事案 " + cited.id.value() + "（" + procedure + "）はこの行為の根拠となる手続ではありません",
                   "case " + cited.id.value() + " (" + procedure + ") is no procedure that this act rests on");
  }
  if (cited.ended && !row->ended_too) {
    const Step& last = cited.steps.back();
    return refusal(Code::conflict, "/basis/case", article,
                   "事案 " + cited.id.value() + " は " + last.on.iso() + " に終わっています（" + last.name + "）",
                   "case " + cited.id.value() + " ended on " + last.on.iso() + " (" + last.name + ")");
  }
  if (row->unless == nullptr) return Done{};
  auto missing = row->unless(command, cited, on);
  if (missing) return std::move(*missing);
  return Done{};
}

Errors missing_in(const Command& command, const Case& cited) {
  Errors notices;
  for (const Expected& e : kExpected) {
    if (e.act != act_of(command.doing) || e.article != article_cited_for(command)) continue;
    if (e.procedure != cited.procedure || has_any(cited, e.steps)) continue;
    const std::string missing(e.missing);
    notices.push_back(refusal(Code::conflict, "/basis/case", missing,
                              "この事案には " + missing + " の手続が記録されていません",
                              "this case has no step under " + missing));
  }
  return notices;
}

}  // namespace ismap::registry::cases
