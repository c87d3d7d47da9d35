#include "registry/filings/form_2_11.h"

#include <array>
#include <string>
#include <string_view>

#include "registry/rules/chapter14.h"
#include "registry/rules/common.h"
#include "registry/text.h"

namespace ismap::registry::rules {

namespace {

constexpr std::array<std::string_view, 10> kMembers{"form",        "service",         "changes", "reason",
                                                    "effective",   "material_change", "article", "case",
                                                    "supplements", "supersedes"};

/// How a registrant's filing may touch an item of the record.
enum class Openness { open, with_answer, closed };
struct Item {
  std::string_view member;
  Openness openness;
};
constexpr std::array<Item, 18> kItems{{{"name", Openness::open},
                                       {"url", Openness::open},
                                       {"provider", Openness::open},
                                       {"subsequent_events", Openness::open},
                                       {"disclosures", Openness::open},
                                       {"scope", Openness::with_answer},
                                       {"controls", Openness::with_answer},
                                       {"registered_on", Openness::closed},
                                       {"expires_on", Openness::closed},
                                       {"audit_period", Openness::closed},
                                       {"improvement_plan", Openness::closed},
                                       {"remarks", Openness::closed},
                                       {"agencies_using", Openness::closed},
                                       {"id", Openness::closed},
                                       {"state", Openness::closed},
                                       {"suspensions", Openness::closed},
                                       {"re_audits", Openness::closed},
                                       {"renewals", Openness::closed}}};

Error invalid(std::string pointer, std::string article, std::string ja, std::string en) {
  return refusal(Code::invalid, std::move(pointer), std::move(article), std::move(ja), std::move(en));
}

/// Makes line ends LF in every text of a JSON value, as intake does everywhere.
void normalise_line_ends(Json& value) {
  if (value.is_string()) {
    value = with_line_feeds(value.get_ref<const std::string&>());
  } else if (value.is_structured()) {
    for (Json& member : value) normalise_line_ends(member);
  }
}

bool is_reason(const Json& reason) {
  if (!reason.is_object() || !reason.contains("ja")) return false;
  for (const auto& [name, text] : reason.items()) {
    if ((name != "ja" && name != "en") || !text.is_string()) return false;
    const std::string& words = text.get_ref<const std::string&>();
    if (is_blank(words) || words.size() > kMaxTextBytes || check_text(with_line_feeds(words))) return false;
  }
  return true;
}

}  // namespace

Errors check_members(const Json& request) {
  Errors errors;
  for (const auto& [name, value] : request.items()) {
    if (std::find(kMembers.begin(), kMembers.end(), name) != kMembers.end()) continue;
    errors.push_back(
        invalid("/" + pointer_token(name), "14.2", "知らない項目です: " + name, "unknown member: " + name));
  }
  const Json changes = request.value("changes", Json());
  if (!changes.is_object() || changes.empty()) {
    errors.push_back(invalid("/changes", "14.2", "変更する項目（changes）を書いてください",
                             "give the changes as an object of items"));
  }
  if (!is_reason(request.value("reason", Json()))) {
    errors.push_back(invalid("/reason", "14.2", "理由（reason）を {\"ja\": \"…\"} で書いてください",
                             "give the reason as {\"ja\": \"…\"}"));
  }
  if (request.contains("material_change") && !request.at("material_change").is_boolean()) {
    errors.push_back(invalid("/material_change", "14.1", "true か false で答えてください", "answer true or false"));
  }
  const Json effective = request.value("effective", Json());
  const bool is_day = effective.is_string() && Day::parse(effective.get_ref<const std::string&>()).has_value();
  if (request.contains("effective") && !is_day) {
    errors.push_back(
        invalid("/effective", "14.2", "変更の日を YYYY-MM-DD で書いてください", "give the day as YYYY-MM-DD"));
  }
  return errors;
}

namespace {

Errors closed_items(const Json& payload) {
  Errors errors;
  const Json& changes = payload.at("changes");
  for (const Item& item : kItems) {
    if (!changes.contains(item.member)) continue;
    const std::string pointer = "/changes/" + std::string(item.member);
    if (item.openness == Openness::closed) {
      errors.push_back(invalid(pointer, article_of_item("/" + std::string(item.member)),
                               "この項目は様式2-11では変えられません。運用支援機関又は運営委員会が変えるものです",
                               "form 2-11 cannot change this: it is the operator's or the committee's"));
    } else if (item.openness == Openness::with_answer && payload.at("material_change") != false) {
      errors.push_back(invalid(
          "/material_change", "14.1",
          "(6)(7)の変更が重大な統制変更（14.1）でないときだけ、material_change を false にして届け出てください。"
          "重大な統制変更なら様式2-10です",
          "(6) and (7) go by 2-11 only with \"material_change\": false; a material change is form 2-10"));
    }
  }
  if (changes.value("provider", Json::object()).is_object() &&
      changes.value("provider", Json::object()).contains("corporate_number")) {
    errors.push_back(invalid("/changes/provider/corporate_number", "11.5(3)",
                             "法人番号の変更は事業者の承継です。様式2-11では届け出られません",
                             "a new corporate number is a succession, not a change of listed items"));
  }
  return errors;
}

}  // namespace

Json payload_of(const Json& request, Day today) {
  Json payload{{"changes", request.value("changes", Json())},
               {"effective", request.value("effective", Json(today.iso()))},
               {"form", "2-11"},
               {"material_change", request.value("material_change", Json())},
               {"reason", request.value("reason", Json())},
               {"service", request.value("service", Json())}};
  normalise_line_ends(payload);
  return payload;
}

Result<Done> check_form_2_11(const Json& payload, const Service& service) {
  Errors errors = closed_items(payload);
  const Json before = to_json(service);
  Result<Service> after = parse_service(patched(before, payload.at("changes")));
  if (!after.ok()) {
    for (Error error : after.errors()) {
      error.pointer = "/changes" + error.pointer;
      errors.push_back(std::move(error));
    }
  } else if (Errors grown = grown_controls(service.items, after->items); !grown.empty()) {
    for (Error& error : grown) error.pointer = "/changes" + error.pointer;
    append(errors, std::move(grown));
  } else if (errors.empty() && after->items == service.items) {
    errors.push_back(refusal(Code::conflict, "/changes", "14.2", "掲載事項は既にこの内容です。何も変わりません",
                             "the list says this already: nothing would change"));
  }
  if (!errors.empty()) return errors;
  return Done{};
}

}  // namespace ismap::registry::rules
