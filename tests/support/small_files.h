#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/attachments/zip_directory.h"

/// Small real files of the kinds that may be attached, and of some that may not.
namespace ismap::test {

/// Name and content of an entry, in order.
using ZipParts = std::vector<std::pair<std::string, std::string>>;

/// A ZIP archive with these entries, stored; `comment` stands at its end.
std::string zip(const ZipParts& parts, std::string_view comment = "");

/// A PDF with one empty page. `more` is a comment in it, so that two of them can differ.
std::string small_pdf(std::string_view more = "");
std::string small_docx();
std::string small_xlsx();
std::string small_pptx();
/// An OpenDocument file: "text", "spreadsheet", "presentation" …
std::string small_odf(const std::string& kind);

/// The bytes as a file that can be read anywhere. REQUIRES: they outlive it.
registry::FileBytes file_of(const std::string& bytes);

}  // namespace ismap::test
