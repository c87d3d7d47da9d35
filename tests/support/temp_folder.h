#pragma once

#include <filesystem>
#include <string>

namespace ismap::test {

/// A folder of its own for one test; gone with it.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The bytes of a file; throws when it cannot be read.
std::string read_file(const std::filesystem::path& file);
/// A file of tests/data.
std::string test_data(const std::string& name);

}  // namespace ismap::test
