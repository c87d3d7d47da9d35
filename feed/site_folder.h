#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feed/note.h"
#include "registry/result.h"
#include "registry/strong.h"

namespace ismap::feed {

/// A folder with the files of a publication under their paths: what any web server can serve, and what a mirror keeps.
/// Files appear whole, never torn, and those of one step together: what is put stands in the hidden folder `.parts`,
/// which is no path of a publication, until sync() moves it to its place.
class SiteFolder {
 public:
  /// Makes the folder if it is not there; what a run that was cut off left in FOLDER/.parts goes. Errors: unavailable.
  static registry::Result<SiteFolder> open(const std::filesystem::path& folder);

  /// Puts a file, which is there after sync(); one that has these octets already is left alone.
  /// Gives whether it was written. Errors: unavailable.
  /// REQUIRES: `path` is the path of a publication's file ("/v1/list.jwt").
  registry::Result<bool> put(std::string_view path, std::string_view octets);
  /// Moves what was put to its place, in order; all of it is on the disk when this returns. Errors: unavailable.
  [[nodiscard]] registry::Result<registry::Done> sync();

  [[nodiscard]] bool holds(std::string_view path) const;
  /// What the checkpoint in the folder says; nothing when there is none. Nobody has checked its signature.
  /// Errors: conflict, with the way out, when it cannot be read as one; unavailable.
  [[nodiscard]] registry::Result<std::optional<Checkpoint>> checkpoint() const;

  /// `ver` of /v1/list.json in the folder, its last member; 0 when there is none.
  [[nodiscard]] registry::ListVersion list_version() const;

  /// Takes away the files of a folder whose names without `suffix` are not among `names`: they are of an older
  /// generation.
  void keep_only(std::string_view folder, const std::vector<std::string>& names, std::string_view suffix) const;
  /// Takes away partial tiles and bundles that neither of the two sizes has: they are of no use any more.
  void remove_partials_but_of(registry::TreeSize size, registry::TreeSize before) const;

 private:
  explicit SiteFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}
  [[nodiscard]] std::filesystem::path place(std::string_view path) const { return folder_ / path.substr(1); }

  /// A file that was put and stands in no place yet.
  struct Waiting {
    std::filesystem::path from;
    std::filesystem::path to;
  };

  std::filesystem::path folder_;
  std::vector<Waiting> waiting_;
};

}  // namespace ismap::feed
