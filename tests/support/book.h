#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "registry/as_of.h"
#include "registry/command.h"
#include "registry/event.h"
#include "registry/lmdb/env.h"
#include "registry/registrar.h"
#include "tests/support/temp_folder.h"

namespace ismap::test {

inline constexpr const char* kOrigin = "liu.example.jp/log";
/// The service that most tests are about.
inline constexpr const char* kId = "L26-0001";

/// The day written YYYY-MM-DD; throws when there is none.
inline registry::Day day(std::string_view iso) { return registry::Day::parse(iso).value(); }

/// A register in a temporary folder with a log that has its key leaf, and a hand for acts.
class Book {
 public:
  Book();

  registry::lmdb::Env& env() { return *env_; }
  registry::Registrar& registrar() { return *registrar_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

  /// Noon JST of `day`.
  static registry::Instant noon(const std::string& day);
  static registry::Day day(const std::string& iso);

  /// A sound record with this registration number: registered 2026-04-01, expiring 2027-04-30.
  static registry::Json record(const std::string& id);
  /// A command of the operator; set what else it needs.
  static registry::Command command(const std::string& id, registry::Doing doing, const std::string& article);

  /// Enters a service on its date of registration. Throws when refused.
  void enter(const std::string& id);
  /// Does an act at noon of `today`.
  registry::Result<registry::Acted> act(const registry::Command& command, const std::string& today);

  std::vector<registry::Event> history(const std::string& id);
  registry::Json latest(const std::string& id);
  std::uint64_t size();
  /// What fsck finds; empty when all is sound.
  std::vector<std::string> fsck();
  /// Closes and opens the folder again.
  void reopen();

 private:
  TempFolder folder_;
  std::unique_ptr<registry::lmdb::Env> env_;
  std::unique_ptr<registry::Registrar> registrar_;
};

}  // namespace ismap::test
