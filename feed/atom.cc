#include "feed/atom.h"

#include <fmt/format.h>

#include "feed/event_words.h"
#include "feed/xml_text.h"

namespace ismap::feed {

namespace {

using registry::Event;
using registry::EventKind;

constexpr std::string_view kAtom = "http://www.w3.org/2005/Atom";
constexpr std::string_view kFeedHistory = "http://purl.org/syndication/history/1.0";
constexpr std::string_view kTransparency = "urn:ismap-liu:tl:1";
constexpr std::string_view kEventScheme = "urn:ismap-liu:event";
constexpr std::string_view kArticleScheme = "urn:ismap-liu:article";
constexpr std::string_view kAtomType = "application/atom+xml";
/// Article 1.2: the operator carries out the registration.
constexpr std::string_view kAuthor = "ISMAP運用支援機関";

constexpr std::string_view kEventsPath = "/v1/events.atom";
constexpr std::string_view kEventsTitle = "ISMAP-LIUクラウドサービスリストの事象";

/// Id of the one logical feed of all events.
std::string events_id(const FeedNames& names) { return "tag:" + names.host + ",2024:events"; }

/// Room for the Signature element and the end tag.
constexpr std::size_t kSignatureBytes = 8192;

std::string author() { return element("author", {}, text_element("name", kAuthor)); }

std::string updated_element(registry::Instant at) { return text_element("updated", at.iso()); }

std::string link(std::string_view href, std::string_view rel, std::string_view type) {
  return element("link", {{"href", href}, {"rel", rel}, {"type", type}}, "");
}

std::string category(std::string_view scheme, std::string_view term) {
  return element("category", {{"scheme", scheme}, {"term", term}}, "");
}

/// The page for people on what the event is about. Keys have no page of their own.
std::string html_url(const Event& event, const FeedNames& names) {
  return event.kind == EventKind::key ? names.base_url + "/" : names.base_url + "/services/" + record_id(event);
}

std::string links_of(const Event& event, const FeedNames& names) {
  const std::string via = fmt::format("{}/v1/events/{}.json", names.base_url, event.seq.value());
  return link(html_url(event, names), "alternate", "text/html") + link(via, "via", "application/json");
}

std::string categories_of(const Event& event) {
  std::string out = category(kEventScheme, name_of(event.kind));
  if (event.article) out += category(kArticleScheme, event.article->value());
  return out;
}

std::string leaf_element(const Event& event, const registry::LeafBytes& leaf) {
  const std::string index = fmt::format("{}", event.seq.value());
  return element("tl:leaf", {{"xmlns:tl", kTransparency}, {"index", index}}, base64(leaf.value()));
}

std::string head_element(const FeedHead& head) {
  const std::string exp = fmt::format("{}", head.exp.unix_seconds());
  const std::string iat = fmt::format("{}", head.iat.unix_seconds());
  const std::string ver = fmt::format("{}", head.ver.value());
  return element("tl:head", {{"xmlns:tl", kTransparency}, {"exp", exp}, {"iat", iat}, {"ver", ver}},
                 base64(head.checkpoint));
}

std::string links_of(const FeedIdentity& identity, const FeedNames& names) {
  std::string out = link(names.base_url + identity.self_path, "self", kAtomType) +
                    link(names.base_url + identity.html_path, "alternate", "text/html");
  for (const FeedLink& l : identity.links) out += link(names.base_url + l.path, l.rel, kAtomType);
  return out;
}

/// What stands before the first entry.
std::string feed_metadata(const FeedNames& names, const FeedContents& contents) {
  const FeedIdentity& identity = contents.identity;
  std::string out = text_element("title", one_line(identity.title));
  out += text_element("id", identity.id);
  out += links_of(identity, names);
  out += updated_element(contents.updated);
  out += author();
  if (identity.archive) out += element("fh:archive", {{"xmlns:fh", kFeedHistory}}, "");
  if (contents.head) out += head_element(*contents.head);
  return out;
}

}  // namespace

FeedNames names_of(const std::string& iss) {
  const std::size_t scheme = iss.find("://");
  const std::string authority = scheme == std::string::npos ? iss : iss.substr(scheme + 3);
  return {iss, authority.substr(0, authority.find_first_of(":/"))};
}

std::string archive_path(std::uint64_t n) { return fmt::format("/v1/events/archive/{}.atom", n); }

FeedIdentity events_identity(const FeedNames& names, std::uint64_t archives) {
  FeedIdentity identity{events_id(names), std::string(kEventsPath), "/", std::string(kEventsTitle), {}};
  if (archives > 0) identity.links.push_back({"prev-archive", archive_path(archives - 1)});
  return identity;
}

FeedIdentity archive_identity(const FeedNames& names, std::uint64_t n) {
  FeedIdentity identity{events_id(names), archive_path(n), "/", std::string(kEventsTitle), {}, true};
  identity.links.push_back({"current", std::string(kEventsPath)});
  if (n > 0) identity.links.push_back({"prev-archive", archive_path(n - 1)});
  return identity;
}

FeedIdentity service_identity(const FeedNames& names, const registry::Service& service) {
  const std::string& id = service.id.value();
  return {fmt::format("tag:{},2024:service:{}", names.host, id),
          fmt::format("/v1/services/{}.atom", id),
          "/services/" + id,
          fmt::format("{}（{}）の事象", service.items.name.ja, id),
          {}};
}

std::string atom_entry(const Event& event, const registry::LeafBytes& leaf, const FeedNames& names) {
  const std::string id = fmt::format("tag:{},2024:event:{}", names.host, event.seq.value());
  std::string inner = text_element("title", event_title(event));
  inner += text_element("id", id);
  inner += updated_element(event.recorded_at);
  inner += author();
  inner += links_of(event, names);
  inner += categories_of(event);
  inner += element("content", {{"type", "text"}}, escape_text(event_sentence(event)));
  inner += leaf_element(event, leaf);
  return element("entry", {}, inner);
}

std::string unsigned_feed(const FeedNames& names, const FeedContents& contents) {
  std::string out = start_tag("feed", {{"xmlns", kAtom}}) + feed_metadata(names, contents);
  std::size_t size = out.size() + kSignatureBytes;
  for (const std::string_view entry : contents.entries_newest_first) size += entry.size() + 1;
  out.reserve(size);
  for (const std::string_view entry : contents.entries_newest_first) {
    out += entry;
    out += '\n';
  }
  out += end_tag("feed");
  return out;
}

std::string signed_feed(const FeedNames& names, const FeedContents& contents, const XmlSigner& signer) {
  return with_signature(unsigned_feed(names, contents), signer);
}

}  // namespace ismap::feed
