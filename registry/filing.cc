#include "registry/filing.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "registry/digest.h"
#include "registry/tables.h"

namespace ismap::registry {

namespace {

constexpr std::array<std::pair<FilingState, std::string_view>, 5> kFilingStates{{{FilingState::draft, "draft"},
                                                                                 {FilingState::withdrawn, "withdrawn"},
                                                                                 {FilingState::received, "received"},
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

Filing filing_of(const Json& stored) {
  Filing filing;
  filing.id = FilingId{stored.at("id").get<std::string>()};
  filing.form = stored.at("form").get<std::string>();
  filing.service = ServiceId{stored.at("service").get<std::string>()};
  filing.organisation = stored.at("organisation").get<std::string>();
  filing.payload = stored.at("payload");
  filing.state = state_of(stored.at("state").get<std::string>());
  filing.created_at = Instant::parse(stored.at("created_at").get<std::string>()).value();
  if (!stored.at("received_at").is_null()) {
    filing.received_at = Instant::parse(stored.at("received_at").get<std::string>()).value();
  }
  filing.receipt = stored.at("receipt").get<std::string>();
  if (!stored.at("decision").is_null()) filing.decision = decision_of(stored.at("decision"));
  return filing;
}

std::string draft_key(const Filing& filing) {
  return hex(sha256(filing.organisation + '\0' + filing.service.value() + '\0' + filing.form));
}

}  // namespace

std::string_view name_of(FilingState state) {
  for (const auto& [s, name] : kFilingStates) {
    if (s == state) return name;
  }
  return {};
}

Digest payload_digest(const Filing& filing) { return sha256(canonical(filing.payload)); }

Json to_json(const Filing& filing) {
  return Json{{"created_at", filing.created_at.iso()},
              {"decision", filing.decision ? to_json(*filing.decision) : Json(nullptr)},
              {"form", filing.form},
              {"id", filing.id.value()},
              {"organisation", filing.organisation},
              {"payload", filing.payload},
              {"receipt", filing.receipt},
              {"received_at", filing.received_at ? Json(filing.received_at->iso()) : Json(nullptr)},
              {"service", filing.service.value()},
              {"state", name_of(filing.state)}};
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
  const auto stored = txn.get(tables::kFilings, id.value());
  if (!stored) {
    return Error{Code::not_found, "", "", "届出 " + id.value() + " はありません", "there is no filing " + id.value()};
  }
  return parse_filing(*stored);
}

void put(lmdb::WriteTxn& txn, const Filing& filing) {
  txn.put(tables::kFilings, filing.id.value(), canonical(to_json(filing)));
  if (filing.state == FilingState::draft) {
    txn.put(tables::kDrafts, draft_key(filing), filing.id.value());
  } else if (open_draft(txn, filing) == filing.id) {
    txn.erase(tables::kDrafts, draft_key(filing));
  }
}

std::optional<FilingId> open_draft(const lmdb::ReadTxn& txn, const Filing& filing) {
  const auto found = txn.get(tables::kDrafts, draft_key(filing));
  if (!found) return std::nullopt;
  return FilingId{std::string(*found)};
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
