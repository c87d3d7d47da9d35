#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "registry/journal.h"
#include "server/context.h"
#include "server/office/data_folder.h"
#include "server/office/office.h"
#include "server/routes.h"
#include "server/site/pages.h"
#include "tests/support/temp_folder.h"

/// The server less its sockets, on a data folder of its own with real keys: every request goes through dispatch.
namespace ismap::test {

inline constexpr const char* kOperator = "ISMAP運用支援機関";
inline constexpr const char* kRegistrant = "株式会社架空";
/// Services of kRegistrant, and one of another company. The first is registered until 2027-04-30, the others until
/// 2026-08-31.
inline constexpr const char* kMine = "L24-0001";
inline constexpr const char* kAlsoMine = "L24-0002";
inline constexpr const char* kTheirs = "L24-0004";

/// What a test sends besides method, path and body.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// An answer and its JSON (null when it has none).
struct Answer {
  server::Response response;
  registry::Json json;
  [[nodiscard]] int status() const { return response.status; }
};

/// "/url 11.5(2)" for each reason of a problem, in order.
std::vector<std::string> reasons(const registry::Json& problem);

class OfficeSite : public ::testing::Test {
 protected:
  /// The journal: 0 the key leaf, 1 to 3 the registrations of kMine, kAlsoMine, kTheirs on 2026-04-01.
  OfficeSite();

  /// Closes the folder and opens it as a new process does, without a publication.
  void reopen(server::DataFolder::AtStep step = {});

  /// A token's secret for a role; made once a role. A registrant's is for kMine and kAlsoMine.
  const std::string& token(const std::string& role);
  /// A new token of a role. Services: a registrant's own.
  std::string new_token(const std::string& role, const std::string& organisation,
                        const std::vector<std::string>& services = {}, int days = 90);

  Answer send(const server::Request& request);
  /// GET of a path with its query, by nobody.
  Answer get(const std::string& target);
  /// A request of whoever has the role's token; a body goes as application/json.
  Answer ask(const std::string& role, const std::string& method, const std::string& target,
             const std::string& body = "", const Fields& fields = {});
  Answer post(const std::string& role, const std::string& target, const registry::Json& body,
              const std::string& key = "");

  /// A draft by the registrant, and its submission; the filing's id.
  std::string drafted(const registry::Json& changes, const std::string& service = kMine);
  std::string filed(const registry::Json& changes, const std::string& service = kMine);

  /// An act with its reason and basis, to which `own` is added.
  static registry::Json act(const std::string& name, const registry::Json& article, const registry::Json& own = {});

  std::uint64_t size();
  /// What fsck finds; empty when all is sound.
  std::vector<std::string> findings();

  /// When the next request of ask() was read; nothing: as it is answered.
  server::Reading reading;

  TempFolder temp;
  std::filesystem::path data;
  registry::Instant now;
  std::unique_ptr<server::DataFolder> folder;
  std::unique_ptr<server::Office> office;
  std::optional<server::Context> context;
  server::Pages pages;

 private:
  std::map<std::string, std::string> tokens_;
};

}  // namespace ismap::test
