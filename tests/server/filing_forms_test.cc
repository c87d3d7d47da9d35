#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "registry/filings/form.h"
#include "tests/server/filing_site.h"

/// Whatever a registrant owes can be filed, and becomes the step of its case in the transaction of the submission.
namespace ismap::server {
namespace {

using registry::Json;
using test::Answer;
using test::kMine;

const Json kFirstReport{{"known_on", "2026-07-31"}, {"report", {{"ja", "速報の内容"}}}};
const Json kReason{{"reason", {{"ja", "試験"}}}};

class FilingForms : public test::FilingSite {
 protected:
  std::string incident() { return file("13.2", kFirstReport).json.at("case").get<std::string>(); }
  /// An incident whose report led to a suspension by 13.7.
  std::string serious_incident() {
    const std::string id = incident();
    done("committee", act("suspend", "13.7",
                          {{"incident_on", "2026-07-30"}, {"conditions", {{"ja", "条件"}}}, {"basis", on_case(id)}}));
    return id;
  }
  std::string committees_re_audit() {
    const std::string id = serious_incident();
    file("2-9", {{"measures", {{"ja", "対策"}}}});
    step_in("committee", id, step("re-audit-demanded", "13.11", {{"part", {{"ja", "範囲"}}}}));
    done("operator",
         act("start-re-audit", "16.5", {{"part", {{"ja", "範囲"}}}, {"due_on", "2026-09-30"}, {"basis", on_case(id)}}));
    return seen("operator", "/v1/cases?procedure=re-audit").at("items").at(0).at("id").get<std::string>();
  }
  std::string monitoring() {
    const std::string id =
        open_case("operator", step("cause", "15.1(2)", {{"procedure", "monitoring"}, {"matters", {{"ja", "苦情"}}}}));
    step_in("operator", id, step("notice", "15.2(1)", {{"matters", {{"ja", "確認事項"}}}, {"due_on", "2026-08-20"}}));
    return id;
  }
  std::string not_confirmed() {
    const std::string id = monitoring();
    file("15.2(2)", {{"answer", {{"ja", "回答"}}}});
    step_in("operator", id, step("not-confirmed", "15.2(5)", {{"findings", {{"ja", "所見"}}}}));
    return id;
  }
  std::string renewal() { return file("2-4").json.at("case").get<std::string>(); }

  /// How each use of a form comes to be owed, and what is filed then; by form and article.
  using Course = std::function<Answer()>;
  std::map<std::string, Course> courses() {
    std::map<std::string, Course> all;
    all["13.2@13.2"] = [this] { return file("13.2", kFirstReport); };
    all["2-8@13.3"] = [this] { return file("2-8", {{"case", incident()}, {"report", {{"ja", "確報"}}}}); };
    all["13.4@13.4"] = [this] {
      const std::string filing = file("13.2", kFirstReport).json.at("id");
      EXPECT_EQ(post("operator", "/v1/filings/" + filing + "/inquiry",
                     {{"article", "13.4"},
                      {"matters", {{"ja", "原因"}}},
                      {"due_on", "2026-08-10"},
                      {"reason", {{"ja", "確認"}}}})
                    .status(),
                201);
      return file("13.4", {{"report", {{"ja", "追加の報告"}}}});
    };
    all["2-9@13.9"] = [this] {
      serious_incident();
      return file("2-9", {{"measures", {{"ja", "対策"}}}});
    };
    all["2-9@16.6"] = [this] { return file("2-9", {{"case", committees_re_audit()}, {"contents", {{"ja", "書類"}}}}); };
    all["2-10@14.1"] = [this] {
      return file("2-10", {{"event_on", "2026-07-30"}, {"change", {{"ja", "統制の変更"}}}});
    };
    all["2-11@14.2"] = [this] {
      return file("2-11", {{"changes", {{"url", "https://new.example.jp/"}}}, {"reason", {{"ja", "移転"}}}});
    };
    all["15.2(2)@15.2(2)"] = [this] {
      monitoring();
      return file("15.2(2)", {{"answer", {{"ja", "回答"}}}});
    };
    all["15.2(5)@15.2(5)"] = [this] {
      not_confirmed();
      return file("15.2(5)", kReason);
    };
    all["16.2@16.2"] = [this] {
      done("operator", act("start-re-audit", "16.1", {{"part", {{"ja", "範囲"}}}, {"due_on", "2026-09-30"}}));
      return file("16.2", {{"contents", {{"ja", "言明書と監査結果報告書"}}}});
    };
    all["1-1@3.4"] = [this] { return file("1-1", {{"work_listed", true}}); };
    all["2-4@12.1"] = [this] { return file("2-4", {{"auditor_told", true}}); };
    all["12.3@12.3"] = [this] {
      renewal();
      return file("12.3", {{"auditor_told", true}});
    };
    all["9.5@9.5"] = [this] {
      const std::string filing = file("2-4").json.at("id");
      EXPECT_EQ(post("operator", "/v1/filings/" + filing + "/inquiry",
                     {{"article", "9.4"}, {"matters", {{"ja", "不足の書類"}}}, {"reason", {{"ja", "照会"}}}})
                    .status(),
                201);
      return file("9.5", {{"answer", {{"ja", "回答"}}}});
    };
    all["2-15@18.1(1)"] = [this] { return file("2-15", {{"article", "18.1(1)"}, {"ends_on", "2026-10-31"}}); };
    all["2-15@18.1(2)"] = [this] { return file("2-15", {{"article", "18.1(2)"}, {"cause", {{"ja", "事由"}}}}); };
    all["18.1@18.1"] = [this] {
      file("2-15", {{"article", "18.1(2)"}});
      return file("18.1", kReason);
    };
    all["7.6(5)@7.6(5)"] = [this] {
      serious_incident();
      return file("7.6(5)", {{"how", {{"ja", "Webサイトで公表"}}}});
    };
    all["2-17@19.1"] = [this] { return file("2-17", {{"objection", {{"ja", "異議"}}}}); };
    return all;
  }
};

TEST_F(FilingForms, EveryDutyOfARegistrantHasACourse) {
  const auto all = courses();
  for (const registry::Form& form : registry::forms()) {
    const std::string name = std::string(form.name) + "@" + std::string(form.step->article);
    EXPECT_EQ(all.count(name), 1U) << name;
  }
  EXPECT_EQ(all.size(), registry::forms().size());
}

/// Each course on a register of its own.
class EachForm : public FilingForms, public ::testing::WithParamInterface<int> {};

TEST_P(EachForm, IsFiledWithAReceiptAndIsTheStepOfItsCase) {
  const auto all = courses();
  const auto at = std::next(all.begin(), GetParam());
  const Answer filed = at->second();
  ASSERT_EQ(filed.status(), 202) << at->first << filed.json.dump();
  EXPECT_EQ(filed.json.at("state"), "received");
  EXPECT_EQ(filed.json.at("form").get<std::string>() + "@" + filed.json.at("article").get<std::string>(), at->first);
  EXPECT_TRUE(filed.json.at("receipt").is_string());
  const std::string id = filed.json.at("id");
  EXPECT_EQ(filed.response.headers.get("Location"), "/v1/filings/" + id);
  EXPECT_EQ(seen("registrant", "/v1/filings/" + id), filed.json);
  EXPECT_EQ(*submit(id).response.body, *filed.response.body) << "the same request again";
  if (at->first != "2-11@14.2") {
    const Json of = seen("registrant", "/v1/cases/" + filed.json.at("case").get<std::string>());
    const Json& made = of.at("steps").back();
    EXPECT_EQ(made.at("filing"), id);
    EXPECT_EQ(made.at("number"), filed.json.at("step"));
    EXPECT_EQ(made.at("article"), filed.json.at("article"));
    EXPECT_EQ(made.at("on"), "2026-08-01");
  }
  EXPECT_EQ(filed.json.at("seq").is_number(), at->first == "2-4@12.1") << "only the application is an event at once";
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

TEST_P(EachForm, IsAcceptedUnderItsArticleOrReturned) {
  const auto all = courses();
  const auto at = std::next(all.begin(), GetParam());
  const std::string id = at->second().json.at("id");
  const std::string path = "/v1/filings/" + id + "/decision";
  const bool application = at->first == "2-4@12.1";
  const bool pre_application = at->first == "1-1@3.4";
  const std::string own = at->first.substr(at->first.find('@') + 1);
  const std::string article = application ? "9.1" : pre_application ? "4.1" : own;
  const Json wrong{{"decision", "accept"}, {"article", "5.3"}, {"reason", "確認した"}};
  const Answer refused = post("operator", path, wrong);
  EXPECT_EQ(refused.status(), 422);
  EXPECT_EQ(test::reasons(refused.json), std::vector<std::string>{"/article " + article});
  const Answer returned = post("operator", path, {{"decision", "return"}, {"article", article}, {"reason", "不備"}});
  if (application) {
    EXPECT_EQ(returned.status(), 409) << "an application is asked about or not accepted";
    EXPECT_EQ(post("operator", path, {{"decision", "accept"}, {"article", "9.1"}, {"reason", "受理"}}).status(), 200);
  } else {
    ASSERT_EQ(returned.status(), 200) << returned.json.dump();
    EXPECT_EQ(returned.json.at("filing").at("state"), "returned");
    EXPECT_EQ(returned.json.at("filing").at("received_at"), returned.json.at("filing").at("first_received_at"));
  }
  EXPECT_EQ(findings(), std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(All, EachForm, ::testing::Range(0, 19));

}  // namespace
}  // namespace ismap::server
