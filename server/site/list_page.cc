#include <cstring>  // ctemplate's headers use it and do not include it

#include <ctemplate/template_dictionary.h>
#include <fmt/format.h>

#include "registry/service.h"
#include "server/api/query.h"
#include "server/site/pages.h"

namespace ismap::server {

using ctemplate::TemplateDictionary;
using registry::Result;
using registry::Service;

namespace {

void fill_row(TemplateDictionary& row, const Service& service) {
  row.SetValue("ID", service.id.value());
  row.SetValue("NAME", service.items.name.ja);
  row.SetValue("PROVIDER", service.items.provider.name.ja);
  set_day(row, "EXPIRES_ON", service.items.expires_on);
  if (registry::undecided_renewal(service)) row.ShowSection("RENEWING");
  for (const auto& suspension : registry::open_suspensions(service)) {
    row.SetValueAndShowSection("ARTICLE", suspension.article.value(), "SUSPENDED");
  }
  for (const auto& re_audit : registry::open_re_audits(service)) {
    row.SetValueAndShowSection("ARTICLE", re_audit.article.value(), "RE_AUDIT");
  }
  if (registry::open_suspensions(service).empty() && registry::open_re_audits(service).empty()) {
    row.ShowSection("NO_FLAG");
  }
}

void fill_list(TemplateDictionary& page, const Call& call, const ItemPage& found) {
  const std::string_view q = call.parameter("q").value_or("");
  page.SetValue("Q", ctemplate::TemplateString(q.data(), q.size()));
  if (!q.empty()) page.ShowSection("SEARCHED");
  page.SetValue("TOTAL", fmt::format("{}", found.total));
  page.SetValue("VER", fmt::format("{}", call.generation->ver.value()));
  set_day(page, "SIGNED_ON", call.generation->signed_at.jst_day());
  for (const Item& item : found.items) {
    const auto listed = call.generation->service(item.record.at("id").get<std::string>());
    if (listed) fill_row(*page.AddSectionDictionary("ROW"), listed->service);
  }
  page.ShowSection(found.items.empty() ? "NONE" : "SOME");
  if (!found.next_cursor.empty()) {
    page.SetValueAndShowSection("NEXT_URL", fmt::format("/?q={}&cursor={}", percent_encoded(q), found.next_cursor),
                                "NEXT");
  }
}

}  // namespace

Result<Response> list_page(const Call& call) {
  const auto query = parse_list_query(call);
  if (!query.ok()) return query.errors();
  const auto found = select(call, *query);
  if (!found.ok()) return found.errors();
  std::string html = call.pages.render("list.tpl", "登録されているサービス",
                                       [&](TemplateDictionary& page) { fill_list(page, call, *found); });
  return page_answer(call, std::move(html));
}

}  // namespace ismap::server
