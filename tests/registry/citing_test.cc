#include "registry/cases/citing.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "registry/cases/procedure.h"
#include "tests/support/book.h"

namespace ismap::registry {
namespace {

using test::Book;

constexpr const char* kCitedOn = "2026-06-10";

Doing doing_of(Act act) {
  static const std::map<Act, Doing> examples{{Act::register_service, RegisterService{}},
                                             {Act::renew, Renew{}},
                                             {Act::file_renewal, FileRenewal{}},
                                             {Act::close_renewal, CloseRenewal{}},
                                             {Act::change, ChangeItems{}},
                                             {Act::usage, UpdateUsage{}},
                                             {Act::suspend, Suspend{}},
                                             {Act::reinstate, Reinstate{}},
                                             {Act::start_re_audit, StartReAudit{}},
                                             {Act::end_re_audit, EndReAudit{}},
                                             {Act::remove, Remove{}}};
  return examples.at(act);
}

Command acting(Act act, std::string_view article) {
  return Book::command("L26-0001", doing_of(act), std::string(article));
}

Step made(const std::string& name, const std::string& article, const std::string& on = "2026-05-10") {
  Step step;
  step.name = name;
  step.article = Article{article};
  step.on = Book::day(on);
  step.recorded_at = Book::noon(on);
  return step;
}

Case case_with(Procedure procedure, std::vector<Step> steps) {
  Case of;
  of.id = CaseId{"C000000001"};
  of.procedure = procedure;
  of.service = ServiceId{"L26-0001"};
  for (std::size_t i = 0; i < steps.size(); ++i) steps[i].number = i + 1;
  of.steps = std::move(steps);
  return of;
}

/// An open case in which every step of its procedure was made once.
Case full_case(Procedure procedure) {
  std::vector<Step> steps;
  for (const StepRule& rule : steps_of(procedure)) {
    Step step = made(std::string(rule.name), std::string(rule.article));
    if (rule.name == "not-confirmed") step.facts["hearing_by"] = "2026-05-24";
    if (rule.name == "suspended") step.event = Seq{7};
    steps.push_back(std::move(step));
  }
  return case_with(procedure, std::move(steps));
}

Result<Done> cite(const Command& command, const Case& cited) {
  return cases::check_citation(command, cited, Book::day(kCitedOn));
}

constexpr Procedure kAll[] = {Procedure::incident,   Procedure::notification, Procedure::monitoring,
                              Procedure::re_audit,   Procedure::renewal,      Procedure::re_application,
                              Procedure::withdrawal, Procedure::removal,      Procedure::agencies,
                              Procedure::objection};

TEST(Citations, AnActRestsOnTheProceduresThatKnowIt) {
  for (const Permission& permission : permissions()) {
    if (permission.act == Act::correct || permission.role == Role::system) continue;
    const Command command = acting(permission.act, permission.article);
    const std::string what = std::string(name_of(permission.act)) + " " + std::string(permission.article);
    int known = 0;
    for (const Procedure procedure : kAll) {
      const Result<Done> cited = cite(command, full_case(procedure));
      known += cited.ok() ? 1 : 0;
      if (cited.ok()) continue;
      EXPECT_EQ(cited.errors().front().code, Code::conflict) << what;
      EXPECT_EQ(cited.errors().front().pointer, "/basis/case") << what << " " << name_of(procedure);
      EXPECT_EQ(cited.errors().front().article, permission.article) << what;
    }
    EXPECT_EQ(known == 0, permission.act == Act::usage) << what;
    EXPECT_FALSE(cite(command, full_case(Procedure::agencies)).ok()) << what;
  }
}

TEST(Citations, TheActsOfATableAreAmongThoseOfItsCases) {
  // What a table of steps says is made by an act may rest on a case of it; 7.6(5) and 17.1 follow by themselves.
  const std::set<Procedure> follows{Procedure::agencies, Procedure::re_application};
  for (const Procedure procedure : kAll) {
    for (const StepRule& rule : steps_of(procedure)) {
      if (!rule.act || follows.contains(procedure) || rule.by == Role::system) continue;
      const bool withdrawn = *rule.act == Act::close_renewal && rule.article == "12.1";  // has no article of its own
      const Command command = acting(*rule.act, withdrawn ? "" : rule.article);
      EXPECT_TRUE(cite(command, full_case(procedure)).ok()) << name_of(procedure) << " " << rule.name << rule.article;
    }
  }
}

TEST(Citations, ACaseThatHasEndedIsNoBasis_18_1_18_2) {
  Case withdrawal = case_with(Procedure::withdrawal, {made("filed", "18.1(2)")});
  EXPECT_TRUE(cite(acting(Act::remove, "18.2(2)"), withdrawal).ok());
  withdrawal = case_with(Procedure::withdrawal, {made("filed", "18.1(2)"), made("taken-back", "18.1", "2026-05-11")});
  withdrawal.ended = CaseEnd::completed;
  const auto refused = cite(acting(Act::remove, "18.2(2)"), withdrawal);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.errors().front().en.find("ended on 2026-05-11 (taken-back)"), std::string::npos);
  Case incident = full_case(Procedure::incident);
  incident.ended = CaseEnd::completed;
  EXPECT_FALSE(cite(acting(Act::suspend, "13.7"), incident).ok());
  EXPECT_TRUE(cite(acting(Act::remove, "18.2(5)"), incident).ok()) << "it looks back";
}

TEST(Citations, TheYearIsThatOfTheSuspensionInTheCase_18_2_6) {
  const auto cite_for = [](std::optional<Seq> opening, const Case& of) {
    return cite(Book::command("L26-0001", Remove{opening, {}}, "18.2(6)"), of).ok();
  };
  Step serious = made("suspended", "13.7");
  serious.event = Seq{7};
  const Case of = case_with(Procedure::incident, {serious});
  EXPECT_TRUE(cite_for(std::nullopt, of));
  EXPECT_TRUE(cite_for(Seq{7}, of));
  EXPECT_FALSE(cite_for(Seq{8}, of)) << "another incident's suspension";
  EXPECT_FALSE(cite_for(std::nullopt, case_with(Procedure::incident, {made("full-report", "13.3")})));
}

TEST(Citations, TheRefusalSaysWhatIsMissingForReApplication_15_2_16_4_18_2_4) {
  const auto said = [](const Case& cited) {
    const auto refused = cite(acting(Act::remove, "18.2(4)"), cited);
    return refused.ok() ? std::string() : refused.errors().front().article + " " + refused.errors().front().en;
  };
  const Step result = [] {
    Step step = made("not-confirmed", "15.2(5)");
    step.facts["hearing_by"] = "2026-06-10";
    return step;
  }();
  const Step asked = made("hearing-asked", "15.2(5)", "2026-06-01");
  const Step held = made("hearing-held", "15.2(5)", "2026-06-02");
  const Step consulted = made("committee-consulted", "15.2(5)", "2026-06-03");
  const Step demanded = made("re-application-demanded", "15.2(5)", "2026-06-04");
  const auto monitoring = [&](std::vector<Step> steps) {
    return said(case_with(Procedure::monitoring, std::move(steps)));
  };
  EXPECT_EQ(monitoring({result}),
            "15.2(5) this case lacks: the end of the hearing (15.2(5)), the consultation of the committee (15.2(5)), "
            "the demand for re-application (15.2(5))");
  EXPECT_EQ(monitoring({result, asked, held, consulted}),
            "15.2(5) this case lacks: the demand for re-application (15.2(5))");
  EXPECT_EQ(monitoring({result, asked, consulted, demanded}),
            "15.2(5) this case lacks: the end of the hearing (15.2(5))");
  EXPECT_EQ(monitoring({result, asked, held, consulted, demanded}), "");
  EXPECT_EQ(said(case_with(Procedure::re_audit, {made("started", "16.1"), made("ended", "16.4")})),
            "16.4 this case lacks: the consultation of the committee (16.4), the demand for re-application (16.4)");
}

TEST(Removals, ACaseConsidersARemovalUntilItIsMade_18_2) {
  const Step considered = made("considered", "18.2(5)");
  const Step removed = made("removed", "18.2(2)");
  const Step corrected = made("corrected", "18.2(2)");
  const auto considers = [](std::vector<Step> steps, std::string_view article = {}) {
    return considers_removal(case_with(Procedure::removal, std::move(steps)), article);
  };
  EXPECT_TRUE(considers({considered}));
  EXPECT_TRUE(considers({considered}, "18.2(5)"));
  EXPECT_FALSE(considers({considered}, "18.2(7)"));
  EXPECT_FALSE(considers({considered, removed}));
  EXPECT_TRUE(considers({considered, removed, corrected})) << "the removal was taken back";
  EXPECT_FALSE(considers({removed, corrected}));
}

}  // namespace
}  // namespace ismap::registry
