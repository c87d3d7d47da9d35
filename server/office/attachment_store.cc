#include "server/office/attachment_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

namespace ismap::server {

using registry::Code;
using registry::Digest;
using registry::Done;
using registry::Error;
using registry::Result;

namespace {

constexpr std::size_t kStoreReadsAtOnce = 256 * 1024;

/// What went wrong with a file of the store; neither its name nor its place is told.
Error store_refusal(int reason) {
  const std::string why = std::generic_category().message(reason);
  return {Code::unavailable, "", "",
          fmt::format("添付ファイルを保存又は読出しできません（{}）。少し待って、もう一度お試しください", why),
          fmt::format("the attached file cannot be stored or read ({}); try again later", why)};
}

Error busy_receiving() {
  return {Code::unavailable, "", "", "受信中の添付ファイルが多すぎます。少し待って、もう一度お試しください",
          "too many attached files are being received; try again shortly"};
}

Error damaged_file() {
  return {Code::corrupt, "", "", "保存された添付ファイルが記録と異なります",
          "the stored file is not the one that was attached"};
}

int sync_store_folder(const std::filesystem::path& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return errno;
  const int failure = ::fsync(file) == 0 ? 0 : errno;
  ::close(file);
  return failure;
}

/// Makes the folder unless it is there, and makes it the owner's alone; 0 or errno.
int make_store_folder(const std::filesystem::path& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0) return sync_store_folder(folder.parent_path());
  if (errno != EEXIST) return errno;
  return ::chmod(folder.c_str(), 0700) == 0 ? 0 : errno;  // a copy may have been made with other permissions
}

/// Fewer bytes only at the end of the file, or when it cannot be read.
std::string read_at(int file, std::uint64_t offset, std::size_t length) {
  std::string bytes(length, '\0');
  std::size_t filled = 0;
  while (filled < length) {
    const ssize_t got = ::pread(file, bytes.data() + filled, length - filled, static_cast<off_t>(offset + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

std::string random_file_name() {
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) throw std::runtime_error("no random numbers");
  std::string name;
  for (const unsigned char byte : bytes) name += fmt::format("{:02x}", byte);
  return name;
}

/// Removes the files of a folder for which `unwanted` is true; those that cannot be removed are left.
Result<Done> remove_files(const std::filesystem::path& folder,
                          const std::function<bool(const std::string&)>& unwanted) {
  std::vector<std::filesystem::path> found;
  std::error_code failure;
  for (auto entry = std::filesystem::directory_iterator(folder, failure);
       !failure && entry != std::filesystem::directory_iterator(); entry.increment(failure)) {
    if (entry->is_regular_file(failure) && unwanted(entry->path().filename().string())) found.push_back(entry->path());
  }
  if (failure) return store_refusal(failure.value());
  for (const auto& path : found) ::unlink(path.c_str());
  return Done{};
}

}  // namespace

std::filesystem::path attachments_folder(const std::filesystem::path& data) { return data / "attachments"; }

IncomingFile::IncomingFile(AttachmentStore& store, std::string owner, std::filesystem::path path, int file)
    : store_(store), owner_(std::move(owner)), path_(std::move(path)), file_(file) {}

IncomingFile::~IncomingFile() {
  ::close(file_);
  ::unlink(path_.c_str());  // not there any more when it was kept
  store_.leave(owner_);
}

Result<Done> IncomingFile::write(std::string_view bytes) {
  hash_.add(bytes);
  size_ += bytes.size();
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return store_refusal(errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return Done{};
}

Result<Done> IncomingFile::finish() {
  sha256_ = hash_.finish();
  if (::fsync(file_) != 0) return store_refusal(errno);
  return Done{};
}

registry::FileBytes IncomingFile::bytes() const {
  return {size_, [file = file_](std::uint64_t offset, std::size_t length) { return read_at(file, offset, length); }};
}

StoredFile::~StoredFile() { ::close(file_); }

std::string StoredFile::read(std::size_t offset, std::size_t most) const {
  return read_at(file_, offset, std::min(most, size_ - std::min(size_, offset)));
}

AttachmentStore::AttachmentStore(std::filesystem::path folder)
    : folder_(std::move(folder)), incoming_(folder_ / "incoming") {}

Result<std::unique_ptr<AttachmentStore>> AttachmentStore::open(const std::filesystem::path& folder) {
  std::unique_ptr<AttachmentStore> store(new AttachmentStore(folder));
  for (const auto& wanted : {store->folder_, store->incoming_}) {
    if (const int failure = make_store_folder(wanted); failure != 0) return store_refusal(failure);
  }
  auto emptied = remove_files(store->incoming_, [](const std::string&) { return true; });
  if (!emptied.ok()) return emptied.errors();
  return store;
}

Result<std::shared_ptr<IncomingFile>> AttachmentStore::receive(const std::string& owner) {
  if (!enter(owner)) return busy_receiving();
  const std::filesystem::path path = incoming_ / random_file_name();
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) {
    const int reason = errno;
    leave(owner);
    return store_refusal(reason);
  }
  return std::shared_ptr<IncomingFile>(new IncomingFile(*this, owner, path, file));
}

Result<Done> AttachmentStore::keep(const IncomingFile& file) {
  const std::filesystem::path named = folder_ / hex(file.sha256());
  if (::rename(file.path_.c_str(), named.c_str()) != 0) return store_refusal(errno);
  if (const int failure = sync_store_folder(folder_); failure != 0) return store_refusal(failure);
  return Done{};
}

void AttachmentStore::forget(const Digest& sha256) { ::unlink((folder_ / hex(sha256)).c_str()); }

Result<Done> AttachmentStore::remove_unnamed(const std::function<bool(const std::string&)>& is_named) {
  return remove_files(folder_, [&](const std::string& name) { return !is_named(name); });
}

Result<std::shared_ptr<const StoredFile>> AttachmentStore::read(const Digest& sha256) const {
  const int file = ::open((folder_ / hex(sha256)).c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return errno == ENOENT ? damaged_file() : store_refusal(errno);
  struct stat about {};
  const bool known = ::fstat(file, &about) == 0;
  auto stored = std::make_shared<const StoredFile>(file, known ? static_cast<std::size_t>(about.st_size) : 0);
  registry::Sha256 hash;
  for (std::size_t at = 0; at < stored->size();) {
    const std::string piece = stored->read(at, kStoreReadsAtOnce);
    if (piece.empty()) return damaged_file();
    hash.add(piece);
    at += piece.size();
  }
  if (hash.finish() != sha256) return damaged_file();
  return stored;
}

bool AttachmentStore::enter(const std::string& owner) {
  const std::lock_guard lock(counting_);
  const bool room = under_way_.size() < kMostIncoming && under_way_.count(owner) < kMostIncomingOfOne;
  if (room) under_way_.insert(owner);
  return room;
}

void AttachmentStore::leave(const std::string& owner) {
  const std::lock_guard lock(counting_);
  const auto one = under_way_.find(owner);
  if (one != under_way_.end()) under_way_.erase(one);
}

}  // namespace ismap::server
