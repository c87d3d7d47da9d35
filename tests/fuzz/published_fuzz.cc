#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "feed/guard.h"
#include "feed/jwt.h"
#include "feed/keyset.h"
#include "feed/note.h"

namespace {

/// The key that signed the receipt of docs/vectors, which is a seed: headers that name it lead to its signature.
ismap::registry::Json vector_keys() {
  return ismap::registry::Json::array({{{"alg", "ES256"},
                                        {"crv", "P-256"},
                                        {"kid", "SijQmBdeeSQmyEu7wsuXs_sWujNBRInwgDxbaRBDC2Y"},
                                        {"kty", "EC"},
                                        {"use", "sig"},
                                        {"x", "Tdbl-xebCp-LZPeUnJ5Irg0tXRjOyySU1_PpW1gp2Sc"},
                                        {"y", "T0SuxwT1mpD_KRPUBj53Wavqgad8z-L0nmOPbFX5yrk"}}});
}

}  // namespace

/// Readers of published forms take or refuse any bytes: signed notes, checkpoints, vkeys, JWS, key sets, guard files.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ismap::feed;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)parse_note(text);
  (void)parse_checkpoint(text);
  (void)parse_vkey(text);
  static const ismap::registry::Json kKeys = vector_keys();
  for (const std::string_view typ : {kListType, kStatusType, kReceiptType}) {
    const auto verified = verify_jwt(text, kKeys, typ);
    if (verified && (typ != kReceiptType || verified->kids.size() != 1)) std::abort();  // the seed is a receipt
  }
  (void)unverified_payload(text);
  (void)open_key_set(text);
  (void)parse_key_set(text);
  (void)parse_guard(text);
  return 0;
}
