#include "server/routes.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "server/admission.h"
#include "server/api/acts_api.h"
#include "server/api/attachments_api.h"
#include "server/api/audit_api.h"
#include "server/api/cases_api.h"
#include "server/api/decision_api.h"
#include "server/api/documents.h"
#include "server/api/filing_api.h"
#include "server/api/local_api.h"
#include "server/api/proposals_api.h"
#include "server/api/services_api.h"
#include "server/api/token_api.h"
#include "server/edge/gate.h"
#include "server/office/office.h"
#include "server/openapi/manual.h"
#include "server/problem.h"
#include "server/request_log.h"
#include "server/site/pages.h"
#include "server/site/reference_pages.h"

namespace ismap::server {

namespace {

using registry::Errors;

bool capture_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

/// The rows whose pattern is this path, whatever their method, each with its captures.
std::vector<std::pair<const Route*, std::vector<std::string>>> rows_for(std::string_view path) {
  std::vector<std::pair<const Route*, std::vector<std::string>>> out;
  for (const Route& route : routes()) {
    if (auto captures = match(route.pattern, path)) out.emplace_back(&route, *std::move(captures));
  }
  return out;
}

/// Every parameter that the route does not know, or that is given twice.
Errors check_parameters(const Route& route, const std::vector<Parameter>& query) {
  Errors out;
  std::vector<std::string_view> seen;
  for (const Parameter& p : query) {
    const bool known = std::find(route.parameters.begin(), route.parameters.end(), p.name) != route.parameters.end();
    const bool repeated = std::find(seen.begin(), seen.end(), p.name) != seen.end();
    seen.push_back(p.name);
    if (!known) {
      out.push_back(bad_parameter(p.name, fmt::format("パラメータ {} はありません", p.name),
                                  fmt::format("unknown parameter {}", p.name)));
    } else if (repeated) {
      out.push_back(bad_parameter(p.name, fmt::format("パラメータ {} は一度だけ書いてください", p.name),
                                  fmt::format("parameter {} is given more than once", p.name)));
    }
  }
  return out;
}

std::string allowed_methods(const std::vector<std::pair<const Route*, std::vector<std::string>>>& rows) {
  std::string out;
  for (const auto& row : rows) out += fmt::format("{}, ", row.first->method == "GET" ? "GET, HEAD" : row.first->method);
  return out + "OPTIONS";
}

/// Whether scripts of other sites may read it: public GETs only.
bool open_to_other_sites(const Route& route) { return route.right == Right::everyone && route.method == "GET"; }

Response answer_options(const std::vector<std::pair<const Route*, std::vector<std::string>>>& rows) {
  Response out;
  out.status = 204;
  out.headers.add("Allow", rows.empty() ? "GET, HEAD, OPTIONS" : allowed_methods(rows));
  const bool open =
      std::any_of(rows.begin(), rows.end(), [](const auto& row) { return open_to_other_sites(*row.first); });
  if (open) {
    out.headers.add("Access-Control-Allow-Origin", "*");
    out.headers.add("Access-Control-Allow-Methods", "GET, HEAD");
    out.headers.add("Access-Control-Allow-Headers", "If-None-Match");
    out.headers.add("Access-Control-Max-Age", "86400");
  }
  return out;
}

/// A browser on a page of the site gets a page; everything else gets problem+json.
bool wants_page(const Request& request) {
  const bool machine = request.path.starts_with("/v1/") || request.path.starts_with("/log/");
  return !machine && request.headers.joined("Accept").find("text/html") != std::string::npos;
}

Response refuse(const Pages& pages, const Request& request, const Problem& problem) {
  return wants_page(request) ? pages.problem(problem) : to_response(problem, prefers_english(request));
}

Problem no_such_path() { return problem_of(404, "そのURLには何もありません", "there is nothing at this URL"); }

Problem wrong_method(std::string allowed) {
  Problem out = problem_of(405, fmt::format("このURLで使えるメソッドは {} です", allowed),
                           fmt::format("the methods of this URL are {}", allowed));
  out.headers.add("Allow", std::move(allowed));
  return out;
}

Problem no_generation() {
  Problem out = problem_of(503, "まだ公表されていません。少し待って、もう一度お試しください",
                           "nothing has been published yet; try again shortly");
  out.headers.add("Retry-After", "5");
  return out;
}

Response run(const Context& context, const Pages& pages, const Request& request, const Route& route,
             std::vector<std::string> captures, AnswerRecord& record) {
  if (const auto refused = count_request(context, route, request, record.address)) {
    return refuse(pages, request, *refused);
  }
  if (Errors errors = check_parameters(route, request.query); !errors.empty()) {
    return refuse(pages, request, problem_of(std::move(errors)));
  }
  Call call{request, context, pages, route, context.current(), std::move(captures), std::nullopt};
  const auto refused = admit(call, record.address);
  if (call.caller) record.token = call.caller->actor.token;
  if (refused) return refuse(pages, request, *refused);
  if (route.needs_generation && !call.generation) return refuse(pages, request, no_generation());
  auto result = route.handler(call);
  return result.ok() ? std::move(result).value() : refuse(pages, request, problem_of(result.errors()));
}

Response respond(const Context& context, const Pages& pages, const Request& request, AnswerRecord& record) {
  auto rows = rows_for(request.path);
  if (!request.local_user) std::erase_if(rows, [](const auto& row) { return row.first->right == Right::local; });
  if (request.method == "OPTIONS" && (!rows.empty() || request.path == "*")) return answer_options(rows);
  if (rows.empty()) return refuse(pages, request, no_such_path());
  record.route = rows.front().first->pattern;
  const std::string_view wanted = request.method == "HEAD" ? "GET" : std::string_view(request.method);
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const auto& r) { return r.first->method == wanted; });
  if (row == rows.end()) return refuse(pages, request, wrong_method(allowed_methods(rows)));
  record.route = row->first->pattern;
  record.for_callers = row->first->right != Right::everyone;
  Response out = run(context, pages, request, *row->first, row->second, record);
  if (open_to_other_sites(*row->first)) {
    out.headers.set("Access-Control-Allow-Origin", "*");
    out.headers.set("Access-Control-Expose-Headers", "ETag, Link");
  }
  return out;
}

/// Remembers what was answered: the use of the token, in memory, and the line of the log.
void remember(const Context& context, const AnswerRecord& record) {
  if (!record.token.empty()) context.office->note_use(registry::TokenId{record.token}, record.address);
  if (context.on_answer && is_logged(record)) context.on_answer(record);
}

}  // namespace

std::optional<std::string_view> Call::parameter(std::string_view name) const {
  for (const Parameter& p : request.query) {
    if (p.name == name) return p.value;
  }
  return std::nullopt;
}

const std::vector<Route>& routes() {
  using enum Right;
  using enum Caching;
  static const std::vector<Route> table = {
      // Queries over the tables
      {"GET",
       "/v1/services",
       everyone,
       list_services,
       {"state", "provider", "q", "as_of", "known_at", "limit", "cursor"}},
      {"GET", "/v1/services/{id}", everyone, one_service, {"as_of", "known_at"}},
      {"GET", "/v1/services/{id}/history", everyone, service_history, {}},
      // Documents of the generation
      {"GET", "/v1/list.jwt", everyone, published, {}, minute},
      {"GET", "/v1/list.json", everyone, published, {}, minute},
      {"GET", "/v1/list.csv", everyone, published, {}, minute},
      {"GET", "/v1/records/{id}.jwt", everyone, evidence, {"as_of", "known_at"}, minute},
      {"GET", "/v1/events/{seq}.json", everyone, published, {}, immutable},
      {"GET", "/v1/events.atom", everyone, published, {}, minute},
      {"GET", "/v1/events/archive/{n}.atom", everyone, published, {}, immutable},
      {"GET", "/v1/services/{id}.atom", everyone, published, {}, minute},
      {"GET", "/v1/keys.json", everyone, published, {}, minute},
      {"GET", "/v1/keys/{n}.json", everyone, published, {}, immutable},
      {"GET", "/log/checkpoint", everyone, published, {}, never},
      {"GET", "/log/tile/{path*}", everyone, published, {}, immutable},
      // A token's own
      {"GET", "/v1/token", caller, own_token, {}, never, false},
      {"POST", "/v1/tokens/rotation", caller, rotate_own_token, {}, never, false},
      // Filing, deciding, acting
      {"GET", "/v1/filings", caller, list_filings, {"service", "form", "state", "limit", "cursor"}, never, false},
      {"POST", "/v1/filings", caller, create_filing, {"dry_run"}, never, false},
      {"GET", "/v1/filings/{id}", caller, one_filing, {}, never, false},
      {"PATCH", "/v1/filings/{id}", caller, amend_filing, {}, never, false},
      {"GET", "/v1/filings/{id}/diff", caller, filing_diff, {}, never, false},
      {"DELETE", "/v1/filings/{id}", caller, withdraw_filing, {}, never, false},
      {"POST", "/v1/filings/{id}/submission", caller, submit_filing, {}, never, false},
      {"POST", "/v1/filings/{id}/decision", caller, decide_filing, {}, never, false},
      {"POST", "/v1/filings/{id}/inquiry", caller, inquire_filing, {}, never, false},
      {"GET", "/v1/queue", caller, operators_queue, {}, never, false},
      {"GET", "/v1/filings/{id}/attachments", caller, list_attachments, {}, never, false},
      {"POST", "/v1/filings/{id}/attachments", caller, add_attachment, {"name"}, never, false, place_attachment},
      {"GET", "/v1/filings/{id}/attachments/{number}", caller, one_attachment, {}, never, false},
      {"DELETE", "/v1/filings/{id}/attachments/{number}", caller, remove_attachment, {}, never, false},
      {"POST", "/v1/services/{id}/acts", caller, act_on_service, {}, never, false},
      // What the list does not show
      {"GET", "/v1/cases", caller, list_cases, {"service", "procedure", "state", "limit", "cursor"}, never, false},
      {"POST", "/v1/cases", caller, open_case, {}, never, false},
      {"GET", "/v1/cases/{id}", caller, one_case, {}, never, false},
      {"POST", "/v1/cases/{id}/steps", caller, step_in_case, {}, never, false},
      {"POST", "/v1/cases/{id}/steps/{number}/destruction", caller, destroy_texts, {}, never, false},
      {"GET", "/v1/deadlines", caller, list_deadlines, {"service", "role", "overdue", "until"}, never, false},
      {"GET", "/v1/deadlines.ics", caller, list_deadlines, {"service", "role", "overdue", "until"}, never, false},
      // A second person, and what is set
      {"GET", "/v1/proposals", caller, list_proposals, {"state"}, never, false},
      {"GET", "/v1/proposals/{id}", caller, one_proposal, {}, never, false},
      {"POST", "/v1/proposals/{id}/confirmation", caller, confirm_proposal, {}, never, false},
      {"POST", "/v1/proposals/{id}/rejection", caller, reject_proposal, {}, never, false},
      {"GET", "/v1/settings", caller, show_settings, {}, never, false},
      // Who did what
      {"GET",
       "/v1/audit",
       caller,
       query_audit,
       {"since", "until", "act", "role", "organisation", "token", "service", "case", "filing", "event", "from", "to",
        "order", "limit", "cursor", "texts"},
       never,
       false},
      {"GET", "/v1/audit.jsonl", caller, audit_lines, {"from", "to"}, never, false},
      // What the command line asks of a running server
      {"POST", "/local/backups", local, local_note_backup, {}, never, false},
      {"POST", "/local/export", local, local_export, {}, never, false},
      {"POST", "/local/import", local, local_import, {"dry_run"}, never, false},
      {"POST", "/local/keys", local, local_install_keys, {}, never, false},
      {"POST", "/local/settings", local, local_change_settings, {}, never, false},
      {"POST", "/local/tokens", local, local_issue_token, {}, never, false},
      {"GET", "/local/tokens", local, local_tokens, {}, never, false},
      {"POST", "/local/tokens/{id}/rotation", local, local_rotate_token, {}, never, false},
      {"DELETE", "/local/tokens/{id}", local, local_revoke_token, {}, never, false},
      // Pages
      {"GET", "/", everyone, list_page, {"q", "cursor"}},
      {"GET", "/services/{id}", everyone, service_page, {}},
      {"GET", "/openapi.json", everyone, openapi_document, {}, minute, false},
      {"GET", "/reference", everyone, reference_page, {}, revalidate, false},
      {"GET", "/en/reference", everyone, reference_page, {}, revalidate, false},
      {"GET", "/problems", everyone, problems_page, {}, revalidate, false},
      {"GET", "/en/problems", everyone, problems_page, {}, revalidate, false},
      {"GET", "/problems/{slug}", everyone, problem_type_page, {}, revalidate, false},
      {"GET", "/en/problems/{slug}", everyone, problem_type_page, {}, revalidate, false},
      {"GET", "/css/{path*}", everyone, static_file, {}, minute, false},
      // The machine
      {"GET", "/healthz", everyone, healthy, {}, never, false},
      {"GET", "/readyz", everyone, ready, {}, never, false},
  };
  return table;
}

std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
  std::vector<std::string> captures;
  for (;;) {
    const auto open = pattern.find('{');
    const std::string_view fixed = pattern.substr(0, open);
    if (open == std::string_view::npos) return fixed == path ? std::optional(captures) : std::nullopt;
    if (!path.starts_with(fixed)) return std::nullopt;
    path.remove_prefix(fixed.size());
    const auto close = pattern.find('}');
    const bool rest = pattern[close - 1] == '*';
    const auto* const end = rest ? path.end() : std::find_if_not(path.begin(), path.end(), capture_char);
    const std::string_view captured = path.substr(0, static_cast<std::size_t>(end - path.begin()));
    if (captured.empty()) return std::nullopt;
    captures.emplace_back(captured);
    path.remove_prefix(captured.size());
    pattern.remove_prefix(close + 1);
  }
}

BodyPlace place_body(const Context& context, const Pages& pages, const Request& request, std::size_t content_length) {
  for (const Route& route : routes()) {
    if (route.receiver == nullptr || route.method != request.method) continue;
    auto captures = match(route.pattern, request.path);
    if (!captures) continue;
    if (Errors errors = check_parameters(route, request.query); !errors.empty()) return problem_of(std::move(errors));
    Call call{request, context, pages, route, nullptr, *std::move(captures), std::nullopt};
    const std::string address = context.gate == nullptr ? request.peer : context.gate->address_of(request);
    if (auto refused = admit(call, address)) return *std::move(refused);
    return route.receiver(call, content_length);
  }
  return std::shared_ptr<BodySink>();
}

Response dispatch(const Context& context, const Pages& pages, const Request& request) {
  const auto began = std::chrono::steady_clock::now();
  AnswerRecord record;
  record.method = logged_method(request.method);
  record.address = context.gate == nullptr ? request.peer : context.gate->address_of(request);
  record.local_user = request.local_user;
  Response out = respond(context, pages, request, record);
  secure(out);
  record.status = out.status;
  record.milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
  remember(context, record);
  return out;
}

}  // namespace ismap::server
