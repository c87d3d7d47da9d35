#include "feed/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Done;
using registry::Error;
using registry::Result;

constexpr std::size_t kMaxBytes = std::size_t{4} << 20U;

/// A file as a message names it: where the data folder lies is nobody's business who asks over the network.
std::string short_name(const std::filesystem::path& path) {
  return (path.parent_path().filename() / path.filename()).string();
}

Error file_refusal(const std::filesystem::path& path, int reason) {
  const std::string why = std::generic_category().message(reason);
  const Code code = reason == EEXIST ? Code::conflict : reason == ENOENT ? Code::not_found : Code::unavailable;
  return {code, "", "",
          fmt::format("{} を読み書きできません（{}）。権限と空き容量を確かめてください", short_name(path), why),
          fmt::format("{} cannot be read or written ({}); check permissions and free space", short_name(path), why)};
}

/// An open file descriptor.
class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags, mode_t mode = 0)
      : number_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool ok() const { return number_ >= 0; }

 private:
  int number_;
};

/// 0, or the errno of the write or sync that failed.
int write_and_sync(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(descriptor) == 0 ? 0 : errno;
}

int sync_folder(const std::filesystem::path& folder) {
  const Descriptor open_folder(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY);
  if (!open_folder.ok()) return errno;
  return ::fsync(open_folder.number()) == 0 ? 0 : errno;
}

}  // namespace

Result<Done> write_new_file(const std::filesystem::path& path, std::string_view bytes, FileMode mode) {
  const Descriptor file(path, O_WRONLY | O_CREAT | O_EXCL, static_cast<mode_t>(mode));
  if (!file.ok()) return file_refusal(path, errno);
  int failure = write_and_sync(file.number(), bytes);
  if (failure == 0) failure = sync_folder(path.parent_path());
  if (failure == 0) return Done{};
  ::unlink(path.c_str());
  return file_refusal(path, failure);
}

Result<Done> replace_file(const std::filesystem::path& path, std::string_view bytes) {
  std::filesystem::path temporary = path;
  temporary += ".tmp";
  int failure = 0;
  {
    const Descriptor file(temporary, O_WRONLY | O_CREAT | O_TRUNC, static_cast<mode_t>(FileMode::everyone_reads));
    if (!file.ok()) return file_refusal(temporary, errno);
    failure = write_and_sync(file.number(), bytes);
  }
  if (failure == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) failure = errno;
  if (failure == 0) failure = sync_folder(path.parent_path());
  if (failure != 0) return file_refusal(path, failure);
  return Done{};
}

Result<Done> sync_file_system(const std::filesystem::path& folder) {
  const Descriptor open_folder(folder, O_RDONLY | O_DIRECTORY);
  if (!open_folder.ok() || ::syncfs(open_folder.number()) != 0) return file_refusal(folder, errno);
  return Done{};
}

Result<std::string> read_file(const std::filesystem::path& path) {
  const Descriptor file(path, O_RDONLY);
  struct stat about {};
  if (!file.ok() || ::fstat(file.number(), &about) != 0) return file_refusal(path, errno);
  if (!S_ISREG(about.st_mode)) return file_refusal(path, EINVAL);
  if (static_cast<std::size_t>(about.st_size) > kMaxBytes) return file_refusal(path, EFBIG);
  std::string bytes(static_cast<std::size_t>(about.st_size), '\0');
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t got = ::read(file.number(), bytes.data() + filled, bytes.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return file_refusal(path, errno);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

Result<Done> make_folder(const std::filesystem::path& path, std::filesystem::perms permissions) {
  if (::mkdir(path.c_str(), static_cast<mode_t>(permissions)) != 0) return file_refusal(path, errno);
  const int failure = sync_folder(path.parent_path());
  if (failure != 0) return file_refusal(path, failure);
  return Done{};
}

}  // namespace ismap::feed
