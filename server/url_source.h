#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "feed/verify/source.h"

namespace httplib {
class Client;
}

namespace ismap::server {

/// A publication at a site. What it sends is bounded in size and time; redirects are not followed. Thread: one.
class UrlSource : public feed::verify::Source {
 public:
  /// Nothing when `base` is not "http(s)://HOST[:PORT][/PREFIX]".
  static std::unique_ptr<UrlSource> open(const std::string& base);
  ~UrlSource() override;

  /// 404 is missing; any other answer than 200, and none in time, is unreachable.
  [[nodiscard]] feed::verify::Checked<std::string> get(const std::string& path) const override;
  /// Nothing: a site does not say what it has.
  [[nodiscard]] std::optional<std::vector<std::string>> names(const std::string& folder) const override;

 private:
  UrlSource(std::unique_ptr<httplib::Client> client, std::string prefix);
  std::unique_ptr<httplib::Client> client_;
  std::string prefix_;
};

/// The source that BASE names: a site for http(s)://…, else a folder. Nothing when it is no such URL.
std::unique_ptr<feed::verify::Source> open_source(const std::string& base);

}  // namespace ismap::server
