#include "registry/cases/earlier.h"

#include <algorithm>
#include <optional>

#include "registry/cases/procedure.h"
#include "registry/journal.h"
#include "registry/tables.h"

namespace ismap::registry::cases {

namespace {

constexpr std::string_view kUnanswered = "18.2(5)";

/// Whether the removal that stands was recorded under 18.2(5) at first.
bool was_corrected(const std::vector<Event>& history) {
  for (auto event = history.rbegin(); event != history.rend(); ++event) {
    const Json& removal = event->record.at("removal");
    if (removal.is_null()) return false;
    if (removal.at("article") == kUnanswered) return true;
  }
  return false;
}

/// Whether a removal came while this case considered 18.2(5), and the committee has not dropped it.
bool was_considered(const Case& of) {
  if (of.procedure != Procedure::removal || has_any(of, "not-removed")) return false;
  const Step* removed = last_step(of, "removed");
  return removed != nullptr && std::any_of(of.steps.begin(), of.steps.end(), [&](const Step& step) {
           return is_among(step, "considered@18.2(5)") && step.number < removed->number;
         });
}

/// How the removal of a service stands to 18.2(5); nothing when it is not removed, or has nothing to do with it.
Result<std::optional<EarlierRemoval::How>> how_removed(const lmdb::ReadTxn& txn, const ServiceId& service) {
  using How = EarlierRemoval::How;
  const Result<std::vector<Event>> history = journal::history(txn, service.value(), journal::size(txn));
  if (!history.ok()) return history.errors();
  const Json& removal = history->back().record.at("removal");
  if (removal.is_null()) return std::optional<How>{};
  if (removal.at("article") == kUnanswered) return std::optional<How>(How::removed);
  if (was_corrected(*history)) return std::optional<How>(How::corrected);
  const Result<std::vector<Case>> known = of_service(txn, service);
  if (!known.ok()) return known.errors();
  const bool considered = std::any_of(known->begin(), known->end(), was_considered);
  return considered ? std::optional<How>(How::considered) : std::optional<How>{};
}

}  // namespace

Result<std::vector<EarlierRemoval>> earlier_removals(const lmdb::ReadTxn& txn, const CorporateNumber& provider) {
  std::vector<EarlierRemoval> all;
  for (const ServiceId& service : tables::ever_removed(txn, provider)) {
    const Result<std::optional<EarlierRemoval::How>> how = how_removed(txn, service);
    if (!how.ok()) return how.errors();
    if (how->has_value()) all.push_back({service, **how});
  }
  return all;
}

}  // namespace ismap::registry::cases
