#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "registry/result.h"

/// Files that must be whole after a power cut.
namespace ismap::feed {

/// The permission bits of a new file.
enum class FileMode { only_owner = 0600, everyone_reads = 0644 };

/// Writes a file that is not there yet, and syncs it and its folder. A half-written file is taken away again.
/// Errors: unavailable; conflict when the file exists.
registry::Result<registry::Done> write_new_file(const std::filesystem::path& path, std::string_view bytes,
                                                FileMode mode);

/// Replaces a file as a whole: temporary file, fsync, rename, fsync of the folder. A reader sees the old bytes or the
/// new ones, never a mixture.
/// Errors: unavailable; then the old bytes may or may not have been replaced.
registry::Result<registry::Done> replace_file(const std::filesystem::path& path, std::string_view bytes);

/// Everything written to the file system of this folder is on the disk when it returns. Errors: unavailable.
registry::Result<registry::Done> sync_file_system(const std::filesystem::path& folder);

/// All bytes of a small file. Errors: not_found; unavailable (no permission, not a file, over 4 MiB).
registry::Result<std::string> read_file(const std::filesystem::path& path);

/// Makes a folder that is not there yet and syncs its parent. Errors: unavailable; conflict when it exists.
registry::Result<registry::Done> make_folder(const std::filesystem::path& path, std::filesystem::perms permissions);

}  // namespace ismap::feed
