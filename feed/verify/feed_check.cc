#include "feed/verify/feed_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "feed/verify/octets.h"
#include "feed/xmldsig.h"
#include "registry/digest.h"

namespace ismap::feed::verify {

namespace {

constexpr std::string_view kFeedStart = "<feed xmlns=\"http://www.w3.org/2005/Atom\">";
constexpr std::string_view kFeedEnd = "</feed>";
constexpr std::string_view kSignatureStart = "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\">";
constexpr std::string_view kArchive = "<fh:archive xmlns:fh=\"http://purl.org/syndication/history/1.0\"></fh:archive>";

/// Takes a document apart from its beginning. Once something is not as expected, everything after fails too.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] bool at_end() const { return ok_ && at_ == text_.size(); }
  [[nodiscard]] bool sees(std::string_view what) const { return ok_ && text_.substr(at_, what.size()) == what; }
  bool skip(std::string_view what) {
    if (!sees(what)) return false;
    at_ += what.size();
    return true;
  }
  Cursor& expect(std::string_view what) {
    if (!skip(what)) ok_ = false;
    return *this;
  }
  /// Everything up to `end`, which is taken too.
  std::string_view until(std::string_view end) {
    const std::size_t found = ok_ ? text_.find(end, at_) : std::string_view::npos;
    if (found == std::string_view::npos) {
      ok_ = false;
      return {};
    }
    const std::string_view taken = text_.substr(at_, found - at_);
    at_ = found + end.size();
    return taken;
  }
  /// Character data for people, up to `end`: UTF-8, no control characters, only the escapes that we write.
  Cursor& words(std::string_view end) {
    if (!is_words(until(end))) ok_ = false;
    return *this;
  }
  /// The rest of an attribute that is a path of the publication.
  Cursor& path() {
    const std::string_view taken = until("\"");
    const bool plain = std::all_of(taken.begin(), taken.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
             c == '_' || c == '/';
    });
    if (!plain || !taken.starts_with('/')) ok_ = false;
    return *this;
  }
  std::optional<std::uint64_t> number(std::string_view end) {
    const std::string_view digits = until(end);
    const auto value = unsigned_of(digits);
    if (!value || (digits.front() == '0' && digits.size() > 1)) ok_ = false;
    return ok_ ? value : std::nullopt;
  }

 private:
  static bool is_words(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
      const std::string_view rest = text.substr(i);
      if (rest.front() == '&') {
        constexpr std::array<std::string_view, 3> kEscapes{"&amp;", "&lt;", "&gt;"};
        const auto* known =
            std::find_if(kEscapes.begin(), kEscapes.end(), [&](std::string_view e) { return rest.starts_with(e); });
        if (known == kEscapes.end()) return false;
        i += known->size();
        continue;
      }
      const auto c = static_cast<unsigned char>(rest.front());
      const bool nonchar = rest.starts_with("\xEF\xBF\xBE") || rest.starts_with("\xEF\xBF\xBF");
      const std::size_t length = utf8_length(text, i);
      if (c < 0x20 || c == 0x7F || c == '<' || c == '>' || nonchar || length == 0) return false;
      i += length;
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

/// Reads one feed against the log.
class FeedReader {
 public:
  FeedReader(std::string_view octets, const std::string& path, const Log& log, const KeyHistory& keys)
      : octets_(octets), path_(path), log_(log), keys_(keys), names_(names_of(keys.newest().iss)), in_(octets) {}

  Checked<OpenFeed> read() {
    metadata();
    while (in_.ok() && in_.sees("<entry>")) {
      if (!entry()) return Finding{in_.ok() ? Fault::feed_leaf : Fault::feed_malformed, path_, where()};
    }
    const std::size_t end_of_content = in_.at();
    const auto updated = feed_.seqs.empty() ? "" : log_.leaves[feed_.seqs.front()].recorded_at;
    if (!in_.ok() || feed_.seqs.empty()) return malformed();
    const auto signature = read_signature();
    if (!signature) return malformed();
    if (!verifies(end_of_content, *signature)) return Finding{Fault::feed_signature, path_, signature->kid};
    if (updated_ != updated) return Finding{Fault::feed_leaf, path_, "updated"};
    feed_.kid = signature->kid;
    return std::move(feed_);
  }

 private:
  struct Signature {
    std::string_view signed_info;
    std::string value;
    std::string kid;
  };

  [[nodiscard]] std::string where() const { return fmt::format("near octet {}", in_.at()); }
  [[nodiscard]] Finding malformed() const { return {Fault::feed_malformed, path_, where()}; }

  void link(std::string_view rel, std::string_view type) {
    in_.expect(fmt::format("\" rel=\"{}\" type=\"{}\"></link>", rel, type));
  }

  void author() { in_.expect("<author><name>").words("</name></author>"); }

  void metadata() {
    const std::string& base = names_.base_url;
    in_.expect(kFeedStart).expect("<title>").words("</title>");
    in_.expect("<id>tag:" + names_.host + ",2024:");
    const std::string_view id = in_.until("</id>");
    if (path_ == "/v1/events.atom" ? id != "events" : !is_tag(id)) in_.expect("</never>");
    // Which feed it is stands in its self link: a feed cannot be served as another.
    in_.expect("<link href=\"" + base + path_);
    link("self", "application/atom+xml");
    in_.expect("<link href=\"" + base).path();
    in_.expect(" rel=\"alternate\" type=\"text/html\"></link>");
    while (in_.skip("<link href=\"" + base)) {
      in_.path().expect(" rel=\"");
      if (!is_tag(in_.until("\""))) in_.expect("</never>");
      in_.expect(" type=\"application/atom+xml\"></link>");
    }
    in_.expect("<updated>");
    updated_ = in_.until("</updated>");
    author();
    feed_.archive = in_.skip(kArchive);
    if (in_.sees("<tl:head")) head();
  }

  static bool is_tag(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == ':';
    });
  }

  void head() {
    in_.expect("<tl:head xmlns:tl=\"urn:ismap-liu:tl:1\" exp=\"");
    const auto exp = instant_of(in_.until("\""));
    in_.expect(" iat=\"");
    const auto iat = instant_of(in_.until("\""));
    in_.expect(" ver=\"");
    const auto ver = in_.number("\"");
    in_.expect(">");
    const auto checkpoint = from_base64(in_.until("</tl:head>"));
    if (!exp || !iat || !ver || !checkpoint) {
      in_.expect("</never>");
      return;
    }
    feed_.head = FeedHead{registry::ListVersion{*ver}, *iat, *exp, *checkpoint};
  }

  /// False when the shape is wrong (then the cursor says so) or the entry is not its leaf.
  bool entry() {
    in_.expect("<entry><title>").words("</title>").expect("<id>tag:" + names_.host + ",2024:event:");
    const auto seq = in_.number("</id>");
    if (!seq || *seq >= log_.leaves.size()) return false;
    const Leaf& leaf = log_.leaves[*seq];
    in_.expect("<updated>");
    const std::string_view updated = in_.until("</updated>");
    author();
    in_.expect("<link href=\"" + names_.base_url).path().expect(" rel=\"alternate\" type=\"text/html\"></link>");
    in_.expect(fmt::format("<link href=\"{}/v1/events/{}.json\" rel=\"via\" type=\"application/json\"></link>",
                           names_.base_url, *seq));
    const bool categories =
        category("event", registry::name_of(leaf.kind)) && (leaf.article.empty() || category("article", leaf.article));
    if (in_.ok() && !categories) return false;
    in_.expect("<content type=\"text\">").words("</content>");
    in_.expect(fmt::format("<tl:leaf xmlns:tl=\"urn:ismap-liu:tl:1\" index=\"{}\">", *seq));
    const std::string_view octets = in_.until("</tl:leaf></entry>\n");
    feed_.seqs.push_back(*seq);
    return in_.ok() && updated == leaf.recorded_at && is_base64_of(octets, leaf.octets);
  }

  /// False when there is a category, but of another term.
  bool category(std::string_view scheme, std::string_view term) {
    in_.expect(fmt::format("<category scheme=\"urn:ismap-liu:{}\" term=\"", scheme));
    const std::string_view found = in_.until("\"");
    in_.expect("></category>");
    return found == term;
  }

  std::optional<Signature> read_signature() {
    in_.expect(kSignatureStart);
    const std::size_t begin = in_.at();
    in_.until("</SignedInfo>");
    const std::string_view info = octets_.substr(begin, in_.at() - begin);
    in_.expect("<SignatureValue>");
    const auto value = from_base64(in_.until("</SignatureValue>"));
    in_.expect("<KeyInfo><KeyName>");
    const std::string_view kid = in_.until("</KeyName>");
    in_.expect("<X509Data><X509Certificate>");
    const auto certificate = from_base64(in_.until("</X509Certificate>"));
    in_.expect("</X509Data></KeyInfo></Signature></feed>");
    if (!in_.at_end() || !value || !certificate) return std::nullopt;
    return Signature{info, *value, std::string(kid)};
  }

  [[nodiscard]] bool verifies(std::size_t end_of_content, const Signature& signature) const {
    std::string content(octets_.substr(0, end_of_content));
    content += kFeedEnd;
    const registry::Digest digest = registry::sha256(content);
    const registry::Json* jwk = keys_.atom_jwk(signature.kid);
    return jwk != nullptr && signature.signed_info == signed_info(digest) &&
           verify_rs256(*jwk, signed_octets(digest), signature.value);
  }

  std::string_view octets_;
  const std::string& path_;
  const Log& log_;
  const KeyHistory& keys_;
  FeedNames names_;
  Cursor in_;
  std::string_view updated_;
  OpenFeed feed_;
};

}  // namespace

Checked<OpenFeed> open_feed(std::string_view octets, const std::string& path, const Log& log, const KeyHistory& keys) {
  return FeedReader(octets, path, log, keys).read();
}

}  // namespace ismap::feed::verify
