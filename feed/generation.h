#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "registry/event.h"
#include "registry/service.h"
#include "registry/strong.h"
#include "registry/time.h"

namespace ismap::feed {

struct Keys;

/// Media types of what is published.
inline constexpr const char* kJwtMedia = "application/jwt";
inline constexpr const char* kJsonMedia = "application/json";
inline constexpr const char* kAtomMedia = "application/atom+xml";

/// One published document: its bytes never change; the gzip form is made once, when it is first asked for.
class Document {
 public:
  Document(std::string content_type, std::string body);

  [[nodiscard]] const std::string& content_type() const { return content_type_; }
  [[nodiscard]] const std::string& body() const { return body_; }
  /// First 32 hex digits of the SHA-256 of the body, without quotes; a strong validator.
  /// Made once, when it is first asked for. Thread: any.
  [[nodiscard]] const std::string& etag() const;
  /// The body as one gzip member. Thread: any.
  [[nodiscard]] const std::string& gzip() const;

 private:
  std::string content_type_;
  std::string body_;
  mutable std::once_flag hashed_;
  mutable std::string etag_;
  mutable std::once_flag compressed_;
  mutable std::string gzip_;
};

/// The record of a service as one JSON document, made when it is first asked for. Thread: any.
class RecordDocument {
 public:
  /// The record in `leaf`, with the `seq` of its event.
  const std::shared_ptr<const Document>& of(const registry::LeafBytes& leaf, registry::Seq seq);

 private:
  std::once_flag made_;
  std::shared_ptr<const Document> document_;
};

/// A service as the list shows it: its latest leaf with what is derived from it once.
struct ListedService {
  registry::Seq seq;
  registry::LeafBytes leaf;
  registry::Digest leaf_hash;
  registry::Service service;
  registry::Instant recorded_at;
  std::string csv_row;      ///< its line of list.csv, without the line end
  std::string search_text;  ///< folded name, provider, id and scope, for q
  std::shared_ptr<RecordDocument> record = std::make_shared<RecordDocument>();
};

/// Everything of one publication: one list version, one checkpoint. Immutable; handed over as shared_ptr<const>.
class Generation {
 public:
  registry::ListVersion ver;
  registry::TreeSize size;
  registry::Instant signed_at;    ///< whole seconds
  registry::Instant known_until;  ///< all that was recorded by then is in it: `signed_at` or its last event's time
  registry::Instant expires_at;
  std::string checkpoint;            ///< the whole signed note
  std::shared_ptr<const Keys> keys;  ///< that signed it; they sign too what is asked for later
  std::map<std::string, std::shared_ptr<const Document>, std::less<>> documents;  ///< by path: "/v1/list.jwt"
  std::vector<std::shared_ptr<const ListedService>> services;                     ///< removed ones too, in order of id

  /// The document at `path`, or null.
  [[nodiscard]] std::shared_ptr<const Document> find(std::string_view path) const;
  /// The service with this id, or null.
  [[nodiscard]] std::shared_ptr<const ListedService> service(std::string_view id) const;
};

}  // namespace ismap::feed
