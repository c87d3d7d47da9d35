#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "registry/time.h"
#include "server/problem.h"
#include "server/routes.h"

namespace ctemplate {
class TemplateCache;
class TemplateDictionary;
}  // namespace ctemplate

/// The pages for people: HTML from the templates in static/, readable without scripts, styles or a mouse.
namespace ismap::server {

/// The language of a page. Japanese pages have the plain URL, English ones the same under /en.
enum class Language { ja, en };

/// That of the page at this path.
Language language_of(std::string_view path);

/// The templates, parsed once. Every variable is escaped for the place where it stands (ctemplate's auto-escape).
/// Thread: any.
class Pages {
 public:
  /// Of a rehearsal every page says that it is one.
  explicit Pages(bool rehearsal = false);
  ~Pages();
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;

  /// The layout of the language around the template `body` ("list.tpl"), whose variables `fill` sets.
  [[nodiscard]] std::string render(std::string_view body, std::string_view title,
                                   const std::function<void(ctemplate::TemplateDictionary&)>& fill,
                                   Language language = Language::ja) const;
  /// A refusal as a page.
  [[nodiscard]] Response problem(const Problem& problem) const;

 private:
  const bool rehearsal_;
  std::unique_ptr<ctemplate::TemplateCache> templates_;
};

/// A page as a response.
Response page_answer(const Call& call, std::string html, Language language = Language::ja);
/// Sets `{{>NAME}}` to a day: era name for people, ISO date for machines.
void set_day(ctemplate::TemplateDictionary& into, const std::string& name, registry::Day day);

/// GET /: the registered services, with the search form.
registry::Result<Response> list_page(const Call& call);
/// GET /services/{id}: the thirteen items of article 11.5, what is open, and the history.
registry::Result<Response> service_page(const Call& call);

}  // namespace ismap::server
