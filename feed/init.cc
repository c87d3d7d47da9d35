#include "feed/init.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "feed/files.h"
#include "feed/guard.h"
#include "feed/keys.h"
#include "feed/publication.h"
#include "registry/digest.h"

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Done;
using registry::Error;
using registry::Instant;
using registry::Json;
using registry::Result;

/// An http(s) address without a path, a slash at the end or anything that does not belong in a host and port.
bool is_issuer(std::string_view iss) {
  for (const std::string_view scheme : {std::string_view("https://"), std::string_view("http://")}) {
    if (!iss.starts_with(scheme)) continue;
    const std::string_view authority = iss.substr(scheme.size());
    return !authority.empty() && std::all_of(authority.begin(), authority.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' || c == '[' ||
             c == ']';
    });
  }
  return false;
}

Result<Done> check_names(const std::string& origin, const std::string& iss) {
  registry::Errors errors;
  if (!is_key_name(origin) || origin.find("://") != std::string::npos) {
    errors.push_back({Code::invalid, "/origin", "", "origin は HOST/log の形で、空白と + を含めずに書いてください",
                      "origin is to be HOST/log, without a scheme, spaces or +"});
  }
  if (!is_issuer(iss)) {
    errors.push_back({Code::invalid, "/iss", "", "iss は https://HOST の形で、末尾の / を付けずに書いてください",
                      "iss is to be https://HOST in lower case, without a path or a slash at the end"});
  }
  if (!errors.empty()) return errors;
  return Done{};
}

Result<Done> check_empty(const std::filesystem::path& data_folder) {
  for (const char* name : {"keys", "lmdb", "trust", "last-signed.json"}) {
    std::error_code ignored;
    if (!std::filesystem::exists(data_folder / name, ignored)) continue;
    return Error{
        Code::conflict, "", "",
        fmt::format("{} に既に {} があります。何も上書きしません。別のフォルダーを指定してください",
                    data_folder.string(), name),
        fmt::format("{} already holds {}; nothing is overwritten. Name another folder", data_folder.string(), name)};
  }
  return Done{};
}

/// A JWK Set, and how many of its keys sign the version that they are pinned with.
std::string root_jwks(const Json& roots, std::uint64_t threshold) {
  return registry::canonical({{"keys", roots}, {"threshold", threshold}}) + "\n";
}

/// DIR/trust: the root keys, their threshold and the key set version they belong to.
Result<Done> write_trust(const std::filesystem::path& data_folder, const PrivateKey& root) {
  const std::filesystem::path trust = data_folder / "trust";
  constexpr auto kPublic = std::filesystem::perms(0755);
  if (auto made = make_folder(trust, kPublic); !made) return made;
  const std::string jwks = root_jwks(Json::array({root.jwk()}), 1);
  if (auto written = write_new_file(trust / "root.jwks", jwks, FileMode::everyone_reads); !written) return written;
  return write_new_file(trust / "keysver", "1\n", FileMode::everyone_reads);
}

}  // namespace

std::string default_issuer(std::string_view origin) {
  return "https://" + std::string(origin.substr(0, origin.find('/')));
}

Result<Done> pin_roots(const std::filesystem::path& data_folder, const KeySet& set) {
  const std::filesystem::path trust = data_folder / "trust";
  const std::string jwks = root_jwks(set.roots, set.root_threshold);
  const auto present = read_file(trust / "root.jwks");
  if (present && *present == jwks) return Done{};
  // The roots of the version before signed this one too: cut off in between, what is pinned still verifies.
  const std::string ver = fmt::format("{}\n", set.ver.value());
  if (auto written = replace_file(trust / "keysver", ver); !written) return written;
  return replace_file(trust / "root.jwks", jwks);
}

Result<InitReport> init(const std::filesystem::path& data_folder, const std::string& origin, const std::string& iss,
                        Instant now, const std::function<Result<Done>(const std::string&)>& open_log,
                        const Passphrase& passphrase) {
  if (auto good = check_names(origin, iss); !good) return good.errors();
  if (auto empty = check_empty(data_folder); !empty) return empty.errors();
  std::error_code failure;
  std::filesystem::create_directories(data_folder, failure);
  if (failure) {
    return Error{Code::unavailable, "", "",
                 fmt::format("{} を作れません（{}）", data_folder.string(), failure.message()),
                 fmt::format("{} cannot be made ({})", data_folder.string(), failure.message())};
  }
  const auto keys = make_keys(data_folder / "keys", names_of(iss).host, now, passphrase);
  if (!keys) return keys.errors();
  if (auto written = write_trust(data_folder, *keys->root); !written) return written.errors();
  if (auto written = write_guard(data_folder, first_guard(now)); !written) return written.errors();
  InitReport report;
  report.key_set = initial_key_set(*keys, iss, origin, now);
  report.key_set_sha256 = registry::sha256(report.key_set);
  report.root_thumbprint = keys->root->kid();
  if (auto opened = open_log(report.key_set); !opened) return opened.errors();
  return report;
}

}  // namespace ismap::feed
