#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "registry/attachments/attachments.h"
#include "registry/lmdb/env.h"
#include "registry/result.h"
#include "server/office/attachment_store.h"

namespace ismap::server {

/// An attachment and its file, open and proved to be what was attached.
struct OpenAttachment {
  registry::Attachment about;
  std::shared_ptr<const StoredFile> file;
};

/// Attachments as a whole: the file on the disk and its row in the register, in the order that a death in between can
/// do least harm. Thread: any.
class AttachmentDesk {
 public:
  AttachmentDesk(registry::lmdb::Env& env, AttachmentStore& store) : env_(env), store_(store) {}

  /// Begins to receive a file. Errors: unavailable.
  registry::Result<std::shared_ptr<IncomingFile>> receive(const std::string& organisation) {
    return store_.receive(organisation);
  }

  /// What a request says of the file that it brings.
  struct Wish {
    std::string name;
    std::string declared;                                    ///< Content-Type
    std::optional<registry::RequestKey> key = std::nullopt;  ///< its fingerprint is set here
  };
  /// Attaches a received file to a draft: syncs it, looks what it is, gives it its name, records it. Whatever fails
  /// leaves neither file nor row. Errors: invalid (empty); unsupported (by its content); those of
  /// registry::attachments::add; unavailable.
  registry::Result<registry::attachments::Added> attach(const registry::FilingId& filing, Wish wish, IncomingFile& file,
                                                        const registry::Actor& who, registry::Instant now);
  /// Takes an attachment off a draft; gives what is left. Errors: those of registry::attachments::remove.
  registry::Result<std::vector<registry::Attachment>> detach(const registry::FilingId& filing, std::uint64_t number,
                                                             const registry::Actor& who, registry::Instant now);

  /// Errors: corrupt, unavailable.
  [[nodiscard]] registry::Result<std::vector<registry::Attachment>> of(const registry::FilingId& filing) const;
  /// Errors: not_found; corrupt (the file is missing or another); unavailable.
  [[nodiscard]] registry::Result<OpenAttachment> open(const registry::FilingId& filing, std::uint64_t number) const;

  /// Removes every file that no attachment names: those of a withdrawn draft, and what a death in between left.
  /// Errors: corrupt, unavailable.
  registry::Result<registry::Done> remove_unnamed();

 private:
  /// Removes this file unless an attachment names it.
  void forget_unnamed(const registry::Digest& sha256);

  registry::lmdb::Env& env_;
  AttachmentStore& store_;
};

}  // namespace ismap::server
