#include "feed/note.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "registry/canonical_json.h"
#include "registry/digest.h"

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Error;
using registry::Result;

constexpr char kEd25519 = '\x01';                        ///< signature type of C2SP signed-note
constexpr std::string_view kSignatureStart = "\u2014 ";  ///< em dash, space
constexpr std::size_t kKeyId = 4;
constexpr std::size_t kMaxNote = 1'000'000;
constexpr std::size_t kMaxSignatures = 100;

Error malformed(const std::string& en) {
  return {Code::malformed, "", "", "署名付きノートとして読めません", "not a signed note: " + en};
}

std::string_view view(const registry::Digest& digest) {
  return {reinterpret_cast<const char*>(digest.value().data()), digest.value().size()};
}

std::string key_id(std::string_view name, std::string_view public_key) {
  std::string input(name);
  input += '\n';
  input += kEd25519;
  input += public_key;
  return std::string(view(registry::sha256(input)).substr(0, kKeyId));
}

std::string hex_of(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

/// Valid UTF-8 without control characters but the newline.
bool is_note_text(std::string_view note) {
  const bool plain = std::none_of(note.begin(), note.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F;
  });
  // The strict JSON reader knows UTF-8: a string of these bytes, with what JSON escapes put aside.
  std::string quoted = "\"";
  for (const char c : note) quoted += c == '\n' || c == '"' || c == '\\' ? ' ' : c;
  return plain && registry::parse_json(quoted + "\"").ok();
}

/// The next line without its newline; nothing when no newline is left. Advances `rest`.
std::optional<std::string_view> next_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

std::optional<NoteSignature> read_signature(std::string_view line) {
  if (!line.starts_with(kSignatureStart)) return std::nullopt;
  line.remove_prefix(kSignatureStart.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || !is_key_name(line.substr(0, space))) return std::nullopt;
  const auto bytes = from_base64(line.substr(space + 1));
  if (!bytes || bytes->size() <= kKeyId) return std::nullopt;
  return NoteSignature{std::string(line.substr(0, space)), bytes->substr(0, kKeyId), bytes->substr(kKeyId)};
}

/// Decimal without a leading zero.
std::optional<std::uint64_t> read_size(std::string_view line) {
  std::uint64_t size = 0;
  const auto [end, failure] = std::from_chars(line.data(), line.data() + line.size(), size);
  const bool whole = failure == std::errc{} && end == line.data() + line.size() && !line.empty();
  if (!whole || (line.front() == '0' && line.size() > 1)) return std::nullopt;
  return size;
}

}  // namespace

bool is_key_name(std::string_view name) {
  const bool ascii_good =
      std::none_of(name.begin(), name.end(), [](char c) { return (c >= 0 && c <= ' ') || c == '+' || c == 0x7F; });
  return !name.empty() && ascii_good && name.find("\u3000") == std::string_view::npos &&
         name.find("\u00A0") == std::string_view::npos;
}

std::string vkey(std::string_view name, const PrivateKey& key) {
  const std::string public_key = key.ed25519_public();
  return fmt::format("{}+{}+{}", name, hex_of(key_id(name, public_key)), base64(kEd25519 + public_key));
}

Result<VerifierKey> parse_vkey(std::string_view text) {
  const std::size_t first = text.find('+');
  const std::size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return malformed("a vkey has three parts");
  const std::string_view name = text.substr(0, first);
  const auto key = from_base64(text.substr(second + 1));
  if (!is_key_name(name) || !key || key->size() != 33 || key->front() != kEd25519) {
    return malformed("not the vkey of an Ed25519 key");
  }
  VerifierKey verifier{std::string(name), key_id(name, key->substr(1)), key->substr(1)};
  if (text.substr(first + 1, second - first - 1) != hex_of(verifier.key_id)) {
    return malformed("the key hash is not that of the key");
  }
  return verifier;
}

std::string sign_checkpoint(const Checkpoint& checkpoint, const PrivateKey& key) {
  const std::string text =
      fmt::format("{}\n{}\n{}\n", checkpoint.origin, checkpoint.size.value(), base64(view(checkpoint.root)));
  const std::string signature = key_id(checkpoint.origin, key.ed25519_public()) + key.sign(text);
  return fmt::format("{}\n{}{} {}\n", text, kSignatureStart, checkpoint.origin, base64(signature));
}

Result<Note> parse_note(std::string_view note) {
  if (note.size() > kMaxNote || !is_note_text(note)) return malformed("not plain UTF-8 text");
  const std::size_t split = note.rfind("\n\n");
  if (split == std::string_view::npos) return malformed("there is no empty line before the signatures");
  Note parts{std::string(note.substr(0, split + 1)), {}};
  std::string_view rest = note.substr(split + 2);
  while (!rest.empty()) {
    const auto line = next_line(rest);
    auto signature = line ? read_signature(*line) : std::nullopt;
    if (!signature || parts.signatures.size() >= kMaxSignatures) return malformed("a signature line is wrong");
    parts.signatures.push_back(std::move(*signature));
  }
  if (parts.signatures.empty()) return malformed("it is not signed");
  return parts;
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  const auto origin = next_line(text);
  const auto size_line = next_line(text);
  const auto root_line = next_line(text);
  if (!origin || !size_line || !root_line) return malformed("a checkpoint has three lines");
  const auto size = read_size(*size_line);
  const auto root = from_base64(*root_line);
  if (origin->empty() || !size || !root || root->size() != 32) return malformed("origin, size or root is wrong");
  while (!text.empty()) {
    const auto extension = next_line(text);
    if (!extension || extension->empty()) return malformed("an extension line is empty");
  }
  std::array<std::uint8_t, 32> digest{};
  std::copy(root->begin(), root->end(), digest.begin());
  return Checkpoint{std::string(*origin), registry::TreeSize{*size}, registry::Digest{digest}};
}

Result<Checkpoint> verify_checkpoint(std::string_view note, std::span<const VerifierKey> keys) {
  const auto parts = parse_note(note);
  if (!parts) return parts.errors();
  auto checkpoint = parse_checkpoint(parts->text);
  if (!checkpoint) return checkpoint.errors();
  bool signed_by_log = false;
  for (const NoteSignature& signature : parts->signatures) {
    for (const VerifierKey& key : keys) {
      if (key.name != signature.name || key.key_id != signature.key_id) continue;
      if (!verify_ed25519(key.public_key, parts->text, signature.bytes)) {
        return Error{Code::invalid, "", "", "チェックポイントの署名が合いません",
                     "the checkpoint's signature is wrong"};
      }
      signed_by_log = signed_by_log || key.name == checkpoint->origin;
    }
  }
  if (signed_by_log) return checkpoint;
  return Error{Code::invalid, "", "", "チェックポイントにログの署名がありません",
               "the log did not sign the checkpoint"};
}

}  // namespace ismap::feed
