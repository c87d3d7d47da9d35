#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "feed/keys.h"
#include "feed/publication.h"
#include "feed/surface.h"
#include "registry/cases/deadline.h"
#include "registry/lmdb/env.h"
#include "registry/registrar.h"
#include "registry/result.h"
#include "server/office/attachment_store.h"
#include "server/office/folder_place.h"
#include "server/office/witness_client.h"

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

  /// Opens a folder that `init` made. Errors: conflict (owned by another process, newer schema), unavailable, corrupt;
  /// invalid, with the line, for a DIR/holidays.txt that cannot be read.
  static registry::Result<std::unique_ptr<DataFolder>> open(const std::filesystem::path& folder, AtStep at = {}) {
    return open(folder, feed::Passphrase(), std::move(at));
  }
  static registry::Result<std::unique_ptr<DataFolder>> open(const std::filesystem::path& folder,
                                                            const feed::Passphrase& passphrase, AtStep at = {});
  static registry::Result<std::unique_ptr<DataFolder>> open(const FolderPlace& place);

  registry::lmdb::Env& env() { return *env_; }
  registry::Registrar& registrar() { return registrar_; }
  feed::Publisher& publisher() { return publisher_; }
  feed::Surface& surface() { return surface_; }
  AttachmentStore& attachments() { return *attachments_; }
  /// For deadlines: the shipped holidays, and over them DIR/holidays.txt as it was when the folder was opened.
  [[nodiscard]] const registry::CaseSettings& case_settings() const { return case_settings_; }
  /// Where troubles with witnesses are told; to be set before anything is published.
  WitnessClient& witnesses() { return witnesses_; }
  /// Reads DIR/keys again: a key was made there since. Errors: as feed::load_keys; then the old ones stay.
  registry::Result<registry::Done> reload_keys();
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// "https://HOST", as the key set says.
  [[nodiscard]] const std::string& iss() const { return iss_; }

 private:
  /// What an open folder is made of.
  struct Parts {
    FolderLock lock;
    std::unique_ptr<registry::lmdb::Env> env;
    feed::HeldKeys keys;
    feed::Passphrase passphrase;
    std::string iss;
    registry::CaseSettings case_settings;
    std::unique_ptr<AttachmentStore> attachments;
  };
  DataFolder(Parts parts, std::filesystem::path folder, AtStep at);

  FolderLock lock_;
  std::unique_ptr<registry::lmdb::Env> env_;
  std::filesystem::path path_;
  feed::Passphrase passphrase_;
  std::string iss_;
  registry::CaseSettings case_settings_;
  std::unique_ptr<AttachmentStore> attachments_;
  registry::Registrar registrar_;
  WitnessClient witnesses_;
  feed::Publisher publisher_;
  feed::Surface surface_;
};

}  // namespace ismap::server
