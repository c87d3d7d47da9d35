#include "registry/url.h"

#include <fmt/format.h>
#include <unicode/idna.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "registry/text.h"

namespace ismap::registry {

namespace {

/// What is wrong with a URL, or nothing; `ja` and `en` go before the advice.
using Flaw = std::optional<Error>;

constexpr std::string_view kForbidden = "\"'<>\\^`{|}";
constexpr int kMaxPort = 65'535;

Error flaw(std::string_view url, std::string_view ja, std::string_view en) {
  return {Code::invalid, "", "11.5(2)", fmt::format("URL「{}」{}", excerpt(url), ja),
          fmt::format("URL \"{}\" {}", excerpt(url), en)};
}

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_label_char(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

/// Characters that may stand nowhere in a URL.
Flaw characters(std::string_view url) {
  if (const auto refused = check_text(url)) return flaw(url, "の" + refused->ja, ": " + refused->en);
  const auto unicode = icu::UnicodeString::fromUTF8(icu::StringPiece(url.data(), static_cast<int>(url.size())));
  for (int i = 0; i < unicode.length(); i = unicode.moveIndex32(i, 1)) {
    const UChar32 c = unicode.char32At(i);
    if (u_isUWhiteSpace(c) || u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) {
      return flaw(url, "に空白又は見えない文字があります。取り除いてください",
                  "has white space or an invisible character; remove it");
    }
  }
  const std::size_t bad = url.find_first_of(kForbidden);
  if (bad == std::string_view::npos) return std::nullopt;
  const char c = url[bad];
  const unsigned code = static_cast<unsigned char>(c);
  return flaw(url, fmt::format("に「{}」は使えません。%{:02X}と書いてください", c, code),
              fmt::format("may not have {} in it; write %{:02X}", c, code));
}

Flaw escapes(std::string_view url) {
  for (std::size_t at = url.find('%'); at != std::string_view::npos; at = url.find('%', at + 1)) {
    if (at + 2 < url.size() && is_hex(url[at + 1]) && is_hex(url[at + 2])) continue;
    return flaw(url, "の%の後に16進数2桁がありません。%そのものは%25と書いてください",
                "has a % without two hex digits after it; write %25 for a % itself");
  }
  return std::nullopt;
}

/// What follows "http://" or "https://", in whatever case; nothing for any other URL.
std::optional<std::string_view> after_scheme(std::string_view url) {
  for (const std::string_view scheme : {std::string_view("http://"), std::string_view("https://")}) {
    const std::string_view start = url.substr(0, scheme.size());
    const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; };
    if (std::equal(start.begin(), start.end(), scheme.begin(), scheme.end(), same)) return url.substr(scheme.size());
  }
  return std::nullopt;
}

/// The name as DNS carries it, or nothing when UTS #46 refuses it. Hyphens in the third and fourth place do occur.
std::optional<std::string> ascii_host(std::string_view host) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::IDNA> idna(
      icu::IDNA::createUTS46Instance(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII, status));
  if (U_FAILURE(status)) return std::nullopt;
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  icu::IDNAInfo info;
  idna->nameToASCII_UTF8(icu::StringPiece(host.data(), static_cast<int>(host.size())), sink, info, status);
  constexpr auto kTolerated = static_cast<std::uint32_t>(UIDNA_ERROR_HYPHEN_3_4);
  if (U_FAILURE(status) || (info.getErrors() & ~kTolerated) != 0) return std::nullopt;
  return out;
}

/// Labels of letters, digits, hyphens and underscores, none empty, none with either at its edge.
bool is_sane(std::string_view ascii) {
  for (bool more = true; more;) {
    const std::size_t dot = ascii.find('.');
    const std::string_view label = ascii.substr(0, dot);
    if (label.empty() || !std::all_of(label.begin(), label.end(), is_label_char)) return false;
    const auto edge = [](char c) { return c == '-' || c == '_'; };
    if (edge(label.front()) || edge(label.back())) return false;
    more = dot != std::string_view::npos;
    if (more) ascii.remove_prefix(dot + 1);
  }
  return true;
}

bool is_port(std::string_view text) {
  constexpr std::size_t kMaxDigits = 5;
  if (text.empty() || text.size() > kMaxDigits || !std::all_of(text.begin(), text.end(), is_digit)) return false;
  const int port = std::stoi(std::string(text));
  return port >= 1 && port <= kMaxPort;
}

Flaw authority(std::string_view url, std::string_view text) {
  if (text.find('@') != std::string_view::npos) {
    return flaw(url, "に利用者名（@の前）は書けません。取り除いてください",
                "may not have a user name (before the @); remove it");
  }
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos && !is_port(text.substr(colon + 1))) {
    return flaw(url, "のポート番号が1〜65535の数ではありません。直すか取り除いてください",
                "has a port that is no number from 1 to 65535; mend or remove it");
  }
  const std::string_view host = text.substr(0, colon);
  if (host.empty()) {
    return flaw(url, "にホスト名がありません。https://service.example.jp/ のように書いてください",
                "has no host; write it like https://service.example.jp/");
  }
  const auto ascii = ascii_host(host);
  if (ascii && is_sane(*ascii)) return std::nullopt;
  return flaw(
      url, fmt::format("のホスト名「{}」が正しくありません。点の続き、使えない文字等を直してください", excerpt(host)),
      fmt::format("has a host \"{}\" that cannot be one; look for double dots or characters that names do not have",
                  excerpt(host)));
}

Flaw whole(std::string_view url) {
  if (url.size() > kMaxUrlBytes) {
    return flaw(url, fmt::format("は{}バイトあります。{}バイト以内にしてください", url.size(), kMaxUrlBytes),
                fmt::format("has {} bytes; at most {} are allowed", url.size(), kMaxUrlBytes));
  }
  if (Flaw f = characters(url)) return f;
  const auto rest = after_scheme(url);
  if (!rest) {
    return flaw(url, "はhttp://又はhttps://で始まる絶対URLではありません。そのように書いてください",
                "is not absolute with http:// or https://; write it so");
  }
  if (Flaw f = authority(url, rest->substr(0, rest->find_first_of("/?#")))) return f;
  return escapes(url);
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
  if (Flaw f = whole(text)) return *f;
  return Url{std::string(text)};
}

}  // namespace ismap::registry
