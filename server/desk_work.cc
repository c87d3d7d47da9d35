#include "server/desk_work.h"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "server/data_folder.h"
#include "server/folder_clock.h"
#include "server/options.h"
#include "server/problem.h"
#include "server/report.h"

namespace ismap::server {

using registry::Code;
using registry::Error;
using registry::Json;
using registry::Result;

namespace {

Json shown(const Recorded& recorded) {
  Json seqs = Json::array();
  for (const registry::Seq seq : recorded.seqs) seqs.push_back(seq.value());
  Json notices = Json::array();
  for (const registry::Error& notice : recorded.notices) notices.push_back(reason_json(notice));
  return Json{{"list_ver", recorded.list_ver}, {"notices", std::move(notices)}, {"seqs", std::move(seqs)}};
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
  if (data.clock && ask_server(data.folder, LocalRequest{"GET", "/healthz", "", "", {}})) return servers_clock();
  if (auto answered = ask_server(data.folder, request)) return *std::move(answered);
  auto folder = DataFolder::open(data);
  if (!folder.ok()) return folder.errors();
  const Result<Clock> clock = choose_clock((*folder)->env(), data.folder, data.clock, ClockUse::command);
  if (!clock.ok()) return clock.errors();
  Office office(**folder, *clock);
  return here(office);
}

int finish(const Result<Json>& result, const std::function<void(const Json&)>& print) {
  if (!result.ok()) {
    print_errors(result.errors());
    return kExitFailed;
  }
  print(*result);
  return kExitDone;
}

void print_json(const Json& json) { fmt::print("{}\n", json.dump(2)); }

Result<Json> outcome_of(const Recorded& recorded) {
  if (!recorded.not_published.empty()) return recorded.not_published;
  return shown(recorded);
}

}  // namespace ismap::server
