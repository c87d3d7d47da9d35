#include "feed/site_folder.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>
#include <utility>

#include "feed/files.h"
#include "feed/tiles.h"

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Done;
using registry::Error;
using registry::Result;

constexpr const char* kParts = ".parts";  ///< hidden: servers do not serve it, and no path of ours leads there

Error cannot_write(const std::filesystem::path& path, const std::error_code& why) {
  return {Code::unavailable, "", "", path.string() + " を書けません（" + why.message() + "）",
          path.string() + " cannot be written (" + why.message() + ")"};
}

Error unreadable(const std::filesystem::path& checkpoint) {
  return {
      Code::conflict, "", "",
      checkpoint.string() +
          " をチェックポイントとして読めないため、何も書きません。空の又は途中で切れたファイルなら、フォルダーがこの"
          "台帳のものであることを確かめて、このファイルだけを消し、もう一度実行してください",
      checkpoint.string() +
          " cannot be read as a checkpoint: nothing is written. If it is empty or torn, make sure that the folder "
          "is this log's, remove that one file and run again"};
}

/// Whether the file is there and has exactly these octets.
bool has(const std::filesystem::path& file, std::string_view octets) {
  std::error_code missing;
  if (std::filesystem::file_size(file, missing) != octets.size() || missing) return false;
  std::ifstream in(file, std::ios::binary);
  std::string found{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return found == octets;
}

}  // namespace

Result<SiteFolder> SiteFolder::open(const std::filesystem::path& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) return cannot_write(folder, failure);
  std::filesystem::remove_all(folder / kParts, failure);  // of a run that was cut off
  if (failure) return cannot_write(folder / kParts, failure);
  return SiteFolder(folder);
}

Result<bool> SiteFolder::put(std::string_view path, std::string_view octets) {
  const std::filesystem::path file = place(path);
  if (has(file, octets)) return false;
  std::error_code failure;
  std::filesystem::create_directories(folder_ / kParts, failure);
  if (failure) return cannot_write(folder_ / kParts, failure);
  const std::filesystem::path part = folder_ / kParts / std::to_string(waiting_.size());
  std::ofstream out(part, std::ios::binary | std::ios::trunc);
  out.write(octets.data(), static_cast<std::streamsize>(octets.size()));
  out.close();
  if (!out) return cannot_write(part, std::make_error_code(std::errc::io_error));
  waiting_.push_back({part, file});
  return true;
}

Result<Done> SiteFolder::sync() {
  if (auto synced = sync_file_system(folder_); !synced || waiting_.empty()) return synced;
  for (const Waiting& file : std::exchange(waiting_, {})) {
    std::error_code failure;
    std::filesystem::create_directories(file.to.parent_path(), failure);
    if (failure) return cannot_write(file.to, failure);
    std::filesystem::rename(file.from, file.to, failure);
    if (failure) return cannot_write(file.to, failure);
  }
  std::error_code ignored;
  std::filesystem::remove(folder_ / kParts, ignored);
  return sync_file_system(folder_);
}

bool SiteFolder::holds(std::string_view path) const {
  std::error_code failure;
  return std::filesystem::is_regular_file(place(path), failure);
}

Result<std::optional<Checkpoint>> SiteFolder::checkpoint() const {
  const auto octets = read_file(place("/log/checkpoint"));
  if (!octets && octets.errors().front().code == Code::not_found) return std::optional<Checkpoint>{};
  if (!octets) return octets.errors();
  const auto note = parse_note(*octets);
  auto checkpoint = note ? parse_checkpoint(note->text) : Result<Checkpoint>(note.errors());
  if (!checkpoint) return unreadable(place("/log/checkpoint"));
  return std::optional<Checkpoint>(std::move(*checkpoint));
}

registry::ListVersion SiteFolder::list_version() const {
  constexpr std::string_view kMember = ",\"ver\":";
  constexpr std::streamoff kTail = 40;
  std::ifstream in(place("/v1/list.json"), std::ios::binary | std::ios::ate);
  if (!in) return {};
  in.seekg(-std::min<std::streamoff>(in.tellg(), kTail), std::ios::end);
  const std::string tail{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const std::size_t at = tail.rfind(kMember);
  std::uint64_t ver = 0;
  if (at != std::string::npos) {
    std::from_chars(tail.data() + at + kMember.size(), tail.data() + tail.size(), ver);
  }
  return registry::ListVersion{ver};
}

void SiteFolder::keep_only(std::string_view folder, const std::vector<std::string>& names,
                           std::string_view suffix) const {
  std::error_code failure;
  std::vector<std::filesystem::path> stale;
  for (std::filesystem::directory_iterator at(place(folder), failure), end; !failure && at != end;
       at.increment(failure)) {
    const std::string name = at->path().filename().string();
    const bool kept =
        std::any_of(names.begin(), names.end(), [&](const std::string& n) { return n + std::string(suffix) == name; });
    if (!kept) stale.push_back(at->path());
  }
  for (const std::filesystem::path& file : stale) std::filesystem::remove(file, failure);
}

void SiteFolder::remove_partials_but_of(registry::TreeSize size, registry::TreeSize before) const {
  std::set<std::string> wanted;
  for (const registry::TreeSize of : {size, before}) {
    for (const Tile& tile : tiles_of(of)) wanted.insert(path_of(tile));
    for (const Tile& tile : bundles_of(of)) wanted.insert(path_of(tile));
  }
  std::error_code failure;
  std::vector<std::filesystem::path> stale;
  for (std::filesystem::recursive_directory_iterator at(place("/log/tile"), failure), end; !failure && at != end;
       at.increment(failure)) {
    const std::string path = "/" + std::filesystem::relative(at->path(), folder_).generic_string();
    const auto tile = parse_tile_path(path);
    if (tile && tile->width != kTileWidth && !wanted.contains(path)) stale.push_back(at->path());
  }
  for (const std::filesystem::path& file : stale) {
    std::filesystem::remove(file, failure);
    std::filesystem::remove(file.parent_path(), failure);  // only when it is empty
  }
}

}  // namespace ismap::feed
