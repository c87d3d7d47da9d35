#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feed/generation.h"
#include "registry/result.h"
#include "server/answer.h"
#include "server/auth.h"
#include "server/context.h"
#include "server/edge/body_place.h"
#include "server/edge/http.h"

/// The one table of what the server answers, and how a request finds its row.
namespace ismap::server {

class Pages;
struct Route;

/// Who may use a route: everyone; who holds a token or sits at the local socket; the local socket alone. What a caller
/// may do there is for the table of acts.
enum class Right { everyone, caller, local };

/// What a handler gets. Everything lives as long as the call.
struct Call {
  const Request& request;
  const Context& context;
  const Pages& pages;
  const Route& route;
  std::shared_ptr<const feed::Generation> generation;  ///< null only where the route does not need one
  std::vector<std::string> captures;                   ///< what the {…} of the pattern stand for, in order
  std::optional<Caller> caller;                        ///< never empty where the route asks for one

  /// The value of a query parameter; given at most once (dispatch refuses repetitions).
  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
};

/// Answers a call. A refusal becomes a problem document, or a page for who came with a browser.
using Handler = registry::Result<Response> (*)(const Call& call);

/// Says where the body of such a call goes. Thread: the event loop's, so it must not wait.
using Receiver = BodyPlace (*)(const Call& call, std::size_t content_length);

/// One row.
struct Route {
  std::string_view method;
  /// Path with captures: `{id}` stands for letters, digits and -, `{path*}` for all that follows.
  std::string_view pattern;
  Right right;
  Handler handler;
  std::vector<std::string_view> parameters;  ///< query parameters that it knows; any other is refused
  Caching caching = Caching::revalidate;
  bool needs_generation = true;
  Receiver receiver = nullptr;  ///< null: the body goes to memory
};

const std::vector<Route>& routes();

/// Matches `path` against a pattern; nothing when it is another path.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path);

/// Where the body of a request goes whose head was read. A request that its route would refuse without its body is
/// refused here: nobody sends 20 MiB for a 401.
BodyPlace place_body(const Context& context, const Pages& pages, const Request& request, std::size_t content_length);

/// Answers any request: finds its route (HEAD as GET), checks its parameters, calls the handler and turns refusals
/// into problems. OPTIONS and 405 tell the methods that a path has.
Response dispatch(const Context& context, const Pages& pages, const Request& request);

}  // namespace ismap::server
