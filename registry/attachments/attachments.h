#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/acts.h"
#include "registry/canonical_json.h"
#include "registry/filings/filing.h"
#include "registry/ledger.h"
#include "registry/lmdb/env.h"
#include "registry/replays.h"
#include "registry/result.h"
#include "registry/strong.h"
#include "registry/time.h"

/// Files attached to a filing while it is a draft (添付ファイル). Here is what they are called and what their bytes
/// hash to; the bytes themselves are files outside the database, named by their SHA-256. Never public.
namespace ismap::registry {

/// One attachment. Its number is never given again within its filing.
struct Attachment {
  std::uint64_t number = 0;  ///< from 1
  std::string name;          ///< of the file, as its sender calls it
  std::string type;          ///< media type, by the content
  std::uint64_t bytes = 0;
  Digest sha256;
  Instant added_at;
  friend bool operator==(const Attachment&, const Attachment&) = default;
};

/// {"added_at", "bytes", "name", "number", "sha256", "type"}
Json to_json(const Attachment& attachment);
/// An attachment as it is stored; nothing when it was removed. Errors: corrupt.
Result<std::optional<Attachment>> parse_attachment(std::string_view stored);

namespace attachments {

inline constexpr std::size_t kMaxCount = 20;                                 ///< of a filing
inline constexpr std::uint64_t kMaxFileBytes = std::uint64_t{20} << 20U;     ///< of one file
inline constexpr std::uint64_t kMaxFilingBytes = std::uint64_t{100} << 20U;  ///< of a filing's files together
inline constexpr std::size_t kMaxNameBytes = 255;

/// Whether a file may be called this: 1 to 255 bytes of UTF-8 that can be seen, in one line, without the separators
/// / \ of paths and other characters that no system takes in a file name; not . or ..
/// Errors: invalid at /name.
Result<Done> check_name(std::string_view name);

/// The attachments of a filing, in order of their numbers. Errors: corrupt.
Result<std::vector<Attachment>> of(const lmdb::ReadTxn& txn, const FilingId& filing);
/// Errors: not_found, corrupt.
Result<Attachment> get(const lmdb::ReadTxn& txn, const FilingId& filing, std::uint64_t number);

/// A file that is on the disk and is to be attached.
struct NewFile {
  std::string name;
  std::string type;
  std::uint64_t bytes = 0;
  Digest sha256;
};

/// What became of it.
struct Added {
  Attachment attachment;
  bool existed = false;  ///< the same bytes under the same name were attached before, or the same request answered
};

/// Attaches a file to a draft of `who`, with an entry in the case ledger; the name goes to the payload of the entry,
/// which can be destroyed. The same bytes under the same name are attached once. A repeated `key` is answered as the
/// first time. Errors: not_found (no such filing); conflict (it is no draft; 20 are attached); too_large (the file, or
/// all together); invalid at /name, or when the key was used for another request.
Result<Added> add(lmdb::WriteTxn& txn, const FilingId& filing, const NewFile& file, const Actor& who, Instant now,
                  const std::optional<RequestKey>& key = std::nullopt);

/// Takes an attachment off a draft, with an entry in the case ledger. Gives what was removed.
/// Errors: not_found (no such filing, or no such attachment now); conflict (it is no draft).
Result<Attachment> remove(lmdb::WriteTxn& txn, const FilingId& filing, std::uint64_t number, const Actor& who,
                          Instant now);
/// Likewise all of them, whatever the state of the filing: for a draft that is withdrawn. Errors: corrupt.
Result<Done> remove_all(lmdb::WriteTxn& txn, const FilingId& filing, const Actor& who, Instant now);

/// Destroys what a filing had attached for good: its rows, and on the record every name in the case ledger and in the
/// answers that are kept. The digests stay in the chain. For the destruction of what was filed. Errors: corrupt.
Result<Done> destroy(lmdb::WriteTxn& txn, const FilingId& filing, const ledger::Destruction& why);

/// The refusal of a file that is too large.
Error too_large_file();
/// Whether attachments may be added and removed now. Errors: conflict.
Result<Done> check_draft(const Filing& filing);

/// How many bytes each file has that some attachment of some filing names, by its SHA-256 in hex.
/// Errors: corrupt.
Result<std::map<std::string, std::uint64_t>> named_files(const lmdb::ReadTxn& txn);
/// Whether an attachment names the file with this digest. Errors: corrupt.
Result<bool> is_named(const lmdb::ReadTxn& txn, const Digest& sha256);

/// What is wrong with the table itself, one line each: a row that cannot be read, is out of its place, of no filing, or
/// beyond a limit. For fsck.
std::vector<std::string> differences_in_table(const lmdb::ReadTxn& txn);
/// What is wrong with the files in `folder`, each named by its SHA-256 in hex: one is missing, or its bytes are others.
/// What was detached meanwhile is left out; a file that nobody names is no mistake. For fsck, beside a live server.
std::vector<std::string> differences_in_files(const lmdb::Env& env, const std::filesystem::path& folder);

}  // namespace attachments

}  // namespace ismap::registry
