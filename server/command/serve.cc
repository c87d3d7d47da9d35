#include <fmt/format.h>
#include <grp.h>
#include <signal.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <utility>

#include "feed/keys.h"
#include "registry/canonical_json.h"
#include "server/command/commands.h"
#include "server/command/local_client.h"
#include "server/command/report.h"
#include "server/config.h"
#include "server/edge/gate.h"
#include "server/edge/http_server.h"
#include "server/office/attachment_desk.h"
#include "server/office/data_folder.h"
#include "server/office/folder_clock.h"
#include "server/office/office.h"
#include "server/office/scheduler.h"
#include "server/openapi/manual.h"
#include "server/request_log.h"

namespace ismap::server {

using registry::Result;

namespace {

using Log = std::shared_ptr<spdlog::logger>;

/// One JSON object a line on stderr; bodies, tokens and cases never come here.
Log make_log() {
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

/// A folder that is this server's, with its first generation.
struct Opened {
  std::unique_ptr<DataFolder> folder;
  Clock now;
};

Result<Opened> open_and_publish(const FolderPlace& place, const Log& log) {
  auto folder = DataFolder::open(place);
  if (!folder.ok()) return folder.errors();
  auto clock = choose_clock((*folder)->env(), place.folder, place.clock, ClockUse::work);
  if (!clock.ok()) return clock.errors();
  if (place.clock) {
    log->warn("{},{}", field("event", "this is a rehearsal: the clock is not the real one"),
              field("clock", (*clock)().iso()));
  }
  if (feed::root_is_online(place.folder / "keys")) {
    log->warn("{}", field("event", "the root key is still in DIR/keys: take it offline"));
  }
  (*folder)->witnesses().on_trouble([log](std::string_view witness, std::string_view why) {
    log->warn("{},{},{}", field("event", "no cosignature"), field("witness", witness), field("why", why));
  });
  const auto first = (*folder)->publisher().publish((*clock)());
  if (!first.ok()) return first.errors();
  const auto removed = AttachmentDesk((*folder)->env(), (*folder)->attachments()).remove_unnamed();
  if (!removed.ok()) log->error("{},{}", field("event", "attachments"), field("why", removed.errors().front().en));
  return Opened{std::move(*folder), std::move(*clock)};
}

/// Writes down when tokens were last used; a failure is told and nothing else.
void write_uses(Office& office, Office::Uses which, const Log& log) {
  const auto written = office.write_uses(which);
  if (written.ok()) return;
  log->warn("{},{}", field("event", "the last use of tokens could not be written down"),
            field("why", written.errors().front().en));
}

/// Forgets old Idempotency-Keys, once a day. `last`: the day on which that was done.
void forget_old_keys(Office& office, registry::Day& last, const Log& log) {
  const registry::Day today = office.today();
  if (last == today) return;
  last = today;
  const auto forgotten = office.forget_old_keys();
  if (!forgotten.ok())
    log->error("{},{}", field("event", "old keys remain"), field("why", forgotten.errors().front().en));
}

Scheduler::Parts scheduled(DataFolder& folder, Office& office, const Clock& now, const Log& log) {
  return {folder.publisher(), now,
          [&folder](registry::Instant at) {
            const auto due = folder.registrar().removal_due(at);
            return due.ok() && *due;
          },
          [log](const registry::Errors& errors) {
            log->error("{},{}", field("event", "publication refused"), field("why", errors.front().en));
          },
          [&office, log, forgotten = registry::Day{}]() mutable {
            write_uses(office, Office::Uses::due, log);
            forget_old_keys(office, forgotten, log);
          }};
}

/// Lets a group use the local socket: then several users of the machine can act there, each under its own id.
/// Errors: invalid when there is no such group; unavailable when the socket cannot be given to it.
Result<registry::Done> open_to_group(const std::filesystem::path& socket, const std::string& group) {
  if (group.empty()) return registry::Done{};
  const struct group* found = ::getgrnam(group.c_str());  // nothing else here asks for groups
  if (found == nullptr) {
    return registry::Error{registry::Code::invalid, "/socket-group", "", "グループ " + group + " はありません",
                           "there is no group " + group};
  }
  constexpr uid_t kSameOwner = static_cast<uid_t>(-1);
  if (::chown(socket.c_str(), kSameOwner, found->gr_gid) == 0 && ::chmod(socket.c_str(), 0660) == 0) {
    return registry::Done{};
  }
  return registry::Error{registry::Code::unavailable, "/socket-group", "",
                         socket.string() + " をグループ " + group + " に開けません",
                         socket.string() + " cannot be opened to the group " + group};
}

/// Answers at the socket and at the address until a signal ends it. Errors: unavailable, when it cannot listen.
Result<registry::Done> serve_until_ended(const ServeOptions& options, const Config& config, Opened& opened,
                                         const sigset_t& signals, const Log& log) {
  DataFolder& folder = *opened.folder;
  feed::Publisher& publisher = folder.publisher();
  Office office(folder, opened.now);
  Gate gate(config, [] { return std::chrono::steady_clock::now(); });
  const openapi::Manual manual(office.iss());
  const Context context{folder.env(),
                        [&publisher] { return publisher.current(); },
                        opened.now,
                        &office,
                        [&publisher] { return publisher.failing(); },
                        &folder.surface(),
                        options.data.clock.has_value(),
                        &gate,
                        [&log](const AnswerRecord& record) { log->info("{}", log_members(record)); },
                        &manual};
  HttpServerOptions http;
  http.on_fault = [&](std::string_view what) { log->error("{},{}", field("event", "fault"), field("what", what)); };
  HttpServerOptions local_http = http;
  local_http.limits.body_bytes = registry::kMaxListBytes;
  local_http.limits.workers = 4;
  HttpServer local(context, local_http);
  auto listening = local.start_local(local_socket(options.data.folder));
  if (listening.ok()) listening = open_to_group(local_socket(options.data.folder), options.socket_group);
  if (!listening.ok()) return listening;
  HttpServer server(context, http);
  const auto port = server.start(options.host, options.port);
  if (!port.ok()) return port.errors();
  log->info("{},{},\"port\":{}", field("event", "serving"), field("host", options.host), *port);
  const Scheduler scheduler(scheduled(folder, office, opened.now, log));
  wait_for_end(signals);
  log->info("{}", field("event", "stopping"));
  server.stop();
  local.stop();
  write_uses(office, Office::Uses::all, log);
  ::unlink(local_socket(options.data.folder).c_str());
  return registry::Done{};
}

}  // namespace

int run_serve(const ServeOptions& options) {
  const Result<Config> config = read_config(options.config);
  if (!config.ok()) {
    print_errors(config.errors());
    return kExitUsage;
  }
  const sigset_t signals = block_ending_signals();
  const Log log = make_log();
  auto opened = open_and_publish(options.data, log);
  const auto served = opened.ok() ? serve_until_ended(options, *config, *opened, signals, log)
                                  : Result<registry::Done>(opened.errors());
  if (served.ok()) return kExitDone;
  return failed(served.errors());
}

}  // namespace ismap::server
