#include "server/site/pages.h"

#include <cstring>  // ctemplate's headers use it and do not include it

#include <ctemplate/template.h>
#include <ctemplate/template_cache.h>
#include <ctemplate/template_dictionary.h>
#include <fmt/format.h>

#include <stdexcept>

#include "registry/calendar.h"
#include "server/site/assets.h"

namespace ismap::server {

namespace {

constexpr std::string_view kFolder = "static/templates/";
constexpr std::string_view kHtml = "text/html; charset=utf-8";
constexpr ctemplate::Strip kStrip = ctemplate::STRIP_BLANK_LINES;

ctemplate::TemplateString key(std::string_view text) { return {text.data(), text.size()}; }

void describe_page(Response& response, Language language) {
  response.headers.add("Content-Language", language == Language::en ? "en" : "ja");
}

}  // namespace

Language language_of(std::string_view path) { return path.starts_with("/en/") ? Language::en : Language::ja; }

Pages::Pages(bool rehearsal) : rehearsal_(rehearsal), templates_(std::make_unique<ctemplate::TemplateCache>()) {
  for (const auto& file : embedded::static_files()) {
    if (!file.first.starts_with(kFolder)) continue;
    std::string_view text = file.second;
    while (text.ends_with('\n')) text.remove_suffix(1);  // an included template adds no space of its own
    if (!templates_->StringToTemplateCache(key(file.first.substr(kFolder.size())), key(text), kStrip)) {
      throw std::runtime_error(fmt::format("{} is no template", file.first));
    }
  }
  templates_->Freeze();
}

Pages::~Pages() = default;

std::string Pages::render(std::string_view body, std::string_view title,
                          const std::function<void(ctemplate::TemplateDictionary&)>& fill, Language language) const {
  ctemplate::TemplateDictionary layout("layout");
  layout.SetValue("TITLE", key(title));
  if (rehearsal_) layout.ShowSection("REHEARSAL");
  ctemplate::TemplateDictionary* content = layout.AddIncludeDictionary("BODY");
  content->SetFilename(key(body));
  fill(*content);
  std::string out;
  const std::string_view around = language == Language::en ? "layout.en.tpl" : "layout.tpl";
  if (!templates_->ExpandWithData(key(around), kStrip, &layout, nullptr, &out)) {
    throw std::runtime_error(fmt::format("the page {} cannot be made", body));
  }
  return out;
}

Response Pages::problem(const Problem& problem) const {
  const std::string title(title_of(problem.status, false));
  Response out = response(problem.status, std::string(kHtml), render("problem.tpl", title, [&](auto& page) {
                            page.SetValue("HEADING", title);
                            page.SetIntValue("STATUS", problem.status);
                            for (const registry::Error& reason : problem.reasons) {
                              ctemplate::TemplateDictionary* row = page.AddSectionDictionary("REASON");
                              row->SetValue("TEXT", reason.ja);
                              if (!reason.article.empty())
                                row->SetValueAndShowSection("ARTICLE", reason.article, "HAS_ARTICLE");
                            }
                          }));
  describe_page(out, Language::ja);
  out.headers.add("Cache-Control", std::string(cache_control(Caching::never)));
  for (const auto& field : problem.headers.all()) out.headers.add(field.first, field.second);
  return out;
}

Response page_answer(const Call& call, std::string html, Language language) {
  Response out = answer_with(call.request, std::string(kHtml), std::move(html), call.route.caching);
  describe_page(out, language);
  return out;
}

void set_day(ctemplate::TemplateDictionary& into, const std::string& name, registry::Day day) {
  ctemplate::TemplateDictionary* time = into.AddIncludeDictionary(name);
  time->SetFilename("day.tpl");
  time->SetValue("ISO", day.iso());
  time->SetValue("TEXT", registry::era_text(day));
}

}  // namespace ismap::server
