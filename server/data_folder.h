#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "feed/keys.h"
#include "feed/publication.h"
#include "feed/surface.h"
#include "registry/lmdb/env.h"
#include "registry/registrar.h"
#include "registry/result.h"

namespace ismap::server {

/// The lock that makes one process the owner of a data folder; released with the process, however it ends.
class FolderLock {
 public:
  /// Errors: conflict when another process owns the folder; unavailable.
  static registry::Result<FolderLock> take(const std::filesystem::path& folder);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&& other) noexcept;
  ~FolderLock();

 private:
  explicit FolderLock(int file) : file_(file) {}
  int file_;
};

/// A data folder that this process owns: database, keys, the one writer and the one publisher.
class DataFolder {
 public:
  /// A place for tests to stop the world: called at each step of a publication.
  using AtStep = std::function<registry::Result<registry::Done>(feed::PublishStep)>;

  /// Opens a folder that `init` made. Errors: conflict (owned by another process, newer schema), unavailable, corrupt.
  static registry::Result<std::unique_ptr<DataFolder>> open(const std::filesystem::path& folder, AtStep at = {});

  registry::lmdb::Env& env() { return *env_; }
  registry::Registrar& registrar() { return registrar_; }
  feed::Publisher& publisher() { return publisher_; }
  feed::Surface& surface() { return surface_; }
  [[nodiscard]] const feed::Keys& keys() const { return keys_; }
  /// "https://HOST", as the key set says.
  [[nodiscard]] const std::string& iss() const { return iss_; }

 private:
  DataFolder(FolderLock lock, std::unique_ptr<registry::lmdb::Env> env, feed::Keys keys,
             const std::filesystem::path& folder, const std::string& iss, AtStep at);

  FolderLock lock_;
  std::unique_ptr<registry::lmdb::Env> env_;
  feed::Keys keys_;
  std::string iss_;
  registry::Registrar registrar_;
  feed::Publisher publisher_;
  feed::Surface surface_;
};

}  // namespace ismap::server
