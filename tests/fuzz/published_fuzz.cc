#include <cstddef>
#include <cstdint>
#include <string_view>

#include "feed/guard.h"
#include "feed/jwt.h"
#include "feed/keyset.h"
#include "feed/note.h"

/// Readers of published forms take or refuse any bytes: signed notes, checkpoints, vkeys, JWS, key sets, guard files.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ismap::feed;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)parse_note(text);
  (void)parse_checkpoint(text);
  (void)parse_vkey(text);
  (void)verify_jwt(text, ismap::registry::Json::array(), kListType);
  (void)unverified_payload(text);
  (void)open_key_set(text);
  (void)parse_key_set(text);
  (void)parse_guard(text);
  return 0;
}
