#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/canonical_json.h"
#include "registry/result.h"
#include "registry/strong.h"

/// Who may do what under which article: one table, read both ways (design: filing, deciding, acting).
namespace ismap::registry {

/// 役割. The operator is the ISMAP運用支援機関 (1.2), the committee the ISMAP運営委員会.
enum class Role { operator_, committee, ministries, registrant, applicant, agency, auditor, system };

std::string_view name_of(Role role);
std::optional<Role> role_of(std::string_view name);

/// What may be done to a service; each ends in one public event or more.
enum class Act {
  register_service,
  renew,
  file_renewal,
  close_renewal,
  change,
  usage,
  suspend,
  reinstate,
  start_re_audit,
  end_re_audit,
  remove,
  correct,
};

std::string_view name_of(Act act);
std::optional<Act> act_of(std::string_view name);

/// One line of the table: this role may do this act under this article. An empty article: the rules name none.
struct Permission {
  Act act;
  Role role;
  std::string_view article;
};

/// The whole table, in order of acts.
const std::vector<Permission>& permissions();

/// Who did it, as the ledger records it; a leaf carries no actor.
struct Actor {
  Role role = Role::operator_;
  std::string organisation;
  std::optional<std::uint32_t> local_user = {};  ///< user id, where the role was asserted at the machine itself
  std::string token = {};  ///< id of the bearer token that spoke, which names it without giving it away; "": none did
  std::string from = {};   ///< network address that it came from; "": the machine itself
  friend bool operator==(const Actor&, const Actor&) = default;
};

/// {"role", "organisation"} and, where there is one, "local_user", "token", "from". For the ledger.
Json to_json(const Actor& actor);
/// The same back. REQUIRES: to_json wrote it; std::exception when it did not.
Actor actor_of(const Json& stored);

/// Whether `role` may do `act` under `article`.
/// Errors: invalid at /article when the article does not allow the act to anybody (it says which do); forbidden when it
/// does, but to another role (it says to which).
Result<Done> may(Role role, Act act, const std::optional<Article>& article);

}  // namespace ismap::registry
