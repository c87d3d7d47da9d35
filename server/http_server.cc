#include "server/http_server.h"

#include <utility>

namespace ismap::server {

namespace {

LoopParts parts_of(const Context& context, const Pages& pages, HttpServerOptions options) {
  LoopParts parts;
  parts.limits = options.limits;
  parts.answer = [&context, &pages](const Request& request) { return dispatch(context, pages, request); };
  parts.now = context.now;
  parts.on_fault = std::move(options.on_fault);
  return parts;
}

}  // namespace

HttpServer::HttpServer(const Context& context, HttpServerOptions options)
    : connections_(parts_of(context, pages_, std::move(options))) {}

}  // namespace ismap::server
