#include "registry/search_text.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace ismap::registry {

namespace {

/// Variants of kanji in names of people, places and firms, and the form that readers type.
constexpr std::pair<char32_t, char32_t> kVariants[] = {
    {U'乘', U'乗'}, {U'亞', U'亜'}, {U'來', U'来'}, {U'俠', U'侠'}, {U'假', U'仮'}, {U'傳', U'伝'}, {U'凜', U'凛'},
    {U'劍', U'剣'}, {U'勳', U'勲'}, {U'區', U'区'}, {U'卷', U'巻'}, {U'啟', U'啓'}, {U'圓', U'円'}, {U'國', U'国'},
    {U'壽', U'寿'}, {U'學', U'学'}, {U'實', U'実'}, {U'寶', U'宝'}, {U'將', U'将'}, {U'嶋', U'島'}, {U'嶌', U'島'},
    {U'嶽', U'岳'}, {U'廣', U'広'}, {U'德', U'徳'}, {U'惠', U'恵'}, {U'應', U'応'}, {U'晉', U'晋'}, {U'曾', U'曽'},
    {U'會', U'会'}, {U'條', U'条'}, {U'榮', U'栄'}, {U'槇', U'槙'}, {U'檜', U'桧'}, {U'櫻', U'桜'}, {U'氣', U'気'},
    {U'濱', U'浜'}, {U'濵', U'浜'}, {U'瀧', U'滝'}, {U'瀨', U'瀬'}, {U'澤', U'沢'}, {U'爲', U'為'}, {U'燈', U'灯'},
    {U'眞', U'真'}, {U'總', U'総'}, {U'與', U'与'}, {U'萬', U'万'}, {U'薗', U'園'}, {U'藏', U'蔵'}, {U'藝', U'芸'},
    {U'邉', U'辺'}, {U'邊', U'辺'}, {U'鐵', U'鉄'}, {U'關', U'関'}, {U'靑', U'青'}, {U'髙', U'高'}, {U'黑', U'黒'},
    {U'斎', U'斉'}, {U'齊', U'斉'}, {U'齋', U'斉'}, {U'龍', U'竜'}, {U'﨑', U'崎'}, {U'碕', U'崎'}, {U'栁', U'柳'},
    {U'𠮷', U'吉'},
};

/// Forms of incorporation, as they stand after the folding.
constexpr std::u16string_view kIncorporations[] = {
    u"株式会社", u"有限会社", u"合同会社", u"合資会社", u"合名会社", u"相互会社",
    u"(株)",     u"(有)",     u"(同)",     u"(資)",     u"(名)",
};

bool is_dash(char32_t c) {
  return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x2500 || c == 0x2501 || c == '-';
}

bool is_wave(char32_t c) { return c == 0x301C || c == 0x223C || c == 0x3030 || c == '~'; }

/// Long vowel mark, middle dots and white space.
bool is_dropped(char32_t c) {
  return c == 0x30FC || c == 0x30FB || c == 0x00B7 || c == 0x2022 || c == 0x2027 || c == 0x22C5 ||
         u_isUWhiteSpace(static_cast<UChar32>(c)) != 0;
}

char32_t folded_char(char32_t c) {
  if (c >= 0x30A1 && c <= 0x30F6) return c - 0x60;  // never ICU's transliterator: it turns ー into vowels
  if (is_dash(c)) return '-';
  if (is_wave(c)) return '~';
  const auto* variant =
      std::find_if(std::begin(kVariants), std::end(kVariants), [&](const auto& v) { return v.first == c; });
  return variant == std::end(kVariants) ? c : variant->second;
}

icu::UnicodeString normalized(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* casefold = icu::Normalizer2::getNFKCCasefoldInstance(status);
  if (U_FAILURE(status)) throw std::runtime_error("ICU has no NFKC_Casefold data");
  const auto units = icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
  icu::UnicodeString out = casefold->normalize(units, status);
  if (U_FAILURE(status)) throw std::runtime_error("ICU could not normalise");
  return out;
}

}  // namespace

std::string search_key(std::string_view text) {
  const icu::UnicodeString whole = normalized(text);
  icu::UnicodeString key;
  for (std::int32_t i = 0; i < whole.length(); i = whole.moveIndex32(i, 1)) {
    const auto c = static_cast<char32_t>(whole.char32At(i));
    if (!is_dropped(c)) key.append(static_cast<UChar32>(folded_char(c)));
  }
  for (const std::u16string_view form : kIncorporations) {
    key.findAndReplace(icu::UnicodeString(form.data(), static_cast<std::int32_t>(form.size())), icu::UnicodeString());
  }
  std::string out;
  key.toUTF8String(out);
  return out;
}

}  // namespace ismap::registry
