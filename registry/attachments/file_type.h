#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/attachments/zip_directory.h"
#include "registry/result.h"

/// What an attachment is, told by its content: never by its name or by what its sender says.
namespace ismap::registry {

/// One kind of file that may be attached.
struct FileType {
  std::string_view extension;  ///< "pdf"
  std::string_view media_type;
  std::string_view name;  ///< "PDF", for people
  friend bool operator==(const FileType&, const FileType&) = default;
};

/// All kinds, in the order in which messages name them: PDF; docx, xlsx, pptx (ISO/IEC 29500); odt, ods, odp
/// (ISO/IEC 26300).
const std::vector<FileType>& file_types();

/// The kind with this media type; parameters after ; are ignored, letters compare without case.
std::optional<FileType> type_of_media(std::string_view media_type);
/// The kind that the extension of a file name promises ("契約書.PDF"); nothing when none of ours.
std::optional<FileType> type_of_name(std::string_view file_name);

/// The kind that the bytes are. It is a pure function of them, reads a few kilobytes and, of a container, the list of
/// its entries; nothing is unpacked or run.
/// Errors: unsupported for anything else, naming what is taken; it says so when the file has macros (vbaProject.bin) or
/// is one of the old binary formats (.doc, .xls, .ppt).
/// Source: ISO 32000-1 §7.5.2, §7.5.5; ISO/IEC 29500-2 §10; ODF 1.3 part 2 §3.3.
Result<FileType> type_of_content(const FileBytes& file);

/// What can be said before the bytes are there: the extension of the name is one of ours, and the media type too or
/// application/octet-stream. Errors: unsupported, naming what is taken; at /name for the extension.
Result<Done> check_promised(std::string_view file_name, std::string_view declared);
/// Whether the promise holds, once it is known what the file is. Errors: unsupported, naming both; at /name for the
/// extension. REQUIRES: check_promised was content.
Result<Done> check_kept(const FileType& found, std::string_view file_name, std::string_view declared);

}  // namespace ismap::registry
