#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "server/office/folder_place.h"

namespace ismap::server {

/// `ismap-liu key …`: what is asked for, parsed.
struct KeyOptions {
  enum class Action { list, rotate, renew, retire, revoke, witness, new_root, sign, install };
  Action action = Action::list;
  FolderPlace data;  ///< new-root and sign use its passphrase alone
  std::vector<std::string> roles;
  std::vector<std::string> kids;
  std::vector<std::string> add;  ///< rotate root: files with a JWK; witness: vkeys
  std::vector<std::string> remove;
  std::optional<std::uint64_t> threshold;  ///< or quorum
  std::string reason;
  std::optional<std::uint64_t> last_good_ver;
  std::optional<std::uint64_t> last_good_size;
  std::filesystem::path draft;               ///< written, or read
  std::vector<std::filesystem::path> roots;  ///< private root keys
  std::filesystem::path public_out;
  bool yes = false;
  bool json = false;
};

}  // namespace ismap::server
