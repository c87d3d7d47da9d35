#include "feed/guard.h"

#include <fmt/format.h>

#include "feed/files.h"
#include "registry/canonical_json.h"
#include "registry/merkle.h"

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Done;
using registry::Error;
using registry::Errors;
using registry::Instant;
using registry::Json;
using registry::Result;

Error guard_refusal(std::string ja, std::string en) {
  return {Code::unavailable, "", "", std::move(ja), std::move(en)};
}

Error torn() {
  return {Code::corrupt, "", "",
          "署名の控え last-signed.json が壊れています。署名しません。最後に公開した /log/checkpoint と照合し、"
          "控えの複製から戻してください",
          "the guard file last-signed.json is torn or edited; nothing is signed. Compare with the last published "
          "/log/checkpoint and put a copy of the file back"};
}

Error missing() {
  return {
      Code::not_found, "", "",
      "署名の控え last-signed.json がありません。署名しません。データフォルダーを移したときは、控えも移してください。"
      "失われたときは、公開済みの複製から ismap-liu restore を実行してください",
      "the guard file last-signed.json is missing; nothing is signed. If the data folder was moved, move the file "
      "too; if it is lost, run ismap-liu restore with a mirror of what was published"};
}

Error ahead(const Guard& guard, registry::TreeSize size) {
  return guard_refusal(
      fmt::format("台帳（{}件）が署名済みの件数（{}件）より短いため、署名しません。古い控えから復元されています。"
                  "公開済みの複製から ismap-liu restore を実行し、台帳を続けてください",
                  size.value(), guard.size.value()),
      fmt::format("the journal has {} leaves, {} were signed: an older backup was restored. Nothing is "
                  "signed; run ismap-liu restore with a mirror of what was published: it adds the missing leaves",
                  size.value(), guard.size.value()));
}

Error beside() {
  return guard_refusal(
      "台帳が、署名済みの履歴と異なるため、署名しません。別のサーバーの台帳か、書き換えられた台帳です。ismap-liu fsck "
      "を実行し、"
      "公開済みの記録と照合してください",
      "the journal is not the history that was signed: another server's, or rewritten. Nothing is signed; run "
      "ismap-liu fsck and compare with a mirror");
}

Error clock_back(const Guard& guard, Instant now) {
  return guard_refusal(
      fmt::format("時計（{}）が最後の署名（{}）より前のため、署名しません。時刻同期を確かめてください", now.iso(),
                  guard.iat.iso()),
      fmt::format("the clock ({}) stands before the last signature ({}); nothing is signed. Check the time "
                  "synchronisation",
                  now.iso(), guard.iat.iso()));
}

Error expired(Instant exp) {
  return guard_refusal(
      fmt::format("鍵セットの有効期限（{}）が過ぎたため、署名しません。ルート鍵で新しい鍵セットを署名してください",
                  exp.iso()),
      fmt::format("the key set expired at {}; nothing is signed. Sign a new key set with the root keys", exp.iso()));
}

}  // namespace

Guard first_guard(Instant now) {
  return {Instant{0}.plus_seconds(now.unix_seconds()), registry::Tree().root(), registry::TreeSize{0},
          registry::ListVersion{0}};
}

std::filesystem::path guard_path(const std::filesystem::path& data_folder) { return data_folder / "last-signed.json"; }

std::string to_octets(const Guard& guard) {
  return registry::canonical({{"iat", guard.iat.unix_seconds()},
                              {"root", registry::hex(guard.root)},
                              {"size", guard.size.value()},
                              {"ver", guard.ver.value()}}) +
         "\n";
}

Result<Guard> parse_guard(std::string_view octets) {
  if (!octets.ends_with('\n')) return torn();
  const auto json = registry::parse_json(octets.substr(0, octets.size() - 1));
  if (!json || !json->is_object() || json->size() != 4) return torn();
  const auto number = [&](const char* name) -> std::optional<std::uint64_t> {
    const auto at = json->find(name);
    if (at == json->end() || !at->is_number_unsigned()) return std::nullopt;
    return at->get<std::uint64_t>();
  };
  const auto iat = number("iat");
  const auto size = number("size");
  const auto ver = number("ver");
  const auto hex = json->find("root");
  const auto root = hex != json->end() && hex->is_string()
                        ? registry::digest_from_hex(hex->get_ref<const std::string&>())
                        : std::nullopt;
  if (!iat || *iat > registry::kLastUnixSecond || !size || !ver || !root) return torn();
  Guard guard{Instant{0}.plus_seconds(static_cast<std::int64_t>(*iat)), *root, registry::TreeSize{*size},
              registry::ListVersion{*ver}};
  if (to_octets(guard) != octets) return torn();
  return guard;
}

Result<Guard> read_guard(const std::filesystem::path& data_folder) {
  const auto octets = read_file(guard_path(data_folder));
  if (octets) return parse_guard(*octets);
  if (octets.errors().front().code == Code::not_found) return missing();
  return octets.errors();
}

Result<Done> write_guard(const std::filesystem::path& data_folder, const Guard& guard) {
  return replace_file(guard_path(data_folder), to_octets(guard));
}

Result<Done> check(const Guard& guard, const Standing& standing) {
  Errors reasons;
  if (guard.size > standing.journal_size) {
    reasons.push_back(ahead(guard, standing.journal_size));
  } else if (standing.root_at_guard != guard.root) {
    reasons.push_back(beside());
  }
  if (standing.now.unix_seconds() < guard.iat.unix_seconds()) reasons.push_back(clock_back(guard, standing.now));
  if (standing.now >= standing.key_set_expires) reasons.push_back(expired(standing.key_set_expires));
  if (!reasons.empty()) return reasons;
  return Done{};
}

}  // namespace ismap::feed
