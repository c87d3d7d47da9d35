#include "feed/verify/source.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <system_error>

namespace ismap::feed::verify {

namespace {

/// What earlier versions of `export` and `mirror` called a file that they were writing.
constexpr std::string_view kHalfWritten = ".part";

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

std::size_t max_octets_of(std::string_view path) {
  const bool grows = path.starts_with("/v1/list.") || path.ends_with(".atom");
  return grows ? kMaxGrowing : kMaxDocument;
}

Checked<std::string> FolderSource::get(const std::string& path) const {
  namespace fs = std::filesystem;
  std::error_code failure;
  const fs::path at = base_ / fs::path(path).relative_path();
  const fs::file_status status = fs::status(at, failure);
  if (status.type() == fs::file_type::not_found || fs::is_directory(status)) {
    if (fs::is_directory(base_, failure)) return Finding{Fault::missing, path, ""};
    return Finding{Fault::unreachable, path, base_.string() + " is no folder"};
  }
  const std::uintmax_t size = fs::is_regular_file(status) ? fs::file_size(at, failure) : 0;
  if (size > max_octets_of(path)) return Finding{Fault::too_large, path, ""};
  const std::unique_ptr<std::FILE, Close> file(fs::is_regular_file(status) ? std::fopen(at.c_str(), "rb") : nullptr);
  std::string octets(file == nullptr ? 0 : size, '\0');
  if (file == nullptr || std::fread(octets.data(), 1, octets.size(), file.get()) != octets.size()) {
    return Finding{Fault::unreachable, path, "it cannot be read"};
  }
  return octets;
}

std::optional<std::vector<std::string>> FolderSource::names(const std::string& folder) const {
  namespace fs = std::filesystem;
  std::vector<std::string> names;
  std::error_code failure;
  for (fs::directory_iterator at(base_ / fs::path(folder).relative_path(), failure), end; !failure && at != end;
       at.increment(failure)) {
    // A name that leads nowhere is listed too: who asks for it misses it.
    std::error_code nowhere;
    std::string name = at->path().filename().string();
    if (!at->is_directory(nowhere) && !name.ends_with(kHalfWritten)) names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace ismap::feed::verify
