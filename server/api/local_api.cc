#include "server/api/local_api.h"

#include "server/api/body.h"
#include "server/office/tasks.h"

namespace ismap::server {

using registry::Json;
using registry::Result;

namespace {

Result<Response> answered(int status, const Result<Json>& result) {
  if (!result.ok()) return result.errors();
  return json_answer(status, *result);
}

}  // namespace

Result<Response> local_import(const Call& call) {
  const bool dry_run = call.parameter("dry_run") == "true";
  return answered(200, tasks::import(*call.context.office, call.caller->actor, call.request.body, dry_run));
}

Result<Response> local_export(const Call& call) {
  const Result<Json> body = read_body(call.request);
  if (!body.ok()) return body.errors();
  return answered(200, tasks::export_site(*call.context.office, *body));
}

Result<Response> local_note_backup(const Call& call) {
  const Result<Json> body = read_body(call.request);
  if (!body.ok()) return body.errors();
  return answered(201, tasks::note_backup(*call.context.office, call.caller->actor, *body));
}

Result<Response> local_issue_token(const Call& call) {
  const Result<Json> body = read_body(call.request);
  if (!body.ok()) return body.errors();
  return answered(201, tasks::issue_token(*call.context.office, call.caller->actor, *body));
}

Result<Response> local_install_keys(const Call& call) {
  const Result<Json> done = tasks::install_keys(*call.context.office, call.caller->actor, call.request.body);
  return answered(done.ok() && done->contains("proposal") ? 202 : 200, done);
}

Result<Response> local_tokens(const Call& call) { return answered(200, tasks::tokens(*call.context.office)); }

Result<Response> local_rotate_token(const Call& call) {
  const Result<Json> body = read_optional_body(call.request);
  if (!body.ok()) return body.errors();
  return answered(201, tasks::rotate_token(*call.context.office, call.caller->actor, call.captures.front(), *body));
}

Result<Response> local_revoke_token(const Call& call) {
  return answered(200, tasks::revoke_token(*call.context.office, call.caller->actor, call.captures.front()));
}

}  // namespace ismap::server
