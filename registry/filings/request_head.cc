#include "registry/filings/request_head.h"

#include <utility>

#include "registry/rules/common.h"

namespace ismap::registry {

using rules::refusal;

Error wrong_member(std::string pointer, std::string ja, std::string en) {
  return refusal(Code::invalid, std::move(pointer), "", std::move(ja), std::move(en));
}

Error unknown_member(const std::string& name) {
  return wrong_member("/" + pointer_token(name), "知らない項目です: " + name, "unknown member: " + name);
}

Json without_nulls(const Json& request) {
  Json out = request;
  for (const char* name : {"article", "effective", "links", "material_change", "reason", "supplements", "supersedes"}) {
    if (out.contains(name) && out.at(name).is_null()) out.erase(name);
  }
  return out;
}

namespace {

/// The earlier filing that this one is about, when it may be. Errors: invalid, conflict.
Result<Filing> earlier_filing(const lmdb::ReadTxn& txn, const Json& request, const char* member, const Filer& filer) {
  const std::string pointer = "/" + std::string(member);
  const Json& id = request.at(member);
  Result<Filing> earlier = filings::get(txn, FilingId{id.is_string() ? id.get<std::string>() : ""});
  const bool same = earlier.ok() && earlier->organisation == filer.actor.organisation &&
                    earlier->form == request.value("form", Json()) &&
                    earlier->service.value() == request.value("service", Json());
  if (!same || !earlier->received_at) {
    return wrong_member(pointer, "同じサービスと様式の、提出済みの届出の番号を書いてください",
                        "name a filing of this form and service that was submitted");
  }
  if (earlier->article == Article{"12.1"}) {
    return refusal(Code::conflict, pointer, "12.1",
                   "更新の申請は補足も差替えもできません。変更は様式12.3、照会への回答は様式9.5で届け出てください",
                   "an application for renewal is not supplemented or replaced: file 12.3 about changes, 9.5 as an "
                   "answer");
  }
  const bool decided = earlier->state == FilingState::accepted || earlier->state == FilingState::superseded;
  if (std::string_view(member) == "supersedes" && decided) {
    return refusal(Code::conflict, pointer, earlier->article.value(),
                   "届出 " + earlier->id.value() + " は " + std::string(name_of(earlier->state)) +
                       " です。差し替えられません。補足（supplements）として届け出てください",
                   "filing " + earlier->id.value() + " is " + std::string(name_of(earlier->state)) +
                       " and cannot be replaced: supplement it");
  }
  return earlier;
}

/// Reads supplements and supersedes; the case of the earlier filing is that of this one.
void read_earlier(const lmdb::ReadTxn& txn, const Json& request, const Filer& filer, Head& head, Errors& errors) {
  if (request.contains("supplements") && request.contains("supersedes")) {
    errors.push_back(wrong_member("/supersedes", "supplements と supersedes の一方だけを書いてください",
                                  "give supplements or supersedes, not both"));
    return;
  }
  for (const char* member : {"supplements", "supersedes"}) {
    if (!request.contains(member)) continue;
    const Result<Filing> earlier = earlier_filing(txn, request, member, filer);
    if (!earlier.ok()) {
      append(errors, earlier.errors());
      continue;
    }
    (std::string_view(member) == "supplements" ? head.prepared.supplements : head.prepared.supersedes) = earlier->id;
    head.prepared.first_received_at = earlier->first_received_at;
    if (earlier->case_id && !request.contains("case")) head.asked.named = CaseId{*earlier->case_id};
  }
}

void read_case(const Json& request, Asked& asked, Errors& errors) {
  if (!request.contains("case")) return;
  const Json& named = request.at("case");
  asked.asks_for_new = named.is_null();
  if (named.is_string()) asked.named = CaseId{named.get<std::string>()};
  if (!named.is_null() && !named.is_string()) {
    errors.push_back(wrong_member("/case", "事案番号を書いてください。新しい事案なら null です",
                                  "give the number of a case, or null for a new one"));
  }
}

void read_ways(const Json& request, Asked& asked, Errors& errors) {
  const Json name = request.value("form", Json());
  asked.ways = forms_named(name.is_string() ? name.get_ref<const std::string&>() : "");
  if (asked.ways.empty()) {
    errors.push_back(wrong_member("/form", "様式（form）は次のいずれかです: " + names_of(forms()),
                                  "the form is one of: " + names_of(forms())));
    return;
  }
  if (!request.contains("article")) return;
  const std::vector<Form> all = asked.ways;
  std::erase_if(asked.ways, [&](const Form& form) { return request.at("article") != form.step->article; });
  if (!asked.ways.empty()) return;
  asked.ways = all;
  errors.push_back(refusal(Code::invalid, "/article", std::string(all.front().step->article),
                           "この様式の根拠条項は " + articles_of(all) + " です",
                           "this form is filed under " + articles_of(all)));
}

}  // namespace

Head read_head(const lmdb::ReadTxn& txn, const Json& request, const Filer& filer, Errors& errors) {
  Head head;
  read_ways(request, head.asked, errors);
  const Json service = request.value("service", Json());
  if (service.is_string()) head.asked.service = ServiceId{service.get<std::string>()};
  if (!service.is_string()) {
    errors.push_back(wrong_member("/service", "登録番号（service）を書いてください", "name the service"));
  }
  read_case(request, head.asked, errors);
  read_earlier(txn, request, filer, head, errors);
  head.prepared.service = head.asked.service;
  return head;
}

}  // namespace ismap::registry
