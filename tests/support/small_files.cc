#include "tests/support/small_files.h"

#include <algorithm>

namespace ismap::test {

namespace {

/// Source: APPNOTE.TXT 6.3.10 §4.4.7.
std::uint32_t crc32_of(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

std::string little(std::uint64_t n, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i, n >>= 8U) out += static_cast<char>(n & 0xFFU);
  return out;
}

/// What a local and a central header have in common: version to the length of the extra field.
std::string common_header(const std::string& name, const std::string& content) {
  return little(20, 2) + little(0, 2) + little(0, 2) + little(0, 4) + little(crc32_of(content), 4) +
         little(content.size(), 4) + little(content.size(), 4) + little(name.size(), 2) + little(0, 2);
}

std::string office_open_file(const std::string& part) {
  return zip(
      {{"[Content_Types].xml",
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" "
        "ContentType=\"application/xml\"/></Types>"},
       {"_rels/.rels", "<Relationships/>"},
       {part, "<x/>"}});
}

}  // namespace

std::string zip(const ZipParts& parts, std::string_view comment) {
  std::string local;
  std::string central;
  for (const auto& [name, content] : parts) {
    const std::string header = common_header(name, content);
    central += "PK\x01\x02" + little(20, 2) + header + little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4) +
               little(local.size(), 4) + name;
    local += "PK\x03\x04" + header + name + content;
  }
  return local + central + "PK\x05\x06" + little(0, 2) + little(0, 2) + little(parts.size(), 2) +
         little(parts.size(), 2) + little(central.size(), 4) + little(local.size(), 4) + little(comment.size(), 2) +
         std::string(comment);
}

std::string small_pdf(std::string_view more) {
  std::string out = "%PDF-1.7\n%" + std::string(more) + "\n";
  const std::string objects[] = {"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n",
                                 "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n",
                                 "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>\nendobj\n"};
  std::string table = "xref\n0 4\n0000000000 65535 f \n";
  for (const std::string& object : objects) {
    const std::string at = std::to_string(out.size());
    table += std::string(10 - at.size(), '0') + at + " 00000 n \n";
    out += object;
  }
  const std::string table_at = std::to_string(out.size());
  return out + table + "trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n" + table_at + "\n%%EOF\n";
}

std::string small_docx() { return office_open_file("word/document.xml"); }
std::string small_xlsx() { return office_open_file("xl/workbook.xml"); }
std::string small_pptx() { return office_open_file("ppt/presentation.xml"); }

std::string small_odf(const std::string& kind) {
  return zip({{"mimetype", "application/vnd.oasis.opendocument." + kind},
              {"content.xml", "<office:document-content/>"},
              {"META-INF/manifest.xml", "<manifest:manifest/>"}});
}

registry::FileBytes file_of(const std::string& bytes) {
  return {bytes.size(), [&bytes](std::uint64_t offset, std::size_t length) {
            return offset < bytes.size() ? bytes.substr(static_cast<std::size_t>(offset), length) : std::string();
          }};
}

}  // namespace ismap::test
