#include "feed/keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "feed/certificate.h"
#include "feed/files.h"
#include "feed/jwt.h"

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Done;
using registry::Error;
using registry::Errors;
using registry::Result;

constexpr const char* kRoot = "root.pem";
constexpr const char* kJwt = "jwt.pem";
constexpr const char* kLog = "log.pem";
constexpr const char* kAtom = "atom.pem";
constexpr const char* kCertificate = "atom.crt";

Error not_in_set(std::string_view file) {
  return {
      Code::unavailable, "", "",
      fmt::format("DIR/keys/{} の鍵が公開中の鍵セットにありません。鍵の取り違えです。正しい鍵を戻してください", file),
      fmt::format("the key in DIR/keys/{} is not in the published key set: put the right key back", file)};
}

bool holds(const registry::Json& jwks, const std::string& kid) {
  return std::any_of(jwks.begin(), jwks.end(), [&](const registry::Json& jwk) { return thumbprint(jwk) == kid; });
}

Result<std::string> load_certificate(const std::filesystem::path& path, const PrivateKey& key) {
  const auto pem = read_file(path);
  auto der = pem ? certificate_from_pem(*pem) : pem;
  const auto jwk = der ? certificate_jwk(*der) : Result<registry::Json>(Error{});
  if (jwk && jwk->at("kid") == key.kid()) return der;
  return Error{Code::unavailable, "", "", fmt::format("{} は atom.pem の証明書ではありません", path.string()),
               fmt::format("{} is not the certificate of atom.pem", path.string())};
}

}  // namespace

Result<Keys> make_keys(const std::filesystem::path& folder, std::string_view common_name, registry::Instant now) {
  const auto made = make_folder(folder, std::filesystem::perms::owner_all);
  if (!made) return made.errors();
  Keys keys{PrivateKey::generate(KeyKind::es256), PrivateKey::generate(KeyKind::ed25519),
            PrivateKey::generate(KeyKind::rsa3072), "", PrivateKey::generate(KeyKind::es256)};
  keys.atom_certificate =
      keys.atom.self_signed_certificate(common_name, now.unix_seconds(), now.unix_seconds() + kCertificateLifeSeconds);
  const std::array<std::pair<const char*, const PrivateKey*>, 4> files{
      {{kRoot, &*keys.root}, {kJwt, &keys.jwt}, {kLog, &keys.log}, {kAtom, &keys.atom}}};
  for (const auto& file : files) {
    const auto written = file.second->write(folder / file.first);
    if (!written) return written.errors();
  }
  const auto written =
      write_new_file(folder / kCertificate, certificate_pem(keys.atom_certificate), FileMode::everyone_reads);
  if (!written) return written.errors();
  return keys;
}

Result<Keys> load_keys(const std::filesystem::path& folder) {
  auto jwt = PrivateKey::read(folder / kJwt, KeyKind::es256);
  auto log = PrivateKey::read(folder / kLog, KeyKind::ed25519);
  auto atom = PrivateKey::read(folder / kAtom, KeyKind::rsa3072);
  Errors errors;
  for (const auto* key : {&jwt, &log, &atom}) {
    if (!key->ok()) registry::append(errors, key->errors());
  }
  if (!errors.empty()) return errors;
  auto certificate = load_certificate(folder / kCertificate, *atom);
  if (!certificate) return certificate.errors();
  Keys keys{std::move(*jwt), std::move(*log), std::move(*atom), std::move(*certificate), std::nullopt};
  if (!std::filesystem::exists(folder / kRoot)) return keys;
  auto root = PrivateKey::read(folder / kRoot, KeyKind::es256);
  if (!root) return root.errors();
  keys.root = std::move(*root);
  return keys;
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

Result<Done> check_keys(const Keys& keys, const KeySet& set, std::string_view origin) {
  Errors errors;
  if (!holds(set.keys, keys.jwt.kid())) errors.push_back(not_in_set(kJwt));
  const bool log = std::any_of(set.log.begin(), set.log.end(), [&](const VerifierKey& key) {
    return key.name == origin && key.public_key == keys.log.ed25519_public();
  });
  if (!log) errors.push_back(not_in_set(kLog));
  const AtomKey atom{keys.atom.kid(), keys.atom_certificate};
  if (std::find(set.atom.begin(), set.atom.end(), atom) == set.atom.end()) errors.push_back(not_in_set(kAtom));
  if (!errors.empty()) return errors;
  return Done{};
}

}  // namespace ismap::feed
