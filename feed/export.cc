#include "feed/export.h"

#include <optional>
#include <string>

#include "feed/note.h"
#include "feed/site_folder.h"
#include "registry/journal.h"

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Done;
using registry::Error;
using registry::Result;
using registry::lmdb::ReadTxn;

Error not_continued(const Checkpoint& there) {
  const std::string size = std::to_string(there.size.value());
  return {Code::conflict, "", "",
          "書出し先には、この台帳の続きではない公表物（" + there.origin + "、" + size +
              "件）があります。台帳を古い写しから戻したのなら ismap-liu restore を、別の台帳なら別の書出し先を使って"
              "ください",
          "the folder holds a publication (" + there.origin + ", size " + size +
              ") that this register does not continue. If the register was put back from an old copy, use ismap-liu "
              "restore; if it is another log, use another folder"};
}

/// Whether the generation continues what the folder holds.
Result<Done> check_continues(const registry::lmdb::Env& env, const Generation& generation,
                             const std::optional<Checkpoint>& there, registry::ListVersion ver) {
  if (!there) return Done{};
  if (ver > generation.ver) return not_continued(*there);
  return env.read([&](const ReadTxn& txn) -> Result<Done> {
    const bool ours = there->origin == registry::journal::origin(txn) && there->size <= generation.size &&
                      registry::journal::tree(txn, there->size).root() == there->root;
    if (!ours) return not_continued(*there);
    return Done{};
  });
}

}  // namespace

Result<ExportReport> export_site(registry::lmdb::Env& env, Surface& surface, const Generation& generation,
                                 const std::filesystem::path& out) {
  auto folder = SiteFolder::open(out);
  if (!folder) return folder.errors();
  const auto there = folder->checkpoint();
  if (!there) return there.errors();
  if (auto continues = check_continues(env, generation, *there, folder->list_version()); !continues)
    return continues.errors();
  ExportReport report{generation.ver, generation.size};
  for (const auto& step : surface.paths(generation)) {
    for (const std::string& path : step) {
      const auto document = surface.document(generation, path);
      if (!document) return document.errors();
      const auto written = folder->put(path, (*document)->body());
      if (!written) return written.errors();
      ++(*written ? report.written : report.kept);
    }
    if (auto synced = folder->sync(); !synced) return synced.errors();
  }
  folder->remove_partials_but_of(generation.size, *there ? (*there)->size : registry::TreeSize{0});
  return report;
}

}  // namespace ismap::feed
