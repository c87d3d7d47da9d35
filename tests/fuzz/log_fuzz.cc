#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "feed/note.h"
#include "feed/proof.h"
#include "feed/tiles.h"

/// Readers of the log's forms take or refuse any bytes, and what they take has no other spelling: tile paths, tiles,
/// entry bundles, proofs, vkeys, cosigned notes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ismap::feed;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto tile = parse_tile_path(text); tile && path_of(*tile) != text) std::abort();
  if (const auto proof = parse_tlog_proof(text); proof && to_string(*proof) != text) std::abort();
  if (const auto key = parse_vkey(text); key && to_string(*key) != text) std::abort();
  const auto width = static_cast<std::uint16_t>(size == 0 ? 1 : data[0] + 1U);
  if (const auto hashes = parse_tile(text, width); hashes && tile_octets(*hashes) != text) std::abort();
  if (const auto leaves = parse_bundle(text, width); leaves) {
    std::string again;
    for (const std::string_view leaf : *leaves) append_entry(again, leaf);
    if (again != text) std::abort();
  }
  static const VerifierKey kWitness =
      parse_vkey("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2").value();
  (void)verify_cosignatures(text, {&kWitness, 1}, 0);
  return 0;
}
