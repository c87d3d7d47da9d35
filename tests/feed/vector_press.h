#pragma once

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feed/atom.h"
#include "feed/evidence.h"
#include "feed/jwt.h"
#include "feed/keyset.h"
#include "feed/list.h"
#include "feed/log_files.h"
#include "feed/note.h"
#include "feed/snapshot.h"
#include "feed/tiles.h"
#include "feed/xmldsig.h"
#include "registry/digest.h"
#include "registry/journal.h"
#include "registry/tables.h"
#include "tests/feed/temporary_folder.h"

/// Prints a publication from leaves, with the product's own functions for every octet that is published.
namespace ismap::feed::vectors {

inline constexpr const char* kIss = "https://liu.example.jp";
inline constexpr const char* kOrigin = "liu.example.jp/log";
inline constexpr std::int64_t kLife = std::int64_t{48} * 3600;

/// The files of a publication by path: "/v1/list.jwt".
using Files = std::map<std::string, std::string>;

inline void write_files(const Files& files, const std::filesystem::path& folder) {
  for (const auto& [path, octets] : files) {
    const std::filesystem::path at = folder / path.substr(1);
    std::filesystem::create_directories(at.parent_path());
    std::ofstream(at, std::ios::binary) << octets;
  }
}

/// The octets of a payload that somebody signed.
inline std::string payload_of(const std::string& compact) {
  const std::size_t first = compact.find('.') + 1;
  return from_base64url(compact.substr(first, compact.find('.', first) - first)).value();
}

inline std::string without_signature(const std::string& feed) {
  const std::size_t from = feed.rfind("<Signature ");
  return feed.substr(0, from) + "</feed>";
}

/// The three keys that sign a generation.
struct Signers {
  PrivateKey jwt = PrivateKey::generate(KeyKind::es256);
  PrivateKey log = PrivateKey::generate(KeyKind::ed25519);
  PrivateKey atom = PrivateKey::generate(KeyKind::rsa3072);
  std::string certificate = atom.self_signed_certificate("liu.example.jp", 1'779'400'000, 2'095'000'000);

  [[nodiscard]] std::string sign(const std::string& unsigned_feed) const {
    const std::string kid = atom.kid();
    return with_signature(unsigned_feed, {atom, kid, certificate});
  }
};

/// A journal of its own, and what is printed from it.
class Press {
  /// What `f` gives of a read transaction.
  template <class F>
  auto read(const F& f) const {
    using T = decltype(f(std::declval<const registry::lmdb::ReadTxn&>()));
    return env_->read([&](const registry::lmdb::ReadTxn& txn) -> registry::Result<T> { return f(txn); }).value();
  }

 public:
  Press() : env_(registry::tables::open(folder_.path(), {std::size_t{256} << 20U, true, false}).value()) {}

  void append(const registry::Event& event) {
    const auto done = env_->write([&](registry::lmdb::WriteTxn& txn) { return registry::journal::append(txn, event); });
    ASSERT_TRUE(done.ok()) << done.errors().front().en;
    leaves_.push_back(registry::to_leaf(event)->value());
  }
  [[nodiscard]] const std::vector<std::string>& leaves() const { return leaves_; }
  [[nodiscard]] registry::TreeSize size() const { return registry::TreeSize{leaves_.size()}; }

  /// The head of the journal's first leaves.
  [[nodiscard]] Checkpoint head() const {
    return read([&](const auto& txn) {
      return Checkpoint{kOrigin, size(), registry::journal::tree(txn, size()).root()};
    });
  }

  /// What every document of one generation says.
  [[nodiscard]] Generation generation(std::uint64_t ver, std::int64_t iat, const std::string& note) const {
    Generation made;
    made.ver = registry::ListVersion{ver};
    made.size = size();
    made.signed_at = registry::Instant{iat * 1000};
    made.expires_at = made.signed_at.plus_seconds(kLife);
    made.checkpoint = note;
    read([&](const auto& txn) {
      for (const auto& latest : registry::tables::latest_services(txn)) {
        auto listed = listed_service(*registry::journal::leaf(txn, latest.seq));
        made.services.push_back(std::make_shared<const ListedService>(std::move(*listed)));
      }
      return 0;
    });
    return made;
  }

  [[nodiscard]] static std::string list_of(const Generation& g) {
    return list_payload({kIss, g.ver, g.signed_at, g.expires_at, g.checkpoint}, g.services);
  }
  [[nodiscard]] std::string status_of(const Generation& g, const ListedService& service, const PrivateKey& key) const {
    const std::string iss = kIss;
    return read([&](const auto& txn) { return evidence(txn, g, service, {key, iss}).value(); });
  }
  [[nodiscard]] std::string past_of(const Generation& g, const std::string& id, const Moment& moment,
                                    const PrivateKey& key) const {
    const std::string iss = kIss;
    return read([&](const auto& txn) {
      return past_evidence(txn, g, registry::ServiceId{id}, moment, {key, iss}).value();
    });
  }

  /// Tiles and bundles of the present size.
  [[nodiscard]] Files log() const {
    Files files;
    read([&](const auto& txn) {
      for (const Tile& tile : tiles_of(size())) files[path_of(tile)] = log_file(txn, tile).value();
      for (const Tile& tile : bundles_of(size())) files[path_of(tile)] = log_file(txn, tile).value();
      return 0;
    });
    return files;
  }

  /// Unsigned: the feed of all events, an archive, a service's feed.
  [[nodiscard]] std::string events_feed(const Generation& g) const {
    const FeedHead head{g.ver, g.signed_at, g.expires_at, g.checkpoint};
    const std::uint64_t archives = size().value() / kArchiveEvents;
    return feed(events_identity(names(), archives), head, down(size().value() - 1, first_in_feed(size()).value()));
  }
  [[nodiscard]] std::string archive(std::uint64_t n) const {
    return feed(archive_identity(names(), n), {}, down((n + 1) * kArchiveEvents - 1, n * kArchiveEvents));
  }
  [[nodiscard]] std::string service_feed(const registry::Service& service) const {
    std::vector<std::uint64_t> seqs;
    read([&](const auto& txn) {
      for (const auto seq : registry::tables::history(txn, service.id.value())) seqs.push_back(seq.value());
      return 0;
    });
    return feed(service_identity(names(), service), {}, {seqs.rbegin(), seqs.rend()});
  }

  static FeedNames names() { return names_of(kIss); }
  static std::vector<std::uint64_t> down(std::uint64_t newest, std::uint64_t oldest) {
    std::vector<std::uint64_t> out;
    for (std::uint64_t n = newest + 1; n > oldest; --n) out.push_back(n - 1);
    return out;
  }
  [[nodiscard]] std::string feed(const FeedIdentity& identity, const std::optional<FeedHead>& head,
                                 const std::vector<std::uint64_t>& newest_first) const {
    std::vector<std::string> entries;
    for (const std::uint64_t seq : newest_first) {
      const auto event = registry::parse_leaf(leaves_[seq]);
      entries.push_back(atom_entry(*event, registry::LeafBytes{leaves_[seq]}, names()));
    }
    const auto updated = registry::parse_leaf(leaves_[newest_first.front()])->recorded_at;
    return unsigned_feed(names(), {identity, head, {entries.begin(), entries.end()}, updated});
  }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<registry::lmdb::Env> env_;
  std::vector<std::string> leaves_;
};

/// All files of a generation but the key sets; archives that are there already are taken from `kept`.
inline Files print(const Press& press, const Generation& g, const Signers& by, const Files& kept = {}) {
  Files files = press.log();
  files["/log/checkpoint"] = g.checkpoint;
  files["/v1/list.json"] = Press::list_of(g);
  files["/v1/list.jwt"] = sign_jwt(by.jwt, kListType, files["/v1/list.json"]);
  files["/v1/list.csv"] = list_csv(g.services);
  for (std::size_t n = 0; n < press.leaves().size(); ++n) {
    files[fmt::format("/v1/events/{}.json", n)] = press.leaves()[n];
  }
  for (const auto& service : g.services) {
    const std::string id = service->service.id.value();
    files["/v1/records/" + id + ".jwt"] = press.status_of(g, *service, by.jwt);
    const std::string path = "/v1/services/" + id + ".atom";
    const std::string feed = press.service_feed(service->service);
    const bool same = kept.contains(path) && without_signature(kept.at(path)) == feed;
    files[path] = same ? kept.at(path) : by.sign(feed);
  }
  for (std::uint64_t n = 0; (n + 1) * kArchiveEvents <= press.size().value(); ++n) {
    files[archive_path(n)] = kept.contains(archive_path(n)) ? kept.at(archive_path(n)) : by.sign(press.archive(n));
  }
  files["/v1/events.atom"] = by.sign(press.events_feed(g));
  return files;
}

}  // namespace ismap::feed::vectors
