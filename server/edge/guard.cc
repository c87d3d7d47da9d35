#include "server/edge/guard.h"

#include <algorithm>
#include <charconv>

namespace ismap::server {

namespace {

using Refusal = std::optional<Problem>;

Problem bad(std::string ja, std::string en) { return problem_of(400, std::move(ja), std::move(en)); }

bool token_char(char c) {
  static constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kMarks.find(c) != std::string_view::npos;
}

bool token(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), token_char); }

bool is_visible(char c) { return c > 0x20 && c < 0x7F; }

bool control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7F;
}

/// Whether `value` holds an encoded line break or NUL: harmless here, a header of its own to a careless decoder.
bool encoded_break(std::string_view value) {
  for (auto at = value.find('%'); at != std::string_view::npos; at = value.find('%', at + 1)) {
    const std::string_view code = value.substr(at + 1, 2);
    if (code == "00" || equal_without_case(code, "0d") || equal_without_case(code, "0a")) return true;
  }
  return false;
}

/// Takes one line off `text`, without its CR LF. REQUIRES: there is one (scan_head saw to it).
std::string_view take_line(std::string_view& text) {
  const auto end = text.find("\r\n");
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 2);
  return line;
}

/// Leaves the path and query of an absolute-form target (RFC 9112 §3.2.2).
std::string_view without_authority(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.size() < scheme.size() || !equal_without_case(target.substr(0, scheme.size()), scheme)) continue;
    const auto path = target.find('/', scheme.size());
    return path == std::string_view::npos ? "/" : target.substr(path);
  }
  return target;
}

Refusal read_target(std::string_view sent, Request& request) {
  const std::string_view target = without_authority(sent);
  request.target = target;
  if (target == "*" && request.method == "OPTIONS") {
    request.path = "*";
    return std::nullopt;
  }
  if (target.empty() || target.front() != '/' || !std::all_of(target.begin(), target.end(), is_visible) ||
      target.find('#') != std::string_view::npos) {
    return bad("リクエスト対象の書き方が正しくありません", "malformed request target");
  }
  const auto mark = target.find('?');
  auto path = percent_decoded(target.substr(0, mark), false);
  auto query = parse_query_string(mark == std::string_view::npos ? "" : target.substr(mark + 1));
  if (!path || !query) {
    return bad("URLの%による符号化が正しくありません（UTF-8に限ります）",
               "the URL is not correctly percent-encoded UTF-8");
  }
  request.path = *std::move(path);
  request.query = *std::move(query);
  return std::nullopt;
}

Refusal read_request_line(std::string_view line, const Limits& limits, Head& head) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last || !token(line.substr(0, first))) {
    return bad("リクエスト行が正しくありません", "malformed request line");
  }
  const std::string_view version = line.substr(last + 1);
  if (version.size() != 8 || version.substr(0, 5) != "HTTP/" || version[6] != '.') {
    return bad("リクエスト行が正しくありません", "malformed request line");
  }
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    return problem_of(505, "HTTP/1.1 又は HTTP/1.0 に限ります", "only HTTP/1.1 and HTTP/1.0 are served");
  }
  head.keep_alive = version == "HTTP/1.1";
  head.request.method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  if (target.size() > limits.target_bytes) return problem_of(414, "URLが長すぎます", "the URL is too long");
  return read_target(target, head.request);
}

/// Names that must not reach a handler: ranges are not served, and names with _ pass for others' own variables
/// (REMOTE_ADDR).
bool dropped(std::string_view name) {
  return name.find('_') != std::string_view::npos || equal_without_case(name, "Range") ||
         equal_without_case(name, "If-Range");
}

Refusal read_header_line(std::string_view line, Headers& headers) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !token(line.substr(0, colon))) {
    return bad("ヘッダーの行が正しくありません", "malformed header line");
  }
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (std::any_of(value.begin(), value.end(), control) || encoded_break(value)) {
    return bad("ヘッダーの値に使えない文字があります", "a header value holds a character that is not allowed");
  }
  if (!dropped(line.substr(0, colon))) headers.add(std::string(line.substr(0, colon)), std::string(value));
  return std::nullopt;
}

Refusal read_header_lines(std::string_view text, const Limits& limits, Headers& headers) {
  std::size_t lines = 0;
  for (std::string_view line = take_line(text); !line.empty(); line = take_line(text)) {
    if (++lines > limits.header_lines) return problem_of(431, "ヘッダーの行が多すぎます", "too many header lines");
    if (auto refusal = read_header_line(line, headers)) return refusal;
  }
  return std::nullopt;
}

bool host_char(char c) {
  static constexpr std::string_view kMarks = "-._~:[]%!$&'()*+,;=";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kMarks.find(c) != std::string_view::npos;
}

Refusal check_host(const Head& head) {
  const std::size_t hosts = head.request.headers.count("Host");
  const std::string_view host = head.request.headers.get("Host").value_or("");
  const bool good = !host.empty() && std::all_of(host.begin(), host.end(), host_char);
  if (hosts == 1 ? good : hosts == 0 && !head.keep_alive) return std::nullopt;  // HTTP/1.0 may do without
  return bad("Hostヘッダーが一つ要ります", "exactly one Host header is needed");
}

Refusal read_length(const Limits& limits, Head& head) {
  const Headers& headers = head.request.headers;
  const std::size_t lengths = headers.count("Content-Length");
  if (headers.has("Transfer-Encoding")) {
    if (lengths != 0) return bad("本文の長さが二通りに書かれています", "two ways to tell the length of the body");
    return problem_of(501, "Transfer-Encodingは受け付けません。Content-Lengthを付けてください",
                      "Transfer-Encoding is not accepted: send Content-Length");
  }
  if (lengths == 0) return std::nullopt;
  const std::string_view text = *headers.get("Content-Length");
  const bool digits =
      !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (lengths > 1 || !digits) return bad("Content-Lengthが正しくありません", "malformed Content-Length");
  const auto read = std::from_chars(text.data(), text.data() + text.size(), head.content_length);
  if (read.ec != std::errc{} || head.content_length > limits.body_bytes) {
    return problem_of(413, "本文が大きすぎます", "the body is too large");
  }
  return std::nullopt;
}

Refusal read_options(Head& head) {
  const Headers& headers = head.request.headers;
  const std::string codings = headers.joined("Content-Encoding");
  if (!codings.empty() && !equal_without_case(codings, "identity")) {
    Problem problem = problem_of(415, "圧縮した本文は受け付けません", "a compressed body is not accepted");
    problem.headers.add("Accept-Encoding", "identity");
    return problem;
  }
  const std::string connection = headers.joined("Connection");
  for (const std::string_view option : list_elements(connection)) {
    if (equal_without_case(option, "close")) head.keep_alive = false;
  }
  const std::string expect = headers.joined("Expect");
  head.expects_continue = equal_without_case(expect, "100-continue");
  if (!expect.empty() && !head.expects_continue) {
    return problem_of(417, "Expectは100-continueに限ります", "the only expectation known is 100-continue");
  }
  return std::nullopt;
}

}  // namespace

HeadScan scan_head(std::string_view received, std::size_t from) {
  for (auto at = received.find('\n', from); at != std::string_view::npos; at = received.find('\n', at + 1)) {
    if (at == 0 || received[at - 1] != '\r') return HeadScan{std::nullopt, true};
    if (at >= 3 && received[at - 2] == '\n') return HeadScan{at + 1, false};
  }
  return {};
}

Refusal over_limit(std::string_view received, const Limits& limits) {
  const bool in_first_line = received.find('\n') == std::string_view::npos;
  if (in_first_line && received.size() > limits.target_bytes + 64) {
    return problem_of(414, "URLが長すぎます", "the URL is too long");
  }
  if (received.size() > limits.head_bytes) return problem_of(431, "ヘッダーが大きすぎます", "the head is too large");
  return std::nullopt;
}

std::variant<Head, Problem> read_head(std::string_view head, const Limits& limits) {
  Head out;
  if (auto refusal = over_limit(head, limits)) return *std::move(refusal);
  std::string_view rest = head;
  auto refusal = read_request_line(take_line(rest), limits, out);
  if (!refusal) refusal = read_header_lines(rest, limits, out.request.headers);
  if (!refusal) refusal = check_host(out);
  if (!refusal) refusal = read_length(limits, out);
  if (!refusal) refusal = read_options(out);
  if (refusal) return *std::move(refusal);
  return out;
}

}  // namespace ismap::server
