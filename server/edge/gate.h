#pragma once

#include <functional>
#include <optional>
#include <string>

#include "server/config.h"
#include "server/edge/failed_attempts.h"
#include "server/edge/http.h"
#include "server/edge/rate_limit.h"
#include "server/problem.h"

namespace ismap::server {

/// What stands before the routes of a server on the network: whose address a request has, how often an address and a
/// token may come, and how those are slowed down whose tokens do not hold. Addresses in IPv6 count by their /64.
/// Each refusal is a 429 with Retry-After. Source: RFC 6585 §4, RFC 9110 §10.2.3.
/// Thread: any.
class Gate {
 public:
  /// `now`: the steady clock, or that of a test.
  Gate(const Config& config, std::function<SteadyTime()> now);

  /// The address of the client, behind a trusted proxy too.
  [[nodiscard]] std::string address_of(const Request& request) const;

  /// Counts a request of an address; the refusal when there were too many.
  std::optional<Problem> count_address(const std::string& address);
  /// Counts a request of a token, by its id; the refusal when there were too many.
  std::optional<Problem> count_token(const std::string& token);
  /// A token of this address did not hold; the refusal when it has to wait, nothing when it is told at once (401).
  std::optional<Problem> count_failure(const std::string& address);

 private:
  const std::vector<std::string> trusted_proxies_;
  const std::function<SteadyTime()> now_;
  RateLimit addresses_;
  RateLimit tokens_;
  FailedAttempts failures_;
};

}  // namespace ismap::server
