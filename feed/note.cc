#include "feed/note.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "registry/canonical_json.h"
#include "registry/digest.h"

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Error;
using registry::Result;

constexpr std::string_view kSignatureStart = "\u2014 ";  ///< em dash, space
constexpr std::size_t kKeyId = 4;
constexpr std::size_t kPublicKey = 32;
constexpr std::size_t kTimestamp = 8;
constexpr std::size_t kEd25519Signature = 64;
constexpr std::size_t kMaxNote = 1'000'000;
constexpr std::size_t kMaxSignatures = 100;

Error malformed_note(const std::string& en) {
  return {Code::malformed, "", "", "署名付きノートとして読めません", "not a signed note: " + en};
}

std::string_view view(const registry::Digest& digest) {
  return {reinterpret_cast<const char*>(digest.value().data()), digest.value().size()};
}

std::string key_id(std::string_view name, SignatureType type, std::string_view public_key) {
  std::string input(name);
  input += '\n';
  input += static_cast<char>(type);
  input += public_key;
  return std::string(view(registry::sha256(input)).substr(0, kKeyId));
}

std::string signature_line(std::string_view name, SignatureType type, const PrivateKey& key,
                           const std::string& signature) {
  return fmt::format("{}{} {}\n", kSignatureStart, name, base64(key_id(name, type, key.ed25519_public()) + signature));
}

std::optional<SignatureType> type_of(char octet) {
  for (const SignatureType type : {SignatureType::log, SignatureType::cosignature}) {
    if (octet == static_cast<char>(type)) return type;
  }
  return std::nullopt;
}

/// What a witness signs. Source: C2SP tlog-cosignature.md, Ed25519 signed message.
std::string cosigned_message(std::string_view note_text, std::uint64_t seconds) {
  return fmt::format("cosignature/v1\ntime {}\n{}", seconds, note_text);
}

std::string big_endian(std::uint64_t number) {
  std::string out;
  for (std::size_t i = 0; i < kTimestamp; ++i) {
    out.insert(out.begin(), static_cast<char>(number & 0xFFU));
    number >>= 8U;
  }
  return out;
}

/// When the witness saw the text; nothing when the line is not its signature of it.
std::optional<registry::Instant> cosigned_at(std::string_view text, const NoteSignature& line, const VerifierKey& key) {
  if (line.bytes.size() != kTimestamp + kEd25519Signature) return std::nullopt;
  std::uint64_t seconds = 0;
  for (const char c : line.bytes.substr(0, kTimestamp)) seconds = (seconds << 8U) | static_cast<unsigned char>(c);
  const std::string signature = line.bytes.substr(kTimestamp);
  if (seconds > registry::kLastUnixSecond ||
      !verify_ed25519(key.public_key, cosigned_message(text, seconds), signature)) {
    return std::nullopt;
  }
  return registry::Instant{0}.plus_seconds(static_cast<std::int64_t>(seconds));
}

bool is_of(const NoteSignature& signature, const VerifierKey& key) {
  return key.name == signature.name && key.key_id == signature.key_id;
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

std::optional<std::string_view> next_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

bool is_key_name(std::string_view name) {
  const bool ascii_good =
      std::none_of(name.begin(), name.end(), [](char c) { return (c >= 0 && c <= ' ') || c == '+' || c == 0x7F; });
  return !name.empty() && ascii_good && name.find("\u3000") == std::string_view::npos &&
         name.find("\u00A0") == std::string_view::npos;
}

std::string vkey(std::string_view name, const PrivateKey& key, SignatureType type) {
  const std::string public_key = key.ed25519_public();
  return to_string(VerifierKey{std::string(name), key_id(name, type, public_key), public_key, type});
}

std::string to_string(const VerifierKey& key) {
  return fmt::format("{}+{}+{}", key.name, hex_of(key.key_id), base64(static_cast<char>(key.type) + key.public_key));
}

Result<VerifierKey> parse_vkey(std::string_view text) {
  const std::size_t first = text.find('+');
  const std::size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return malformed_note("a vkey has three parts");
  const std::string_view name = text.substr(0, first);
  const auto key = from_base64(text.substr(second + 1));
  const auto type = key && key->size() == 1 + kPublicKey ? type_of(key->front()) : std::nullopt;
  if (!is_key_name(name) || !type) return malformed_note("not the vkey of an Ed25519 key");
  VerifierKey verifier{std::string(name), key_id(name, *type, key->substr(1)), key->substr(1), *type};
  if (text.substr(first + 1, second - first - 1) != hex_of(verifier.key_id)) {
    return malformed_note("the key hash is not that of the key");
  }
  return verifier;
}

std::string sign_checkpoint(const Checkpoint& checkpoint, const PrivateKey& key) {
  const std::string text =
      fmt::format("{}\n{}\n{}\n", checkpoint.origin, checkpoint.size.value(), base64(view(checkpoint.root)));
  return text + "\n" + signature_line(checkpoint.origin, SignatureType::log, key, key.sign(text));
}

Result<Note> parse_note(std::string_view note) {
  if (note.size() > kMaxNote || !is_note_text(note)) return malformed_note("not plain UTF-8 text");
  const std::size_t split = note.rfind("\n\n");
  if (split == std::string_view::npos) return malformed_note("there is no empty line before the signatures");
  Note parts{std::string(note.substr(0, split + 1)), {}};
  std::string_view rest = note.substr(split + 2);
  while (!rest.empty()) {
    const auto line = next_line(rest);
    auto signature = line ? read_signature(*line) : std::nullopt;
    if (!signature || parts.signatures.size() >= kMaxSignatures) return malformed_note("a signature line is wrong");
    parts.signatures.push_back(std::move(*signature));
  }
  if (parts.signatures.empty()) return malformed_note("it is not signed");
  return parts;
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  const auto origin = next_line(text);
  const auto size_line = next_line(text);
  const auto root_line = next_line(text);
  if (!origin || !size_line || !root_line) return malformed_note("a checkpoint has three lines");
  const auto size = read_size(*size_line);
  const auto root = from_base64(*root_line);
  if (origin->empty() || !size || !root || root->size() != 32) return malformed_note("origin, size or root is wrong");
  while (!text.empty()) {
    const auto extension = next_line(text);
    if (!extension || extension->empty()) return malformed_note("an extension line is empty");
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
      if (key.type != SignatureType::log || !is_of(signature, key)) continue;
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

std::string sign_cosignature(std::string_view note_text, std::string_view name, const PrivateKey& key,
                             registry::Instant at) {
  const auto seconds = static_cast<std::uint64_t>(at.unix_seconds());
  return signature_line(name, SignatureType::cosignature, key,
                        big_endian(seconds) + key.sign(cosigned_message(note_text, seconds)));
}

Result<std::vector<Cosignature>> verify_cosignatures(std::string_view note, std::span<const VerifierKey> witnesses,
                                                     std::uint64_t quorum) {
  const auto parts = parse_note(note);
  if (!parts) return parts.errors();
  // By key, not by name: the signed message does not commit to the name.
  std::map<std::string, Cosignature> seen;
  for (const NoteSignature& line : parts->signatures) {
    for (const VerifierKey& key : witnesses) {
      if (key.type != SignatureType::cosignature || !is_of(line, key)) continue;
      const auto at = cosigned_at(parts->text, line, key);
      if (!at) {
        return Error{Code::invalid, "", "", "チェックポイントの証人の署名が合いません",
                     "the signature of a witness is wrong"};
      }
      Cosignature& kept = seen.emplace(key.public_key, Cosignature{key.name, *at}).first->second;
      kept.at = std::max(kept.at, *at);
    }
  }
  if (seen.size() < quorum) {
    return Error{Code::invalid, "", "", "チェックポイントに必要な数の証人の署名がありません",
                 "fewer witnesses signed the checkpoint than the quorum asks for"};
  }
  std::vector<Cosignature> out;
  for (auto& entry : seen) out.push_back(std::move(entry.second));
  return out;
}

}  // namespace ismap::feed
