#pragma once

#include <string>
#include <string_view>

namespace ismap::registry {

/// The form in which texts are compared for search: two spellings that a reader takes for the same give the same key,
/// and a query finds a text when its key is contained in the text's. NFKC_Casefold; katakana as hiragana; without long
/// vowel marks, middle dots and spaces; one dash and one wave dash; common variants of kanji as their usual form;
/// without forms of incorporation (株式会社, ㈱ …). May be empty: such a query finds everything.
/// Invalid UTF-8 is taken as U+FFFD.
/// Source: UAX 15, UTR 30 (withdrawn) for the idea.
std::string search_key(std::string_view text);

}  // namespace ismap::registry
