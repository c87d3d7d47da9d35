#include "server/api/paging.h"

#include <charconv>
#include <string_view>

#include "server/problem.h"

namespace ismap::server {

using registry::Json;
using registry::Result;

Result<std::size_t> read_limit(const Call& call) {
  const auto text = call.parameter("limit");
  std::size_t limit = 100;
  if (!text) return limit;
  const auto read = std::from_chars(text->data(), text->data() + text->size(), limit);
  if (read.ec == std::errc() && read.ptr == text->data() + text->size() && limit >= 1 && limit <= 1000) return limit;
  return bad_parameter("limit", "limit は1から1000までの整数です", "limit is an integer from 1 to 1000");
}

Result<std::optional<std::string>> read_cursor(const Call& call, char letter) {
  constexpr std::size_t kShortestNumber = 10;
  const auto text = call.parameter("cursor");
  if (!text) return std::optional<std::string>();
  const bool number = text->size() >= kShortestNumber && text->front() == letter &&
                      text->find_first_not_of("0123456789", 1) == std::string_view::npos;
  if (number) return std::optional<std::string>(*text);
  return bad_parameter("cursor", "cursor は、前のページの next にあるものを使ってください",
                       "the cursor is that of the page before, in its next");
}

Json next_page(const Call& call, const Json& last) {
  if (!last.is_string()) return nullptr;
  std::string url = call.request.path + "?";
  for (const std::string_view name : call.route.parameters) {
    const auto value = name == "cursor" ? std::nullopt : call.parameter(name);
    if (value) url += std::string(name) + "=" + percent_encoded(*value) + "&";
  }
  return url + "cursor=" + percent_encoded(last.get<std::string>());
}

}  // namespace ismap::server
