#include "feed/verify/site.h"

#include <fmt/format.h>

#include "feed/verify/documents.h"
#include "feed/verify/feed_check.h"
#include "feed/verify/key_history.h"
#include "feed/verify/leaves.h"
#include "feed/verify/list_check.h"
#include "feed/verify/seen.h"
#include "registry/digest.h"
#include "registry/merkle.h"

namespace ismap::feed::verify {

namespace {

constexpr const char* kKeysPath = "/v1/keys.json";
constexpr const char* kCheckpoint = "/log/checkpoint";

/// Root of the first leaves of a log.
registry::Digest root_before(const std::vector<registry::Digest>& hashes, registry::TreeSize size) {
  return root_of(std::span<const registry::Digest>(hashes).first(size.value()));
}

/// One verification from beginning to end. Each step says nothing when it went well.
class Verification {
 public:
  Verification(const Source& source, const SiteOptions& options) : source_(source), options_(options) {}

  Report run() {
    using Step = std::optional<Finding> (Verification::*)();
    for (const Step step :
         {&Verification::seen, &Verification::keys, &Verification::list, &Verification::checkpoint,
          &Verification::tiles, &Verification::consistency, &Verification::entries, &Verification::leaves,
          &Verification::events, &Verification::records, &Verification::feeds, &Verification::remember}) {
      report_.finding = (this->*step)();
      if (!report_.finding) continue;
      const bool refused = ending_of(report_.finding->fault) == Ending::refused;
      if (refused && key_set_ahead_) report_.finding = key_set_ahead_;
      break;
    }
    return std::move(report_);
  }

  [[nodiscard]] const std::string& list_octets() const { return list_octets_; }

 private:
  void passed(std::string check, std::string detail) {
    report_.passed.push_back({std::move(check), std::move(detail)});
  }

  std::optional<Finding> seen() {
    if (!options_.state) return std::nullopt;
    auto seen = read_seen(*options_.state);
    if (!seen) return seen.finding();
    seen_ = std::move(*seen);
    return std::nullopt;
  }

  std::optional<Finding> keys() {
    const auto trust = read_trust(options_.trust);
    if (!trust) return trust.finding();
    auto walked = KeyHistory::walk(source_, *trust);
    if (!walked) return walked.finding();
    keys_.emplace(std::move(*walked));
    const auto current = source_.get(kKeysPath);
    if (!current) return current.finding();
    if (*current != keys_->document(keys_->newest().ver)) {
      key_set_ahead_ = Finding{Fault::keys_version, kKeysPath, "not the newest version"};
      if (!keys_->end_at(*current)) return key_set_ahead_;
    }
    const KeySet& newest = keys_->newest();
    if (seen_ && newest.ver < seen_->keys) return Finding{Fault::keys_rollback, kKeysPath, ""};
    if (newest.iat > options_.now.plus_seconds(kClockSkewSeconds)) return Finding{Fault::keys_future, kKeysPath, ""};
    if (options_.now >= newest.exp) return Finding{Fault::keys_expired, kKeysPath, "since " + newest.exp.iso()};
    passed("keys", fmt::format("version {} of {}", newest.ver.value(), newest.iss));
    return std::nullopt;
  }

  std::optional<Finding> list() {
    auto octets = source_.get(kListPath);
    if (!octets) return octets.finding();
    list_octets_ = std::move(*octets);
    auto opened = open_list(list_octets_, *keys_, options_.now);
    if (!opened) return opened.finding();
    list_ = std::move(*opened);
    if (seen_ && list_.ver < seen_->ver) return Finding{Fault::list_rollback, kListPath, ""};
    if (seen_ && list_.ver == seen_->ver && registry::sha256(*list_.payload) != seen_->list) {
      return Finding{Fault::list_fork, kListPath, ""};
    }
    const auto json = source_.get(kListJsonPath);
    if (!json) return json.finding();
    if (*json != *list_.payload) return Finding{Fault::list_json, kListJsonPath, ""};
    report_.ver = list_.ver;
    report_.iat = list_.iat;
    passed("list", fmt::format("version {}, {} records, good until {}", list_.ver.value(), list_.records.size(),
                               list_.exp.iso()));
    return std::nullopt;
  }

  std::optional<Finding> checkpoint() {
    const auto opened = open_checkpoint(list_.checkpoint, *keys_, SignedAt::present(), options_.now, kListPath);
    if (!opened) return opened.finding();
    checkpoint_ = *opened;
    report_.size = checkpoint_.size;
    report_.root = checkpoint_.root;
    report_.origin = checkpoint_.origin;
    auto latest = source_.get(kCheckpoint);
    if (!latest) return latest.finding();
    const auto other = open_checkpoint(*latest, *keys_, SignedAt::present(), options_.now, kCheckpoint);
    if (!other) return other.finding();
    latest_ = *other;
    if (latest_.origin != checkpoint_.origin) return Finding{Fault::checkpoint_differs, kCheckpoint, latest_.origin};
    passed("checkpoint", fmt::format("{} leaves of {}", checkpoint_.size.value(), checkpoint_.origin));
    return std::nullopt;
  }

  std::optional<Finding> tiles() {
    auto hashes = read_tiles(source_, checkpoint_);
    if (!hashes) return hashes.finding();
    log_.hashes = std::move(*hashes);
    passed("tiles", fmt::format("{} hashes", log_.hashes.size()));
    return std::nullopt;
  }

  std::optional<Finding> consistency() {
    if (seen_) {
      const auto note = parse_note(seen_->checkpoint);
      const Checkpoint before = parse_checkpoint(note.value().text).value();
      if (before.origin != checkpoint_.origin) return Finding{Fault::checkpoint_origin, kListPath, before.origin};
      if (before.size > checkpoint_.size) return Finding{Fault::checkpoint_rollback, kListPath, ""};
      if (root_before(log_.hashes, before.size) != before.root) {
        return Finding{Fault::checkpoint_fork, kListPath, fmt::format("at {} leaves", before.size.value())};
      }
    }
    if (!is_one_log()) return Finding{Fault::checkpoint_differs, kCheckpoint, ""};
    passed("consistency", seen_ ? "with what was seen and with /log/checkpoint" : "with /log/checkpoint");
    return std::nullopt;
  }

  /// Whether the list's log and that of /log/checkpoint are one; either may have been read a little later.
  bool is_one_log() {
    if (latest_.size <= checkpoint_.size) return root_before(log_.hashes, latest_.size) == latest_.root;
    const auto path = consistency_path(tiles_from(source_), checkpoint_.size, latest_.size);
    return path && verify_consistency({checkpoint_.size, checkpoint_.root}, {latest_.size, latest_.root}, *path);
  }

  std::optional<Finding> entries() {
    auto bundles = read_bundles(source_, log_.hashes);
    if (!bundles) return bundles.finding();
    log_.bundles = std::move(*bundles);
    passed("entries", fmt::format("{} bundles", log_.bundles.size()));
    return std::nullopt;
  }

  std::optional<Finding> leaves() {
    log_.leaves.reserve(log_.hashes.size());
    const auto replayed = replay(log_, checkpoint_.origin, list_.iat.plus_seconds(kClockSkewSeconds));
    if (!replayed) return replayed.finding();
    const auto key_leaves = check_key_leaves(log_, source_, *keys_);
    if (!key_leaves) return key_leaves.finding();
    if (key_set_ahead_) {
      report_.notes.push_back({"keys", "a further version is there, which the log does not have yet"});
      key_set_ahead_.reset();
    }
    const auto records = check_records(list_, log_);
    if (!records) return records.finding();
    if (auto known = check_services(log_, options_.services); !known) return known.finding();
    const auto csv = check_csv(source_, list_);
    if (!csv) return csv.finding();
    passed("replay", fmt::format("{} leaves give {} records", log_.leaves.size(), list_.records.size()));
    return std::nullopt;
  }

  std::optional<Finding> events() {
    const auto seen = check_events(source_, log_);
    if (!seen) return seen.finding();
    passed("events", fmt::format("{} documents", seen->documents));
    if (seen->beyond > 0) {
      report_.notes.push_back(
          {"events", fmt::format("{} documents beyond the log: nothing vouches for them yet", seen->beyond)});
    }
    return std::nullopt;
  }

  std::optional<Finding> records() {
    const auto count = check_statuses(source_, log_, *keys_, list_, checkpoint_, options_.now, options_.services);
    if (!count) return count.finding();
    passed("records", fmt::format("{} statuses", *count));
    return std::nullopt;
  }

  std::optional<Finding> feeds() {
    const auto feed = check_events_feed(source_, log_, *keys_, list_, options_.now);
    if (!feed) return feed.finding();
    const auto archives = check_archives(source_, log_, *keys_);
    if (!archives) return archives.finding();
    const auto services = check_service_feeds(source_, log_, *keys_, options_.services);
    if (!services) return services.finding();
    passed("feeds", fmt::format("every one of {} events", log_.leaves.size()));
    return std::nullopt;
  }

  std::optional<Finding> remember() {
    if (!options_.state) return std::nullopt;
    const Seen now_seen{list_.checkpoint, keys_->newest().ver, registry::sha256(*list_.payload), list_.ver};
    const auto written = write_seen(*options_.state, now_seen);
    if (!written) return written.finding();
    passed("state", "remembered");
    return std::nullopt;
  }

  const Source& source_;
  const SiteOptions& options_;
  Report report_;
  std::optional<Seen> seen_;
  std::optional<KeyHistory> keys_;
  /// Later versions than keys.json stand beside it: the fault that this is, unless the log ends with keys.json's.
  std::optional<Finding> key_set_ahead_;
  std::string list_octets_;
  SignedList list_;
  Checkpoint checkpoint_;  ///< of the list
  Checkpoint latest_;      ///< of /log/checkpoint
  Log log_;
};

}  // namespace

Ending ending_of(const Report& report) { return report.finding ? ending_of(report.finding->fault) : Ending::good; }

Report verify_site(const Source& source, const SiteOptions& options) {
  for (int attempt = 1;; ++attempt) {
    Verification verification(source, options);
    Report report = verification.run();
    if (!report.finding || attempt == kMaxAttempts || verification.list_octets().empty()) return report;
    const auto list = source.get(kListPath);
    if (!list || *list == verification.list_octets()) return report;
  }
}

Checked<Evidence> verify_evidence(std::string_view compact, const Source& keys, const std::filesystem::path& trust,
                                  registry::Instant now, const std::string& document) {
  const auto pinned = read_trust(trust);
  if (!pinned) return pinned.finding();
  const auto history = KeyHistory::walk(keys, *pinned);
  if (!history) return history.finding();
  return open_evidence(compact, *history, now, document);
}

}  // namespace ismap::feed::verify
