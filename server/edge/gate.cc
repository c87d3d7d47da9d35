#include "server/edge/gate.h"

#include <fmt/format.h>

#include <utility>

#include "server/edge/address.h"

namespace ismap::server {

namespace {

/// The refusal of who has to wait, if he has. `ja` and `en` say why.
std::optional<Problem> come_back(std::optional<std::chrono::seconds> wait, std::string_view ja, std::string_view en) {
  if (!wait) return std::nullopt;
  const auto seconds = wait->count();
  Problem out = problem_of(429, fmt::format("{}。{}秒後に、もう一度お試しください", ja, seconds),
                           fmt::format("{}; try again in {} seconds", en, seconds));
  out.headers.add("Retry-After", std::to_string(seconds));
  return out;
}

}  // namespace

Gate::Gate(const Config& config, std::function<SteadyTime()> now)
    : trusted_proxies_(config.trusted_proxies),
      now_(std::move(now)),
      addresses_(config.address),
      tokens_(config.token) {}

std::string Gate::address_of(const Request& request) const { return client_address(request, trusted_proxies_); }

std::optional<Problem> Gate::count_address(const std::string& address) {
  return come_back(addresses_.take(counted_as(address), now_()), "このアドレスからのリクエストが多すぎます",
                   "too many requests from this address");
}

std::optional<Problem> Gate::count_token(const std::string& token) {
  return come_back(tokens_.take(token, now_()), "このトークンでのリクエストが多すぎます",
                   "too many requests with this token");
}

std::optional<Problem> Gate::count_failure(const std::string& address) {
  return come_back(failures_.failed(counted_as(address), now_()), "無効なトークンが続いています",
                   "too many tokens from this address do not hold");
}

}  // namespace ismap::server
