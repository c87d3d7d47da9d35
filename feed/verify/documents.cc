#include "feed/verify/documents.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "feed/list_csv.h"
#include "feed/verify/status.h"

namespace ismap::feed::verify {

namespace {

using registry::Done;
using registry::Instant;

constexpr const char* kEvents = "/v1/events";
constexpr const char* kRecords = "/v1/records";
constexpr const char* kCsv = "/v1/list.csv";
constexpr std::uint64_t kNewestEvents = 32;  ///< looked at one by one where documents cannot be listed

std::string path_of_event(std::uint64_t seq) { return fmt::format("{}/{}.json", kEvents, seq); }

/// "57.json" and no other spelling.
std::optional<std::uint64_t> seq_in(const std::string& name) {
  std::uint64_t seq = 0;
  for (const char c : name.substr(0, name.find('.'))) {
    if (c < '0' || c > '9' || seq > (std::uint64_t{1} << 53U)) return std::nullopt;
    seq = seq * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return fmt::format("{}.json", seq) == name ? std::optional(seq) : std::nullopt;
}

Checked<Done> check_event(const Source& source, const Log& log, std::uint64_t seq) {
  const std::string path = path_of_event(seq);
  const auto octets = source.get(path);
  if (!octets) return octets.finding();
  if (*octets != log.leaves[seq].octets) return Finding{Fault::event_differs, path, ""};
  return Done{};
}

/// Whether an event document could be the next leaf of the log after `before`.
bool may_follow(const Leaf& leaf, const Leaf& before) {
  return leaf.seq.value() == before.seq.value() + 1 && leaf.origin == before.origin &&
         leaf.recorded_at >= before.recorded_at;
}

/// Events beyond the log, in order: without a gap, each as the leaf after the one before would be.
Checked<Done> check_beyond(const Source& source, const Log& log, const std::vector<std::uint64_t>& beyond) {
  std::string kept;
  Leaf before = log.leaves.back();
  for (const std::uint64_t seq : beyond) {
    auto octets = source.get(path_of_event(seq));
    if (!octets) return octets.finding();
    const auto leaf = read_leaf(*octets);
    if (!leaf || leaf->seq.value() != seq || !may_follow(*leaf, before)) {
      return Finding{Fault::event_differs, path_of_event(seq), "not in the log"};
    }
    kept = std::move(*octets);
    before = *read_leaf(kept);  // again, since it is a view into the octets
  }
  return Done{};
}

Checked<Done> check_status(const Source& source, const Log& log, const KeyHistory& keys, const SignedList& list,
                           const KnownCheckpoint& known, Instant now, const std::string& name) {
  const std::string path = fmt::format("{}/{}", kRecords, name);
  const auto octets = source.get(path);
  if (!octets) return octets.finding();
  const auto status = open_status(*octets, keys, now, path, &known);
  if (!status) return status.finding();
  if (status->id + ".jwt" != name || status->as_of) return Finding{Fault::status_subject, path, status->id};
  const bool same_generation = status->ver == list.ver && status->note == list.checkpoint && status->iat == list.iat &&
                               status->rely_until == list.exp;
  if (!same_generation) {
    return Finding{Fault::status_generation, path,
                   fmt::format("version {}, issued {}, to be relied on until {}", status->ver.value(),
                               status->iat.iso(), status->rely_until.iso())};
  }
  const auto history = log.history.find(status->id);
  if (history == log.history.end() || status->leaf != log.leaves[history->second.back()].octets) {
    return Finding{Fault::status_leaf, path, ""};
  }
  return Done{};
}

}  // namespace

Checked<SeenEvents> check_events(const Source& source, const Log& log) {
  const std::uint64_t size = log.leaves.size();
  std::vector<std::uint64_t> seqs;
  std::vector<std::uint64_t> beyond;
  if (const auto names = source.names(kEvents)) {
    for (const std::string& name : *names) {
      const auto seq = seq_in(name);
      if (!seq) return Finding{Fault::event_differs, fmt::format("{}/{}", kEvents, name), "not an event"};
      (*seq < size ? seqs : beyond).push_back(*seq);
    }
  } else {
    for (std::uint64_t seq = size - std::min(size, kNewestEvents); seq < size; ++seq) seqs.push_back(seq);
  }
  for (const std::uint64_t seq : seqs) {
    if (auto checked = check_event(source, log, seq); !checked) return checked.finding();
  }
  std::sort(beyond.begin(), beyond.end());
  if (auto checked = check_beyond(source, log, beyond); !checked) return checked.finding();
  return SeenEvents{seqs.size(), beyond.size()};
}

std::vector<std::string> names_and_wanted(const Source& source, const std::string& folder,
                                          const std::vector<std::string>& services, std::string_view suffix) {
  std::set<std::string> names;
  if (const auto there = source.names(folder)) names.insert(there->begin(), there->end());
  std::erase_if(names, [&](const std::string& name) { return !name.ends_with(suffix); });
  for (const std::string& id : services) names.insert(id + std::string(suffix));
  return {names.begin(), names.end()};
}

Checked<std::size_t> check_statuses(const Source& source, const Log& log, const KeyHistory& keys,
                                    const SignedList& list, const Checkpoint& checkpoint, Instant now,
                                    const std::vector<std::string>& services) {
  const KnownCheckpoint known{list.checkpoint, checkpoint};
  const std::vector<std::string> names = names_and_wanted(source, kRecords, services, ".jwt");
  for (const std::string& name : names) {
    auto checked = check_status(source, log, keys, list, known, now, name);
    if (!checked) return checked.finding();
  }
  return names.size();
}

Checked<Done> check_services(const Log& log, const std::vector<std::string>& services) {
  for (const std::string& id : services) {
    if (id == registry::kKeysRecord || !log.history.contains(id)) return Finding{Fault::service_unknown, kListPath, id};
  }
  return Done{};
}

Checked<bool> check_csv(const Source& source, const SignedList& list) {
  const auto published = source.get(kCsv);
  if (!published && published.finding().fault == Fault::missing) return false;
  if (!published) return published.finding();
  const auto made = csv_of_leaves(list.records);
  if (!made) return Finding{Fault::list_csv, kCsv, made.errors().front().en};
  if (*made != *published) return Finding{Fault::list_csv, kCsv, ""};
  return true;
}

}  // namespace ismap::feed::verify
