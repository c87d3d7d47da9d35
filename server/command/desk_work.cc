#include "server/command/desk_work.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "server/command/options.h"
#include "server/command/report.h"
#include "server/office/data_folder.h"
#include "server/office/folder_clock.h"
#include "server/problem.h"
#include "server/routes.h"
#include "server/site/pages.h"

namespace ismap::server {

using registry::Code;
using registry::Done;
using registry::Error;
using registry::Json;
using registry::Result;

namespace {

Json outcome_json(const Recorded& recorded) {
  Json seqs = Json::array();
  for (const registry::Seq seq : recorded.seqs) seqs.push_back(seq.value());
  return Json{{"list_ver", recorded.list_ver}, {"notices", reasons_json(recorded.notices)}, {"seqs", std::move(seqs)}};
}

bool server_is_there(const FolderPlace& data) {
  LocalRequest knock;
  knock.method = "GET";
  knock.path = "/healthz";
  return ask_server_for_text(data.folder, knock).has_value();
}

/// The request as it would come over the socket, from the user that runs this process.
Request request_of(const LocalRequest& local) {
  Request request;
  request.method = local.method;
  request.target = local.path;
  const auto mark = local.path.find('?');
  request.path = percent_decoded(local.path.substr(0, mark), false).value_or("");
  if (mark != std::string::npos)
    request.query = parse_query_string(local.path.substr(mark + 1)).value_or(request.query);
  request.headers.add("Content-Type", local.content_type);
  for (const auto& [name, value] : local.headers) request.headers.add(name, value);
  request.body = local.body;
  request.local_user = ::getuid();
  return request;
}

/// An answer to a request; nothing when nobody is there to give one.
using Answered = std::optional<Result<std::string>>;

/// Hands over the first answer, and those of the requests that follow from it.
Result<Done> each_answer(Answered answered, const NextRequest& next,
                         const std::function<Answered(const LocalRequest&)>& ask) {
  while (answered) {
    if (!answered->ok()) return answered->errors();
    const std::optional<LocalRequest> request = next(**answered);
    if (!request) return Done{};
    answered = ask(*request);
  }
  return Error{Code::unavailable, "", "", "サーバーが途中で止まりました。もう一度行ってください",
               "the server went away in between: try again"};
}

Error servers_clock() {
  return {Code::conflict, "/clock", "",
          "サーバーが動いている間は、その時計によります。--clock を付けずに実行してください",
          "while a server runs on the folder its clock holds: leave --clock out"};
}

}  // namespace

Result<std::string> read_input(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in.is_open())
    return Error{Code::unavailable, "", "", file.string() + " を開けません", "cannot open " + file.string()};
  std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (in.bad())
    return Error{Code::unavailable, "", "", file.string() + " を読めません", "cannot read " + file.string()};
  return bytes;
}

Result<Json> have_done(const FolderPlace& data, const LocalRequest& request, const Here& here) {
  if (data.clock && server_is_there(data)) return servers_clock();
  if (auto answered = ask_server(data.folder, request)) return *std::move(answered);
  auto folder = DataFolder::open(data);
  if (!folder.ok()) return folder.errors();
  const Result<Clock> clock = choose_clock((*folder)->env(), data.folder, data.clock, ClockUse::work);
  if (!clock.ok()) return clock.errors();
  Office office(**folder, *clock);
  return here(office);
}

Result<std::string> have_answered(const FolderPlace& data, const LocalRequest& request) {
  std::string answer;
  const Result<Done> done = have_each_answered(data, request, [&](const std::string& body) {
    answer = body;
    return std::optional<LocalRequest>();
  });
  if (!done.ok()) return done.errors();
  return answer;
}

Result<Done> have_each_answered(const FolderPlace& data, const LocalRequest& first, const NextRequest& next) {
  if (data.clock && server_is_there(data)) return servers_clock();
  if (auto answered = ask_server_for_text(data.folder, first)) {
    const auto there = [&](const LocalRequest& request) { return ask_server_for_text(data.folder, request); };
    return each_answer(std::move(answered), next, there);
  }
  auto folder = DataFolder::open(data);
  if (!folder.ok()) return folder.errors();
  const Result<Clock> clock = choose_clock((*folder)->env(), data.folder, data.clock, ClockUse::work);
  if (!clock.ok()) return clock.errors();
  Office office(**folder, *clock);
  const Context context{(*folder)->env(),
                        [&] { return (*folder)->publisher().current(); },
                        *clock,
                        &office,
                        [] { return false; },
                        &(*folder)->surface(),
                        data.clock.has_value()};
  const auto here = [&](const LocalRequest& request) {
    const Response answered = dispatch(context, Pages(), request_of(request));
    return std::optional(body_or_errors(answered.status, answered.body ? *answered.body : std::string()));
  };
  return each_answer(here(first), next, here);
}

int finish(const Result<Json>& result, const std::function<void(const Json&)>& print) {
  if (!result.ok()) return failed(result.errors());
  print(*result);
  return kExitDone;
}

void print_json(const Json& json) { fmt::print("{}\n", json.dump(2)); }

Result<Json> outcome_of(const Recorded& recorded) {
  if (recorded.proposal) return Json{{"proposal", *recorded.proposal}};
  if (!recorded.not_published.empty()) return recorded.not_published;
  return outcome_json(recorded);
}

}  // namespace ismap::server
