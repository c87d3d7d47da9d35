#include "server/office/witness_client.h"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "feed/files.h"
#include "registry/canonical_json.h"
#include "server/edge/time_limit.h"

namespace ismap::server {

namespace {

using registry::Json;
using registry::TreeSize;

constexpr std::size_t kMostOctets = 16'384;

/// Submission prefixes by name; empty when the file is missing or no object of strings.
std::map<std::string, std::string> read_prefixes(const std::filesystem::path& file) {
  std::map<std::string, std::string> prefixes;
  const auto octets = feed::read_file(file);
  const auto json = octets.ok() ? registry::parse_json(*octets) : registry::Result<Json>(octets.errors());
  if (!json.ok() || !json->is_object()) return prefixes;
  for (const auto& [name, prefix] : json->items()) {
    if (prefix.is_string()) prefixes.emplace(name, prefix.get<std::string>());
  }
  return prefixes;
}

struct Answer {
  int status = 0;
  std::string body;
};

/// Nothing when the witness cannot be reached or does not end its answer.
std::optional<Answer> post(const std::string& prefix, const std::string& body, const WitnessPatience& patience) {
  const std::size_t scheme = prefix.find("://");
  const std::size_t path = scheme == std::string::npos ? scheme : prefix.find('/', scheme + 3);
  LimitedSocket socket;
  httplib::Client client(prefix.substr(0, path));
  if (!client.is_valid()) return std::nullopt;
  client.set_connection_timeout(patience.connect);
  client.set_read_timeout(patience.silence);
  client.set_write_timeout(patience.silence);
  client.set_socket_options([&socket](int fresh) { socket.take(fresh); });
  httplib::Request request;
  request.method = "POST";
  request.path = (path == std::string::npos ? "" : prefix.substr(path)) + "/add-checkpoint";
  request.headers = {{"Content-Type", "text/plain; charset=utf-8"}};
  request.body = body;
  Answer answer;
  request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
    answer.body.append(data, size);
    return answer.body.size() <= kMostOctets;
  };
  const TimeLimit limit(socket, patience.answer);
  const httplib::Result result = client.send(request);
  if (!result) return std::nullopt;
  answer.status = result->status;
  return answer;
}

}  // namespace

std::string WitnessClient::none(const std::string& name, std::string_view reason) const {
  if (on_trouble_) on_trouble_(name, reason);
  return "";
}

std::string WitnessClient::ask(const std::string& prefix, const feed::CosignRequest& request,
                               const feed::VerifierKey& witness) {
  TreeSize from = seen_.with([&](const auto& seen) {
    const auto at = seen.find(witness.name);
    return std::min(request.size, at == seen.end() ? request.published : at->second);
  });
  for (int attempt = 0; attempt < 2; ++attempt) {  // once more with the size that a 409 names
    const auto proof = request.proof(from);
    if (!proof.ok()) return none(witness.name, proof.errors().front().en);
    const auto answer = post(prefix, feed::add_checkpoint_body(from, *proof, request.checkpoint), patience_);
    if (!answer) return none(witness.name, "it cannot be reached");
    const auto read = feed::read_witness_answer(answer->status, answer->body, request, witness);
    if (!read.line.empty()) {
      seen_.with([&](auto& seen) { seen[witness.name] = request.size; });
      return read.line;
    }
    if (!read.other_size || attempt == 1) return none(witness.name, read.reason);
    from = *read.other_size;
  }
  return "";
}

std::string WitnessClient::cosign(const feed::CosignRequest& request) {
  const auto prefixes = read_prefixes(file_);
  std::vector<std::string> lines(request.witnesses.size());
  std::vector<std::thread> threads;
  for (std::size_t n = 0; n < lines.size(); ++n) {
    const feed::VerifierKey& witness = request.witnesses[n];
    const auto prefix = prefixes.find(witness.name);
    if (prefix == prefixes.end()) {
      lines[n] = none(witness.name, "witnesses.json does not say where it is");
      continue;
    }
    threads.emplace_back([&, n, at = prefix->second] { lines[n] = ask(at, request, request.witnesses[n]); });
  }
  for (std::thread& thread : threads) thread.join();
  std::string all;
  for (const std::string& line : lines) all += line;
  return all;
}

}  // namespace ismap::server
