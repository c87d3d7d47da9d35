#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <map>
#include <memory>
#include <system_error>

#include "registry/attachments/attachments.h"
#include "registry/digest.h"
#include "registry/tables.h"

/// What fsck says of attachments: of the table, and of the files that it names.
namespace ismap::registry::attachments {

namespace {

constexpr std::size_t kHashedAtOnce = 64 * 1024;

/// What the attachments of one filing come to.
struct FilingTotal {
  std::size_t count = 0;
  std::uint64_t bytes = 0;
};

/// What is wrong with a row; empty when nothing is.
std::string difference_of_row(const lmdb::ReadTxn& txn, std::string_view key, std::string_view stored,
                              std::map<std::string, FilingTotal>& totals) {
  const auto end = key.find('\0');
  if (end == std::string_view::npos || key.size() != end + 1 + 8) return "attachments: a key that is none";
  const std::string filing(key.substr(0, end));
  const std::uint64_t number = lmdb::number_of(key.substr(end + 1));
  const std::string place = fmt::format("attachments: {} of {}", number, filing);
  if (!txn.get(tables::kFilings, filing)) return place + ": there is no such filing";
  const auto attachment = parse_attachment(stored);
  if (!attachment.ok()) return place + " cannot be read";
  if (!attachment->has_value()) return {};
  if ((*attachment)->number != number || canonical(to_json(**attachment)) != stored) return place + " is out of place";
  FilingTotal& total = totals[filing];
  ++total.count;
  total.bytes += (*attachment)->bytes;
  if ((*attachment)->bytes > kMaxFileBytes) return place + " is larger than a file may be";
  return {};
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

/// What is wrong with the file at `path` that should have this hash in hex and so many bytes; empty when nothing is.
std::string difference_of_file(const std::filesystem::path& path, const std::string& sha256, std::uint64_t bytes) {
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rbe"));
  if (!file) return errno == ENOENT ? "is missing" : "cannot be read: " + std::generic_category().message(errno);
  Sha256 hash;
  std::uint64_t size = 0;
  std::array<char, kHashedAtOnce> piece;
  for (;;) {
    const std::size_t got = std::fread(piece.data(), 1, piece.size(), file.get());
    if (got == 0) break;
    size += got;
    hash.add({piece.data(), got});
  }
  if (std::ferror(file.get()) != 0) return "cannot be read";
  if (hex(hash.finish()) != sha256) return "does not have the bytes that were attached";
  return size == bytes ? "" : fmt::format("has {} bytes, the register says {}", size, bytes);
}

Result<bool> still_named(const lmdb::Env& env, const std::string& sha256) {
  return env.read([&](const lmdb::ReadTxn& txn) { return is_named(txn, digest_from_hex(sha256).value()); });
}

}  // namespace

std::vector<std::string> differences_in_table(const lmdb::ReadTxn& txn) {
  std::vector<std::string> found;
  std::map<std::string, FilingTotal> totals;
  txn.scan(tables::kAttachments, "", [&](std::string_view key, std::string_view stored) {
    std::string difference = difference_of_row(txn, key, stored, totals);
    if (!difference.empty()) found.push_back(std::move(difference));
    return true;
  });
  for (const auto& [filing, total] : totals) {
    if (total.count > kMaxCount || total.bytes > kMaxFilingBytes) {
      found.push_back(fmt::format("attachments: {} has more than a filing may have", filing));
    }
  }
  return found;
}

std::vector<std::string> differences_in_files(const lmdb::Env& env, const std::filesystem::path& folder) {
  const auto files = env.read([](const lmdb::ReadTxn& txn) { return named_files(txn); });
  if (!files.ok()) return {};  // the check of the table names the row
  std::vector<std::string> found;
  for (const auto& [sha256, bytes] : *files) {
    const std::string difference = difference_of_file(folder / sha256, sha256, bytes);
    if (difference.empty()) continue;
    const auto named = still_named(env, sha256);
    if (named.ok() && *named) found.push_back(fmt::format("attachments: file {} {}", sha256, difference));
  }
  return found;
}

}  // namespace ismap::registry::attachments
