#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "tests/feed/vector_story.h"

/// The tampered variants of the vectors: how each differs from the honest publication, and what a verifier says of it.
/// What only a holder of the keys could have signed is signed here, while there are keys.
namespace ismap::feed::vectors {

using registry::Json;
using Change = std::function<void(std::string&)>;

inline Change replaced(const std::string& from, const std::string& to) {
  return [=](std::string& text) {
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
  };
}

/// Cases of vectors.json, and the files that they put in place of others.
class Cases {
 public:
  Cases(std::filesystem::path folder, const Files& honest) : folder_(std::move(folder)), honest_(honest) {}

  /// Begins a case; what is said next belongs to it.
  Cases& of(const std::string& expect, const std::string& name, const std::string& why) {
    cases_.push_back({{"expect", expect}, {"name", name}, {"why", why}, {"patch", Json::array()}});
    return *this;
  }
  Cases& with(const char* member, const Json& value) {
    cases_.back()[member] = value;
    return *this;
  }
  Cases& flip(const std::string& path, std::size_t at) {
    return op({{"op", "xor"}, {"path", path}, {"at", at}, {"by", 1}});
  }
  Cases& flip_end(const std::string& path, std::size_t before_end) {
    return flip(path, honest_.at(path).size() - before_end);
  }
  Cases& remove(const std::string& path) { return op({{"op", "remove"}, {"path", path}}); }
  Cases& append(const std::string& path, const std::string& text) {
    return op({{"op", "append"}, {"path", path}, {"text", text}});
  }
  Cases& cut(const std::string& path, std::size_t octets) {
    return op({{"op", "cut"}, {"path", path}, {"octets", octets}});
  }
  Cases& resize(const std::string& path, std::size_t octets) {
    return op({{"op", "resize"}, {"path", path}, {"octets", octets}});
  }
  Cases& copy(const std::string& from, const std::string& path) {
    return op({{"op", "copy"}, {"from", from}, {"path", path}});
  }
  Cases& replace(const std::string& path, const std::string& from, const std::string& to) {
    return op({{"op", "replace"}, {"path", path}, {"text", from}, {"by", to}});
  }
  /// Puts octets that are kept as a file of the vectors.
  Cases& put(const std::string& path, const std::string& octets) {
    const std::string file = "variants/" + cases_.back().at("name").get<std::string>() + path;
    write(file, octets);
    return op({{"op", "put"}, {"path", path}, {"file", file}});
  }
  Cases& put_changed(const Files& files) {
    for (const auto& [path, octets] : files) {
      const auto at = honest_.find(path);
      if (at != honest_.end() && at->second == octets) continue;
      if (path != "/v1/list.json") put(path, octets);
    }
    // list.json is the payload of list.jwt: it is not kept twice.
    if (files.contains("/v1/list.json")) op({{"op", "payload"}, {"from", "/v1/list.jwt"}, {"path", "/v1/list.json"}});
    return *this;
  }
  /// A filed document instead of the publication.
  Cases& evidence(const std::string& name, const std::string& compact) {
    write("evidence/" + name, compact);
    return with("evidence", "evidence/" + name);
  }

  void write(const std::string& file, const std::string& octets) const {
    const std::filesystem::path at = folder_ / file;
    std::filesystem::create_directories(at.parent_path());
    std::ofstream(at, std::ios::binary) << octets;
  }
  [[nodiscard]] const Json& all() const { return cases_; }

 private:
  Cases& op(const Json& operation) {
    cases_.back()["patch"].push_back(operation);
    return *this;
  }

  std::filesystem::path folder_;
  const Files& honest_;
  Json cases_ = Json::array();
};

/// The honest publication and what signed it.
struct Stage {
  const StoryKeys& keys;
  Story& story;
  const Generation& generation;
  const Generation& before;  ///< the generation before it
  const Files& honest;
  const Files& earlier;  ///< the files of the generation before
};

inline std::string quoted(const std::string& text) { return registry::canonical(Json(text)); }

/// The list signed again after a change of its payload.
inline Files list_with(const Stage& s, const Change& change, const PrivateKey* by = nullptr) {
  std::string payload = s.honest.at("/v1/list.json");
  change(payload);
  return {{"/v1/list.json", payload},
          {"/v1/list.jwt", sign_jwt(by == nullptr ? s.keys.fresh.jwt : *by, kListType, payload)}};
}

inline Files status_with(const Stage& s, const std::string& id, const Change& change, const PrivateKey* by = nullptr) {
  const std::string path = "/v1/records/" + id + ".jwt";
  std::string payload = payload_of(s.honest.at(path));
  change(payload);
  return {{path, sign_jwt(by == nullptr ? s.keys.fresh.jwt : *by, kStatusType, payload)}};
}

inline Files feed_with(const Stage& s, const std::string& path, const Change& change, const Signers* by = nullptr) {
  std::string feed = without_signature(s.honest.at(path));
  change(feed);
  return {{path, (by == nullptr ? s.keys.fresh : *by).sign(feed)}};
}

/// List, list.json and checkpoint with another note.
inline Files noted(const Stage& s, const std::string& note) {
  Files files = list_with(s, replaced(quoted(s.generation.checkpoint), quoted(note)));
  files["/log/checkpoint"] = note;
  return files;
}

/// The files of a log whose leaves after the archive are others: all that is read before a leaf is judged.
inline Files other_log(const Stage& s, std::vector<std::string> leaves) {
  std::vector<registry::Digest> hashes;
  for (const std::string& leaf : leaves) hashes.push_back(registry::leaf_hash(leaf));
  const std::span<const registry::Digest> all(hashes);
  Files files =
      noted(s, sign_checkpoint({kOrigin, registry::TreeSize{hashes.size()}, registry::root_of(all)}, s.keys.fresh.log));
  std::string bundle;
  for (std::size_t n = kArchiveEvents; n < leaves.size(); ++n) append_entry(bundle, leaves[n]);
  const auto width = static_cast<std::uint16_t>(leaves.size() - kArchiveEvents);
  files[path_of(Tile{0, 1, width, false})] = tile_octets(all.subspan(kArchiveEvents));
  files[path_of(Tile{0, 1, width, true})] = bundle;
  return files;
}

inline std::string with_witness(const Stage& s, std::uint64_t quorum) {
  KeySet set = s.story.key_set();
  set.witnesses.push_back(parse_vkey(vkey("witness.example.jp", s.keys.witness, SignatureType::cosignature)).value());
  set.witness_quorum = quorum;
  return general_jws(to_payload(set), kKeySetType, {&s.keys.root, 1});
}

inline Json seen(const std::string& checkpoint, std::uint64_t keys, const std::string& list, std::uint64_t ver) {
  return {{"checkpoint", checkpoint}, {"keys", keys}, {"list", registry::hex(registry::sha256(list))}, {"ver", ver}};
}

}  // namespace ismap::feed::vectors
