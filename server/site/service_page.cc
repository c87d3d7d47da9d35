#include <cstring>  // ctemplate's headers use it and do not include it

#include <ctemplate/template_dictionary.h>
#include <fmt/format.h>

#include "feed/event_words.h"
#include "registry/service.h"
#include "server/api/query.h"
#include "server/site/pages.h"

namespace ismap::server {

using ctemplate::TemplateDictionary;
using registry::Error;
using registry::Event;
using registry::Items;
using registry::Result;
using registry::Service;
using registry::Text;

namespace {

/// One row a text of a list, or the section that says there is none.
void fill_texts(TemplateDictionary& page, const std::string& section, const std::vector<Text>& texts) {
  for (const Text& text : texts) page.AddSectionDictionary(section)->SetValue("TEXT", text.ja);
  if (texts.empty()) page.ShowSection("NO_" + section);
}

void fill_controls(TemplateDictionary& page, const registry::Controls& controls) {
  set_day(page, "EDITION", controls.edition);
  std::string implemented;
  for (const auto& id : controls.implemented) implemented += (implemented.empty() ? "" : "、") + id.str();
  page.SetValue("IMPLEMENTED", implemented);
  page.SetValue("IMPLEMENTED_COUNT", fmt::format("{}", controls.implemented.size()));
  for (const auto& excluded : controls.excluded) {
    TemplateDictionary* row = page.AddSectionDictionary("EXCLUDED_CONTROL");
    row->SetValue("CONTROL", excluded.id.str());
    row->SetValue("REASON", excluded.reason.ja);
  }
  if (controls.excluded.empty()) page.ShowSection("NO_EXCLUDED_CONTROL");
}

/// 11.5(1) … (13)
void fill_items(TemplateDictionary& page, const Items& items) {
  page.SetValue("NAME", items.name.ja);
  page.SetValue("URL", items.url.value());
  page.SetValue("PROVIDER", items.provider.name.ja);
  page.SetValue("ADDRESS", items.provider.address.ja);
  page.SetValue("CORPORATE_NUMBER", items.provider.corporate_number.value());
  set_day(page, "REGISTERED_ON", items.registered_on);
  set_day(page, "EXPIRES_ON", items.expires_on);
  page.SetValue("SCOPE", items.scope.text.ja);
  fill_texts(page, "SCOPE_ITEM", items.scope.items);
  fill_texts(page, "SCOPE_EXCLUDED", items.scope.excluded);
  fill_texts(page, "REGION", items.scope.regions);
  fill_controls(page, items.controls);
  set_day(page, "AUDIT_FROM", items.audit_period.from);
  set_day(page, "AUDIT_TO", items.audit_period.to);
  page.SetValue("SUBSEQUENT_EVENTS", items.subsequent_events.ja);
  page.SetValue("IMPROVEMENT_PLAN", items.improvement_plan ? "有" : "無");
  page.SetValue("CAPITAL", items.disclosures.capital_and_officers.ja);
  page.SetValue("FOREIGN_LAW", items.disclosures.foreign_law.ja);
  page.SetValue("JURISDICTION", items.disclosures.governing_law_and_jurisdiction.ja);
  page.SetValue("TESTS", items.disclosures.third_party_tests.ja);
  page.SetValue("REMARKS", items.remarks ? items.remarks->ja : "なし");
  page.SetIntValue("AGENCIES", static_cast<long>(items.agencies_using));
}

/// What a reader must not miss (13.12, 14.5, 16.8): open suspensions and re-audits, the removal, a renewal.
void fill_banners(TemplateDictionary& page, const Service& service) {
  for (const auto& suspension : registry::open_suspensions(service)) {
    TemplateDictionary* banner = page.AddSectionDictionary("SUSPENDED");
    set_day(*banner, "SINCE", suspension.since);
    banner->SetValue("ARTICLE", suspension.article.value());
  }
  for (const auto& re_audit : registry::open_re_audits(service)) {
    TemplateDictionary* banner = page.AddSectionDictionary("RE_AUDIT");
    set_day(*banner, "SINCE", re_audit.since);
    banner->SetValue("ARTICLE", re_audit.article.value());
  }
  if (service.removal) {
    TemplateDictionary* banner = page.AddSectionDictionary("REMOVED");
    set_day(*banner, "ON", service.removal->on);
    banner->SetValue("ARTICLE", service.removal->article.value());
  }
  if (const auto renewal = registry::undecided_renewal(service)) {
    set_day(*page.AddSectionDictionary("RENEWING"), "FILED_ON", renewal->filed_on);
  }
}

void fill_history(TemplateDictionary& page, const std::vector<Event>& history) {
  for (const Event& event : history) {
    TemplateDictionary* row = page.AddSectionDictionary("EVENT");
    set_day(*row, "EFFECTIVE", event.effective);
    row->SetValue("EVENT_TITLE", feed::event_title(event));
    row->SetValue("ARTICLE", event.article ? event.article->value() : "—");
    row->SetValue("RECORDED_AT", event.recorded_at.iso());
    row->SetValue("SEQ", fmt::format("{}", event.seq.value()));
  }
}

}  // namespace

Result<Response> service_page(const Call& call) {
  const std::string& id = call.captures.front();
  const auto listed = call.generation->service(id);
  if (!listed) {
    return Error{registry::Code::not_found, "", "", fmt::format("登録番号 {} のサービスはありません", id),
                 fmt::format("there is no service {}", id)};
  }
  const auto history = events_of(call, id);
  if (!history.ok()) return history.errors();
  std::string html = call.pages.render("service.tpl", listed->service.items.name.ja, [&](TemplateDictionary& page) {
    page.SetValue("ID", id);
    page.SetValue("STATE", listed->service.state == registry::State::removed ? "削除" : "登録");
    fill_banners(page, listed->service);
    fill_items(page, listed->service.items);
    fill_history(page, *history);
  });
  return page_answer(call, std::move(html));
}

}  // namespace ismap::server
