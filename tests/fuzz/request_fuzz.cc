#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>

#include "server/edge/guard.h"

/// The head of any request is read or refused; what is read has a method, a path and at most the body that is allowed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ismap::server;
  const std::string_view received(reinterpret_cast<const char*>(data), size);
  const Limits limits;
  const HeadScan scan = scan_head(received, 0);
  if (over_limit(received, limits) || scan.bare_line_feed || !scan.end) return 0;
  const auto head = read_head(received.substr(0, *scan.end), limits);
  if (const auto* good = std::get_if<Head>(&head)) {
    const bool sound = !good->request.method.empty() && !good->request.path.empty() &&
                       good->content_length <= limits.body_bytes && good->request.path.find('\0') == std::string::npos;
    if (!sound) std::abort();
  }
  return 0;
}
