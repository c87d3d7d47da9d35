#include "server/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "feed/keyset.h"
#include "registry/tables.h"

namespace ismap::server {

using registry::Code;
using registry::Done;
using registry::Error;
using registry::Result;

namespace {

/// The issuer that the newest key set names. Errors: corrupt.
Result<std::string> issuer(const registry::lmdb::Env& env) {
  return env.read([](const registry::lmdb::ReadTxn& txn) -> Result<std::string> {
    const auto last = txn.last(registry::tables::kKeySets);
    if (!last) {
      return Error{Code::corrupt, "", "", "鍵セットがありません。ismap-liu init が終わっていません",
                   "there is no key set: ismap-liu init did not end"};
    }
    auto set = feed::open_key_set(last->second);
    if (!set.ok()) return set.errors();
    return set->iss;
  });
}

}  // namespace

Result<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
  const std::string path = (folder / "lock").string();
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return Error{Code::unavailable, "", "",
                 "データフォルダー " + folder.string() + " を使えません: " + std::strerror(errno),
                 "the data folder " + folder.string() + " cannot be used: " + std::strerror(errno)};
  }
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) return FolderLock(file);
  ::close(file);
  return Error{Code::conflict, "", "",
               "データフォルダー " + folder.string() +
                   " は別のプロセスが使っています。そのプロセスを止めるか、終わるのを待ってください",
               "another process owns the data folder " + folder.string() + ": stop it or wait for it"};
}

FolderLock::FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

FolderLock& FolderLock::operator=(FolderLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

FolderLock::~FolderLock() {
  if (file_ >= 0) ::close(file_);
}

Result<std::unique_ptr<DataFolder>> DataFolder::open(const std::filesystem::path& folder, AtStep at) {
  if (!std::filesystem::exists(folder / "lmdb")) {
    return Error{Code::unavailable, "", "",
                 folder.string() + " はデータフォルダーではありません。先に ismap-liu init を実行してください",
                 folder.string() + " is no data folder: run ismap-liu init first"};
  }
  Result<FolderLock> lock = FolderLock::take(folder);
  if (!lock.ok()) return lock.errors();
  registry::lmdb::EnvOptions options;
  options.create = true;
  auto env = registry::tables::open(folder, options);
  if (!env.ok()) return env.errors();
  Result<std::string> iss = issuer(**env);
  if (!iss.ok()) return iss.errors();
  Result<feed::Keys> keys = feed::load_keys(folder / "keys");
  if (!keys.ok()) return keys.errors();
  return std::unique_ptr<DataFolder>(
      new DataFolder(std::move(*lock), std::move(*env), std::move(*keys), folder, *iss, std::move(at)));
}

DataFolder::DataFolder(FolderLock lock, std::unique_ptr<registry::lmdb::Env> env, feed::Keys keys,
                       const std::filesystem::path& folder, const std::string& iss, AtStep at)
    : lock_(std::move(lock)),
      env_(std::move(env)),
      keys_(std::move(keys)),
      iss_(iss),
      registrar_(*env_),
      publisher_(*env_, keys_, folder,
                 [&] {
                   feed::PublisherSettings settings;
                   settings.iss = iss_;
                   settings.at = std::move(at);
                   settings.before = [this](registry::Instant now) -> Result<Done> {
                     auto removed = registrar_.remove_expired(now);
                     if (!removed.ok()) return removed.errors();
                     return Done{};
                   };
                   return settings;
                 }()),
      surface_(*env_, keys_, publisher_.names()) {}

}  // namespace ismap::server
