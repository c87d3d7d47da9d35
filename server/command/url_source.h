#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "feed/verify/source.h"
#include "server/edge/time_limit.h"

namespace httplib {
class Client;
}

namespace ismap::server {

/// How long a site is waited for.
struct SitePatience {
  std::chrono::milliseconds connect{10'000};
  std::chrono::milliseconds silence{15'000};  ///< longest wait for the next octets
  std::chrono::milliseconds document{
      120'000};  ///< longest time for one document, from the connection to its last octet
};

/// A publication at a site. What it sends is bounded in size and time; redirects are not followed. Thread: one.
class UrlSource : public feed::verify::Source {
 public:
  /// Nothing when `base` is not "http(s)://HOST[:PORT][/PREFIX]".
  static std::unique_ptr<UrlSource> open(const std::string& base, const SitePatience& patience = {});
  ~UrlSource() override;

  /// 404 is missing; any other answer than 200, and none in time, is unreachable.
  [[nodiscard]] feed::verify::Checked<std::string> get(const std::string& path) const override;
  /// Nothing: a site does not say what it has.
  [[nodiscard]] std::optional<std::vector<std::string>> names(const std::string& folder) const override;

 private:
  UrlSource(std::unique_ptr<httplib::Client> client, std::string prefix, const SitePatience& patience);
  mutable LimitedSocket socket_;
  std::unique_ptr<httplib::Client> client_;
  std::string prefix_;
  SitePatience patience_;
};

/// The source that BASE names: a site for http(s)://…, else a folder. Nothing when it is no such URL.
std::unique_ptr<feed::verify::Source> open_source(const std::string& base);

}  // namespace ismap::server
