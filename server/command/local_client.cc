#include "server/command/local_client.h"

#include <httplib.h>

#include <chrono>

namespace ismap::server {

using registry::Code;
using registry::Error;
using registry::Errors;
using registry::Json;
using registry::Result;

namespace {

constexpr std::chrono::seconds kLongestTask{600};

/// The reasons in a problem document (RFC 9457) as the server meant them.
Errors errors_of(int status, const Json& problem) {
  const Code code = status == 404 ? Code::not_found : status == 503 ? Code::unavailable : Code::invalid;
  Errors errors;
  for (const Json& reason : problem.value("errors", Json::array())) {
    const Json detail = reason.value("detail", Json::object());
    const Json article = reason.value("article", Json());
    errors.push_back({code, reason.value("pointer", ""), article.is_string() ? article.get<std::string>() : "",
                      detail.value("ja", ""), detail.value("en", "")});
  }
  if (problem.contains("seq") && problem.at("seq").is_number()) {
    const std::string seq = problem.at("seq").dump();
    errors.push_back({code, "", "", "事象 " + seq + " は記録済みです。公表は自動的に再試行されます",
                      "event " + seq + " is recorded; its publication is tried again"});
  }
  if (errors.empty()) errors.push_back({code, "", "", "サーバーが断りました", "the server refused"});
  return errors;
}

}  // namespace

std::filesystem::path local_socket(const std::filesystem::path& data_folder) { return data_folder / "socket"; }

Result<std::string> body_or_errors(int status, std::string body) {
  if (status < 400) return body;
  const Result<Json> problem = registry::parse_json(body);
  if (!problem.ok()) return problem.errors();
  return errors_of(status, *problem);
}

std::optional<Result<std::string>> ask_server_for_text(const std::filesystem::path& data_folder,
                                                       const LocalRequest& request) {
  const std::filesystem::path socket = local_socket(data_folder);
  if (!std::filesystem::exists(socket)) return std::nullopt;
  httplib::Client client(socket.string());
  client.set_address_family(AF_UNIX);
  client.set_read_timeout(kLongestTask);
  client.set_write_timeout(kLongestTask);
  httplib::Request sent;
  sent.method = request.method;
  sent.path = request.path;
  sent.body = request.body;
  sent.headers = {{"Host", "localhost"}, {"Content-Type", request.content_type}};
  for (const auto& [name, value] : request.headers) sent.headers.emplace(name, value);
  const httplib::Result result = client.send(sent);
  if (result) return body_or_errors(result->status, result->body);
  if (result.error() == httplib::Error::Connection) return std::nullopt;  // a socket that nobody holds
  return Result<std::string>(Error{Code::unavailable, "", "",
                                   "サーバーとの接続が切れました。結果を確かめてから、もう一度行ってください",
                                   "the connection to the server broke: look at the result before trying again"});
}

std::optional<Result<Json>> ask_server(const std::filesystem::path& data_folder, const LocalRequest& request) {
  const auto answered = ask_server_for_text(data_folder, request);
  if (!answered) return std::nullopt;
  if (!answered->ok()) return Result<Json>(answered->errors());
  return registry::parse_json(**answered);
}

}  // namespace ismap::server
