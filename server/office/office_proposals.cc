#include <utility>

#include "feed/init.h"
#include "feed/key_ceremony.h"
#include "registry/digest.h"
#include "registry/proposal_desk.h"
#include "server/office/office.h"

/// Four-eyes and what is set for the register: the part of the office that lets acts wait for a second person.
namespace ismap::server {

using registry::Actor;
using registry::Done;
using registry::Instant;
using registry::Json;
using registry::Proposal;
using registry::ProposalId;
using registry::Result;

namespace {

/// A change of keys as it is proposed: what changes, in words, and the digest of what would be published.
Proposal key_proposal(std::string_view octets, const feed::Draft& draft, const feed::Installable& installable,
                      const Actor& who) {
  Json changes = Json::array();
  for (const feed::Words& words : feed::differences(feed::before_of(draft), feed::next_of(draft))) {
    changes.push_back({{"en", words.en}, {"ja", words.ja}});
  }
  Proposal wanted;
  wanted.proposed_by = who;
  wanted.before = Json{{"ver", feed::before_of(draft).ver.value()}};
  wanted.after = Json{{"changes", std::move(changes)},
                      {"sha256", registry::hex(registry::sha256(installable.document))},
                      {"ver", installable.set.ver.value()}};
  wanted.request = Json{{"draft", octets}};
  return wanted;
}

}  // namespace

registry::ProposalDesk Office::proposal_desk() const {
  return registry::ProposalDesk(folder_.env(), folder_.registrar());
}

Recorded Office::held_back(const registry::Proposed& proposed, Instant now) {
  Recorded recorded;
  recorded.replayed = proposed.replayed;
  recorded.notices = proposed.notices;
  recorded.proposal = view_of(proposed.proposal, now);
  return recorded;
}

Result<Office::Confirmed> Office::confirm(const ProposalId& id, const registry::Confirmation& by,
                                          const std::optional<registry::RequestKey>& key, Reading reading,
                                          const registry::LookedAt& looked_at) {
  if (!reading) reading = read_now();
  const auto use = keys_in_use_.take(key);
  if (!use.ok()) return use.errors();
  const Instant now = reading->read_at();
  const auto before = proposal_desk().answered(key, now);
  if (!before.ok()) return before.errors();
  if (before->has_value()) {
    Recorded again{(*before)->seqs, true, 0, {}, (*before)->notices};
    publish(again);
    return Confirmed{std::move(again), std::nullopt};
  }
  const auto proposal = proposal_desk().for_confirmation(id, by.who, now);
  if (!proposal.ok()) return proposal.errors();
  if (proposal->act == "settings") {
    auto changed = proposal_desk().confirm_settings(id, by, now);
    if (!changed.ok()) return changed.errors();
    return Confirmed{{}, std::move(*changed)};
  }
  Result<Recorded> recorded = proposal->service ? confirm_act(*proposal, by, key, reading, looked_at)
                                                : install(proposal->request.at("draft").get<std::string>(), by.who,
                                                          registry::Confirming{id, by.reason});
  if (!recorded.ok()) return recorded.errors();
  return Confirmed{std::move(*recorded), std::nullopt};
}

Result<Recorded> Office::confirm_act(const Proposal& proposal, const registry::Confirmation& by,
                                     const std::optional<registry::RequestKey>& key, const Reading& reading,
                                     const registry::LookedAt& looked_at) {
  const Instant now = reading->read_at();
  auto command = command_of(*proposal.service, by.who, proposal.request, now.jst_day());
  if (!command.ok()) return command.errors();
  command->looked_at = looked_at;
  Result<Done> allowed = folder_.publisher().may_sign(now_());
  if (!allowed.ok()) return allowed.errors();
  auto acted = proposal_desk().confirm(proposal.id, std::move(*command), by, now, key);
  reading->settle();
  if (!acted.ok()) return acted.errors();
  Recorded recorded{acted->seqs, acted->replayed, 0, {}, acted->notices};
  publish(recorded);
  return recorded;
}

Result<Json> Office::reject(const ProposalId& id, const Actor& who, const std::string& reason) {
  const Instant now = now_();
  const auto rejected = proposal_desk().reject(id, who, reason, now);
  if (!rejected.ok()) return rejected.errors();
  return view_of(*rejected, now);
}

Result<Json> Office::proposal(const ProposalId& id) const {
  const auto found = proposal_desk().get(id);
  if (!found.ok()) return found.errors();
  return view_of(*found, now_());
}

Result<Json> Office::proposals(std::optional<registry::ProposalState> state) const {
  const Instant now = now_();
  const auto all = proposal_desk().all();
  if (!all.ok()) return all.errors();
  Json items = Json::array();
  for (const Proposal& one : *all) {
    if (!state || state_of(one, now) == *state) items.push_back(view_of(one, now));
  }
  const std::size_t total = items.size();
  return Json{{"items", std::move(items)}, {"total", total}};
}

Result<Json> Office::settings() const {
  const auto present = proposal_desk().settings();
  if (!present.ok()) return present.errors();
  return to_json(*present);
}

Result<std::optional<Json>> Office::change_settings(const registry::Settings& to, const Actor& who,
                                                    const std::string& reason) {
  const Instant now = now_();
  const auto proposed = proposal_desk().change_settings(to, who, reason, now);
  if (!proposed.ok()) return proposed.errors();
  if (!proposed->has_value()) return std::optional<Json>();
  return std::optional<Json>(view_of((*proposed)->proposal, now));
}

Result<Recorded> Office::install_keys(std::string_view draft, const Actor& who) {
  return install(draft, who, std::nullopt);
}

Result<Recorded> Office::install(std::string_view draft, const Actor& who,
                                 const std::optional<registry::Confirming>& confirming) {
  const auto parsed = feed::parse_draft(draft);
  if (!parsed.ok()) return parsed.errors();
  if (Result<Done> read = folder_.reload_keys(); !read.ok()) return read.errors();
  const Instant now = now_();
  const auto installable = folder_.publisher().check_keys(*parsed, now);
  if (!installable.ok()) return installable.errors();
  if (!confirming) {
    const auto held = proposal_desk().hold_back_keys(key_proposal(draft, *parsed, *installable, who), now);
    if (!held.ok()) return held.errors();
    if (held->has_value()) return held_back(**held, now);
  }
  const auto acted = folder_.registrar().change_keys(installable->document, installable->set.ver, who, now, confirming);
  if (!acted.ok()) return acted.errors();
  Recorded recorded{acted->seqs, acted->replayed, 0, {}};
  publish(recorded);
  if (recorded.not_published.empty()) {
    Result<Done> trusted = feed::pin_roots(folder_.path(), installable->set);
    if (!trusted.ok()) recorded.not_published = trusted.errors();
  }
  return recorded;
}

}  // namespace ismap::server
