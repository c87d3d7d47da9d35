#include <utility>

#include "feed/jwt.h"
#include "registry/digest.h"
#include "server/api/act_request.h"
#include "server/office/office.h"

/// The office's part in the way of a filing: signs receipts, and publishes what a filing changed before it answers.
namespace ismap::server {

using registry::Actor;
using registry::Article;
using registry::Code;
using registry::Done;
using registry::Drafted;
using registry::Error;
using registry::Errors;
using registry::Filing;
using registry::FilingId;
using registry::Json;
using registry::LookedAt;
using registry::Result;

namespace {

/// The receipt of a filing (formats: Filing receipt).
std::string receipt(const feed::PrivateKey& key, const std::string& iss, const Filing& filing) {
  const Json claims{{"article", filing.article.value()},
                    {"filing", filing.id.value()},
                    {"form", filing.form},
                    {"iat", filing.received_at->unix_seconds()},
                    {"iss", iss},
                    {"payload_sha256", payload_digest(filing)},
                    {"received_at", filing.received_at->iso()},
                    {"sub", iss + "/v1/filings/" + filing.id.value()}};
  return feed::sign_jwt(key, feed::kReceiptType, registry::canonical(claims));
}

/// Reads {"decision", "article", "reason"}; every mistake at once.
Result<registry::Ruling> read_ruling(const Json& body) {
  if (!body.is_object()) return Error{Code::invalid, "", "", "JSONオブジェクトで書いてください", "give a JSON object"};
  Errors errors;
  for (const auto& [name, value] : body.items()) {
    if (name == "decision" || name == "article" || name == "reason") continue;
    errors.push_back({Code::invalid, "/" + registry::pointer_token(name), "", "知らない項目です: " + name,
                      "unknown member: " + name});
  }
  const Json decision = body.value("decision", Json());
  if (decision != "accept" && decision != "return") {
    errors.push_back(
        {Code::invalid, "/decision", "", "decision は accept か return です", "the decision is accept or return"});
  }
  const Json article = body.value("article", Json());
  if (!article.is_string()) {
    errors.push_back({Code::invalid, "/article", "", "根拠条項（article）を書いてください", "give the article"});
  }
  Result<std::string> reason = read_reason(body);
  if (!reason.ok()) registry::append(errors, reason.errors());
  if (!errors.empty()) return errors;
  return registry::Ruling{decision == "accept", Article{article.get<std::string>()}, *reason};
}

}  // namespace

registry::FilingDesk Office::filing_desk() const {
  return registry::FilingDesk(folder_.env(), folder_.registrar(), folder_.case_settings());
}

Result<registry::Preview> Office::preview(const Json& request, const Actor& who, Reading reading) {
  if (!reading) reading = read_now();
  return filing_desk().preview(request, who, reading->read_at());
}

Result<Drafted> Office::draft(const Json& request, const Actor& who, Reading reading,
                              const std::optional<registry::RequestKey>& key) {
  if (!reading) reading = read_now();
  const auto use = keys_in_use_.take(key);
  if (!use.ok()) return use.errors();
  return filing_desk().draft(request, who, reading->read_at(), key);
}

Result<Drafted> Office::amend(const FilingId& id, const Json& patch, const std::string& etag, const Actor& who,
                              Reading reading) {
  if (!reading) reading = read_now();
  return filing_desk().amend(id, patch, etag, who, reading->read_at());
}

Result<Filing> Office::withdraw(const FilingId& id, const Actor& who) {
  Result<Filing> withdrawn = filing_desk().withdraw(id, who, now_());
  if (!withdrawn.ok()) return withdrawn;
  // It is withdrawn, whatever becomes of its files: what cannot be removed now is removed at the next start.
  [[maybe_unused]] const Result<Done> removed = attachments().remove_unnamed();
  return withdrawn;
}

Result<registry::Submission> Office::submit(const FilingId& id, const Actor& who, const registry::RequestKey& key,
                                            Reading reading, const LookedAt& looked_at) {
  if (!reading) reading = read_now();
  const auto use = keys_in_use_.take(key);
  if (!use.ok()) return use.errors();
  const auto signers = folder_.publisher().signers(now_());
  if (!signers.ok()) return signers.errors();
  const auto sign = [&](const Filing& filing) { return receipt((*signers)->jwt, folder_.iss(), filing); };
  auto submitted = filing_desk().submit(id, who, key, sign, reading->read_at(), looked_at);
  reading->settle();
  if (submitted.ok() && !submitted->replayed && submitted->answer.at("seq").is_number()) {
    Recorded recorded;
    publish(recorded);
  }
  return submitted;
}

Result<Office::Decided> Office::decide(const FilingId& id, const Actor& who, const Json& body,
                                       const std::optional<registry::RequestKey>& key, Reading reading,
                                       const LookedAt& looked_at) {
  if (!reading) reading = read_now();
  if (who.role != registry::Role::operator_) {
    return Error{Code::forbidden, "/role", "14.2", "届出を確認するのは operator です",
                 "filings are decided by the operator"};
  }
  const auto use = keys_in_use_.take(key);
  if (!use.ok()) return use.errors();
  Result<registry::Ruling> ruling = read_ruling(body);
  if (!ruling.ok()) return ruling.errors();
  Result<Done> allowed = folder_.publisher().may_sign(now_());
  if (!allowed.ok()) return allowed.errors();
  Result<Filing> decided = filing_desk().decide(id, *ruling, who, reading->read_at(), key, looked_at);
  reading->settle();
  if (!decided.ok()) return decided.errors();
  Recorded recorded;
  if (decided->decision && decided->decision->seq) recorded.seqs = {*decided->decision->seq};
  publish(recorded);
  return Decided{std::move(*decided), std::move(recorded)};
}

Result<Filing> Office::inquire(const FilingId& id, const Actor& who, const Json& body,
                               const std::optional<registry::RequestKey>& key, Reading reading) {
  if (!reading) reading = read_now();
  const auto use = keys_in_use_.take(key);
  if (!use.ok()) return use.errors();
  return filing_desk().inquire(id, body, who, reading->read_at(), key);
}

Result<Filing> Office::filing(const FilingId& id) const {
  return folder_.env().read([&](const registry::lmdb::ReadTxn& txn) { return registry::filings::get(txn, id); });
}

Result<std::vector<Filing>> Office::filings(const std::function<bool(const Filing&)>& keep) const {
  return folder_.env().read([&](const registry::lmdb::ReadTxn& txn) { return registry::filings::all(txn, keep); });
}

Result<registry::Effect> Office::effect(const FilingId& id) const { return filing_desk().effect(id, now_()); }

Result<std::vector<registry::ProposedLift>> Office::lifts_for(const Filing& filing) const {
  return folder_.env().read([&](const registry::lmdb::ReadTxn& txn) {
    return registry::lifts_for(txn, filing, now_().jst_day(), folder_.case_settings());
  });
}

Result<std::vector<registry::Waiting>> Office::queue() const {
  return folder_.env().read([&](const registry::lmdb::ReadTxn& txn) {
    return registry::waiting_filings(txn, now_().jst_day(), folder_.case_settings());
  });
}

Result<std::vector<registry::FieldDiff>> Office::moved_since(const registry::ServiceId& service,
                                                             const LookedAt& looked_at) const {
  return folder_.env().read(
      [&](const registry::lmdb::ReadTxn& txn) { return registry::moved_since(txn, service, looked_at); });
}

Result<std::vector<registry::FieldDiff>> Office::moved_since(const Filing& filing) const {
  return folder_.env().read([&](const registry::lmdb::ReadTxn& txn) { return registry::moved_since(txn, filing); });
}

}  // namespace ismap::server
