#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "feed/atom.h"
#include "feed/crypto.h"
#include "feed/jwt.h"
#include "feed/keyset.h"
#include "feed/note.h"
#include "feed/proof.h"
#include "feed/tiles.h"
#include "feed/verify/source.h"
#include "registry/event.h"
#include "registry/merkle.h"
#include "tests/feed/kept_key.h"

/// A publication signed by hand, honest or not, as the files of a mirror.
namespace ismap::feed {

using Files = std::map<std::string, std::string>;

/// A mirror in memory.
class FileSource : public verify::Source {
 public:
  explicit FileSource(const Files& files) : files_(files) {}
  [[nodiscard]] verify::Checked<std::string> get(const std::string& path) const override {
    const auto at = files_.find(path);
    if (at == files_.end()) return verify::Finding{verify::Fault::missing, path, ""};
    return at->second;
  }
  [[nodiscard]] std::optional<std::vector<std::string>> names(const std::string& folder) const override {
    std::vector<std::string> names;
    for (const auto& [path, octets] : files_) {
      if (path.starts_with(folder + "/") && path.find('/', folder.size() + 1) == std::string::npos) {
        names.push_back(path.substr(folder.size() + 1));
      }
    }
    return names;
  }

 private:
  const Files& files_;
};

/// The keys of a publication. Making them is slow: once for all tests.
struct MirrorKeys {
  PrivateKey root = PrivateKey::generate(KeyKind::es256);
  PrivateKey root2 = PrivateKey::generate(KeyKind::es256);
  PrivateKey jwt = PrivateKey::generate(KeyKind::es256);
  PrivateKey jwt2 = PrivateKey::generate(KeyKind::es256);
  PrivateKey log = PrivateKey::generate(KeyKind::ed25519);
  PrivateKey log2 = PrivateKey::generate(KeyKind::ed25519);
  PrivateKey witness = PrivateKey::generate(KeyKind::ed25519);
  PrivateKey atom = kept_rsa_key(1);
  PrivateKey atom2 = kept_rsa_key(2);
  std::string certificate = atom.self_signed_certificate("liu.example.jp", 1'700'000'000, 1'900'000'000);
  std::string certificate2 = atom2.self_signed_certificate("liu.example.jp", 1'700'000'000, 1'900'000'000);
};

/// Writes a mirror to disk.
inline void write_files(const Files& files, const std::filesystem::path& folder) {
  for (const auto& [path, octets] : files) {
    const std::filesystem::path at = folder / path.substr(1);
    std::filesystem::create_directories(at.parent_path());
    std::ofstream(at, std::ios::binary) << octets;
  }
}

/// What a generation is signed with and how it lies; nothing set: an honest one.
struct Signing {
  std::uint64_t ver = 7;
  std::int64_t iat = 1'780'000'000;
  std::int64_t life = 48 * 3600;
  std::string_view list_typ = kListType;
  std::string_view status_typ = kStatusType;
  bool second_jwt = false;
  bool second_log = false;
  bool second_atom = false;
  std::string extension;  ///< lines after those of the checkpoint's text
  std::vector<std::string> cosigners;
  std::int64_t cosigned_at = 1'780'000'000;
  std::function<void(std::string&)> list;       ///< changes the payload before it is signed
  std::function<void(std::string&)> status;     ///< likewise
  std::function<void(std::string&)> feed;       ///< changes a feed before it is signed
  std::function<void(FeedContents&)> contents;  ///< changes what the events feed holds
  std::function<void(Checkpoint&)> checkpoint;
};

class Mirror {
 public:
  static constexpr const char* kIss = "https://liu.example.jp";
  static constexpr const char* kOrigin = "liu.example.jp/log";
  static constexpr std::int64_t kNow = 1'780'000'000;

  /// A log with key set 1 and its leaf.
  explicit Mirror(const MirrorKeys& keys) : keys_(&keys) {
    set_.iss = kIss;
    set_.ver = registry::KeySetVersion{1};
    set_.iat = registry::Instant{(kNow - 86'400) * 1000};
    set_.exp = set_.iat.plus_seconds(kKeySetLifeSeconds);
    set_.roots.push_back(keys.root.jwk());
    set_.keys.push_back(keys.jwt.jwk());
    set_.atom.push_back({keys.atom.kid(), keys.certificate});
    set_.log.push_back(parse_vkey(vkey(kOrigin, keys.log)).value());
    publish_keys({keys.root});
  }

  KeySet& set() { return set_; }
  const std::vector<std::string>& leaves() const { return leaves_; }
  const std::vector<std::string>& key_documents() const { return key_documents_; }

  /// Publishes the key set as it stands now, signed by `roots`, with its leaf.
  void publish_keys(const std::vector<PrivateKey>& roots, bool with_leaf = true) {
    key_documents_.push_back(general_jws(to_payload(set_), kKeySetType, roots));
    if (!with_leaf) return;
    const std::string sha256 = registry::hex(registry::sha256(key_documents_.back()));
    append(registry::EventKind::key, {{"id", "keys"}, {"sha256", sha256}, {"ver", set_.ver.value()}});
  }
  void next_keys() { set_.ver = registry::KeySetVersion{set_.ver.value() + 1}; }

  void put_service(const std::string& id, const std::string& name,
                   registry::EventKind kind = registry::EventKind::registered) {
    registry::Json record = example_record();
    record["id"] = id;
    record["name"] = registry::Json{{"ja", name}};
    append(kind, record);
  }

  /// Appends an event; `edit` may spoil it.
  void append(registry::EventKind kind, const registry::Json& record,
              const std::function<void(registry::Event&)>& edit = {}) {
    registry::Event event;
    event.kind = kind;
    event.seq = registry::Seq{leaves_.size()};
    event.recorded_at = registry::Instant{(kNow - 80'000 + static_cast<std::int64_t>(leaves_.size())) * 1000};
    event.effective = event.recorded_at.jst_day();
    event.origin = kOrigin;
    event.record = record;
    event.rules = "2024-03-01";
    event.prev = latest(record.at("id").get<std::string>());
    if (kind != registry::EventKind::key) event.article = registry::Article{"11.1"};
    if (edit) edit(event);
    append_octets(registry::to_leaf(event).value().value());
  }

  void append_octets(const std::string& octets) {
    leaves_.push_back(octets);
    hashes_.push_back(registry::leaf_hash(octets));
    histories_[id_of(octets)].push_back(leaves_.size() - 1);
    entries_.emplace_back();
  }

  /// Every file of a generation.
  Files files(const Signing& how = {}) {
    Files files;
    put_log(files, how);
    for (std::size_t n = 0; n < key_documents_.size(); ++n) {
      files[fmt::format("/v1/keys/{}.json", n + 1)] = key_documents_[n];
    }
    files["/v1/keys.json"] = key_documents_.back();
    put_list(files, how);
    put_records(files, how);
    put_feeds(files, how);
    return files;
  }

  std::string checkpoint(const Signing& how = {}) const {
    Checkpoint says{kOrigin, registry::TreeSize{leaves_.size()}, root_of(hashes_)};
    if (how.checkpoint) how.checkpoint(says);
    std::string note = sign_checkpoint(says, how.second_log ? keys_->log2 : keys_->log);
    const std::string text = parse_note(note)->text;
    for (const std::string& name : how.cosigners) {
      note += sign_cosignature(text, name, keys_->witness, registry::Instant{how.cosigned_at * 1000});
    }
    return note;
  }

  /// Hashes of one tile.
  ReadTile read_tile() const {
    auto levels = std::make_shared<std::vector<std::vector<registry::Digest>>>(1, hashes_);
    while (levels->back().size() >= kTileWidth) levels->push_back(above(levels->back()));
    return [levels](const Tile& tile) -> registry::Result<std::string> {
      const std::span<const registry::Digest> level(levels->at(tile.level));
      return tile_octets(level.subspan(tile.index * kTileWidth, tile.width));
    };
  }

  std::string proof(std::uint64_t seq, const std::string& note) const { return proof(seq, note, read_tile()); }
  std::string proof(std::uint64_t seq, const std::string& note, const ReadTile& tiles) const {
    const auto path = inclusion_path(tiles, registry::Seq{seq}, registry::TreeSize{leaves_.size()});
    return to_string(TlogProof{registry::Seq{seq}, path.value(), note, {}});
  }

  std::vector<std::uint64_t> history(const std::string& id) const {
    const auto at = histories_.find(id);
    return at == histories_.end() ? std::vector<std::uint64_t>{} : at->second;
  }

  /// A status in its current form.
  std::string status(const std::string& id, const Signing& how = {}) const { return status(id, how, checkpoint(how)); }

  std::string status(const std::string& id, const Signing& how, const std::string& note) const {
    return status(id, how, note, read_tile());
  }
  std::string status(const std::string& id, const Signing& how, const std::string& note, const ReadTile& tiles) const {
    const std::uint64_t seq = history(id).back();
    const auto quoted = [](const std::string& text) { return registry::canonical(registry::Json(text)); };
    std::string payload =
        fmt::format(R"({{"event":{},"iat":{},"iss":{},"proof":{},"rely_until":{},"sub":{},"ver":{}}})", leaves_[seq],
                    how.iat, quoted(kIss), quoted(proof(seq, note, tiles)), how.iat + how.life,
                    quoted(std::string(kIss) + "/v1/records/" + id + ".jwt"), how.ver);
    if (how.status) how.status(payload);
    return sign_jwt(how.second_jwt ? keys_->jwt2 : keys_->jwt, how.status_typ, payload);
  }

  static registry::Json example_record() {
    std::ifstream file(ISMAP_TEST_DATA "/example-leaf.json");
    std::stringstream text;
    text << file.rdbuf();
    registry::Json record = registry::parse_json(text.str()).value().at("record");
    for (const char* intervals : {"suspensions", "re_audits", "renewals"}) record[intervals] = registry::Json::array();
    return record;
  }

 private:
  static std::string id_of(const std::string& leaf) {
    return registry::parse_json(leaf).value().at("record").at("id").get<std::string>();
  }
  std::optional<registry::Seq> latest(const std::string& id) const {
    const auto seqs = history(id);
    return seqs.empty() ? std::nullopt : std::optional(registry::Seq{seqs.back()});
  }
  static std::vector<registry::Digest> above(const std::vector<registry::Digest>& level) {
    std::vector<registry::Digest> roots;
    const std::span<const registry::Digest> all(level);
    for (std::size_t at = 0; at + kTileWidth <= all.size(); at += kTileWidth) {
      roots.push_back(root_of(all.subspan(at, kTileWidth)));
    }
    return roots;
  }
  void put_log(Files& files, const Signing& how) const {
    files["/log/checkpoint"] = checkpoint(how);
    const ReadTile tiles = read_tile();
    for (const Tile& tile : tiles_of(registry::TreeSize{leaves_.size()})) files[path_of(tile)] = *tiles(tile);
    for (const Tile& tile : bundles_of(registry::TreeSize{leaves_.size()})) {
      std::string bundle;
      for (std::size_t i = 0; i < tile.width; ++i) append_entry(bundle, leaves_[tile.index * kTileWidth + i]);
      files[path_of(tile)] = bundle;
    }
    for (std::size_t n = 0; n < leaves_.size(); ++n) files[fmt::format("/v1/events/{}.json", n)] = leaves_[n];
  }

  void put_list(Files& files, const Signing& how) const {
    const auto quoted = [](const std::string& text) { return registry::canonical(registry::Json(text)); };
    std::string records;
    for (const auto& [id, seqs] : histories_) {
      if (id == "keys") continue;
      if (!records.empty()) records += ',';
      records += leaves_[seqs.back()];
    }
    std::string payload =
        fmt::format(R"({{"checkpoint":{},"exp":{},"iat":{},"iss":{},"records":[{}],"sub":{},"ttl":3600,"ver":{}}})",
                    quoted(files["/log/checkpoint"]), how.iat + how.life, how.iat, quoted(kIss), records,
                    quoted(std::string(kIss) + "/v1/list.jwt"), how.ver);
    if (how.list) how.list(payload);
    files["/v1/list.jwt"] = sign_jwt(how.second_jwt ? keys_->jwt2 : keys_->jwt, how.list_typ, payload);
    files["/v1/list.json"] = payload;
  }

  void put_records(Files& files, const Signing& how) const {
    const ReadTile tiles = read_tile();
    for (const auto& [id, seqs] : histories_) {
      if (id != "keys") files["/v1/records/" + id + ".jwt"] = status(id, how, files["/log/checkpoint"], tiles);
    }
  }

  const std::string& entry(std::size_t seq) {
    if (entries_[seq].empty()) {
      const auto event = registry::parse_leaf(leaves_[seq]);
      entries_[seq] = event ? atom_entry(*event, registry::LeafBytes{leaves_[seq]}, names_of(kIss)) : "-";
    }
    return entries_[seq];
  }

  registry::Instant recorded_at(std::size_t seq) const {
    const auto event = registry::parse_leaf(leaves_[seq]);
    return event ? event->recorded_at : registry::Instant{0};
  }

  std::string feed(const Signing& how, FeedContents contents, const std::vector<std::size_t>& newest_first) {
    for (const std::size_t seq : newest_first) contents.entries_newest_first.emplace_back(entry(seq));
    contents.updated = recorded_at(newest_first.front());
    if (how.contents && contents.head) how.contents(contents);
    std::string octets = unsigned_feed(names_of(kIss), contents);
    if (how.feed) how.feed(octets);
    const PrivateKey& key = how.second_atom ? keys_->atom2 : keys_->atom;
    return with_signature(octets, {key, key.kid(), how.second_atom ? keys_->certificate2 : keys_->certificate});
  }

  static std::vector<std::size_t> down(std::size_t newest, std::size_t oldest) {
    std::vector<std::size_t> out;
    for (std::size_t n = newest + 1; n > oldest; --n) out.push_back(n - 1);
    return out;
  }

  void put_feeds(Files& files, const Signing& how) {
    const FeedNames names = names_of(kIss);
    const std::size_t size = leaves_.size();
    const registry::Instant iat{how.iat * 1000};
    FeedContents contents{events_identity(names, 0), {}, {}, {}};
    contents.head = FeedHead{registry::ListVersion{how.ver}, iat, iat.plus_seconds(how.life), files["/log/checkpoint"]};
    contents.identity.links = {{"prev-archive", "/v1/events/archive/0.atom"}};
    files["/v1/events.atom"] =
        feed(how, contents, down(size - 1, std::min(size - size % 256, size > 32 ? size - 32 : 0)));
    for (std::size_t n = 0; (n + 1) * 256 <= size; ++n) {
      const std::string path = fmt::format("/v1/events/archive/{}.atom", n);
      FeedIdentity identity{"tag:liu.example.jp,2024:events", path, "/", "保存", {}, true};
      if (archives_.size() <= n) {
        archives_.push_back(feed(how, {identity, {}, {}, {}}, down(n * 256 + 255, n * 256)));
      }
      files[path] = archives_[n];
    }
    for (const auto& [id, seqs] : histories_) {
      if (id == "keys") continue;
      const std::string path = "/v1/services/" + id + ".atom";
      FeedIdentity identity{"tag:liu.example.jp,2024:service:" + id, path, "/services/" + id, "サービス", {}, false};
      std::string& kept = service_feeds_[fmt::format("{} {}", id, seqs.back())];
      if (kept.empty()) kept = feed(how, {identity, {}, {}, {}}, {seqs.rbegin(), seqs.rend()});
      files[path] = kept;
    }
  }

  const MirrorKeys* keys_;
  KeySet set_;
  std::vector<std::string> key_documents_;
  std::vector<std::string> leaves_;
  std::vector<registry::Digest> hashes_;
  std::map<std::string, std::vector<std::uint64_t>> histories_;
  std::vector<std::string> entries_;
  std::vector<std::string> archives_;                 ///< signed once, as they are published
  std::map<std::string, std::string> service_feeds_;  ///< likewise
};

}  // namespace ismap::feed
