#include "registry/filings/filing.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "registry/digest.h"
#include "registry/filings/form.h"
#include "registry/replays.h"
#include "registry/tables.h"

namespace ismap::registry {

namespace {

constexpr std::array<std::pair<FilingState, std::string_view>, 6> kFilingStates{
    {{FilingState::draft, "draft"},
     {FilingState::withdrawn, "withdrawn"},
     {FilingState::received, "received"},
     {FilingState::superseded, "superseded"},
     {FilingState::accepted, "accepted"},
     {FilingState::returned, "returned"}}};

Json to_json(const FilingDecision& decision) {
  return Json{
      {"accepted", decision.accepted}, {"article", decision.article ? Json(decision.article->value()) : Json(nullptr)},
      {"at", decision.at.iso()},       {"by", to_json(decision.by)},
      {"reason", decision.reason},     {"seq", decision.seq ? Json(decision.seq->value()) : Json(nullptr)}};
}

FilingDecision decision_of(const Json& stored) {
  FilingDecision decision;
  decision.accepted = stored.at("accepted").get<bool>();
  if (!stored.at("article").is_null()) decision.article = Article{stored.at("article").get<std::string>()};
  decision.at = Instant::parse(stored.at("at").get<std::string>()).value();
  decision.by = actor_of(stored.at("by"));
  decision.reason = stored.at("reason").get<std::string>();
  if (!stored.at("seq").is_null()) decision.seq = Seq{stored.at("seq").get<std::uint64_t>()};
  return decision;
}

FilingState state_of(const std::string& name) {
  for (const auto& [state, text] : kFilingStates) {
    if (text == name) return state;
  }
  throw std::out_of_range("state of a filing");
}

Json to_json(const FilingInquiry& inquiry) {
  return Json{{"article", inquiry.article.value()},
              {"at", inquiry.at.iso()},
              {"case", inquiry.case_id},
              {"step", inquiry.step}};
}

FilingInquiry inquiry_stored(const Json& stored) {
  return {Article{stored.at("article").get<std::string>()}, Instant::parse(stored.at("at").get<std::string>()).value(),
          stored.at("case").get<std::string>(), stored.at("step").get<std::uint64_t>()};
}

std::optional<FilingId> filing_id_in(const Json& stored, const char* name) {
  const Json id = stored.value(name, Json());
  return id.is_string() ? std::optional(FilingId{id.get<std::string>()}) : std::nullopt;
}

std::optional<Seq> seq_in(const Json& stored, const char* name) {
  const Json seq = stored.value(name, Json());
  return seq.is_number_unsigned() ? std::optional(Seq{seq.get<std::uint64_t>()}) : std::nullopt;
}

std::optional<Instant> instant_in(const Json& stored, const char* name) {
  const Json at = stored.value(name, Json());
  return at.is_string() ? std::optional(Instant::parse(at.get<std::string>()).value()) : std::nullopt;
}

Filing filing_of(const Json& stored) {
  Filing filing;
  filing.id = FilingId{stored.at("id").get<std::string>()};
  filing.form = stored.at("form").get<std::string>();
  filing.article = Article{stored.value("article", "14.2")};  // as kept when 2-11 was the only form
  filing.service = ServiceId{stored.at("service").get<std::string>()};
  filing.organisation = stored.at("organisation").get<std::string>();
  filing.payload = stored.at("payload");
  filing.state = state_of(stored.at("state").get<std::string>());
  filing.created_at = Instant::parse(stored.at("created_at").get<std::string>()).value();
  filing.received_at = instant_in(stored, "received_at");
  filing.first_received_at = instant_in(stored, "first_received_at");
  if (!filing.first_received_at) filing.first_received_at = filing.received_at;
  filing.receipt = stored.at("receipt").get<std::string>();
  if (!stored.at("decision").is_null()) filing.decision = decision_of(stored.at("decision"));
  filing.base = seq_in(stored, "base");
  filing.seq = seq_in(stored, "seq");
  const Json of_case = stored.value("case", Json());
  if (of_case.is_string()) filing.case_id = of_case.get<std::string>();
  filing.step = stored.value("step", std::uint64_t{0});
  filing.supplements = filing_id_in(stored, "supplements");
  filing.supersedes = filing_id_in(stored, "supersedes");
  filing.superseded_by = filing_id_in(stored, "superseded_by");
  for (const Json& inquiry : stored.value("inquiries", Json::array())) {
    filing.inquiries.push_back(inquiry_stored(inquiry));
  }
  filing.digest = stored.value("digest", "");
  return filing;
}

/// Where the open draft of such a filing is kept; nothing for one that waits for no other.
std::optional<std::string> draft_key(const Filing& filing) {
  if (!filing.case_id && stands_for_itself(filing.form)) return std::nullopt;
  std::string text = filing.organisation + '\0' + filing.service.value() + '\0' + filing.form;
  if (filing.case_id) text += '\0' + *filing.case_id;
  return hex(sha256(text));
}

template <class Id>
Json id_or_null(const std::optional<Id>& id) {
  return id ? Json(id->value()) : Json(nullptr);
}

Json iso_or_null(const std::optional<Instant>& at) { return at ? Json(at->iso()) : Json(nullptr); }

}  // namespace

std::string_view name_of(FilingState state) {
  for (const auto& [s, name] : kFilingStates) {
    if (s == state) return name;
  }
  return {};
}

std::string payload_digest(const Filing& filing) {
  return filing.digest.empty() ? hex(sha256(canonical(filing.payload))) : filing.digest;
}

Json to_json(const Filing& filing) {
  Json inquiries = Json::array();
  for (const FilingInquiry& inquiry : filing.inquiries) inquiries.push_back(to_json(inquiry));
  return Json{{"article", filing.article.value()},
              {"base", id_or_null(filing.base)},
              {"case", filing.case_id ? Json(*filing.case_id) : Json(nullptr)},
              {"created_at", filing.created_at.iso()},
              {"decision", filing.decision ? to_json(*filing.decision) : Json(nullptr)},
              {"digest", filing.digest},
              {"first_received_at", iso_or_null(filing.first_received_at)},
              {"form", filing.form},
              {"id", filing.id.value()},
              {"inquiries", std::move(inquiries)},
              {"organisation", filing.organisation},
              {"payload", filing.payload},
              {"receipt", filing.receipt},
              {"received_at", iso_or_null(filing.received_at)},
              {"seq", id_or_null(filing.seq)},
              {"service", filing.service.value()},
              {"state", name_of(filing.state)},
              {"step", filing.step},
              {"superseded_by", id_or_null(filing.superseded_by)},
              {"supersedes", id_or_null(filing.supersedes)},
              {"supplements", id_or_null(filing.supplements)}};
}

Json view_of(const Filing& filing) {
  Json view = to_json(filing);
  if (filing.decision) {
    const Actor& by = filing.decision->by;  // which token spoke, and from where, is for the ledger alone
    view["decision"]["by"] = Json{{"organisation", by.organisation}, {"role", name_of(by.role)}};
    if (filing.decision->seq) view["seq"] = filing.decision->seq->value();
  }
  view.erase("digest");
  view["payload_sha256"] = payload_digest(filing);
  if (filing.receipt.empty()) view["receipt"] = nullptr;
  if (filing.step == 0) view["step"] = nullptr;
  return view;
}

Result<Filing> parse_filing(std::string_view stored) {
  const Error corrupt{Code::corrupt, "", "", "届出の記録を読めません", "a stored filing cannot be read"};
  const Result<Json> json = parse_json(stored);
  if (!json.ok()) return corrupt;
  try {
    return filing_of(*json);
  } catch (const std::exception&) {  // a member is missing or of another kind: what was stored is not what we store
    return corrupt;
  }
}

namespace filings {

FilingId next_id(const lmdb::ReadTxn& txn) {
  const auto last = txn.last(tables::kFilings);
  const std::uint64_t number = last ? std::stoull(std::string(last->first.substr(1))) + 1 : 1;
  return FilingId{fmt::format("F{:09}", number)};
}

Result<Filing> get(const lmdb::ReadTxn& txn, const FilingId& id) {
  const auto stored = id.value().empty() ? std::nullopt : txn.get(tables::kFilings, id.value());
  if (!stored) {
    return Error{Code::not_found, "", "", "届出 " + id.value() + " はありません", "there is no filing " + id.value()};
  }
  return parse_filing(*stored);
}

void put(lmdb::WriteTxn& txn, const Filing& filing) {
  txn.put(tables::kFilings, filing.id.value(), canonical(to_json(filing)));
  const auto key = draft_key(filing);
  if (!key) return;
  if (filing.state == FilingState::draft) {
    txn.put(tables::kDrafts, *key, filing.id.value());
  } else if (open_draft(txn, filing) == filing.id) {
    txn.erase(tables::kDrafts, *key);
  }
}

void replace(lmdb::WriteTxn& txn, const Filing& before, const Filing& after) {
  Filing settled = before;
  settled.state = FilingState::withdrawn;
  put(txn, settled);  // gives its place among the open drafts back
  put(txn, after);
}

std::optional<FilingId> open_draft(const lmdb::ReadTxn& txn, const Filing& filing) {
  const auto key = draft_key(filing);
  const auto found = key ? txn.get(tables::kDrafts, *key) : std::nullopt;
  if (!found) return std::nullopt;
  return FilingId{std::string(*found)};
}

void destroy_payload(lmdb::WriteTxn& txn, const FilingId& id) {
  Result<Filing> filing = get(txn, id);
  if (!filing.ok() || !filing->received_at || filing->payload.is_null()) return;
  filing->digest = payload_digest(*filing);
  filing->payload = nullptr;
  put(txn, *filing);
  replays::replace(txn, [&](const Json& kept) -> std::optional<Json> {
    if (!kept.is_object() || kept.value("id", Json()) != id.value() || !kept.contains("payload")) return {};
    Json again = kept;
    again["payload"] = nullptr;
    return again;
  });
}

Result<std::vector<Filing>> all(const lmdb::ReadTxn& txn, const std::function<bool(const Filing&)>& keep) {
  std::vector<Filing> found;
  Errors errors;
  txn.scan(tables::kFilings, "", [&](std::string_view, std::string_view stored) {
    Result<Filing> filing = parse_filing(stored);
    if (!filing.ok()) {
      errors = filing.errors();
      return false;
    }
    if (keep(*filing)) found.push_back(std::move(*filing));
    return true;
  });
  if (!errors.empty()) return errors;
  return found;
}

}  // namespace filings

}  // namespace ismap::registry
