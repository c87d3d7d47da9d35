#pragma once

#include <string>

#include "feed/proof.h"
#include "registry/calendar.h"
#include "registry/corporate_number.h"
#include "tests/feed/vector_press.h"

/// The small vectors of docs/vectors/values.json: what an implementer needs before anything is signed.
namespace ismap::feed::vectors {

using registry::Json;

inline std::string hex_of(const registry::Digest& digest) { return registry::hex(digest); }

inline Json hex_list(const ProofPath& path) {
  Json out = Json::array();
  for (const auto& hash : path) out.push_back(hex_of(hash));
  return out;
}

/// Leaves, and leaf hashes of the log in the files.
inline std::vector<registry::Digest> hashes_of(const Files& files) {
  std::vector<registry::Digest> out;
  for (std::size_t n = 0;; ++n) {
    const auto at = files.find(fmt::format("/v1/events/{}.json", n));
    if (at == files.end()) return out;
    out.push_back(registry::leaf_hash(at->second));
  }
}

inline ReadTile reader_of(const Files& files, std::size_t size) {
  return [&files, size](const Tile& tile) -> registry::Result<std::string> {
    const auto whole = tile_at(tile.level, tile.index, registry::TreeSize{size});
    return files.at(path_of(*whole)).substr(0, std::size_t{tile.width} * 32);
  };
}

inline Json tree_values(const Files& files) {
  const auto hashes = hashes_of(files);
  const std::span<const registry::Digest> all(hashes);
  Json out{{"empty_root", hex_of(registry::sha256(""))}};
  for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{256}}) {
    out["leaf_hashes"].push_back({{"index", n}, {"hash", hex_of(hashes[n])}});
  }
  for (const std::size_t size : {1U, 2U, 3U, 7U, 8U, 255U, 256U, 257U}) {
    out["roots"].push_back({{"size", size}, {"root", hex_of(registry::root_of(all.first(size)))}});
  }
  out["roots"].push_back({{"size", all.size()}, {"root", hex_of(registry::root_of(all))}});
  const ReadTile read = reader_of(files, all.size());
  const registry::TreeSize size{all.size()};
  for (const std::uint64_t n : {std::uint64_t{0}, std::uint64_t{7}, std::uint64_t{255}, size.value() - 1}) {
    const auto path = inclusion_path(read, registry::Seq{n}, size).value();
    out["inclusion"].push_back({{"index", n}, {"path", hex_list(path)}, {"size", size.value()}});
  }
  for (const std::uint64_t from :
       {std::uint64_t{1}, std::uint64_t{7}, std::uint64_t{8}, std::uint64_t{256}, std::uint64_t{259}, size.value()}) {
    const auto path = consistency_path(read, registry::TreeSize{from}, size).value();
    out["consistency"].push_back({{"from", from}, {"path", hex_list(path)}, {"to", size.value()}});
  }
  return out;
}

inline Json path_values() {
  Json out = Json::array();
  for (const Tile& tile : {Tile{0, 0, 256, false}, Tile{0, 1, 9, false}, Tile{1, 0, 1, false}, Tile{0, 999, 256, false},
                           Tile{0, 1000, 256, false}, Tile{2, 1'234'067, 7, false}, Tile{0, 1'234'067, 256, true},
                           Tile{0, 1, 255, true}}) {
    out.push_back({{"entries", tile.entries},
                   {"index", tile.index},
                   {"level", tile.level},
                   {"path", path_of(tile)},
                   {"width", tile.width}});
  }
  return out;
}

/// Vkeys with their key hashes, keys with their thumbprints.
inline Json key_values(const Files& files) {
  Json out;
  const Json set = registry::parse_json(unverified_payload(files.at("/v1/keys.json")).value()).value();
  for (const Json& line : set.at("log")) {
    const std::string vkey = line.get<std::string>();
    const std::string rest = vkey.substr(vkey.find('+') + 1);
    out["note_key_hashes"].push_back({{"hash", rest.substr(0, 8)}, {"vkey", vkey}});
  }
  for (const Json& jwk : set.at("keys")) out["thumbprints"].push_back({{"jwk", jwk}, {"thumbprint", thumbprint(jwk)}});
  const Json root = set.at("roots").at("keys").at(0);
  out["thumbprints"].push_back({{"jwk", root}, {"thumbprint", thumbprint(root)}});
  return out;
}

/// Texts and their RFC 8785 form; null where the text is refused.
inline Json json_values() {
  Json out = Json::array();
  for (const char* text : {R"({ "b" : 1 , "a" : [ true , null , -1 ] })",
                           R"({"a":"\u67b6\u7a7a \ufa19 \u000a\u001f\u007f \/ \ud83d\uddfb"})", R"({"a":1,"a":2})",
                           R"({"a":1.0})", R"({"a":1e2})", R"({"a":9007199254740991})", R"({"a":9007199254740992})",
                           R"({"a":-0})", R"({"a":"\ud800"})", R"({"架":1})", R"({"a":1} )", R"({"a":01})"}) {
    const auto parsed = registry::parse_json(text);
    out.push_back({{"text", text}, {"canonical", parsed ? Json(registry::canonical(*parsed)) : Json(nullptr)}});
  }
  return out;
}

inline Json day_values() {
  Json out;
  const auto day = [](const char* text) { return registry::Day::parse(text).value(); };
  for (const char* end : {"2024-03-31", "2023-12-31", "2023-04-30", "2024-02-29", "2022-10-31", "2023-10-30",
                          "2024-06-15", "2024-09-30"}) {
    out["expiry"].push_back({{"audit_end", end}, {"expires_on", registry::expiry_of(day(end)).iso()}});
  }
  struct Term {
    const char* day;
    int months;
  };
  for (const Term& term : {Term{"2024-04-15", 1}, Term{"2024-04-30", 1}, Term{"2025-01-30", 1}, Term{"2025-02-28", 1},
                           Term{"2025-11-30", 3}, Term{"2024-02-29", 12}}) {
    out["within_months"].push_back({{"day", term.day},
                                    {"last", registry::within_months(day(term.day), term.months).iso()},
                                    {"months", term.months}});
  }
  for (const char* at : {"2026-05-28T14:59:59.999Z", "2026-05-28T15:00:00.000Z"}) {
    out["jst_days"].push_back({{"instant", at}, {"day", registry::Instant::parse(at)->jst_day().iso()}});
  }
  for (const char* number : {"7123456789012", "4011001098993", "1180301018771", "7123456789013", "712345678901"}) {
    out["corporate_numbers"].push_back({{"number", number}, {"valid", registry::parse_corporate_number(number).ok()}});
  }
  return out;
}

inline Json values_of(const Files& files, const std::string& earlier_checkpoint) {
  return {{"days", day_values()},        {"earlier_checkpoint", earlier_checkpoint},
          {"json", json_values()},       {"keys", key_values(files)},
          {"tile_paths", path_values()}, {"tree", tree_values(files)}};
}

}  // namespace ismap::feed::vectors
