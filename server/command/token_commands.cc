#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "server/auth.h"
#include "server/command/commands.h"
#include "server/command/desk_work.h"
#include "server/command/local_client.h"
#include "server/office/office.h"
#include "server/office/tasks.h"

/// The command `token`: a running server does it if there is one, else this process opens the folder.
namespace ismap::server {

using registry::Actor;
using registry::Json;

namespace {

std::string text_at(const Json& object, const char* member) {
  const Json value = object.value(member, Json());
  return value.is_string() ? value.get<std::string>() : std::string();
}

/// `  LABEL VALUE`, or nothing when there is no value.
std::string labelled(std::string_view label, const std::string& value) {
  return value.empty() ? std::string() : fmt::format("  {} {}", label, value);
}

void print_listed(const Json& answer) {
  for (const Json& token : answer.at("items")) {
    fmt::print("{}  {}  {}{}  until {}{}{}{}\n", text_at(token, "id"), text_at(token, "role"),
               text_at(token, "organisation"), labelled("held by", text_at(token, "person")),
               text_at(token, "expires_at"), labelled("last used", text_at(token, "last_used_at")),
               labelled("replaced by", text_at(token, "replaced_by")),
               labelled("revoked", text_at(token, "revoked_at")));
  }
}

void print_issued(const Json& answer) { fmt::print("{}\n", text_at(answer, "token")); }

void print_rotated(const Json& answer) {
  const Json& old = answer.at("replaces");
  fmt::print(stderr, "{} holds until {}\n", text_at(old, "id"), text_at(old, "valid_until"));
  print_issued(answer);
}

void print_revoked(const Json& answer) { fmt::print("{} revoked\n", text_at(answer, "id")); }

/// What an action asks of a server, what it does without one, and how it prints what came of it.
struct TokenWork {
  LocalRequest request;
  Here here;
  void (*print)(const Json& answer);
};

TokenWork list_work() {
  TokenWork out{{}, tasks::tokens, print_listed};
  out.request.method = "GET";
  return out;
}

TokenWork issue_work(const TokenOptions& options, const Actor& by) {
  const Json wanted{{"role", options.role},
                    {"organisation", options.organisation},
                    {"person", options.person},
                    {"services", options.services},
                    {"days", options.days}};
  TokenWork out{{}, [by, wanted](Office& o) { return tasks::issue_token(o, by, wanted); }, print_issued};
  out.request.body = registry::canonical(wanted);
  return out;
}

TokenWork rotate_work(const TokenOptions& options, const Actor& by) {
  const Json wanted{{"overlap_hours", options.overlap_hours}};
  TokenWork out{
      {}, [by, wanted, id = options.id](Office& o) { return tasks::rotate_token(o, by, id, wanted); }, print_rotated};
  out.request.path = "/" + options.id + "/rotation";
  out.request.body = registry::canonical(wanted);
  return out;
}

TokenWork revoke_work(const TokenOptions& options, const Actor& by) {
  TokenWork out{{}, [by, id = options.id](Office& o) { return tasks::revoke_token(o, by, id); }, print_revoked};
  out.request.method = "DELETE";
  out.request.path = "/" + options.id;
  return out;
}

TokenWork work_of(const TokenOptions& options) {
  const Actor by = local_actor(registry::Role::operator_, ::getuid());
  switch (options.action) {
    case TokenOptions::Action::issue:
      return issue_work(options, by);
    case TokenOptions::Action::list:
      return list_work();
    case TokenOptions::Action::rotate:
      return rotate_work(options, by);
    case TokenOptions::Action::revoke:
      return revoke_work(options, by);
  }
  return list_work();
}

}  // namespace

int run_token(const TokenOptions& options) {
  TokenWork work = work_of(options);
  work.request.path = "/local/tokens" + work.request.path;
  return finish(have_done(options.data, work.request, work.here), options.json ? print_json : work.print);
}

}  // namespace ismap::server
