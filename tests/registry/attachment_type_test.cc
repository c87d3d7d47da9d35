#include <gtest/gtest.h>

#include <map>

#include "registry/attachments/file_type.h"
#include "tests/support/small_files.h"

/// What a file is, told by its content alone; and that no bytes, however made, are read beyond their end.
namespace ismap::registry {
namespace {

using test::file_of;
using test::zip;
using test::ZipParts;

/// The extension of what the bytes are; the refusal in English otherwise.
std::string kind_of(const std::string& bytes) {
  const auto found = type_of_content(file_of(bytes));
  return found.ok() ? std::string(found->extension) : found.errors().front().en;
}

bool is_not_taken(const std::string& bytes) {
  const auto found = type_of_content(file_of(bytes));
  return !found.ok() && found.errors().front().code == Code::unsupported;
}

const ZipParts kDocument{{"[Content_Types].xml", "<Types/>"}, {"word/document.xml", "<w:document/>"}};

/// Where the end record begins in an archive without a comment, and with a number written over there.
constexpr std::size_t kEndBytes = 22;
std::string with_number(std::string bytes, std::size_t at, std::uint64_t n, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i, n >>= 8U) bytes.at(at + i) = static_cast<char>(n & 0xFFU);
  return bytes;
}

TEST(AttachmentType, EachKindIsKnownByItsContent) {
  const std::map<std::string, std::string> files{{"pdf", test::small_pdf()},
                                                 {"docx", test::small_docx()},
                                                 {"xlsx", test::small_xlsx()},
                                                 {"pptx", test::small_pptx()},
                                                 {"odt", test::small_odf("text")},
                                                 {"ods", test::small_odf("spreadsheet")},
                                                 {"odp", test::small_odf("presentation")}};
  ASSERT_EQ(files.size(), file_types().size());
  for (const auto& [extension, bytes] : files) {
    EXPECT_EQ(kind_of(bytes), extension);
    const auto type = type_of_content(file_of(bytes)).value();
    EXPECT_EQ(type_of_media(type.media_type), type);
    EXPECT_EQ(type_of_name("契約書." + extension), type);
  }
  EXPECT_EQ(type_of_name("A.PDF")->extension, "pdf");
  EXPECT_EQ(type_of_media("Application/PDF; x=y")->extension, "pdf");
  for (const char* name : {"pdf", ".pdf", "a.pdf.exe", "a", "", "apdf"}) EXPECT_FALSE(type_of_name(name)) << name;
}

TEST(AttachmentType, WhatOthersWriteAroundAPdfIsTaken) {
  EXPECT_EQ(kind_of("%PDF-2.0\n" + std::string(5000, ' ') + "%%EOF\r\n" + std::string(500, '\0')), "pdf");
  EXPECT_TRUE(is_not_taken("%PDF-1.7\n%%EOF\n" + std::string(2000, ' '))) << "the end is not at the end: cut or glued";
  EXPECT_TRUE(is_not_taken("%PDF-1.7\n"));
  EXPECT_TRUE(is_not_taken("%PDF-3.0\n%%EOF"));
  EXPECT_TRUE(is_not_taken("%PDF-1.x\n%%EOF"));
  EXPECT_TRUE(is_not_taken("\n%PDF-1.7\n%%EOF"));
}

TEST(AttachmentType, AMainPartMayCarryANumber) {
  EXPECT_EQ(kind_of(zip({{"[Content_Types].xml", ""}, {"word/document2.xml", "x"}})), "docx");
  EXPECT_EQ(kind_of(zip(kDocument, "a comment")), "docx");
  ZipParts embedding = kDocument;
  embedding.emplace_back("word/embeddings/Book1.xlsx", "x");
  EXPECT_EQ(kind_of(zip(embedding)), "docx");
}

TEST(AttachmentType, OtherContainersAreRefused) {
  const std::vector<ZipParts> others{
      {},
      {{"a.txt", "x"}},
      {{"word/document.xml", "x"}},
      {{"[Content_Types].xml", ""}},
      {{"[Content_Types].xml", ""}, {"word/documents/evil.xml", "x"}},
      {{"[Content_Types].xml", ""}, {"word/document.xml", "x"}, {"xl/workbook.xml", "x"}},
      {{"[Content_Types].xml", ""}, {"xl/workbook.bin", "x"}},
      {{"mimetype", "application/epub+zip"}},
      {{"mimetype", "application/pdf"}},
      {{"mimetype", "application/vnd.oasis.opendocument.text-template"}},
      {{"mimetype", "application/vnd.oasis.opendocument.text "}},
      {{"content.xml", "x"}, {"mimetype", "application/vnd.oasis.opendocument.text"}},
      {{"mimetype", std::string(200, 'x')}},
  };
  for (const ZipParts& parts : others)
    EXPECT_TRUE(is_not_taken(zip(parts))) << (parts.empty() ? "" : parts.back().first);
}

TEST(AttachmentType, TheRefusalSaysWhatIsTaken) {
  for (const std::string& bytes : {std::string("MZ\x90"), std::string("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), zip({}),
                                   std::string("<html>"), std::string()}) {
    const Error error = type_of_content(file_of(bytes)).errors().front();
    for (const char* name : {"PDF", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp"}) {
      EXPECT_NE(error.en.find(name), std::string::npos) << error.en;
      EXPECT_NE(error.ja.find(name), std::string::npos) << error.ja;
    }
  }
  EXPECT_NE(kind_of("\xD0\xCF\x11\xE0").find("old binary"), std::string::npos);
  ZipParts macros = kDocument;
  macros.emplace_back("word/vbaProject.bin", "x");
  EXPECT_NE(kind_of(zip(macros)).find("macros"), std::string::npos);
  for (const char* declared :
       {"<Override PartName=\"/word/x.bin\" ContentType=\"application/vnd.ms-office.vbaProject\"/>",
        "<Override ContentType=\"application/vnd.ms-word.document.macroEnabled.main+xml\"/>"}) {
    ZipParts renamed = kDocument;
    for (auto& [name, content] : renamed) {
      if (name == "[Content_Types].xml") content = declared;
    }
    EXPECT_NE(kind_of(zip(renamed)).find("macros"), std::string::npos) << declared;
  }
}

TEST(AttachmentType, EveryTruncationIsRefused) {
  for (const std::string& whole : {test::small_docx(), test::small_odf("text")}) {
    for (std::size_t length = 0; length < whole.size(); ++length) {
      EXPECT_TRUE(is_not_taken(whole.substr(0, length))) << length << " of " << whole.size();
    }
    EXPECT_TRUE(is_not_taken(whole + "x")) << "something is glued to its end";
    EXPECT_TRUE(is_not_taken("#!/bin/sh\n" + whole)) << "or before its beginning";
  }
}

TEST(AttachmentType, NumbersThatPointOutsideAreRefused) {
  const std::string good = zip(kDocument);
  const std::size_t end = good.size() - kEndBytes;
  const std::size_t central = good.find("PK\x01\x02");
  struct Wrong {
    const char* what;
    std::size_t at;
    std::uint64_t n;
    std::size_t width;
  };
  const Wrong wrongs[] = {
      {"disks", end + 4, 1, 2},
      {"entries on this disk", end + 8, 1, 2},
      {"entries of ZIP64", end + 10, 0xFFFF, 2},
      {"the directory's size", end + 12, 0xFFFFFFFF, 4},
      {"the directory's place", end + 16, 0xFFFFFFFF, 4},
      {"the directory's place, by one", end + 16, central + 1, 4},
      {"the comment", end + 20, 5, 2},
      {"the name's length", central + 28, 0xFFFF, 2},
      {"no name", central + 28, 0, 2},
      {"the extra field's length", central + 30, 0xFFFF, 2},
      {"the packed size", central + 20, 0xFFFFFFFF, 4},
      {"an entry's place", central + 42, 0xFFFFFFF0, 4},
      {"an entry in the directory", central + 42, central, 4},
      {"the directory's mark", central, 0, 4},
  };
  for (const Wrong& wrong : wrongs) {
    EXPECT_FALSE(read_zip_directory(file_of(with_number(good, wrong.at, wrong.n, wrong.width)))) << wrong.what;
  }
  EXPECT_EQ(read_zip_directory(file_of(good))->size(), 2U);
}

TEST(AttachmentType, AHugeDirectoryIsNotRead) {
  ZipParts many;
  for (std::size_t n = 0; n <= kMostZipEntries; ++n) many.emplace_back(std::to_string(n), "");
  EXPECT_FALSE(read_zip_directory(file_of(zip(many))));
  many.pop_back();
  EXPECT_EQ(read_zip_directory(file_of(zip(many)))->size(), kMostZipEntries);
  std::size_t most = 0;
  const std::string large(std::size_t{21} << 20U, 'x');
  const FileBytes watched{large.size(), [&](std::uint64_t offset, std::size_t length) {
                            most = std::max(most, length);
                            return large.substr(static_cast<std::size_t>(offset), length);
                          }};
  EXPECT_FALSE(type_of_content(watched).ok());
  EXPECT_LE(most, kMostZipDirectoryBytes) << "a large file is never read whole";
}

TEST(AttachmentType, WhatIsPromisedIsKept) {
  const FileType pdf = *type_of_media("application/pdf");
  const auto pointers = [](const Result<Done>& checked) {
    std::vector<std::string> out;
    for (const Error& error : checked.ok() ? Errors{} : checked.errors()) {
      EXPECT_EQ(error.code, Code::unsupported);
      out.push_back(error.pointer);
    }
    return out;
  };
  using Pointers = std::vector<std::string>;
  EXPECT_EQ(pointers(check_promised("a.pdf", "application/pdf")), Pointers{});
  EXPECT_EQ(pointers(check_promised("a.pdf", "application/octet-stream")), Pointers{});
  EXPECT_EQ(pointers(check_promised("a.doc", "application/msword")), (Pointers{"/name", ""}));
  EXPECT_EQ(pointers(check_promised("a.pdf", "")), Pointers{""});
  EXPECT_EQ(pointers(check_promised("a.pdf", "multipart/form-data; boundary=x")), Pointers{""});
  EXPECT_EQ(pointers(check_kept(pdf, "a.PDF", "application/pdf")), Pointers{});
  EXPECT_EQ(pointers(check_kept(pdf, "a.pdf", "application/octet-stream")), Pointers{});
  const auto lie = check_kept(pdf, "a.docx", type_of_name("a.docx")->media_type);
  EXPECT_EQ(pointers(lie), (Pointers{"", "/name"}));
  EXPECT_NE(lie.errors().front().en.find("wordprocessingml"), std::string::npos) << "both are named";
  EXPECT_NE(lie.errors().front().en.find("application/pdf"), std::string::npos);
}

}  // namespace
}  // namespace ismap::registry
