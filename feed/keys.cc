#include "feed/keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <system_error>

#include "feed/certificate.h"
#include "feed/files.h"
#include "feed/jwt.h"

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Error;
using registry::Errors;
using registry::Result;

constexpr const char* kRoot = "root.pem";
constexpr std::string_view kCertificateEnd = ".crt";

/// The key and its certificate under DIR/keys/STEM, durably. Gives the certificate.
Result<std::string> write_key(const std::filesystem::path& stem, const PrivateKey& key, std::string_view common_name,
                              registry::Instant now, const Passphrase& passphrase) {
  const auto written = key.write(stem.string() + ".pem", passphrase);
  if (!written) return written.errors();
  if (key.kind() != KeyKind::rsa3072) return std::string();
  std::string der =
      key.self_signed_certificate(common_name, now.unix_seconds(), now.unix_seconds() + kCertificateLifeSeconds);
  const auto certificate =
      write_new_file(stem.string() + std::string(kCertificateEnd), certificate_pem(der), FileMode::everyone_reads);
  if (!certificate) return certificate.errors();
  return der;
}

/// The letters, digits and hyphens of a kid's beginning: what a file may be called.
std::string file_stem(KeyRole role, const PrivateKey& key) {
  const std::string public_name = key.kind() == KeyKind::ed25519 ? base64url(key.ed25519_public()) : key.kid();
  return fmt::format("{}-{}", name_of(role), public_name.substr(0, 16));
}

std::vector<std::filesystem::path> key_files(const std::filesystem::path& folder, std::string_view role) {
  std::vector<std::filesystem::path> files;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failure)) {
    const std::string name = entry.path().filename().string();
    const std::string_view rest = std::string_view(name).substr(std::min(role.size(), name.size()));
    if (name.starts_with(role) && name.ends_with(".pem") && !rest.empty() &&
        (rest.front() == '.' || rest.front() == '-'))
      files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Error no_key(const std::filesystem::path& folder, std::string_view role) {
  return {Code::unavailable, "", "", fmt::format("{} に {}*.pem がありません", folder.string(), role),
          fmt::format("there is no {}*.pem in {}", role, folder.string())};
}

bool others_may_write(const std::filesystem::path& folder) {
  using std::filesystem::perms;
  std::error_code ignored;
  const perms allowed = std::filesystem::status(folder, ignored).permissions();
  return allowed != perms::unknown && (allowed & (perms::group_write | perms::others_write)) != perms::none;
}

Error open_to_others(const std::filesystem::path& folder) {
  return {Code::unavailable, "", "",
          fmt::format("鍵フォルダー {} に所有者以外も書き込めます。chmod 700 としてください", folder.string()),
          fmt::format("others than its owner may write in the folder of keys {}: chmod 700 it", folder.string())};
}

}  // namespace

std::string_view name_of(KeyRole role) {
  switch (role) {
    case KeyRole::jwt:
      return "jwt";
    case KeyRole::log:
      return "log";
    case KeyRole::atom:
      return "atom";
  }
  return "";
}

std::optional<KeyRole> key_role(std::string_view name) {
  const auto* const at =
      std::find_if(kKeyRoles.begin(), kKeyRoles.end(), [&](KeyRole role) { return name_of(role) == name; });
  return at == kKeyRoles.end() ? std::nullopt : std::optional(*at);
}

KeyKind kind_of(KeyRole role) {
  switch (role) {
    case KeyRole::jwt:
      return KeyKind::es256;
    case KeyRole::log:
      return KeyKind::ed25519;
    case KeyRole::atom:
      return KeyKind::rsa3072;
  }
  return KeyKind::es256;
}

Result<Keys> make_keys(const std::filesystem::path& folder, std::string_view common_name, registry::Instant now,
                       const Passphrase& passphrase) {
  const auto made = make_folder(folder, std::filesystem::perms::owner_all);
  if (!made) return made.errors();
  Keys keys{PrivateKey::generate(KeyKind::es256), PrivateKey::generate(KeyKind::ed25519),
            PrivateKey::generate(KeyKind::rsa3072), "", PrivateKey::generate(KeyKind::es256)};
  const std::array<std::pair<const char*, const PrivateKey*>, 4> files{
      {{"root", &*keys.root}, {"jwt", &keys.jwt}, {"log", &keys.log}, {"atom", &keys.atom}}};
  for (const auto& file : files) {
    auto certificate = write_key(folder / file.first, *file.second, common_name, now, passphrase);
    if (!certificate) return certificate.errors();
    if (!certificate->empty()) keys.atom_certificate = std::move(*certificate);
  }
  return keys;
}

Result<FreshKey> make_key(const std::filesystem::path& folder, KeyRole role, std::string_view common_name,
                          registry::Instant now, const Passphrase& passphrase) {
  FreshKey fresh{PrivateKey::generate(kind_of(role)), "", {}};
  const std::filesystem::path stem = folder / file_stem(role, fresh.key);
  fresh.file = stem.string() + ".pem";
  auto certificate = write_key(stem, fresh.key, common_name, now, passphrase);
  if (!certificate) {
    take_back(fresh);
    return certificate.errors();
  }
  fresh.certificate = std::move(*certificate);
  return fresh;
}

void take_back(const FreshKey& fresh) {
  std::error_code ignored;
  std::filesystem::path certificate = fresh.file;
  certificate.replace_extension(kCertificateEnd);
  std::filesystem::remove(fresh.file, ignored);
  std::filesystem::remove(certificate, ignored);
}

Result<HeldKeys> load_keys(const std::filesystem::path& folder, const Passphrase& passphrase) {
  if (others_may_write(folder)) return open_to_others(folder);
  HeldKeys held;
  Errors errors;
  const std::array<std::vector<PrivateKey>*, 3> places{&held.jwt, &held.log, &held.atom};
  for (std::size_t n = 0; n < kKeyRoles.size(); ++n) {
    const auto files = key_files(folder, name_of(kKeyRoles.at(n)));
    if (files.empty()) errors.push_back(no_key(folder, name_of(kKeyRoles.at(n))));
    for (const auto& file : files) {
      auto key = PrivateKey::read(file, kind_of(kKeyRoles.at(n)), passphrase);
      if (key) {
        places.at(n)->push_back(std::move(*key));
      } else {
        registry::append(errors, key.errors());
      }
    }
  }
  if (!errors.empty()) return errors;
  return held;
}

bool root_is_online(const std::filesystem::path& folder) {
  std::error_code ignored;
  return std::filesystem::exists(folder / kRoot, ignored);
}

std::string kid_of(const PrivateKey& key, std::string_view origin) {
  if (key.kind() != KeyKind::ed25519) return key.kid();
  const std::string line = vkey(origin, key);
  return line.substr(0, line.find('+', origin.size() + 1));
}

std::string initial_key_set(const Keys& keys, std::string_view iss, std::string_view origin, registry::Instant now) {
  KeySet set;
  set.iss = iss;
  set.ver = registry::KeySetVersion{1};
  set.iat = now;
  set.exp = now.plus_seconds(kKeySetLifeSeconds);
  set.roots.push_back(keys.root.value().jwk());
  set.keys.push_back(keys.jwt.jwk());
  set.atom.push_back(AtomKey{keys.atom.kid(), keys.atom_certificate});
  set.log.push_back(parse_vkey(vkey(origin, keys.log)).value());
  return general_jws(to_payload(set), kKeySetType, {&*keys.root, 1});
}

}  // namespace ismap::feed
