#include "server/office/attachment_desk.h"

#include <utility>

#include "registry/attachments/file_type.h"
#include "registry/digest.h"

namespace ismap::server {

using registry::Attachment;
using registry::Code;
using registry::Done;
using registry::Error;
using registry::FilingId;
using registry::Result;
using registry::attachments::Added;
using registry::lmdb::ReadTxn;
using registry::lmdb::WriteTxn;

namespace {

/// What the file is, if it may be attached as what it is said to be.
Result<registry::FileType> accepted_type(const IncomingFile& file, const AttachmentDesk::Wish& wish) {
  if (file.size() == 0) return Error{Code::invalid, "", "", "ファイルが空です", "the file is empty"};
  Result<registry::FileType> type = type_of_content(file.bytes());
  if (!type.ok()) return type;
  Result<Done> kept = check_kept(*type, wish.name, wish.declared);
  if (!kept.ok()) return kept.errors();
  return type;
}

}  // namespace

Result<Added> AttachmentDesk::attach(const FilingId& filing, Wish wish, IncomingFile& file, const registry::Actor& who,
                                     registry::Instant now) {
  Result<Done> finished = file.finish();
  if (!finished.ok()) return finished.errors();
  const Result<registry::FileType> type = accepted_type(file, wish);
  if (!type.ok()) return type.errors();
  if (wish.key) {
    wish.key->fingerprint = registry::sha256(filing.value() + '\0' + wish.name + '\0' + hex(file.sha256()));
  }
  const registry::attachments::NewFile found{wish.name, std::string(type->media_type), file.size(), file.sha256()};
  return store_.change([&]() -> Result<Added> {
    Result<Done> kept = store_.keep(file);
    Result<Added> added = kept.ok() ? env_.write([&](WriteTxn& txn) {
      return registry::attachments::add(txn, filing, found, who, now, wish.key);
    })
                                    : Result<Added>(kept.errors());
    if (!added.ok() || added->existed) forget_unnamed(file.sha256());
    return added;
  });
}

Result<std::vector<Attachment>> AttachmentDesk::detach(const FilingId& filing, std::uint64_t number,
                                                       const registry::Actor& who, registry::Instant now) {
  return store_.change([&]() -> Result<std::vector<Attachment>> {
    const Result<Attachment> removed =
        env_.write([&](WriteTxn& txn) { return registry::attachments::remove(txn, filing, number, who, now); });
    if (!removed.ok()) return removed.errors();
    forget_unnamed(removed->sha256);
    return of(filing);
  });
}

Result<std::vector<Attachment>> AttachmentDesk::of(const FilingId& filing) const {
  return env_.read([&](const ReadTxn& txn) { return registry::attachments::of(txn, filing); });
}

Result<OpenAttachment> AttachmentDesk::open(const FilingId& filing, std::uint64_t number) const {
  Result<Attachment> found =
      env_.read([&](const ReadTxn& txn) { return registry::attachments::get(txn, filing, number); });
  if (!found.ok()) return found.errors();
  auto file = store_.read(found->sha256);
  if (!file.ok()) return file.errors();
  return OpenAttachment{std::move(*found), std::move(*file)};
}

Result<Done> AttachmentDesk::remove_unnamed() {
  return store_.change([&]() -> Result<Done> {
    const auto named = env_.read([](const ReadTxn& txn) { return registry::attachments::named_files(txn); });
    if (!named.ok()) return named.errors();
    return store_.remove_unnamed([&](const std::string& name) { return named->contains(name); });
  });
}

void AttachmentDesk::forget_unnamed(const registry::Digest& sha256) {
  const auto named = env_.read([&](const ReadTxn& txn) { return registry::attachments::is_named(txn, sha256); });
  if (named.ok() && !*named) store_.forget(sha256);
}

}  // namespace ismap::server
