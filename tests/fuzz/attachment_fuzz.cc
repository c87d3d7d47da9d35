#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "registry/attachments/attachments.h"
#include "registry/attachments/file_type.h"

/// Any file has a kind or is refused with words, and is never read outside; what its directory lists lies within it.
/// The same bytes as a name: one that is taken is no way out of a folder.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ismap::registry;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const FileBytes file{size, [&](std::uint64_t offset, std::size_t length) {
                         if (offset > size || length > size + kMostZipDirectoryBytes) std::abort();
                         return std::string(all.substr(static_cast<std::size_t>(offset), length));
                       }};
  const auto type = type_of_content(file);
  if (!type.ok() && type.errors().front().code != Code::unsupported) std::abort();
  if (type.ok() && !type_of_media(type->media_type)) std::abort();
  if (const auto entries = read_zip_directory(file)) {
    if (entries->size() > kMostZipEntries) std::abort();
    for (const ZipEntry& entry : *entries) {
      if (entry.name.empty() || std::uint64_t{entry.offset} + entry.packed_size > size) std::abort();
    }
  }
  if (!attachments::check_name(all).ok()) return 0;
  const bool way_out = all.empty() || all == ".." || all.size() > attachments::kMaxNameBytes ||
                       all.find_first_of(std::string_view("/\\\n\r\0", 5)) != std::string_view::npos;
  if (way_out) std::abort();
  return 0;
}
