#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/feed/vector_press.h"

/// The life of four fictitious services and of three key sets: every kind of event, in one log that fills an archive.
namespace ismap::feed::vectors {

inline constexpr std::int64_t kFirstEvent = 1'779'500'000;  ///< 2026-05-23T01:33:20Z
inline constexpr std::int64_t kFirstIat = 1'779'900'000;
inline constexpr std::int64_t kRotation = 1'779'990'000;
inline constexpr std::int64_t kSecondIat = 1'780'000'000;  ///< 2026-05-28T20:26:40Z
inline constexpr std::int64_t kNow = kSecondIat + 60;
inline constexpr std::int64_t kKeysIat = 1'779'400'000;

/// Private keys live as long as this: nobody can ever sign for the vectors again.
struct StoryKeys {
  PrivateKey root = PrivateKey::generate(KeyKind::es256);
  PrivateKey other_root = PrivateKey::generate(KeyKind::es256);
  PrivateKey witness = PrivateKey::generate(KeyKind::ed25519);
  Signers old;
  Signers fresh;
};

class Story {
 public:
  explicit Story(const StoryKeys& keys) : keys_(keys) { first_keys(); }

  Press& press() { return press_; }
  [[nodiscard]] const std::vector<std::string>& key_documents() const { return key_documents_; }
  [[nodiscard]] const KeySet& key_set() const { return set_; }
  [[nodiscard]] const registry::Json& record(const std::string& id) const { return records_.at(id); }

  using Edit = std::function<void(registry::Json&)>;
  using Touch = std::function<void(registry::Event&)>;

  /// The event that would come next.
  [[nodiscard]] registry::Event next(registry::EventKind kind, const registry::Json& record,
                                     const char* article) const {
    registry::Event event;
    event.kind = kind;
    event.seq = registry::Seq{press_.leaves().size()};
    event.recorded_at = registry::Instant{at_ * 1000 + 123};
    event.effective = event.recorded_at.jst_day();
    event.origin = kOrigin;
    event.record = record;
    event.rules = "2024-03-01";
    if (*article != '\0') event.article = registry::Article{article};
    const auto last = latest_.find(record.at("id").get<std::string>());
    if (last != latest_.end()) event.prev = last->second;
    return event;
  }

  /// An event of a service: what it changes of the record, and of the event itself.
  std::uint64_t act(registry::EventKind kind, const std::string& id, const char* article, const Edit& edit,
                    const Touch& touch = {}) {
    registry::Json record = records_.contains(id) ? records_.at(id) : blank(id);
    edit(record);
    registry::Event event = next(kind, record, article);
    if (touch) touch(event);
    return take(event);
  }

  std::uint64_t take(const registry::Event& event) {
    press_.append(event);
    const std::string id = registry::record_id(event);
    latest_[id] = event.seq;
    records_[id] = event.record;
    at_ += 1000;
    return event.seq.value();
  }

  void wait_until(std::int64_t seconds) { at_ = seconds; }

  /// Everything until the first publication: 259 events, so that archive 0 is full.
  void first_part();
  /// Everything between the first and the second publication: the old keys retire.
  void second_part();

  std::string receipt;  ///< of the filing behind one change

 private:
  static registry::Json blank(const std::string& id);
  void first_keys();
  [[nodiscard]] std::uint64_t coming() const;
  [[nodiscard]] std::string day() const;
  void register_services();
  void file_change();
  void suspend(const char* id, const char* article);
  void suspend_and_audit();
  void correct();
  void file_renewal(const char* id);
  void retire_keys();
  void publish_keys(std::int64_t iat) {
    set_.iat = registry::Instant{iat * 1000};
    set_.exp = set_.iat.plus_seconds(kKeySetLifeSeconds);
    key_documents_.push_back(general_jws(to_payload(set_), kKeySetType, {&keys_.root, 1}));
    const std::string sha256 = registry::hex(registry::sha256(key_documents_.back()));
    take(next(registry::EventKind::key, {{"id", "keys"}, {"sha256", sha256}, {"ver", set_.ver.value()}}, ""));
  }
  void add_signers(const Signers& signers) {
    set_.keys.push_back(signers.jwt.jwk());
    set_.atom.push_back({signers.atom.kid(), signers.certificate});
    set_.log.push_back(parse_vkey(vkey(kOrigin, signers.log)).value());
  }

  const StoryKeys& keys_;
  Press press_;
  KeySet set_;
  std::vector<std::string> key_documents_;
  std::map<std::string, registry::Json> records_;
  std::map<std::string, registry::Seq> latest_;
  std::int64_t at_ = kFirstEvent;
};

inline registry::Json blank_text(const char* ja) { return {{"ja", ja}}; }

inline registry::Json Story::blank(const std::string& id) {
  const registry::Json none = blank_text("なし");
  registry::Json record{{"id", id},
                        {"url", "https://service.example.jp/" + id},
                        {"registered_on", "2026-05-23"},
                        {"state", "registered"}};
  record["name"] = blank_text(("架空 " + id).c_str());
  record["provider"] = {
      {"name", blank_text("架空社")}, {"address", blank_text("東京都")}, {"corporate_number", "7123456789012"}};
  record["expires_on"] = "2027-04-30";
  record["scope"] = {{"text", blank_text("架空")},
                     {"items", registry::Json::array()},
                     {"excluded", registry::Json::array()},
                     {"regions", registry::Json::array()}};
  record["controls"] = {{"edition", "2022-04-01"},
                        {"implemented", registry::Json::array({"5.1.1"})},
                        {"excluded", registry::Json::array()}};
  record["audit_period"] = {{"from", "2025-01-01"}, {"to", "2025-12-31"}};
  record["subsequent_events"] = none;
  record["improvement_plan"] = false;
  record["disclosures"] = {{"capital_and_officers", none},
                           {"foreign_law", none},
                           {"governing_law_and_jurisdiction", none},
                           {"third_party_tests", none}};
  record["remarks"] = nullptr;
  record["agencies_using"] = 0;
  for (const char* array : {"suspensions", "re_audits", "renewals"}) record[array] = registry::Json::array();
  record["removal"] = nullptr;
  return record;
}

inline void Story::first_keys() {
  set_.iss = kIss;
  set_.ver = registry::KeySetVersion{1};
  set_.roots.push_back(keys_.root.jwk());
  add_signers(keys_.old);
  publish_keys(kKeysIat);
}

/// The number of the event that comes next, and the day of it.
inline std::uint64_t Story::coming() const { return press_.leaves().size(); }
inline std::string Story::day() const { return registry::Instant{at_ * 1000}.jst_day().iso(); }

inline void Story::register_services() {
  using registry::EventKind;
  using registry::Json;
  const auto with_texts = [](Json& r) {
    // Characters whose octets are easily broken: U+FA19 (never normalised), an astral one, quotes, markup.
    r["name"] = {{"ja", "架空 \uFA19楽坂クラウド＜&>\"'"}, {"en", "Fictitious \"Cloud\" <&> \U0001F5FB"}};
    r["remarks"] = blank_text("一行目\n二行目\\");
    r["scope"]["items"] = {blank_text("基本機能"), blank_text("API")};
    r["controls"]["implemented"] = {"5.1.1", "6.3.1.P", "9.2.1.9", "9.2.1.10.B"};
    r["controls"]["excluded"] = Json::array({{{"id", "14.1.1"}, {"reason", blank_text("該当なし")}}});
  };
  act(EventKind::registered, "L24-0001", "11.1", with_texts);
  for (const char* id : {"L24-0002", "L24-0003", "L24-0004"}) act(EventKind::registered, id, "11.1", [](Json&) {});
  act(EventKind::usage_updated, "L24-0001", "11.5(13)", [](Json& r) { r["agencies_using"] = 3; });
}

/// A change that was filed, with its receipt.
inline void Story::file_change() {
  const registry::Instant received{at_ * 1000 + 45};
  const std::string payload = registry::canonical({{"article", "14.2"},
                                                   {"filing", "F000000001"},
                                                   {"form", "2-11"},
                                                   {"iat", received.unix_seconds()},
                                                   {"iss", kIss},
                                                   {"payload_sha256", registry::hex(registry::sha256("{}"))},
                                                   {"received_at", received.iso()},
                                                   {"sub", std::string(kIss) + "/v1/filings/F000000001"}});
  receipt = sign_jwt(keys_.old.jwt, kReceiptType, payload);
  act(
      registry::EventKind::changed, "L24-0001", "14.2",
      [](registry::Json& r) { r["url"] = "https://service.example.jp/liu"; },
      [&](registry::Event& e) { e.receipt = registry::sha256(receipt); });
}

inline void Story::suspend(const char* id, const char* article) {
  const registry::Json opened{{"article", article}, {"lifted", nullptr}, {"opening", coming()}, {"since", day()}};
  act(registry::EventKind::suspended, id, article, [&](registry::Json& r) { r["suspensions"].push_back(opened); });
}

inline void Story::suspend_and_audit() {
  using registry::EventKind;
  using registry::Json;
  suspend("L24-0001", "14.3");
  act(EventKind::reinstated, "L24-0001", "14.4", [&](Json& r) {
    r["suspensions"][0]["lifted"] = {{"article", "14.4"}, {"on", day()}};
  });
  const Json opened{{"article", "16.1"}, {"ended", nullptr}, {"opening", coming()}, {"since", day()}};
  act(EventKind::re_audit_started, "L24-0001", "16.1", [&](Json& r) { r["re_audits"].push_back(opened); });
  act(EventKind::re_audit_ended, "L24-0001", "16.3", [&](Json& r) {
    r["re_audits"][0]["ended"] = {{"article", "16.3"}, {"on", day()}};
  });
}

/// A mistake in the registration, mended.
inline void Story::correct() {
  const registry::Json address = blank_text("東京都千代田区");
  act(
      registry::EventKind::corrected, "L24-0003", "", [&](registry::Json& r) { r["provider"]["address"] = address; },
      [&](registry::Event& e) {
        e.corrects = registry::Seq{3};
        e.changes["provider"]["address"] = address;
        e.effective = registry::Day::parse("2026-05-23").value();
      });
}

inline void Story::file_renewal(const char* id) {
  const registry::Json opened{{"decided", nullptr}, {"filed_on", day()}, {"opening", coming()}};
  act(registry::EventKind::renewal_filed, id, "12.1", [&](registry::Json& r) { r["renewals"].push_back(opened); });
}

inline void Story::first_part() {
  using registry::EventKind;
  using registry::Json;
  register_services();
  file_change();
  suspend_and_audit();
  correct();
  file_renewal("L24-0002");
  act(EventKind::renewal_closed, "L24-0002", "", [&](Json& r) {
    r["renewals"][0]["decided"] = {{"article", nullptr}, {"on", day()}, {"result", "withdrawn"}};
  });
  file_renewal("L24-0003");
  set_.ver = registry::KeySetVersion{2};
  add_signers(keys_.fresh);
  publish_keys(at_ - 100);
  // As many as an archive wants; a short record keeps them small.
  for (int n = 1; coming() < kArchiveEvents + 3; ++n) {
    act(EventKind::usage_updated, "L24-0004", "11.5(13)", [&](Json& r) { r["agencies_using"] = n; });
  }
}

/// Version 3: the old keys have retired.
inline void Story::retire_keys() {
  set_.ver = registry::KeySetVersion{3};
  const registry::Instant from{kKeysIat * 1000};
  const registry::Instant to{kRotation * 1000};
  for (const std::string& kid : {keys_.old.jwt.kid(), keys_.old.atom.kid()}) set_.retired.push_back({kid, from, to});
  const std::string log = to_string(set_.log.front());
  set_.retired.push_back({log.substr(0, log.find('+', log.find('+') + 1)), from, to});
  set_.keys.erase(0);
  set_.atom.erase(set_.atom.begin());
  set_.log.erase(set_.log.begin());
  publish_keys(kRotation);
}

inline void Story::second_part() {
  using registry::EventKind;
  using registry::Json;
  wait_until(kRotation);
  retire_keys();
  act(EventKind::renewed, "L24-0003", "11.2", [&](Json& r) {
    r["renewals"][0]["decided"] = {{"article", "11.2"}, {"on", day()}, {"result", "renewed"}};
    r["audit_period"] = {{"from", "2026-01-01"}, {"to", "2026-12-31"}};
    r["expires_on"] = "2028-04-30";
  });
  suspend("L24-0002", "13.7");
  act(EventKind::removed, "L24-0002", "18.2(2)", [&](Json& r) {
    r["state"] = "removed";
    r["removal"] = {{"article", "18.2(2)"}, {"on", day()}};
  });
  // Recorded late: it holds from a day on which other facts were recorded already.
  act(
      EventKind::changed, "L24-0001", "14.1", [](Json& r) { r["provider"]["name"] = blank_text("架空社改"); },
      [](registry::Event& e) { e.effective = registry::Day::parse("2026-05-24").value(); });
  act(EventKind::usage_updated, "L24-0004", "11.5(13)", [](Json& r) { r["agencies_using"] = 999; });
}

}  // namespace ismap::feed::vectors
