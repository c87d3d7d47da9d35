#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feed/crypto.h"
#include "feed/xmldsig.h"
#include "registry/event.h"
#include "registry/service.h"
#include "registry/strong.h"
#include "registry/time.h"

/// Feeds of events with one enveloped signature (formats: Atom). An entry is rendered once an event and kept; a feed
/// is its head, entries as they are, and the signature. All octets are in exclusive canonical form from the start.
///
///   feed  := <feed> title id link* updated author archive? tl:head? (entry \n)* Signature </feed>
///   entry := <entry> title id updated author link(alternate) link(via) category category? content tl:leaf </entry>
///
/// Source: RFC 4287 (Atom), RFC 5005 §4 (archives), RFC 4151 (tag URIs).
namespace ismap::feed {

/// Where the publication lives and what its ids are made of.
struct FeedNames {
  std::string base_url;  ///< "https://HOST", without a slash at the end
  std::string host;      ///< "HOST", the authority of tag URIs
};

/// Base address and tag authority of a publication: `iss` without and with its scheme, the port left out of tags.
FeedNames names_of(const std::string& iss);

/// A link to another document of the publication, for RFC 5005: {"prev-archive", "/v1/events/archive/3.atom"}.
struct FeedLink {
  std::string rel;
  std::string path;
};

/// Which feed it is: what differs between the events, an archive and a service's feed.
struct FeedIdentity {
  std::string id;               ///< tag URI
  std::string self_path;        ///< "/v1/events.atom"
  std::string html_path;        ///< the page for people: "/"
  std::string title;            ///< Japanese
  std::vector<FeedLink> links;  ///< beyond self and alternate, written in this order
  bool archive = false;         ///< carries fh:archive: complete, and never signed again (RFC 5005 §4)
};

/// What binds a feed to a generation: the same version, times and checkpoint as its list.
struct FeedHead {
  registry::ListVersion ver;
  registry::Instant iat;
  registry::Instant exp;
  std::string checkpoint;  ///< the whole signed note
};

/// Everything of a feed but its signature.
struct FeedContents {
  FeedIdentity identity;
  std::optional<FeedHead> head;                        ///< only in the feed of a generation
  std::vector<std::string_view> entries_newest_first;  ///< as atom_entry rendered them
  registry::Instant updated;                           ///< `recorded_at` of the newest entry
};

/// Events of an archive (formats: Atom).
inline constexpr std::uint64_t kArchiveEvents = 256;
/// "/v1/events/archive/{n}.atom"
std::string archive_path(std::uint64_t n);

/// Identity of /v1/events.atom of a log with so many full archives; it links to the newest.
FeedIdentity events_identity(const FeedNames& names, std::uint64_t archives);
/// Identity of /v1/events/archive/{n}.atom: the same logical feed, so the same id. It links back and to the current
/// feed; never on, since it is signed before there is a next one. Source: RFC 5005 §4.
FeedIdentity archive_identity(const FeedNames& names, std::uint64_t n);
/// Identity of /v1/services/{id}.atom.
FeedIdentity service_identity(const FeedNames& names, const registry::Service& service);

/// One event as an entry, without the line break that follows it.
/// REQUIRES: `leaf` is the leaf of `event`; its record as to_json(Service) writes it, or that of a key event.
std::string atom_entry(const registry::Event& event, const registry::LeafBytes& leaf, const FeedNames& names);

/// A feed without its signature: the octets whose SHA-256 the signature's Reference carries.
std::string unsigned_feed(const FeedNames& names, const FeedContents& contents);

/// A feed with its signature.
/// REQUIRES: `signer.rsa` is rsa3072.
std::string signed_feed(const FeedNames& names, const FeedContents& contents, const XmlSigner& signer);

}  // namespace ismap::feed
