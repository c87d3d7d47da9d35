#include <fmt/format.h>
#include <signal.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdio>

#include "registry/canonical_json.h"
#include "server/clock.h"
#include "server/commands.h"
#include "server/data_folder.h"
#include "server/http_server.h"
#include "server/local_client.h"
#include "server/office.h"
#include "server/report.h"
#include "server/scheduler.h"

namespace ismap::server {

namespace {

/// One JSON object a line on stderr; bodies, tokens and cases never come here.
std::shared_ptr<spdlog::logger> make_log() {
  auto log = spdlog::stderr_logger_mt("ismap-liu");
  log->set_pattern(R"({"at":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})");
  return log;
}

std::string field(std::string_view name, std::string_view value) {
  return registry::Json(name).dump() + ":" +
         registry::Json(value).dump(-1, ' ', false, registry::Json::error_handler_t::replace);
}

/// Signals that end the program, blocked before any thread is made so that only wait_for_end gets them.
sigset_t block_ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, nullptr);
  return signals;
}

void wait_for_end(const sigset_t& signals) {
  int signal = 0;
  sigwait(&signals, &signal);
}

}  // namespace

int run_serve(const ServeOptions& options) {
  const sigset_t signals = block_ending_signals();
  const auto log = make_log();
  auto folder = DataFolder::open(options.data);
  if (!folder.ok()) {
    print_errors(folder.errors());
    return kExitFailed;
  }
  feed::Publisher& publisher = (*folder)->publisher();
  if (const auto first = publisher.publish(system_now()); !first.ok()) {
    print_errors(first.errors());
    return kExitFailed;
  }
  Office office(**folder, system_now);
  const Context context{(*folder)->env(), [&] { return publisher.current(); }, system_now,
                        &office,          [&] { return publisher.failing(); }, &(*folder)->surface()};
  HttpServerOptions http;
  http.on_fault = [&](std::string_view what) { log->error("{},{}", field("event", "fault"), field("what", what)); };
  HttpServerOptions local_http = http;
  local_http.limits.body_bytes = registry::kMaxListBytes;
  local_http.limits.workers = 4;
  HttpServer local(context, local_http);
  if (const auto listening = local.start_local(local_socket(options.data.folder)); !listening.ok()) {
    print_errors(listening.errors());
    return kExitFailed;
  }
  HttpServer server(context, http);
  const auto port = server.start(options.host, options.port);
  if (!port.ok()) {
    print_errors(port.errors());
    return kExitFailed;
  }
  log->info("{},{},\"port\":{}", field("event", "serving"), field("host", options.host), *port);
  Scheduler scheduler(publisher, system_now, [&](const registry::Errors& errors) {
    log->error("{},{}", field("event", "publication refused"), field("why", errors.front().en));
  });
  wait_for_end(signals);
  log->info("{}", field("event", "stopping"));
  server.stop();
  local.stop();
  ::unlink(local_socket(options.data.folder).c_str());
  return kExitDone;
}

}  // namespace ismap::server
