#pragma once

#include <string>

#include "server/office/folder_place.h"

namespace ismap::server {

/// `ismap-liu proposal …`: what is asked for, parsed. Empty: not given.
struct ProposalOptions {
  enum class Action { list, show, confirm, reject };
  Action action = Action::list;
  FolderPlace data;
  std::string role = "operator";
  std::string id;
  std::string state;   ///< list
  std::string reason;  ///< confirm, reject
  bool json = false;
};

/// `ismap-liu settings`.
struct SettingsOptions {
  FolderPlace data;
  std::string four_eyes;  ///< "suspend,remove,key" or "none"; empty: to be shown, not changed
  std::string reason;
  bool json = false;
};

int run_proposal(const ProposalOptions& options);
int run_settings(const SettingsOptions& options);

}  // namespace ismap::server
