#include "server/api/documents.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "registry/journal.h"
#include "server/api/query.h"
#include "server/problem.h"
#include "server/site/assets.h"

namespace ismap::server {

using registry::Code;
using registry::Error;
using registry::Result;

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kTypes{{
    {".css", "text/css; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".txt", "text/plain; charset=utf-8"},
}};

std::string type_of(std::string_view path) {
  for (const auto& type : kTypes) {
    if (path.ends_with(type.first)) return std::string(type.second);
  }
  return "application/octet-stream";
}

Error no_document(std::string_view path) {
  return {Code::not_found, "", "", fmt::format("{} という文書は公表されていません", path),
          fmt::format("no document {} is published", path)};
}

Error too_old() {
  return {Code::unavailable, "", "", "公表された一覧の有効時間が過ぎているため、証明書を発行できません",
          "the published list has expired: no evidence is signed"};
}

Error not_published_yet(registry::Instant latest) {
  return {Code::unavailable, "", "",
          "最後の公表（" + latest.iso() + "）の後に記録された事象がまだ公表されていません。公表後に再度お試しください",
          "what was recorded since the last publication, " + latest.iso() + ", is not published yet: try again then"};
}

Result<registry::TreeSize> recorded(const Call& call) {
  return call.context.env.read(
      [](const registry::lmdb::ReadTxn& txn) -> Result<registry::TreeSize> { return registry::journal::size(txn); });
}

/// The instant that the generation attests for a `known_at` up to now: where nothing was recorded after the generation,
/// what it knows is what is known now, and it says so as of its own instant. Errors: unavailable.
Result<registry::Instant> attested(const Call& call, registry::Instant known_at) {
  const registry::Instant latest = call.generation->known_until;
  if (known_at <= latest) return known_at;
  if (!call.parameter("known_at")) return latest;
  const auto size = recorded(call);
  if (!size.ok()) return size.errors();
  if (*size > call.generation->size) return not_published_yet(latest);
  return latest;
}

}  // namespace

Result<Response> published(const Call& call) {
  auto document = call.generation->find(call.request.path);
  if (document) return answer(call.request, std::move(document), call.route.caching);
  if (call.context.surface == nullptr) return no_document(call.request.path);
  auto found = call.context.surface->document(*call.generation, call.request.path);
  if (!found.ok()) return found.errors();
  return answer(call.request, *std::move(found), call.route.caching);
}

Result<Response> evidence(const Call& call) {
  const auto times = parse_times(call);
  if (!times.ok()) return times.errors();
  if (call.context.now() >= call.generation->expires_at) return too_old();
  if (!times->has_value() || call.context.surface == nullptr) return published(call);
  const auto known_at = attested(call, (*times)->known_at);
  if (!known_at.ok()) return known_at.errors();
  const feed::Moment moment{(*times)->as_of, *known_at};
  auto found = call.context.surface->past(*call.generation, call.captures.front(), moment);
  if (!found.ok()) return found.errors();
  return answer(call.request, *std::move(found), Caching::revalidate);
}

Result<Response> static_file(const Call& call) {
  const auto& files = embedded::static_files();
  const auto found = files.find("static" + call.request.path);
  if (found == files.end()) return no_document(call.request.path);
  return answer_with(call.request, type_of(found->first), std::string(found->second), call.route.caching);
}

Result<Response> healthy(const Call& call) {
  std::string body = "ok\n";
  if (call.context.rehearsal) body += "rehearsal " + call.context.now().iso() + "\n";
  Response out = response(200, "text/plain; charset=utf-8", std::move(body));
  out.headers.add("Cache-Control", std::string(cache_control(call.route.caching)));
  return out;
}

Result<Response> ready(const Call& call) {
  if (!call.generation) {
    return Error{Code::unavailable, "", "", "まだ公表されていません", "nothing has been published yet"};
  }
  if (call.context.publication_failing()) {
    return Error{Code::unavailable, "", "", "公表に失敗しています。自動的に再試行します",
                 "the last publication failed; it is tried again"};
  }
  const auto database = recorded(call);
  if (!database.ok()) return database.errors();
  const auto life = call.generation->expires_at.unix_milliseconds() - call.generation->signed_at.unix_milliseconds();
  const auto left = call.generation->expires_at.unix_milliseconds() - call.context.now().unix_milliseconds();
  if (left * 2 < life) {
    return Error{Code::unavailable, "", "", "公表された一覧の残りの有効時間が半分を切りました",
                 "less than half of the published list's life is left"};
  }
  return healthy(call);
}

}  // namespace ismap::server
