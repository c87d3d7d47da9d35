#include "server/command/url_source.h"

#include <fmt/format.h>
#include <httplib.h>

#include <utility>

namespace ismap::server {

using feed::verify::Checked;
using feed::verify::Fault;
using feed::verify::Finding;
using feed::verify::max_octets_of;

namespace {

constexpr std::size_t kAtATime = std::size_t{64} << 20U;  ///< a document may take its time once more for each such size
constexpr int kOk = 200;
constexpr int kNotFound = 404;

}  // namespace

UrlSource::UrlSource(std::unique_ptr<httplib::Client> client, std::string prefix, const SitePatience& patience)
    : client_(std::move(client)), prefix_(std::move(prefix)), patience_(patience) {
  client_->set_connection_timeout(patience_.connect);
  client_->set_read_timeout(patience_.silence);
  client_->set_write_timeout(patience_.silence);
  client_->set_socket_options([this](int socket) { socket_.take(socket); });
  client_->set_keep_alive(true);
  client_->set_follow_location(false);
}

UrlSource::~UrlSource() = default;

std::unique_ptr<UrlSource> UrlSource::open(const std::string& base, const SitePatience& patience) {
  if (!base.starts_with("http://") && !base.starts_with("https://")) return nullptr;
  const std::size_t path = base.find('/', base.find("://") + 3);
  std::string prefix = path == std::string::npos ? "" : base.substr(path);
  while (prefix.ends_with('/')) prefix.pop_back();
  auto client = std::make_unique<httplib::Client>(base.substr(0, path));
  if (!client->is_valid()) return nullptr;
  return std::unique_ptr<UrlSource>(new UrlSource(std::move(client), std::move(prefix), patience));
}

Checked<std::string> UrlSource::get(const std::string& path) const {
  const std::size_t most = max_octets_of(path);
  TimeLimit limit(socket_, patience_.document * static_cast<int>(1 + (most - 1) / kAtATime));
  int status = 0;
  bool too_large = false;
  std::string octets;
  const httplib::Result result = client_->Get(
      prefix_ + path, httplib::Headers{},
      [&](const httplib::Response& response) {
        status = response.status;
        return status == kOk;
      },
      [&](const char* data, std::size_t size) {
        too_large = octets.size() + size > most;
        if (too_large) return false;
        octets.append(data, size);
        return true;
      });
  if (limit.passed()) return Finding{Fault::unreachable, path, "it does not end in time"};
  if (status == kNotFound) return Finding{Fault::missing, path, ""};
  if (too_large) return Finding{Fault::too_large, path, ""};
  if (status != 0 && status != kOk) return Finding{Fault::unreachable, path, fmt::format("HTTP status {}", status)};
  if (!result) return Finding{Fault::unreachable, path, httplib::to_string(result.error())};
  return octets;
}

std::optional<std::vector<std::string>> UrlSource::names(const std::string& /*folder*/) const { return std::nullopt; }

std::unique_ptr<feed::verify::Source> open_source(const std::string& base) {
  if (base.find("://") == std::string::npos) return std::make_unique<feed::verify::FolderSource>(base);
  return UrlSource::open(base);
}

}  // namespace ismap::server
