#include "server/api/attachments_api.h"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>
#include <utility>

#include "registry/attachments/file_type.h"
#include "server/answer.h"
#include "server/api/body.h"
#include "server/auth.h"
#include "server/office/attachment_desk.h"
#include "server/office/office.h"
#include "server/problem.h"

namespace ismap::server {

using registry::Attachment;
using registry::Code;
using registry::Done;
using registry::Error;
using registry::Filing;
using registry::FilingId;
using registry::Json;
using registry::Result;

namespace {

Error no_such_filing(const std::string& id) {
  return {Code::not_found, "", "", "届出 " + id + " はありません", "there is no filing " + id};
}

/// The filing of the path, if the caller may know of it.
Result<Filing> filing_with_attachments(const Call& call) {
  const std::string& id = call.captures.front();
  Result<Filing> filing = call.context.office->filing(FilingId{id});
  if (filing.ok() && !concerns(*call.caller, *filing)) return no_such_filing(id);
  return filing;
}

/// The same, if the caller may change what is attached.
Result<Filing> own_filing(const Call& call) {
  Result<Filing> filing = filing_with_attachments(call);
  if (!filing.ok() || call.caller->actor.role == registry::Role::registrant) return filing;
  return Error{Code::forbidden, "/role", "", "添付を加え又は外すのは登録者です",
               "attachments are added and removed by the registrant"};
}

std::string name_given(const Call& call) { return std::string(call.parameter("name").value_or("")); }

std::string declared_type(const Call& call) {
  return std::string(call.request.headers.get("Content-Type").value_or(""));
}

/// What can be said of a POST before its file is there.
Result<Done> check_before_the_file(const Call& call) {
  const Result<Filing> filing = own_filing(call);
  if (!filing.ok()) return filing.errors();
  Result<Done> fit = registry::attachments::check_name(name_given(call));
  if (fit.ok()) fit = registry::check_promised(name_given(call), declared_type(call));
  const bool may_be_repeated = call.request.headers.has("Idempotency-Key");
  if (fit.ok() && !may_be_repeated) fit = registry::attachments::check_draft(*filing);
  return fit;
}

std::optional<std::uint64_t> number_in_path(const Call& call) {
  const std::string& text = call.captures.at(1);
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = read.ec == std::errc{} && read.ptr == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

Error no_such_attachment(const Call& call) {
  return {Code::not_found, "", "", "添付 " + call.captures.at(1) + " はありません",
          "there is no attachment " + call.captures.at(1)};
}

Response list_of(const std::vector<Attachment>& attached) {
  Json items = Json::array();
  for (const Attachment& one : attached) items.push_back(to_json(one));
  return json_answer(200, Json{{"items", std::move(items)}});
}

/// How a file is offered: to be saved under its own name. Source: RFC 6266 §4.1, RFC 8187 §3.2.
std::string disposition_of(const Attachment& attachment) {
  const auto type = registry::type_of_media(attachment.type);
  return fmt::format("attachment; filename=\"attachment-{}.{}\"; filename*=UTF-8''{}", attachment.number,
                     type ? type->extension : "bin", percent_encoded(attachment.name));
}

registry::Instant time_of(const Call& call) {
  return call.request.reading ? call.request.reading->read_at() : call.context.now();
}

}  // namespace

BodyPlace place_attachment(const Call& call, std::size_t content_length) {
  if (const auto fit = check_before_the_file(call); !fit.ok()) return problem_of(fit.errors());
  if (!call.request.headers.has("Content-Length")) {
    return problem_of(411, "Content-Lengthを付けてください", "send the Content-Length of the file");
  }
  if (content_length > registry::attachments::kMaxFileBytes) {
    return problem_of(registry::Errors{registry::attachments::too_large_file()});
  }
  auto file = call.context.office->attachments().receive(call.caller->actor.organisation);
  if (file.ok()) return std::shared_ptr<BodySink>(*std::move(file));
  Problem busy = problem_of(file.errors());
  busy.headers.add("Retry-After", "10");
  return busy;
}

Result<Response> add_attachment(const Call& call) {
  const Result<Filing> filing = own_filing(call);  // again: a token may have ended while the file came
  if (!filing.ok()) return filing.errors();
  Result<std::optional<registry::RequestKey>> key = request_key(call);
  if (!key.ok()) return key.errors();
  const auto file = std::dynamic_pointer_cast<IncomingFile>(call.request.sink);
  if (!file) throw std::logic_error("the body of an attachment was not placed");
  auto added = call.context.office->attachments().attach(filing->id, {name_given(call), declared_type(call), *key},
                                                         *file, call.caller->actor, time_of(call));
  if (!added.ok()) return added.errors();
  Response out = json_answer(added->existed ? 200 : 201, to_json(added->attachment));
  out.headers.add("Location",
                  fmt::format("/v1/filings/{}/attachments/{}", filing->id.value(), added->attachment.number));
  return out;
}

Result<Response> list_attachments(const Call& call) {
  const Result<Filing> filing = filing_with_attachments(call);
  if (!filing.ok()) return filing.errors();
  const auto attached = call.context.office->attachments().of(filing->id);
  if (!attached.ok()) return attached.errors();
  return list_of(*attached);
}

Result<Response> one_attachment(const Call& call) {
  const Result<Filing> filing = filing_with_attachments(call);
  if (!filing.ok()) return filing.errors();
  const auto number = number_in_path(call);
  if (!number) return no_such_attachment(call);
  auto found = call.context.office->attachments().open(filing->id, *number);
  if (!found.ok()) return found.errors();
  Response out;
  out.headers.add("Content-Type", found->about.type);
  out.headers.add("Content-Disposition", disposition_of(found->about));
  out.headers.add("Cache-Control", "private, no-store");
  out.headers.add("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'");
  out.source = std::move(found->file);
  return out;
}

Result<Response> remove_attachment(const Call& call) {
  const Result<Filing> filing = own_filing(call);
  if (!filing.ok()) return filing.errors();
  const auto number = number_in_path(call);
  if (!number) return no_such_attachment(call);
  const auto left = call.context.office->attachments().detach(filing->id, *number, call.caller->actor, time_of(call));
  if (!left.ok()) return left.errors();
  return list_of(*left);
}

}  // namespace ismap::server
