#include "server/documents.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "registry/journal.h"
#include "server/assets.h"

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

}  // namespace

Result<Response> published(const Call& call) {
  auto document = call.generation->find(call.request.path);
  if (!document) return no_document(call.request.path);
  return answer(call.request, std::move(document), call.route.caching);
}

Result<Response> static_file(const Call& call) {
  const auto& files = embedded::static_files();
  const auto found = files.find("static" + call.request.path);
  if (found == files.end()) return no_document(call.request.path);
  return answer_with(call.request, type_of(found->first), std::string(found->second), call.route.caching);
}

Result<Response> healthy(const Call& call) {
  Response out = response(200, "text/plain; charset=utf-8", "ok\n");
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
  const auto database = call.context.env.read(
      [](const registry::lmdb::ReadTxn& txn) -> Result<registry::TreeSize> { return registry::journal::size(txn); });
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
