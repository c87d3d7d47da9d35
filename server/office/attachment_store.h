#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "registry/attachments/zip_directory.h"
#include "registry/digest.h"
#include "registry/result.h"
#include "registry/strong.h"
#include "server/edge/http.h"

/// The files of attachments in DIR/attachments (mode 0700, files 0600), each named by its SHA-256 in hex. Nothing else
/// reads this folder: no route, export or mirror looks for files there by their path.
namespace ismap::server {

/// The folder of a data folder in which they are.
std::filesystem::path attachments_folder(const std::filesystem::path& data);

/// How many files may be on their way at a time, and of one organisation.
inline constexpr std::size_t kMostIncoming = 64;
inline constexpr std::size_t kMostIncomingOfOne = 8;

class AttachmentStore;

/// A file that is being received: written to DIR/attachments/incoming/ under a random name while it is hashed. It is
/// gone with this object, unless the store has kept it. Thread: one at a time.
class IncomingFile : public BodySink {
 public:
  ~IncomingFile() override;
  registry::Result<registry::Done> write(std::string_view bytes) override;

  /// The bytes are on the disk when it returns, and no more come. To be called once. Errors: unavailable.
  registry::Result<registry::Done> finish();
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// REQUIRES: finish went well.
  [[nodiscard]] const registry::Digest& sha256() const { return sha256_; }
  /// What has been received, for reading; lives as long as this.
  [[nodiscard]] registry::FileBytes bytes() const;

 private:
  friend class AttachmentStore;
  IncomingFile(AttachmentStore& store, std::string owner, std::filesystem::path path, int file);

  AttachmentStore& store_;
  const std::string owner_;
  const std::filesystem::path path_;
  const int file_;
  std::uint64_t size_ = 0;
  registry::Sha256 hash_;
  registry::Digest sha256_;
};

/// A kept file, open. Thread: one at a time.
class StoredFile : public BodySource {
 public:
  StoredFile(int file, std::size_t size) : file_(file), size_(size) {}
  ~StoredFile() override;
  [[nodiscard]] std::size_t size() const override { return size_; }
  [[nodiscard]] std::string read(std::size_t offset, std::size_t most) const override;

 private:
  const int file_;
  const std::size_t size_;
};

/// The folder. A file gets its name before the transaction that attaches it, and loses it after the one that takes its
/// last attachment off; `change` puts both under one lock. So a row always finds its file, and a death in between can
/// only leave a file that no row names. `remove_unnamed` removes those when a server starts, after it has published: a
/// database that was put back by mistake and is refused then costs no files. fsck says nothing of them: beside a live
/// server it cannot tell them from a file that is about to be named.
/// Thread: any.
class AttachmentStore {
 public:
  /// Makes the folder if it is not there, and removes what an earlier process left in `incoming`.
  /// REQUIRES: this process owns the data folder. Errors: unavailable.
  static registry::Result<std::unique_ptr<AttachmentStore>> open(const std::filesystem::path& folder);

  /// Begins to receive a file from `owner`. REQUIRES: the store outlives it. Errors: unavailable, also when too many
  /// are on their way.
  registry::Result<std::shared_ptr<IncomingFile>> receive(const std::string& owner);

  /// Runs `f`, and lets no other change happen meanwhile.
  template <class F>
  auto change(F&& f) {
    const std::lock_guard lock(changing_);
    return f();
  }
  /// Gives a finished file its name, durably; the same bytes again are one file. Inside `change`. Errors: unavailable.
  registry::Result<registry::Done> keep(const IncomingFile& file);
  /// Removes a file, durably enough: after a power cut it may be there again, until the next opening. Inside `change`.
  void forget(const registry::Digest& sha256);
  /// Removes each file for which `is_named` is false. Inside `change`. Errors: unavailable.
  registry::Result<registry::Done> remove_unnamed(const std::function<bool(const std::string& sha256)>& is_named);

  /// A kept file; its bytes were read and hash to its name.
  /// Errors: corrupt, when it is missing or its bytes are others; unavailable.
  [[nodiscard]] registry::Result<std::shared_ptr<const StoredFile>> read(const registry::Digest& sha256) const;

 private:
  friend class IncomingFile;
  explicit AttachmentStore(std::filesystem::path folder);
  /// Whether one more may be received, and takes note of it.
  bool enter(const std::string& owner);
  void leave(const std::string& owner);

  const std::filesystem::path folder_;
  const std::filesystem::path incoming_;
  std::mutex changing_;                   ///< held by change
  std::mutex counting_;                   ///< guards under_way_
  std::multiset<std::string> under_way_;  ///< owners of incoming files
};

}  // namespace ismap::server
