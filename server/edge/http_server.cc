#include "server/edge/http_server.h"

#include <utility>

#include "server/office/office.h"

namespace ismap::server {

namespace {

LoopParts parts_of(const Context& context, const Pages& pages, HttpServerOptions options) {
  LoopParts parts;
  parts.limits = options.limits;
  parts.answer = [&context, &pages](const Request& request) { return dispatch(context, pages, request); };
  parts.body_place = [&context, &pages](const Request& request, std::size_t content_length) {
    return place_body(context, pages, request, content_length);
  };
  parts.now = context.now;
  if (context.office != nullptr) parts.on_read = [&office = *context.office] { return office.read_now(); };
  parts.on_fault = std::move(options.on_fault);
  return parts;
}

}  // namespace

HttpServer::HttpServer(const Context& context, HttpServerOptions options)
    : pages_(context.rehearsal), connections_(parts_of(context, pages_, std::move(options))) {}

}  // namespace ismap::server
