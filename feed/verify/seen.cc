#include "feed/verify/seen.h"

#include <system_error>

#include "feed/files.h"
#include "feed/note.h"
#include "feed/verify/octets.h"
#include "registry/canonical_json.h"
#include "registry/digest.h"

namespace ismap::feed::verify {

namespace {

constexpr const char* kFile = "seen.json";

std::string to_octets(const Seen& seen) {
  return registry::canonical({{"checkpoint", seen.checkpoint},
                              {"keys", seen.keys.value()},
                              {"list", registry::hex(seen.list)},
                              {"ver", seen.ver.value()}}) +
         "\n";
}

std::optional<Seen> parse_seen(std::string_view octets) {
  if (!octets.ends_with('\n')) return std::nullopt;
  octets.remove_suffix(1);
  const auto members = canonical_members(octets);
  const auto values = members ? values_of(*members, {"checkpoint", "keys", "list", "ver"}) : std::nullopt;
  if (!values) return std::nullopt;
  const auto checkpoint = text_of((*values)[0]);
  const auto keys = unsigned_of((*values)[1]);
  const auto list = registry::digest_from_hex(plain_of((*values)[2]).value_or(""));
  const auto ver = unsigned_of((*values)[3]);
  if (!checkpoint || !keys || !list || !ver) return std::nullopt;
  const auto note = parse_note(*checkpoint);
  if (!note || !parse_checkpoint(note->text)) return std::nullopt;
  return Seen{*checkpoint, registry::KeySetVersion{*keys}, *list, registry::ListVersion{*ver}};
}

}  // namespace

Checked<std::optional<Seen>> read_seen(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / kFile;
  const auto octets = read_file(path);
  if (!octets && octets.errors().front().code == registry::Code::not_found) return std::optional<Seen>();
  auto seen = octets ? parse_seen(*octets) : std::nullopt;
  if (!seen) return Finding{Fault::state_unreadable, path.string(), ""};
  return seen;
}

Checked<registry::Done> write_seen(const std::filesystem::path& folder, const Seen& seen) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  const auto written = replace_file(folder / kFile, to_octets(seen));
  if (!written) return Finding{Fault::state_unreadable, (folder / kFile).string(), written.errors().front().en};
  return registry::Done{};
}

}  // namespace ismap::feed::verify
