#include "feed/rendering.h"

#include <algorithm>
#include <utility>

#include "feed/jwt.h"
#include "feed/list.h"
#include "feed/note.h"
#include "feed/stored_feeds.h"

namespace ismap::feed {

namespace {

constexpr const char* kCsvMedia = "text/csv; charset=utf-8";
constexpr const char* kJoseMedia = "application/jose+json";
constexpr const char* kTextMedia = "text/plain; charset=utf-8";

/// Adds documents to a generation; takes over those that did not change.
class Shelf {
 public:
  Shelf(Generation& generation, const Generation* before) : generation_(generation), before_(before) {}

  void put(const std::string& path, const char* content_type, std::string body) {
    auto document = before_ == nullptr ? nullptr : before_->find(path);
    if (document == nullptr || document->body() != body || document->content_type() != content_type) {
      document = std::make_shared<const Document>(content_type, std::move(body));
    }
    generation_.documents.emplace(path, std::move(document));
  }

 private:
  Generation& generation_;
  const Generation* before_;
};

std::string render_feed(const Snapshot& snapshot, const Stamp& stamp, const std::string& checkpoint, const Keys& keys,
                        const FeedNames& names) {
  std::vector<std::string_view> newest_first;
  for (auto entry = snapshot.entries.rbegin(); entry != snapshot.entries.rend(); ++entry) {
    newest_first.emplace_back(*entry->second);
  }
  const std::string kid = keys.atom.kid();
  return signed_feed(names,
                     {events_identity(names, archives_of(snapshot.size)),
                      FeedHead{stamp.ver, stamp.iat, stamp.exp, checkpoint}, newest_first, snapshot.updated},
                     {keys.atom, kid, keys.atom_certificate});
}

}  // namespace

Generation render(const Snapshot& snapshot, const Ground& ground, const Stamp& stamp,
                  std::shared_ptr<const Keys> signers, const FeedNames& names, const Generation* before) {
  const Keys& keys = *signers;
  Generation generation;
  generation.keys = std::move(signers);
  generation.ver = stamp.ver;
  generation.size = snapshot.size;
  generation.signed_at = stamp.iat;
  generation.known_until = std::max(stamp.iat, snapshot.updated);
  generation.expires_at = stamp.exp;
  generation.services = snapshot.services;
  generation.checkpoint = stamp.checkpoint;

  Shelf shelf(generation, before);
  std::string list =
      list_payload({names.base_url, stamp.ver, stamp.iat, stamp.exp, generation.checkpoint}, snapshot.services);
  shelf.put("/v1/list.jwt", kJwtMedia, sign_jwt(keys.jwt, kListType, list));
  shelf.put("/v1/list.json", kJsonMedia, std::move(list));
  shelf.put("/v1/list.csv", kCsvMedia, list_csv(snapshot.services));
  shelf.put("/v1/events.atom", kAtomMedia, render_feed(snapshot, stamp, generation.checkpoint, keys, names));
  shelf.put("/log/checkpoint", kTextMedia, generation.checkpoint);
  shelf.put("/v1/keys.json", kJoseMedia, ground.key_documents.back());
  std::size_t version = 0;
  for (const std::string& octets : ground.key_documents) {
    shelf.put("/v1/keys/" + std::to_string(++version) + ".json", kJoseMedia, octets);
  }
  return generation;
}

}  // namespace ismap::feed
