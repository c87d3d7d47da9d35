#include "registry/attachments/zip_directory.h"

#include <zlib.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace ismap::registry {

namespace {

constexpr std::uint32_t kLocalHeader = 0x04034B50;
constexpr std::uint32_t kCentralHeader = 0x02014B50;
constexpr std::uint32_t kEndRecord = 0x06054B50;
constexpr std::size_t kCentralHeaderBytes = 46;
constexpr std::size_t kLocalHeaderBytes = 30;
constexpr std::size_t kEndRecordBytes = 22;
constexpr std::size_t kLongestComment = 0xFFFF;

/// Little-endian numbers of a record. REQUIRES: they lie within it.
std::uint16_t zip_short(std::string_view record, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(record[at + i])); };
  return static_cast<std::uint16_t>(byte(0) | byte(1) << 8U);
}

std::uint32_t zip_long(std::string_view record, std::size_t at) {
  return zip_short(record, at) | static_cast<std::uint32_t>(zip_short(record, at + 2)) << 16U;
}

/// Where the directory lies, as its end record says.
struct ZipDirectoryPlace {
  std::uint64_t offset = 0;
  std::size_t bytes = 0;
  std::size_t entries = 0;
};

/// The end record at `at` of `tail`, the last bytes of a file of `size`; nothing when that is none, or it does not fit.
std::optional<ZipDirectoryPlace> end_record(std::string_view tail, std::size_t at, std::uint64_t size) {
  const std::string_view record = tail.substr(at);
  if (zip_long(record, 0) != kEndRecord || kEndRecordBytes + zip_short(record, 20) != record.size())
    return std::nullopt;
  const bool one_disk = zip_short(record, 4) == 0 && zip_short(record, 6) == 0;
  const ZipDirectoryPlace place{zip_long(record, 16), zip_long(record, 12), zip_short(record, 10)};
  const std::uint64_t starts_at = size - record.size();
  const bool fits = one_disk && zip_short(record, 8) == place.entries && place.offset + place.bytes == starts_at &&
                    place.entries <= kMostZipEntries && place.bytes <= kMostZipDirectoryBytes;
  return fits ? std::optional(place) : std::nullopt;
}

std::optional<ZipDirectoryPlace> find_directory(const FileBytes& file) {
  if (file.size < kEndRecordBytes) return std::nullopt;
  const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(file.size, kEndRecordBytes + kLongestComment));
  const std::string tail = file.read(file.size - most, most);
  if (tail.size() != most) return std::nullopt;
  for (std::size_t at = most - kEndRecordBytes + 1; at-- > 0;) {
    if (auto place = end_record(tail, at, file.size)) return place;
  }
  return std::nullopt;
}

/// Takes one entry off `rest`; nothing when it is cut off or points outside.
std::optional<ZipEntry> take_entry(std::string_view& rest, std::uint64_t directory_at) {
  if (rest.size() < kCentralHeaderBytes || zip_long(rest, 0) != kCentralHeader) return std::nullopt;
  const std::size_t name = zip_short(rest, 28);
  const std::size_t whole = kCentralHeaderBytes + name + zip_short(rest, 30) + zip_short(rest, 32);
  if (name == 0 || rest.size() < whole) return std::nullopt;
  ZipEntry entry{std::string(rest.substr(kCentralHeaderBytes, name)), zip_short(rest, 10), zip_long(rest, 20),
                 zip_long(rest, 24), zip_long(rest, 42)};
  rest.remove_prefix(whole);
  const std::uint64_t least_end = std::uint64_t{entry.offset} + kLocalHeaderBytes + name + entry.packed_size;
  if (least_end > directory_at) return std::nullopt;
  return entry;
}

}  // namespace

std::optional<std::vector<ZipEntry>> read_zip_directory(const FileBytes& file) {
  const std::string head = file.read(0, 4);
  if (head.size() != 4 || zip_long(head, 0) != kLocalHeader) return std::nullopt;
  const auto place = find_directory(file);
  if (!place) return std::nullopt;
  const std::string directory = file.read(place->offset, place->bytes);
  if (directory.size() != place->bytes) return std::nullopt;
  std::string_view rest = directory;
  std::vector<ZipEntry> entries;
  for (std::size_t n = 0; n < place->entries; ++n) {
    auto entry = take_entry(rest, place->offset);
    if (!entry) return std::nullopt;
    entries.push_back(*std::move(entry));
  }
  return rest.empty() ? std::optional(std::move(entries)) : std::nullopt;
}

namespace {

/// Deflated bytes unpacked to exactly `size`; nothing when they are no such stream.
std::optional<std::string> inflated(const std::string& packed, std::size_t size) {
  std::string out(size, '\0');
  std::string in = packed;  // zlib asks for bytes that it may write to, and does not
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return std::nullopt;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int ended = inflate(&stream, Z_FINISH);
  const bool whole = ended == Z_STREAM_END && stream.avail_out == 0;
  inflateEnd(&stream);
  return whole ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace

std::optional<std::string> read_zip_entry(const FileBytes& file, const ZipEntry& entry, std::size_t most) {
  constexpr std::uint16_t kStored = 0;
  constexpr std::uint16_t kDeflated = 8;
  if (entry.size > most || entry.packed_size > most) return std::nullopt;
  const std::string head = file.read(entry.offset, kLocalHeaderBytes);
  if (head.size() != kLocalHeaderBytes || zip_long(head, 0) != kLocalHeader) return std::nullopt;
  const std::uint64_t begins = entry.offset + kLocalHeaderBytes + zip_short(head, 26) + zip_short(head, 28);
  if (begins + entry.packed_size > file.size) return std::nullopt;
  std::string packed = file.read(begins, entry.packed_size);
  if (packed.size() != entry.packed_size) return std::nullopt;
  if (entry.method == kDeflated) return inflated(packed, entry.size);
  if (entry.method != kStored || entry.size != entry.packed_size) return std::nullopt;
  return packed;
}

}  // namespace ismap::registry
