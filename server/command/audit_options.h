#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "server/office/folder_place.h"

namespace ismap::server {

/// `ismap-liu audit`: what is asked for, parsed. Empty: not given.
struct AuditOptions {
  FolderPlace data;
  std::string since;
  std::string until;
  std::string act;
  std::string role;
  std::string organisation;
  std::string token;
  std::string service;
  std::string case_id;
  std::string filing;
  std::string event;
  std::optional<std::uint64_t> limit;  ///< only the newest; unset: all
  bool texts = false;
  bool json = false;
  bool jsonl = false;           ///< the chain as it is stored
  std::filesystem::path check;  ///< a head that was written down: is the chain up to it what it was
};

int run_audit(const AuditOptions& options);

}  // namespace ismap::server
