#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "server/office/folder_place.h"

namespace ismap::server {

/// `ismap-liu cases …`: what is asked for, parsed. Empty: not given.
struct CaseOptions {
  enum class Action { list, show, deadlines, open, step, destroy };
  Action action = Action::list;
  FolderPlace data;
  std::string role = "operator";
  std::string id;            ///< of the case: show, step, destroy
  std::uint64_t number = 0;  ///< of the step: destroy
  std::string ground;        ///< destroy: the provision of the law on records
  std::string procedure;
  std::string service;
  std::string state;      ///< list: open or closed
  std::string who;        ///< deadlines: who must act
  std::string until;      ///< deadlines
  bool overdue = false;   ///< deadlines
  bool calendar = false;  ///< deadlines: as iCalendar
  std::string step;       ///< open, step: its name
  std::string article;    ///< open, step
  std::string on;         ///< open, step: the day on which it was made
  std::string reason;     ///< open, step, destroy
  std::string basis;      ///< open, step: the channel by which it came
  std::filesystem::path fields;
  bool json = false;
};

int run_cases(const CaseOptions& options);

}  // namespace ismap::server
