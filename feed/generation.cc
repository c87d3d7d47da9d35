#include "feed/generation.h"

#include <zlib.h>

#include <algorithm>
#include <stdexcept>

#include "registry/canonical_json.h"
#include "registry/digest.h"

namespace ismap::feed {

namespace {

constexpr std::size_t kEtagDigits = 32;
constexpr int kLevel = 6;
constexpr int kGzipWindow = 15 + 16;  ///< zlib: the largest window, in a gzip wrapper (mtime 0, no name)
constexpr int kMemory = 8;

std::string compress(const std::string& body) {
  z_stream stream{};
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, kGzipWindow, kMemory, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("zlib could not start");
  }
  std::string out(deflateBound(&stream, body.size()), '\0');
  // zlib takes a non-const pointer and does not write through it.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int code = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (code != Z_STREAM_END) throw std::runtime_error("zlib could not finish");
  return out;
}

}  // namespace

Document::Document(std::string content_type, std::string body)
    : content_type_(std::move(content_type)), body_(std::move(body)) {}

const std::string& Document::etag() const {
  std::call_once(hashed_, [this] { etag_ = registry::hex(registry::sha256(body_)).substr(0, kEtagDigits); });
  return etag_;
}

const std::string& Document::gzip() const {
  std::call_once(compressed_, [this] { gzip_ = compress(body_); });
  return gzip_;
}

const std::shared_ptr<const Document>& RecordDocument::of(const registry::LeafBytes& leaf, registry::Seq seq) {
  std::call_once(made_, [&] {
    registry::Json record = registry::Json::parse(leaf.value()).at("record");
    record["seq"] = seq.value();
    document_ = std::make_shared<const Document>(kJsonMedia, registry::canonical(record));
  });
  return document_;
}

std::shared_ptr<const Document> Generation::find(std::string_view path) const {
  const auto at = documents.find(path);
  return at == documents.end() ? nullptr : at->second;
}

std::shared_ptr<const ListedService> Generation::service(std::string_view id) const {
  const auto at = std::lower_bound(services.begin(), services.end(), id,
                                   [](const std::shared_ptr<const ListedService>& s, std::string_view wanted) {
                                     return s->service.id.value() < wanted;
                                   });
  return at != services.end() && (*at)->service.id.value() == id ? *at : nullptr;
}

}  // namespace ismap::feed
