#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// The list of files in a ZIP container, read from its central directory, and one small entry where it is asked for.
/// Source: APPNOTE.TXT 6.3.10 §4.3.7, §4.3.12, §4.3.16.
namespace ismap::registry {

/// The bytes of a file, wherever they are. Thread: the caller's.
struct FileBytes {
  std::uint64_t size = 0;
  /// At most `length` bytes from `offset` on; fewer at the end of the file, or when it cannot be read.
  std::function<std::string(std::uint64_t offset, std::size_t length)> read;
};

/// One entry of the central directory.
struct ZipEntry {
  std::string name;
  std::uint16_t method = 0;  ///< 0: stored
  std::uint32_t packed_size = 0;
  std::uint32_t size = 0;
  std::uint32_t offset = 0;  ///< of its local header
};

/// What a container may have: more is no office file, and would cost memory.
inline constexpr std::size_t kMostZipEntries = 10'000;
inline constexpr std::size_t kMostZipDirectoryBytes = std::size_t{2} << 20U;

/// The entries in the order of the directory; nothing when the bytes are no ZIP container that is plain and whole: one
/// disk, no ZIP64, the file begins with a local header, the directory ends where its end record begins, that record
/// ends with the file, and every entry lies before the directory. Reads the end of the file and the directory, and no
/// more memory than the limits above.
std::optional<std::vector<ZipEntry>> read_zip_directory(const FileBytes& file);

/// The bytes of one entry, stored or deflated; nothing when they are more than `most`, are not what the directory says
/// of them, or are packed otherwise. Source: APPNOTE.TXT 6.3.10 §4.3.7, RFC 1951.
std::optional<std::string> read_zip_entry(const FileBytes& file, const ZipEntry& entry, std::size_t most);

}  // namespace ismap::registry
