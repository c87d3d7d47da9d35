#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "feed/keys.h"
#include "feed/publication.h"
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
  /// Opens a folder that `init` made. Errors: conflict (owned by another process, newer schema), unavailable, corrupt.
  static registry::Result<std::unique_ptr<DataFolder>> open(const std::filesystem::path& folder);

  registry::lmdb::Env& env() { return *env_; }
  registry::Registrar& registrar() { return registrar_; }
  feed::Publisher& publisher() { return publisher_; }

 private:
  DataFolder(FolderLock lock, std::unique_ptr<registry::lmdb::Env> env, feed::Keys keys,
             const std::filesystem::path& folder, const std::string& iss);

  FolderLock lock_;
  std::unique_ptr<registry::lmdb::Env> env_;
  feed::Keys keys_;
  registry::Registrar registrar_;
  feed::Publisher publisher_;
};

}  // namespace ismap::server
