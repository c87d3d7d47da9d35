#include "registry/attachments/file_type.h"

#include <fmt/format.h>

#include <algorithm>

#include "registry/text.h"

namespace ismap::registry {

namespace {

constexpr std::size_t kMostBeforePdfEnd = 1024;  ///< after %%EOF: line ends, and what some writers add
constexpr std::size_t kMimetypeAt = 38;          ///< a local header of 30 bytes and the name "mimetype"
constexpr std::string_view kOpenDocument = "application/vnd.oasis.opendocument.";
constexpr std::string_view kOfficeOpen = "application/vnd.openxmlformats-officedocument.";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

std::string media_without_parameters(std::string_view media_type) {
  std::string out = lower_case(media_type.substr(0, media_type.find(';')));
  const auto last = out.find_last_not_of(" \t");
  out.erase(last == std::string::npos ? 0 : last + 1);
  out.erase(0, std::min(out.size(), out.find_first_not_of(" \t")));
  return out;
}

std::string accepted_names() {
  std::string out;
  for (const FileType& type : file_types()) out += fmt::format("{}{}", out.empty() ? "" : ", ", type.name);
  return out;
}

Error unsupported_file(std::string_view ja, std::string_view en) {
  return {Code::unsupported, "", "", fmt::format("{}。添付できるのは {} です", ja, accepted_names()),
          fmt::format("{}; what may be attached is {}", en, accepted_names())};
}

FileType type_with(std::string_view extension) {
  const auto& all = file_types();
  return *std::find_if(all.begin(), all.end(), [&](const FileType& type) { return type.extension == extension; });
}

bool is_pdf(const FileBytes& file) {
  const std::string head = file.read(0, 8);
  const bool version = head.size() == 8 && (head.starts_with("%PDF-1.") || head.starts_with("%PDF-2."));
  if (!version || !is_digit(head[7])) return false;
  const std::uint64_t most = std::min<std::uint64_t>(file.size, kMostBeforePdfEnd);
  return file.read(file.size - most, static_cast<std::size_t>(most)).find("%%EOF") != std::string::npos;
}

/// The OpenDocument kind whose media type is stored as the first entry.
std::optional<FileType> open_document(const FileBytes& file, const std::vector<ZipEntry>& entries) {
  const auto first = std::find_if(entries.begin(), entries.end(), [](const ZipEntry& e) { return e.offset == 0; });
  const bool stored = first != entries.end() && first->name == "mimetype" && first->method == 0 &&
                      first->size == first->packed_size && first->size < 100;
  if (!stored) return std::nullopt;
  const std::string head = file.read(0, kMimetypeAt + first->size);
  if (head.size() != kMimetypeAt + first->size || head.compare(30, 8, "mimetype") != 0) return std::nullopt;
  const bool plain =
      head.compare(26, 4, std::string_view("\x08\0\0\0", 4)) == 0;  // no extra field (ODF 1.3 part 2 §3.3)
  const std::string_view media_type = std::string_view(head).substr(kMimetypeAt);
  const auto type = type_of_media(media_type);
  return plain && media_type.starts_with(kOpenDocument) && type && type->media_type == media_type ? type : std::nullopt;
}

/// A main part of Office Open XML and the kind that it makes of the container. Its name may carry a number:
/// word/document2.xml.
struct MainPart {
  std::string_view begins;
  std::string_view extension;
};
constexpr MainPart kMainParts[] = {{"word/document", "docx"}, {"xl/workbook", "xlsx"}, {"ppt/presentation", "pptx"}};

bool is_main_part(const MainPart& part, std::string_view name) {
  if (!name.starts_with(part.begins) || !name.ends_with(".xml")) return false;
  const std::string_view number = name.substr(part.begins.size(), name.size() - part.begins.size() - 4);
  return std::all_of(number.begin(), number.end(), is_digit);
}

std::optional<FileType> office_open(const std::vector<ZipEntry>& entries) {
  const auto has = [&](const auto& is) {
    return std::any_of(entries.begin(), entries.end(), [&](const ZipEntry& entry) { return is(entry.name); });
  };
  if (!has([](const std::string& name) { return name == "[Content_Types].xml"; })) return std::nullopt;
  std::optional<FileType> found;
  for (const MainPart& part : kMainParts) {
    if (!has([&](const std::string& name) { return is_main_part(part, name); })) continue;
    if (found) return std::nullopt;  // two documents in one
    found = type_with(part.extension);
  }
  return found;
}

/// A part of a document that runs: by its name, in OOXML and in ODF (Basic/, Scripts/).
bool is_macro_part(const ZipEntry& entry) {
  const std::string name = lower_case(entry.name);
  return name.ends_with("vbaproject.bin") || name.starts_with("basic/") || name.starts_with("scripts/");
}

/// Whether the table of contents of an OOXML container declares macros, whatever its parts are called. One that cannot
/// be read is taken for the worst.
bool declares_macros(const FileBytes& file, const std::vector<ZipEntry>& entries) {
  constexpr std::size_t kMostDeclared = std::size_t{1} << 20U;
  for (const ZipEntry& entry : entries) {
    if (entry.name != "[Content_Types].xml") continue;
    const auto declared = read_zip_entry(file, entry, kMostDeclared);
    if (!declared) return true;
    const std::string text = lower_case(*declared);
    if (text.find("vbaproject") != std::string::npos || text.find("macroenabled") != std::string::npos) return true;
  }
  return false;
}

bool has_macros(const FileBytes& file, const std::vector<ZipEntry>& entries) {
  return std::any_of(entries.begin(), entries.end(), is_macro_part) || declares_macros(file, entries);
}

/// Whether the sender leaves it open what the file is.
bool is_undeclared(std::string_view media_type) {
  return media_without_parameters(media_type) == "application/octet-stream";
}

/// The refusal of a media type that nobody may send.
Error not_accepted(std::string_view said) {
  const std::string shown = said.empty() ? "-" : excerpt(said, 80);
  return unsupported_file(
      fmt::format("Content-Type: {} は受け付けません。ファイルをそのまま本文とし、その形式を（分からなければ "
                  "application/octet-stream を）書いてください",
                  shown),
      fmt::format("Content-Type: {} is not taken: send the file itself as the body, with its type or "
                  "application/octet-stream",
                  shown));
}

Result<FileType> type_of_container(const FileBytes& file, const std::vector<ZipEntry>& entries) {
  if (has_macros(file, entries))
    return unsupported_file("マクロを含むファイルは受け付けません", "a file with macros is not taken");
  auto type = open_document(file, entries);
  if (!type) type = office_open(entries);
  if (type) return *type;
  return unsupported_file("このファイルはZIPですが、文書ではありません", "this file is a ZIP archive and no document");
}

}  // namespace

const std::vector<FileType>& file_types() {
  static const std::string docx = std::string(kOfficeOpen) + "wordprocessingml.document";
  static const std::string xlsx = std::string(kOfficeOpen) + "spreadsheetml.sheet";
  static const std::string pptx = std::string(kOfficeOpen) + "presentationml.presentation";
  static const std::string odt = std::string(kOpenDocument) + "text";
  static const std::string ods = std::string(kOpenDocument) + "spreadsheet";
  static const std::string odp = std::string(kOpenDocument) + "presentation";
  static const std::vector<FileType> all{{"pdf", "application/pdf", "PDF"},
                                         {"docx", docx, "Word (.docx)"},
                                         {"xlsx", xlsx, "Excel (.xlsx)"},
                                         {"pptx", pptx, "PowerPoint (.pptx)"},
                                         {"odt", odt, "OpenDocument .odt"},
                                         {"ods", ods, ".ods"},
                                         {"odp", odp, ".odp"}};
  return all;
}

std::optional<FileType> type_of_media(std::string_view media_type) {
  const std::string wanted = media_without_parameters(media_type);
  for (const FileType& type : file_types()) {
    if (type.media_type == wanted) return type;
  }
  return std::nullopt;
}

std::optional<FileType> type_of_name(std::string_view file_name) {
  const std::string name = lower_case(file_name);
  for (const FileType& type : file_types()) {
    const bool ends = name.size() > type.extension.size() + 1 && name.ends_with(type.extension);
    if (ends && name[name.size() - type.extension.size() - 1] == '.') return type;
  }
  return std::nullopt;
}

Result<FileType> type_of_content(const FileBytes& file) {
  if (is_pdf(file)) return type_with("pdf");
  if (const auto entries = read_zip_directory(file)) return type_of_container(file, *entries);
  if (file.read(0, 4) == "\xD0\xCF\x11\xE0") {
    return unsupported_file("旧形式（.doc、.xls、.ppt）のファイル、又はパスワードで保護されたファイルです",
                            "this is a file of the old binary formats (.doc, .xls, .ppt), or protected by a password");
  }
  return unsupported_file("内容から見て、受け付ける形式のファイルではありません（途中で切れているおそれもあります）",
                          "by its content this is no file of a kind that is taken (it may be cut off)");
}

Result<Done> check_promised(std::string_view file_name, std::string_view declared) {
  Errors errors;
  if (!type_of_name(file_name)) {
    Error error = unsupported_file("ファイル名 " + excerpt(file_name) + " の拡張子は受け付けません",
                                   "the extension of " + excerpt(file_name) + " is not taken");
    error.pointer = "/name";
    errors.push_back(std::move(error));
  }
  if (!is_undeclared(declared) && !type_of_media(declared)) errors.push_back(not_accepted(declared));
  if (!errors.empty()) return errors;
  return Done{};
}

Result<Done> check_kept(const FileType& found, std::string_view file_name, std::string_view declared) {
  Errors errors;
  const auto said = type_of_media(declared);
  if (said && *said != found) {
    errors.push_back({Code::unsupported, "", "",
                      fmt::format("Content-Typeは {} ですが、内容は {} です", said->media_type, found.media_type),
                      fmt::format("the Content-Type says {}, the content is {}", said->media_type, found.media_type)});
  }
  if (type_of_name(file_name) != found) {
    errors.push_back({Code::unsupported, "/name", "",
                      fmt::format("ファイル名は {} ですが、内容は {} です。拡張子を .{} としてください",
                                  excerpt(file_name), found.name, found.extension),
                      fmt::format("the name is {}, the content is {}: let the name end in .{}", excerpt(file_name),
                                  found.name, found.extension)});
  }
  if (!errors.empty()) return errors;
  return Done{};
}

}  // namespace ismap::registry
