#include "server/answer.h"

#include <fmt/format.h>

#include <optional>

#include "server/problem.h"

namespace ismap::server {

namespace {

/// Bodies made for one request are compressed only up to here: beyond, the time is worth more than the bytes.
constexpr std::size_t kMostCompressedAnew = 1024 * 1024;
/// Below, a gzip member saves nothing.
constexpr std::size_t kLeastCompressed = 256;

/// Takes one entity tag off the list, without W/ and quotes; nothing at the end or when the list is broken.
std::optional<std::string_view> take_tag(std::string_view& list) {
  const auto open = list.find('"');
  const auto close = open == std::string_view::npos ? open : list.find('"', open + 1);
  if (close == std::string_view::npos) return std::nullopt;
  const std::string_view tag = list.substr(open + 1, close - open - 1);
  list.remove_prefix(close + 1);
  return tag;
}

void describe(Response& response, std::string_view etag, Caching caching) {
  response.headers.add("ETag", fmt::format("\"{}\"", etag));
  response.headers.add("Cache-Control", std::string(cache_control(caching)));
  response.headers.add("Vary", "Accept-Encoding");
}

}  // namespace

std::string_view cache_control(Caching caching) {
  switch (caching) {
    case Caching::immutable:
      return "public, max-age=31536000, immutable";
    case Caching::minute:
      return "public, max-age=60";
    case Caching::revalidate:
      return "no-cache";
    case Caching::never:
      return "no-store";
  }
  return "no-store";
}

Codings acceptable_codings(const Request& request) {
  const std::string field = request.headers.joined("Accept-Encoding");
  std::optional<double> gzip;
  std::optional<double> identity;
  std::optional<double> other;
  for (const std::string_view element : list_elements(field)) {
    const auto semicolon = element.find(';');
    const std::string_view coding = trimmed(element.substr(0, semicolon));
    const double weight = semicolon == std::string_view::npos ? 1.0 : weight_of(element.substr(semicolon));
    if (equal_without_case(coding, "gzip") || equal_without_case(coding, "x-gzip")) gzip = weight;
    if (equal_without_case(coding, "identity")) identity = weight;
    if (coding == "*") other = weight;
  }
  const double for_gzip = gzip ? *gzip : other.value_or(0);
  const std::optional<double> for_identity = identity ? identity : other;
  return Codings{for_gzip > 0 && for_gzip >= for_identity.value_or(0), !for_identity || *for_identity > 0};
}

bool none_match_names(const Request& request, std::string_view etag) {
  const std::string field = request.headers.joined("If-None-Match");
  if (trimmed(field) == "*") return true;
  std::string_view list = field;
  while (const auto tag = take_tag(list)) {
    if (*tag == etag) return true;
  }
  return false;
}

Response answer(const Request& request, std::shared_ptr<const feed::Document> document, Caching caching,
                std::string_view etag) {
  const Codings codings = acceptable_codings(request);
  if (!codings.gzip && !codings.identity) {
    return to_response(problem_of(406, "gzip 又は無圧縮に限ります", "only gzip and identity are offered"), false);
  }
  const bool worthwhile = document->body().size() >= kLeastCompressed;
  const bool gzip = codings.gzip && (worthwhile || !codings.identity);
  const std::string tag = gzip ? fmt::format("{}-gzip", etag) : std::string(etag);
  Response out;
  describe(out, tag, caching);
  if (none_match_names(request, tag)) {
    out.status = 304;
    return out;
  }
  out.headers.add("Content-Type", document->content_type());
  if (gzip) out.headers.add("Content-Encoding", "gzip");
  const std::string& bytes = gzip ? document->gzip() : document->body();
  out.body = std::shared_ptr<const std::string>(std::move(document), &bytes);
  return out;
}

Response answer(const Request& request, std::shared_ptr<const feed::Document> document, Caching caching) {
  const std::string etag = document->etag();
  return answer(request, std::move(document), caching, etag);
}

Response answer_with(const Request& request, std::string content_type, std::string body, Caching caching) {
  const bool large = body.size() > kMostCompressedAnew;
  auto document = std::make_shared<const feed::Document>(std::move(content_type), std::move(body));
  if (!large || !acceptable_codings(request).identity) return answer(request, std::move(document), caching);
  Request plain = request;
  plain.headers.set("Accept-Encoding", "identity");
  return answer(plain, std::move(document), caching);
}

Response private_answer(int status, std::string content_type, std::string body) {
  Response out = response(status, std::move(content_type), std::move(body));
  out.headers.add("Cache-Control", std::string(cache_control(Caching::never)));
  return out;
}

Response json_answer(int status, const registry::Json& body) {
  return private_answer(status, "application/json", registry::canonical(body));
}

void secure(Response& response) {
  Headers& headers = response.headers;
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "same-origin");
  if (headers.has("Content-Security-Policy")) return;  // an answer that is stricter by itself
  if (response.status == 304) return;  // it would take the place of what the page came with (RFC 9111 §4.3.4)
  const bool html = headers.get("Content-Type").value_or("").starts_with("text/html");
  headers.set("Content-Security-Policy",
              html
                  ? "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
                  : "default-src 'none'; frame-ancestors 'none'");
}

}  // namespace ismap::server
