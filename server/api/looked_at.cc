#include "server/api/looked_at.h"

#include <optional>
#include <utility>
#include <vector>

#include "registry/digest.h"
#include "registry/record_diff.h"
#include "server/office/office.h"
#include "server/problem.h"

namespace ismap::server {

using registry::Code;
using registry::Digest;
using registry::Error;
using registry::Errors;
using registry::FieldDiff;
using registry::Json;
using registry::LookedAt;
using registry::Result;

namespace {

constexpr std::string_view kGzip = "-gzip";

Error unreadable_if_match() {
  return {Code::malformed, "", "", "If-Matchには、GETで得た強いETagを引用符つきで書いてください",
          "If-Match gives strong ETags as a GET gave them, in quotes"};
}

/// The text of a strong ETag, of whatever coding; nothing when it is none.
std::optional<std::string_view> strong_etag(std::string_view element) {
  if (element.size() < 3 || element.front() != '"' || element.back() != '"') return std::nullopt;
  std::string_view text = element.substr(1, element.size() - 2);
  if (text.ends_with(kGzip)) text.remove_suffix(kGzip.size());
  return text;
}

/// The present state of the service, as its ETag says.
Json present_etag(const Call& call, const registry::ServiceId& service) {
  const auto now = call.context.env.read([&](const registry::lmdb::ReadTxn& txn) -> Result<std::optional<Digest>> {
    return registry::shown(txn, service);
  });
  return now.ok() && now->has_value() ? Json(registry::hex(**now)) : Json(nullptr);
}

}  // namespace

Result<LookedAt> services_looked_at(const Request& request) {
  if (!request.headers.has("If-Match")) return LookedAt{};
  const std::string value = request.headers.joined("If-Match");
  if (trimmed(value) == "*") return LookedAt{};
  std::vector<Digest> named;
  for (const std::string_view element : list_elements(value)) {
    const auto text = strong_etag(element);
    const auto digest = text ? registry::digest_from_hex(*text) : std::nullopt;
    if (!digest) return unreadable_if_match();
    named.push_back(*digest);
  }
  if (named.empty()) return unreadable_if_match();
  return LookedAt{std::move(named)};
}

Result<std::string> etag_looked_at(const Request& request) {
  if (!request.headers.has("If-Match")) {
    return Error{Code::unlooked, "", "", "変更の前に見た下書きのETagを、If-Matchヘッダーで示してください",
                 "send the ETag of the draft that you looked at as If-Match"};
  }
  const std::string value = request.headers.joined("If-Match");
  const auto text = strong_etag(trimmed(value));
  if (!text) return unreadable_if_match();
  return std::string(*text);
}

Result<Response> refused_as_moved(const Call& call, Errors errors, const registry::ServiceId& service,
                                  const LookedAt& looked_at, const registry::Filing* filing) {
  const Code code = errors.front().code;
  if (code != Code::stale && code != Code::unlooked) return errors;
  const Office& office = *call.context.office;
  const auto moved = code == Code::unlooked && filing != nullptr ? office.moved_since(*filing)
                                                                 : office.moved_since(service, looked_at);
  Problem problem = problem_of(std::move(errors));
  problem.more["diff"] = moved.ok() ? registry::to_json(*moved) : Json::array();
  problem.more["etag"] = present_etag(call, service);
  return to_response(problem, prefers_english(call.request));
}

}  // namespace ismap::server
