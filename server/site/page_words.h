#pragma once

#include <span>
#include <string>
#include <string_view>

#include "server/site/pages.h"

/// The fixed words of pages that exist in both languages: one template, one table of words.
namespace ismap::server {

/// What stands for a variable of a template.
struct PageWord {
  std::string_view variable;
  std::string_view ja;
  std::string_view en;
};

void set_text(ctemplate::TemplateDictionary& into, std::string_view variable, std::string_view text);
/// For the template and all that it includes.
void set_words(ctemplate::TemplateDictionary& into, std::span<const PageWord> words, Language language);

/// The one that belongs to the language.
std::string_view in_language(Language language, std::string_view ja, std::string_view en);
/// "/problems" in Japanese, "/en/problems" in English.
std::string path_in(Language language, std::string_view path);
/// The link to the same page in the other language: OTHER, OTHER_URL, OTHER_LANG. `path`: the Japanese one's.
void set_other_language(ctemplate::TemplateDictionary& into, Language language, std::string_view path);

}  // namespace ismap::server
