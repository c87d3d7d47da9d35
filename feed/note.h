#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "feed/crypto.h"
#include "registry/result.h"
#include "registry/strong.h"
#include "registry/time.h"

/// Signed notes and the checkpoint of the log. Source: C2SP signed-note.md, tlog-checkpoint.md,
/// tlog-cosignature.md.
namespace ismap::feed {

/// A line under a note: who says to have signed, with which key, and the signature itself.
struct NoteSignature {
  std::string name;
  std::string key_id;  ///< 4 bytes
  std::string bytes;   ///< what follows the key id
  friend bool operator==(const NoteSignature&, const NoteSignature&) = default;
};

/// A note taken apart; nobody has checked its signatures yet.
struct Note {
  std::string text;  ///< ends with a newline
  std::vector<NoteSignature> signatures;
};

/// What a key signs with, and so what its signatures mean; both are Ed25519.
enum class SignatureType : char {
  log = '\x01',          ///< the text of the note: a log signs its checkpoint
  cosignature = '\x04',  ///< cosignature/v1, text and time: a witness saw the checkpoint extend the one before
};

/// A public key that may sign notes: `name+keyhash+base64(type ‖ public key)`.
struct VerifierKey {
  std::string name;
  std::string key_id;      ///< 4 bytes
  std::string public_key;  ///< 32 bytes, Ed25519
  SignatureType type = SignatureType::log;
  friend bool operator==(const VerifierKey&, const VerifierKey&) = default;
};

/// What a checkpoint says.
struct Checkpoint {
  std::string origin;
  registry::TreeSize size;
  registry::Digest root;
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

/// The next line without its newline; nothing when no newline is left. Advances `rest`.
std::optional<std::string_view> next_line(std::string_view& rest);

/// A name that may stand in a note and in a vkey: not empty, no space, no plus, no control character.
bool is_key_name(std::string_view name);

/// The vkey of an Ed25519 key under a name, and strictly back. REQUIRES: is_key_name(name).
std::string vkey(std::string_view name, const PrivateKey& key, SignatureType type = SignatureType::log);
/// Errors: malformed, also when the key hash is not that of the key.
registry::Result<VerifierKey> parse_vkey(std::string_view text);
/// The vkey line of a verifier key: as it stands in `log` and `witnesses` of the key set.
std::string to_string(const VerifierKey& key);

/// The whole signed note of a checkpoint: origin, size, root, and one signature line of the log.
/// REQUIRES: `key` is ed25519, is_key_name(origin).
std::string sign_checkpoint(const Checkpoint& checkpoint, const PrivateKey& key);

/// Takes a note apart. Errors: malformed.
registry::Result<Note> parse_note(std::string_view note);

/// Reads the text of a checkpoint; extension lines are allowed and passed over. Errors: malformed.
registry::Result<Checkpoint> parse_checkpoint(std::string_view text);

/// Checks that the log signed the checkpoint: a signature line of one of `keys`, of type log, under its own name, which
/// is the origin. Lines of unknown keys are passed over, a wrong line of a known key is a refusal.
/// Errors: malformed, invalid.
registry::Result<Checkpoint> verify_checkpoint(std::string_view note, std::span<const VerifierKey> keys);

/// The line of a witness, to be added to the end of the note whose text it is.
/// REQUIRES: `key` is ed25519, is_key_name(name), `at` is not before 1970. Units: `at` counts in whole seconds.
/// Source: C2SP tlog-cosignature.md, Ed25519.
std::string sign_cosignature(std::string_view note_text, std::string_view name, const PrivateKey& key,
                             registry::Instant at);

/// A witness that saw a checkpoint, and when.
struct Cosignature {
  std::string name;
  registry::Instant at;
  friend bool operator==(const Cosignature&, const Cosignature&) = default;
};

/// Checks the lines of `witnesses` (of type cosignature) under a note: at least `quorum` different keys signed. A
/// witness that signed twice counts once, with the later time. Lines of unknown keys are passed over, a wrong line of a
/// known key is a refusal. Whether a time is too far in the future is the caller's matter.
/// Errors: malformed, invalid.
registry::Result<std::vector<Cosignature>> verify_cosignatures(std::string_view note,
                                                               std::span<const VerifierKey> witnesses,
                                                               std::uint64_t quorum);

}  // namespace ismap::feed
