#include "server/site/page_words.h"

#include <cstring>  // ctemplate's headers use it and do not include it

#include <ctemplate/template_dictionary.h>

namespace ismap::server {

void set_text(ctemplate::TemplateDictionary& into, std::string_view variable, std::string_view text) {
  into.SetValue(ctemplate::TemplateString(variable.data(), variable.size()),
                ctemplate::TemplateString(text.data(), text.size()));
}

void set_words(ctemplate::TemplateDictionary& into, std::span<const PageWord> words, Language language) {
  for (const PageWord& word : words) {
    const std::string_view text = in_language(language, word.ja, word.en);
    into.SetTemplateGlobalValue(ctemplate::TemplateString(word.variable.data(), word.variable.size()),
                                ctemplate::TemplateString(text.data(), text.size()));
  }
}

std::string_view in_language(Language language, std::string_view ja, std::string_view en) {
  return language == Language::en ? en : ja;
}

std::string path_in(Language language, std::string_view path) {
  return (language == Language::en ? "/en" : "") + std::string(path);
}

void set_other_language(ctemplate::TemplateDictionary& into, Language language, std::string_view path) {
  const bool english = language == Language::en;
  set_text(into, "OTHER", english ? "日本語" : "English");
  set_text(into, "OTHER_LANG", english ? "ja" : "en");
  set_text(into, "OTHER_URL", path_in(english ? Language::ja : Language::en, path));
}

}  // namespace ismap::server
