#include "server/office/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "feed/files.h"
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

/// The shipped holidays with those of DIR/holidays.txt, if there is one. Errors: invalid, naming file and line.
Result<registry::CaseSettings> read_case_settings(const std::filesystem::path& folder) {
  registry::CaseSettings settings;
  const std::filesystem::path file = folder / "holidays.txt";
  const auto text = feed::read_file(file);
  if (!text.ok() && text.errors().front().code == Code::not_found) return settings;
  if (!text.ok()) return text.errors();
  auto overrides = registry::parse_holiday_overrides(*text);
  if (!overrides.ok()) {
    registry::Errors errors = overrides.errors();
    for (Error& error : errors) {
      error.ja = file.string() + " の" + error.ja;
      error.en = file.string() + ": " + error.en;
    }
    return errors;
  }
  for (const auto& [day, is_holiday] : *overrides) settings.holidays[day] = is_holiday;
  return settings;
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

Result<feed::Passphrase> passphrase_of(const FolderPlace& place) {
  if (place.passphrase_fd >= 0) return feed::Passphrase::read(place.passphrase_fd);
  if (!place.passphrase_file.empty()) return feed::Passphrase::read(place.passphrase_file);
  return feed::Passphrase();
}

Result<std::unique_ptr<DataFolder>> DataFolder::open(const FolderPlace& place) {
  const auto passphrase = passphrase_of(place);
  if (!passphrase.ok()) return passphrase.errors();
  return open(place.folder, *passphrase);
}

Result<std::unique_ptr<DataFolder>> DataFolder::open(const std::filesystem::path& folder,
                                                     const feed::Passphrase& passphrase, AtStep at) {
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
  Result<feed::HeldKeys> keys = feed::load_keys(folder / "keys", passphrase);
  if (!keys.ok()) return keys.errors();
  Result<registry::CaseSettings> settings = read_case_settings(folder);
  if (!settings.ok()) return settings.errors();
  auto attachments = AttachmentStore::open(attachments_folder(folder));
  if (!attachments.ok()) return attachments.errors();
  Parts parts{std::move(*lock), std::move(*env),      std::move(*keys),       passphrase,
              std::move(*iss),  std::move(*settings), std::move(*attachments)};
  return std::unique_ptr<DataFolder>(new DataFolder(std::move(parts), folder, std::move(at)));
}

Result<Done> DataFolder::reload_keys() {
  Result<feed::HeldKeys> keys = feed::load_keys(path_ / "keys", passphrase_);
  if (!keys.ok()) return keys.errors();
  publisher_.take_keys(std::move(*keys));
  return Done{};
}

DataFolder::DataFolder(Parts parts, std::filesystem::path folder, AtStep at)
    : lock_(std::move(parts.lock)),
      env_(std::move(parts.env)),
      path_(std::move(folder)),
      passphrase_(std::move(parts.passphrase)),
      iss_(std::move(parts.iss)),
      case_settings_(std::move(parts.case_settings)),
      attachments_(std::move(parts.attachments)),
      registrar_(*env_),
      witnesses_(path_),
      publisher_(*env_, std::move(parts.keys), path_,
                 [&] {
                   feed::PublisherSettings settings;
                   settings.iss = iss_;
                   settings.at = std::move(at);
                   settings.cosign = [this](const feed::CosignRequest& request) { return witnesses_.cosign(request); };
                   settings.before = [this](registry::Instant now) -> Result<Done> {
                     auto removed = registrar_.remove_expired(now);
                     if (!removed.ok()) return removed.errors();
                     return Done{};
                   };
                   return settings;
                 }()),
      surface_(*env_, publisher_.names()) {}

}  // namespace ismap::server
