#include "server/desk_work.h"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "server/clock.h"
#include "server/data_folder.h"
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
  if (auto answered = ask_server(data.folder, request)) return *std::move(answered);
  auto folder = DataFolder::open(data);
  if (!folder.ok()) return folder.errors();
  Office office(**folder, system_now);
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
