#include "server/config.h"

#include <functional>
#include <map>
#include <utility>

#include "registry/canonical_json.h"
#include "server/command/desk_work.h"
#include "server/edge/address.h"
#include "server/problem.h"

namespace ismap::server {

using registry::Errors;
using registry::Json;
using registry::Result;

namespace {

constexpr std::int64_t kHighestRate = 1'000'000;

/// Takes the value at a pointer; adds what is wrong with it.
using MemberReader = std::function<void(const Json& value, const std::string& pointer, Errors& errors)>;

/// Reads the members that are there; any other is a mistake.
MemberReader object_of(std::map<std::string, MemberReader> members) {
  return [members = std::move(members)](const Json& value, const std::string& pointer, Errors& errors) {
    if (!value.is_object()) {
      errors.push_back(invalid_member(pointer, "JSONオブジェクトで書いてください", "give a JSON object"));
      return;
    }
    for (const auto& [name, member] : value.items()) {
      const std::string at = pointer + "/" + registry::pointer_token(name);
      const auto reader = members.find(name);
      if (reader != members.end()) {
        reader->second(member, at, errors);
      } else {
        errors.push_back(invalid_member(at, "知らない項目です: " + name, "unknown member: " + name));
      }
    }
  };
}

MemberReader whole_number(double& into) {
  return [&into](const Json& value, const std::string& pointer, Errors& errors) {
    if (value.is_number_integer() && value >= 1 && value <= kHighestRate) {
      into = value.get<double>();
    } else {
      errors.push_back(
          invalid_member(pointer, "1から1000000までの整数で書いてください", "give a whole number from 1 to 1000000"));
    }
  };
}

MemberReader rate_of(Rate& into) {
  return object_of({{"per_second", whole_number(into.per_second)}, {"burst", whole_number(into.burst)}});
}

MemberReader addresses(std::vector<std::string>& into) {
  return [&into](const Json& value, const std::string& pointer, Errors& errors) {
    if (!value.is_array()) {
      errors.push_back(invalid_member(pointer, "アドレスを配列で書いてください", "list the addresses"));
      return;
    }
    into.clear();
    for (std::size_t n = 0; n < value.size(); ++n) {
      const auto address = value[n].is_string() ? normal_address(value[n].get<std::string>()) : std::nullopt;
      if (address) {
        into.push_back(*address);
      } else {
        errors.push_back(invalid_member(pointer + "/" + std::to_string(n), "IPv4又はIPv6のアドレスを書いてください",
                                        "give an IPv4 or IPv6 address"));
      }
    }
  };
}

}  // namespace

Result<Config> parse_config(std::string_view json) {
  const Result<Json> parsed = registry::parse_json(json);
  if (!parsed.ok()) return parsed.errors();
  Config config;
  Errors errors;
  const MemberReader reader =
      object_of({{"rate", object_of({{"token", rate_of(config.token)}, {"address", rate_of(config.address)}})},
                 {"trusted_proxies", addresses(config.trusted_proxies)}});
  reader(*parsed, "", errors);
  if (!errors.empty()) return errors;
  return config;
}

Result<Config> read_config(const std::filesystem::path& file) {
  if (file.empty()) return Config{};
  const Result<std::string> bytes = read_input(file);
  if (!bytes.ok()) return bytes.errors();
  return parse_config(*bytes);
}

}  // namespace ismap::server
