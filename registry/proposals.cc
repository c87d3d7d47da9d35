#include "registry/proposals.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "registry/digest.h"
#include "registry/ledger.h"
#include "registry/search_text.h"
#include "registry/tables.h"

namespace ismap::registry {

namespace {

constexpr std::array<std::pair<ProposalState, std::string_view>, 4> kProposalStates{
    {{ProposalState::open, "open"},
     {ProposalState::confirmed, "confirmed"},
     {ProposalState::rejected, "rejected"},
     {ProposalState::expired, "expired"}}};

Json seqs_json(const std::vector<Seq>& seqs) {
  Json out = Json::array();
  for (const Seq seq : seqs) out.push_back(seq.value());
  return out;
}

Json end_json(const Proposal::End& end) {
  return Json{
      {"at", end.at.iso()}, {"by", to_json(end.by)}, {"confirmed", end.confirmed}, {"seqs", seqs_json(end.seqs)}};
}

Proposal::End proposal_end_of(const Json& stored) {
  Proposal::End end;
  end.at = Instant::parse(stored.at("at").get<std::string>()).value();
  end.by = actor_of(stored.at("by"));
  end.confirmed = stored.at("confirmed").get<bool>();
  for (const Json& seq : stored.at("seqs")) end.seqs.emplace_back(seq.get<std::uint64_t>());
  return end;
}

Proposal proposal_of(const Json& stored) {
  Proposal out;
  out.id = ProposalId{stored.at("id").get<std::string>()};
  out.act = stored.at("act").get<std::string>();
  if (!stored.at("service").is_null()) out.service = ServiceId{stored.at("service").get<std::string>()};
  if (!stored.at("article").is_null()) out.article = Article{stored.at("article").get<std::string>()};
  out.proposed_by = actor_of(stored.at("proposed_by"));
  out.proposed_at = Instant::parse(stored.at("proposed_at").get<std::string>()).value();
  out.expires_at = Instant::parse(stored.at("expires_at").get<std::string>()).value();
  out.before = stored.at("before");
  out.after = stored.at("after");
  out.request = stored.at("request");
  out.sha256 = digest_from_hex(stored.at("sha256").get<std::string>()).value();
  if (!stored.at("ended").is_null()) out.ended = proposal_end_of(stored.at("ended"));
  return out;
}

/// Who it was, without the token and the address, which are for the ledger alone.
Json body_of_actor(const Actor& actor) {
  return Json{{"organisation", actor.organisation}, {"role", name_of(actor.role)}};
}

}  // namespace

std::string_view name_of(ProposalState state) {
  for (const auto& [known, name] : kProposalStates) {
    if (known == state) return name;
  }
  return {};
}

std::optional<ProposalState> proposal_state_of(std::string_view name) {
  for (const auto& [state, known] : kProposalStates) {
    if (known == name) return state;
  }
  return std::nullopt;
}

ProposalState state_of(const Proposal& proposal, Instant now) {
  if (proposal.ended) return proposal.ended->confirmed ? ProposalState::confirmed : ProposalState::rejected;
  return now >= proposal.expires_at ? ProposalState::expired : ProposalState::open;
}

Json to_json(const Proposal& p) {
  return Json{{"act", p.act},
              {"after", p.after},
              {"article", p.article ? Json(p.article->value()) : Json(nullptr)},
              {"before", p.before},
              {"ended", p.ended ? end_json(*p.ended) : Json(nullptr)},
              {"expires_at", p.expires_at.iso()},
              {"id", p.id.value()},
              {"proposed_at", p.proposed_at.iso()},
              {"proposed_by", to_json(p.proposed_by)},
              {"request", p.request},
              {"service", p.service ? Json(p.service->value()) : Json(nullptr)},
              {"sha256", hex(p.sha256)}};
}

Result<Proposal> parse_proposal(std::string_view stored) {
  const Json json = Json::parse(stored, nullptr, false);
  try {
    return proposal_of(json);
  } catch (const std::exception&) {  // a member is missing or of another kind: what was stored is not what we store
    return Error{Code::corrupt, "", "", "提案の記録を読めません", "a stored proposal cannot be read"};
  }
}

Json view_of(const Proposal& proposal, Instant now) {
  Json view = to_json(proposal);
  view["proposed_by"] = body_of_actor(proposal.proposed_by);
  view["state"] = name_of(state_of(proposal, now));
  if (proposal.ended) {
    view["ended"] = Json{{"at", proposal.ended->at.iso()},
                         {"by", body_of_actor(proposal.ended->by)},
                         {"seqs", seqs_json(proposal.ended->seqs)}};
  }
  return view;
}

namespace proposals {

namespace {

void put(lmdb::WriteTxn& txn, const Proposal& proposal) {
  txn.put(tables::kProposals, proposal.id.value(), canonical(to_json(proposal)));
}

ProposalId next_id(const lmdb::ReadTxn& txn) {
  const auto last = txn.last(tables::kProposals);
  const std::uint64_t number = last ? std::stoull(std::string(last->first.substr(1))) + 1 : 1;
  return ProposalId{fmt::format("P{:09}", number)};
}

Error still_open(const Proposal& other) {
  return {Code::conflict, "", "",
          "同じ行為の提案 " + other.id.value() + " が確認を待っています。確認するか取り下げてください",
          "proposal " + other.id.value() + " of the same act is open: confirm it or reject it"};
}

Error has_ended(const Proposal& proposal, Instant now) {
  const std::string state(name_of(state_of(proposal, now)));
  return {Code::conflict, "", "", "提案 " + proposal.id.value() + " は確認を待っていません（状態: " + state + "）",
          "proposal " + proposal.id.value() + " is not open, it is " + state};
}

/// Whether only who is at the machine may do the act: keys and settings have no route over the network.
bool is_at_the_machine(const Proposal& proposal) { return !proposal.service.has_value(); }

/// Whether a role may do what is proposed, and there where it is done.
Result<Done> is_of_the_role(const Proposal& proposal, const Actor& who) {
  if (const auto act = act_of(proposal.act); act && !is_at_the_machine(proposal)) {
    return may(who.role, *act, proposal.article);
  }
  if (who.role == Role::operator_ && who.local_user) return Done{};
  return Error{
      Code::forbidden, "/role", "",
      "鍵と設定は、データフォルダーのあるマシンで operator が確認します（ismap-liu proposal）",
      "keys and settings are confirmed by the operator at the machine of the data folder (ismap-liu proposal)"};
}

Result<Proposal> open_for(const lmdb::ReadTxn& txn, const ProposalId& id, const Actor& who, Instant now) {
  Result<Proposal> found = get(txn, id);
  if (!found.ok()) return found;
  Result<Done> allowed = is_of_the_role(*found, who);
  if (!allowed.ok()) return allowed.errors();
  if (state_of(*found, now) != ProposalState::open) return has_ended(*found, now);
  return found;
}

/// What the ledger says of a proposal that is no act yet.
Json proposal_entry(std::string_view act, const Proposal& proposal, const Actor& who, Instant at) {
  return Json{{"act", act},
              {"actor", to_json(who)},
              {"article", proposal.article ? Json(proposal.article->value()) : Json(nullptr)},
              {"at", at.iso()},
              {"proposal", {{"id", proposal.id.value()}}},
              {"proposes", proposal.act},
              {"request_sha256", hex(proposal.sha256)},
              {"service", proposal.service ? Json(proposal.service->value()) : Json(nullptr)}};
}

/// What is stored of a token; null when there is none of this id.
Json token_as_stored(const lmdb::ReadTxn& txn, const std::string& id) {
  Json found;
  txn.scan(tables::kTokens, id, [&](std::string_view key, std::string_view stored) {
    if (key.starts_with(id)) found = Json::parse(stored, nullptr, false);
    return false;
  });
  return found;
}

std::string member_of_token(const Json& token, const char* name) {
  const Json value = token.is_object() ? token.value(name, Json()) : Json();
  return value.is_string() ? value.get<std::string>() : std::string();
}

/// The token from which this one was made by rotation, over however many: whoever rotates a token has both in hand.
std::string first_of_rotation(const lmdb::ReadTxn& txn, std::string id) {
  for (std::size_t steps = txn.count(tables::kTokens); steps > 0; --steps) {
    std::string earlier = member_of_token(token_as_stored(txn, id), "replaces");
    if (earlier.empty()) break;
    id = std::move(earlier);
  }
  return id;
}

}  // namespace

Result<Proposal> get(const lmdb::ReadTxn& txn, const ProposalId& id) {
  const auto stored = id.value().empty() ? std::nullopt : txn.get(tables::kProposals, id.value());
  if (!stored) {
    return Error{Code::not_found, "", "", "提案 " + id.value() + " はありません", "there is no proposal " + id.value()};
  }
  return parse_proposal(*stored);
}

Result<std::vector<Proposal>> all(const lmdb::ReadTxn& txn) {
  std::vector<Proposal> found;
  Errors errors;
  txn.scan(tables::kProposals, "", [&](std::string_view, std::string_view stored) {
    Result<Proposal> one = parse_proposal(stored);
    if (one.ok()) found.push_back(std::move(*one));
    if (!one.ok()) append(errors, one.errors());
    return errors.empty();
  });
  if (!errors.empty()) return errors;
  return found;
}

Result<Proposal> add(lmdb::WriteTxn& txn, Proposal proposal, Instant now) {
  Result<std::vector<Proposal>> earlier = all(txn);
  if (!earlier.ok()) return earlier.errors();
  for (Proposal& other : *earlier) {
    const ProposalState state = state_of(other, now);
    const bool same =
        other.act == proposal.act && other.service == proposal.service && other.article == proposal.article;
    if (state == ProposalState::open && same) return still_open(other);
    if (state != ProposalState::expired || other.request.is_null()) continue;
    other.request = nullptr;
    put(txn, other);
  }
  proposal.id = next_id(txn);
  proposal.proposed_at = now;
  proposal.expires_at = now.plus_seconds(kProposalSeconds);
  proposal.sha256 = registry::sha256(canonical(proposal.request));
  put(txn, proposal);
  ledger::append(txn, proposal_entry("propose", proposal, proposal.proposed_by, now));
  return proposal;
}

Result<Proposal> for_confirmation(const lmdb::ReadTxn& txn, const ProposalId& id, const Actor& who, Instant now) {
  Result<Proposal> found = open_for(txn, id, who, now);
  if (!found.ok() || !may_be_one_person(txn, found->proposed_by, who)) return found;
  return Error{Code::forbidden, "", "",
               "提案した人とは別の人が確認します（別のトークン、又は別の利用者。人が登録されていれば別の人）",
               "a second person confirms: with another token, and of another person where persons are named; or as "
               "another user of the machine"};
}

Result<Proposal> for_rejection(const lmdb::ReadTxn& txn, const ProposalId& id, const Actor& who, Instant now) {
  return open_for(txn, id, who, now);
}

void close(lmdb::WriteTxn& txn, Proposal proposal, const Proposal::End& end) {
  proposal.ended = end;
  proposal.request = nullptr;
  put(txn, proposal);
}

Proposal reject(lmdb::WriteTxn& txn, const Proposal& proposal, const Actor& who, const std::string& reason,
                Instant now) {
  Proposal ended = proposal;
  ended.request = nullptr;
  ended.ended = Proposal::End{false, who, now, {}};
  put(txn, ended);
  ledger::append(txn, proposal_entry("reject", proposal, who, now), Json{{"reason", reason}});
  return ended;
}

Json cited(const Proposal& proposal) {
  return Json{{"id", proposal.id.value()},
              {"proposed_at", proposal.proposed_at.iso()},
              {"proposed_by", to_json(proposal.proposed_by)}};
}

bool may_be_one_person(const lmdb::ReadTxn& txn, const Actor& one, const Actor& other) {
  if (one.local_user && other.local_user) return one.local_user == other.local_user;
  if (one.local_user || other.local_user || one.token.empty() || other.token.empty()) return true;
  if (first_of_rotation(txn, one.token) == first_of_rotation(txn, other.token)) return true;
  // Two spellings of a name that a reader takes for the same are one person's.
  const std::string person = search_key(member_of_token(token_as_stored(txn, one.token), "person"));
  return !person.empty() && person == search_key(member_of_token(token_as_stored(txn, other.token), "person"));
}

}  // namespace proposals

}  // namespace ismap::registry
