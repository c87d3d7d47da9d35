#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "feed/crypto.h"
#include "feed/note.h"
#include "feed/proof.h"

namespace ismap {

/// A witness of our own: keeps the last size and root of each log that it knows, and cosigns what continues it.
/// Source: C2SP tlog-witness.md, add-checkpoint. Thread: any.
class TestWitness {
 public:
  struct Answer {
    int status = 200;
    std::string body;
  };

  TestWitness(std::string name, std::vector<feed::VerifierKey> logs) : name_(std::move(name)), logs_(std::move(logs)) {}

  [[nodiscard]] feed::VerifierKey key() const {
    return feed::parse_vkey(feed::vkey(name_, key_, feed::SignatureType::cosignature)).value();
  }
  [[nodiscard]] std::string vkey() const { return feed::to_string(key()); }
  [[nodiscard]] std::uint64_t size_of(const std::string& origin) const { return seen_.at(origin).size.value(); }
  /// Forgets or invents what it has seen.
  void set_seen(const std::string& origin, const feed::TreeHead& head) { seen_[origin] = head; }

  Answer add_checkpoint(std::string_view body, registry::Instant now) {
    const std::lock_guard<std::mutex> alone(mutex_);
    std::vector<std::string> lines;
    for (;;) {
      const std::size_t end = body.find('\n');
      if (end == std::string_view::npos) return {400, ""};
      lines.emplace_back(body.substr(0, end));
      body.remove_prefix(end + 1);
      if (lines.back().empty()) break;
    }
    if (lines.size() < 2 || !lines.front().starts_with("old ")) return {400, ""};
    return judge(std::stoull(lines.front().substr(4)), {lines.begin() + 1, lines.end() - 1}, body, now);
  }

 private:
  Answer judge(std::uint64_t old_size, const std::vector<std::string>& proof, std::string_view checkpoint,
               registry::Instant now) {
    const auto note = feed::parse_note(checkpoint);
    const auto said = note ? feed::parse_checkpoint(note->text) : registry::Result<feed::Checkpoint>(note.errors());
    if (!said) return {400, ""};
    bool known = false;
    for (const feed::VerifierKey& log : logs_) known = known || log.name == said->origin;
    if (!known) return {404, ""};
    if (!feed::verify_checkpoint(checkpoint, logs_)) return {403, ""};
    const feed::TreeHead head{said->size, said->root};
    const feed::TreeHead before = seen_[said->origin];
    if (old_size > head.size.value()) return {400, ""};
    if (old_size != before.size.value()) return {409, std::to_string(before.size.value()) + "\n"};
    if (!continues(before, head, proof)) return {422, ""};
    seen_[said->origin] = head;
    return {200, feed::sign_cosignature(note->text, name_, key_, now)};
  }

  static bool continues(const feed::TreeHead& before, const feed::TreeHead& head,
                        const std::vector<std::string>& lines) {
    feed::ProofPath path;
    for (const std::string& line : lines) {
      const auto bytes = feed::from_base64(line);
      if (!bytes || bytes->size() != 32) return false;
      std::array<std::uint8_t, 32> digest{};
      std::copy(bytes->begin(), bytes->end(), digest.begin());
      path.emplace_back(digest);
    }
    if (before.size.value() == 0) return path.empty();
    return feed::verify_consistency(before, head, path);
  }

  std::string name_;
  std::vector<feed::VerifierKey> logs_;
  feed::PrivateKey key_ = feed::PrivateKey::generate(feed::KeyKind::ed25519);
  std::map<std::string, feed::TreeHead> seen_;
  std::mutex mutex_;  ///< guards seen_
};

}  // namespace ismap
