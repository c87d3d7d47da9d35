#pragma once

#include <optional>
#include <variant>

#include "registry/result.h"
#include "server/auth.h"
#include "server/edge/http.h"
#include "server/office/office.h"

/// How a request shows whom it speaks for. Each way is a source, asked in turn (decision 10): the local socket, a
/// bearer token. Another way is another source, and nothing else changes.
namespace ismap::server {

/// The request shows nothing that this source reads.
struct NothingShown {};
/// It shows something that does not hold: unknown, expired, revoked, given twice.
struct DoesNotHold {};

using Identity = std::variant<NothingShown, DoesNotHold, Caller>;

/// One way of showing who speaks. Thread: any.
class IdentitySource {
 public:
  IdentitySource() = default;
  virtual ~IdentitySource() = default;
  IdentitySource(const IdentitySource&) = delete;
  IdentitySource& operator=(const IdentitySource&) = delete;

  /// Whom the request speaks for by this source. The address it came from is not for the source to say.
  /// Errors: unavailable, when it cannot be found out now.
  [[nodiscard]] virtual registry::Result<Identity> identify(const Request& request) const = 0;
};

/// A user of this machine at the local socket. The header ISMAP-Role asserts the role (the operator's when there is
/// none); over TCP it means nothing.
class LocalSocket final : public IdentitySource {
 public:
  [[nodiscard]] registry::Result<Identity> identify(const Request& request) const override;
};

/// The holder of a bearer token. Source: RFC 6750 §2.1; tokens in the body or the query are not read.
class BearerTokens final : public IdentitySource {
 public:
  /// `office` must live longer.
  explicit BearerTokens(const Office& office) : office_(office) {}
  [[nodiscard]] registry::Result<Identity> identify(const Request& request) const override;

 private:
  const Office& office_;
};

/// What the first source that reads anything of the request says of it. Errors: unavailable.
registry::Result<Identity> identify(const Request& request, const Office& office);

}  // namespace ismap::server
