#pragma once

#include "tests/feed/vector_cases.h"

namespace ismap::feed::vectors {

inline void good_cases(Cases& c, const Stage& s) {
  const std::string& list = s.honest.at("/v1/list.json");
  c.of("good", "honest", "the publication as it was made");
  c.of("good", "honest-again", "and nothing has changed since it was last seen")
      .with("seen", seen(s.generation.checkpoint, 3, list, 2));
  c.of("good", "honest-later", "the generation before was seen")
      .with("seen", seen(s.before.checkpoint, 2, s.earlier.at("/v1/list.json"), 1));
  c.of("good", "events-absent", "event documents that are not there are not missed").remove("/v1/events/7.json");
  c.of("good", "pin-later", "a verifier may pin a later version").with("keysver", 2);
  c.of("good", "last-second", "a list is good until its exp").with("now", kSecondIat + kLife - 1);
  c.of("good", "clock-behind", "a clock may be five minutes behind").with("now", kSecondIat - 300);
  c.of("good", "service-asked", "the documents of a service that was asked for").with("service", "L24-0001");
  const Json both = Json::array({s.keys.root.jwk(), s.keys.other_root.jwk()});
  c.of("good", "pin-one-of-two", "two root keys are pinned, of which one signs")
      .with("pinned", {{"keys", both}, {"threshold", 1}});
  // What an export or mirror that was cut off leaves behind.
  KeySet ahead = s.story.key_set();
  ahead.ver = registry::KeySetVersion{4};
  c.of("good", "keys-ahead", "a further version stands there that the log does not have yet")
      .put("/v1/keys/4.json", general_jws(to_payload(ahead), kKeySetType, {&s.keys.root, 1}));
  const std::size_t size = s.story.press().leaves().size();
  const std::string next = fmt::format("/v1/events/{}.json", size);
  c.of("good", "event-next", "an event that the log may have next: nothing vouches for it, which is said")
      .copy(fmt::format("/v1/events/{}.json", size - 1), next)
      .replace(next, fmt::format(R"("seq":{}}})", size - 1), fmt::format(R"("seq":{}}})", size));
}

inline void reading_cases(Cases& c) {
  c.of("trust-unreadable", "trust-absent", "nothing is pinned").with("trust", "nowhere");
  c.of("state-unreadable", "state-torn", "what was seen was torn").with("seen_octets", "{");
  c.of("unreachable", "nowhere", "there is no publication").with("base", "nowhere");
  c.of("missing", "list-absent", "a document that must be there is not").remove("/v1/list.jwt");
  c.of("missing", "archive-absent", "likewise an archive").remove("/v1/events/archive/0.atom");
  c.of("missing", "service-absent", "the status of a service that was asked for is not there")
      .with("service", "L24-0001")
      .remove("/v1/records/L24-0001.jwt");
  c.of("missing", "service-feed-absent", "likewise its feed")
      .with("service", "L24-0001")
      .remove("/v1/services/L24-0001.atom");
  c.of("service-unknown", "service-unknown", "a service that the log has no record of").with("service", "L99-9999");
  c.of("too-large", "list-large", "no list of ours is larger than 512 MiB").resize("/v1/list.jwt", (512U << 20U) + 1);
  c.of("too-large", "event-large", "no other document is larger than 64 MiB")
      .resize("/v1/events/7.json", (64U << 20U) + 1);
}

inline void key_cases(Cases& c, const Stage& s) {
  c.of("keys-malformed", "keys-flip", "one octet of the form").flip("/v1/keys/2.json", 2);
  c.of("keys-signature", "keys-signature-flip", "one octet of the signature").flip_end("/v1/keys/2.json", 20);
  const Json both = Json::array({s.keys.root.jwk(), s.keys.other_root.jwk()});
  c.of("keys-signature", "keys-pinned-threshold", "both of two pinned root keys must sign, whatever the key set says")
      .with("pinned", {{"keys", both}, {"threshold", 2}});
  c.of("keys-signature", "keys-pinned-all", "several root keys are pinned without a threshold: all must sign")
      .with("pinned", {{"keys", both}});
  c.of("trust-unreadable", "keys-pinned-none", "no threshold of two keys")
      .with("pinned", {{"keys", both}, {"threshold", 3}});
  c.of("keys-malformed", "keys-nul", "octets after a NUL").append("/v1/keys/2.json", std::string("\0junk", 5));
  c.of("keys-signature", "keys-other-root", "signed by a root of its own, not by that of the version before");
  KeySet other = s.story.key_set();
  other.roots = Json::array({s.keys.other_root.jwk()});
  const std::string foreign = general_jws(to_payload(other), kKeySetType, {&s.keys.other_root, 1});
  c.put("/v1/keys/3.json", foreign).copy("/v1/keys/3.json", "/v1/keys.json");
  c.of("keys-version", "keys-current", "keys.json is not the newest version").copy("/v1/keys/2.json", "/v1/keys.json");
  c.of("keys-version", "keys-gap", "a version is skipped").copy("/v1/keys/3.json", "/v1/keys/2.json");
  KeySet renamed = s.story.key_set();
  renamed.iss = "https://lie.example.jp";
  c.of("keys-issuer", "keys-issuer", "the issuer changes")
      .put("/v1/keys/3.json", general_jws(to_payload(renamed), kKeySetType, {&s.keys.root, 1}));
  c.of("keys-future", "keys-future", "a clock that is behind").with("now", kRotation - 301);
  c.of("keys-expired", "keys-expired", "400 days later").with("now", kRotation + kKeySetLifeSeconds);
  c.of("keys-rollback", "keys-rollback", "a version 4 was seen")
      .with("seen", seen(s.generation.checkpoint, 4, s.honest.at("/v1/list.json"), 2));
  KeySet unlogged = s.story.key_set();
  unlogged.ver = registry::KeySetVersion{4};
  const std::string fourth = general_jws(to_payload(unlogged), kKeySetType, {&s.keys.root, 1});
  c.of("leaf-key", "keys-unlogged", "a key set that the log does not know")
      .put("/v1/keys/4.json", fourth)
      .copy("/v1/keys/4.json", "/v1/keys.json");
}

inline void list_cases(Cases& c, const Stage& s) {
  const std::string path = "/v1/list.jwt";
  const std::string& list = s.honest.at("/v1/list.json");
  c.of("list-type", "list-is-a-status", "one signed document used as another").copy("/v1/records/L24-0001.jwt", path);
  c.of("list-signature", "list-flip", "one octet").flip(path, 500);
  c.of("list-key", "list-retired-key", "signed by a key after it retired")
      .put_changed(list_with(
          s, [](std::string&) {}, &s.keys.old.jwt));
  c.of("list-malformed", "list-space", "signed, but not its own RFC 8785 form")
      .put_changed(list_with(s, replaced(R"(,"ttl":)", R"(, "ttl":)")));
  c.of("list-malformed", "list-member", "signed, with a member too many")
      .put_changed(list_with(s, replaced(R"("ver":2})", R"("ver":2,"zzz":0})")));
  c.of("list-issuer", "list-place", "signed for another place")
      .put_changed(list_with(s, replaced("/v1/list.jwt\",\"ttl\"", "/v1/mist.jwt\",\"ttl\"")));
  c.of("list-future", "list-future", "a clock that is behind by 301 seconds").with("now", kSecondIat - 301);
  c.of("list-expired", "list-expired", "frozen: unknown, never unregistered").with("now", kSecondIat + kLife);
  c.of("list-rollback", "list-rollback", "version 3 was seen").with("seen", seen(s.generation.checkpoint, 3, list, 3));
  c.of("list-fork", "list-fork", "another list of this version was seen")
      .with("seen", seen(s.generation.checkpoint, 3, "another", 2));
  c.of("list-json", "list-json", "list.json is not the payload").flip("/v1/list.json", 900);
  c.of("list-csv", "list-csv", "list.csv is not what the records give").flip("/v1/list.csv", 900);
  const std::string old = s.story.press().leaves()[1];
  const std::string newest = s.generation.services[0]->leaf.value();
  c.of("records-differ", "list-old-record", "signed, with an earlier leaf of a service")
      .put_changed(list_with(s, replaced(newest, old)));
  c.of("records-differ", "list-without-record", "signed, without a removed service")
      .put_changed(list_with(s, replaced(s.generation.services[1]->leaf.value() + ",", "")));
}

inline void log_cases(Cases& c, const Stage& s) {
  const std::string path = "/log/checkpoint";
  const Checkpoint head = s.story.press().head();
  c.of("checkpoint-signature", "checkpoint-flip", "one octet").flip(path, 25);
  c.of("checkpoint-key", "checkpoint-retired-key", "signed by the log's key after it retired")
      .put(path, sign_checkpoint(head, s.keys.old.log));
  c.of("checkpoint-quorum", "checkpoint-quorum", "the key set asks for a witness")
      .put("/v1/keys/3.json", with_witness(s, 1))
      .copy("/v1/keys/3.json", "/v1/keys.json");
  const std::string text = parse_note(s.generation.checkpoint)->text;
  const registry::Instant late{(kNow + 301) * 1000};
  c.of("checkpoint-future", "checkpoint-future", "a witness whose clock is ahead")
      .put("/v1/keys/3.json", with_witness(s, 1))
      .copy("/v1/keys/3.json", "/v1/keys.json")
      .put_changed(
          noted(s, s.generation.checkpoint + sign_cosignature(text, "witness.example.jp", s.keys.witness, late)));
  const auto of = [&](const std::string& origin, std::uint64_t size, const registry::Digest& root) {
    return seen(sign_checkpoint({origin, registry::TreeSize{size}, root}, s.keys.fresh.log), 3, "another", 1);
  };
  c.of("checkpoint-origin", "checkpoint-origin", "another log was seen")
      .with("seen", of("x.example/log", 1, head.root));
  c.of("checkpoint-rollback", "checkpoint-rollback", "a longer log was seen: a restored backup")
      .with("seen", of(kOrigin, head.size.value() + 1, head.root));
  c.of("checkpoint-fork", "checkpoint-fork", "another history was seen")
      .with("seen", of(kOrigin, head.size.value() - 1, head.root));
  c.of("checkpoint-differs", "checkpoint-differs", "two logs in one publication")
      .put(path, sign_checkpoint({kOrigin, head.size, registry::sha256("other")}, s.keys.fresh.log));
  c.of("tile-malformed", "tile-short", "an octet less").cut("/log/tile/0/000", 1);
  c.of("tile-root", "tile-flip", "one octet of level 0").flip("/log/tile/0/000", 100);
  c.of("tile-root", "tile-flip-above", "one octet of level 1").flip("/log/tile/1/000.p/1", 0);
  c.of("entries-malformed", "entries-long", "octets after the last leaf").append("/log/tile/entries/000", "x");
  c.of("entries-root", "entries-flip", "one octet of a leaf").flip("/log/tile/entries/000", 700);
  c.of("event-differs", "event-flip", "one octet of an event document").flip("/v1/events/57.json", 30);
  c.of("event-differs", "event-beyond", "an event that is not in the log")
      .copy("/v1/events/1.json", "/v1/events/999.json");
}

/// Logs that a log should never have signed: its newest leaf is another.
inline void leaf_cases(Cases& c, const Stage& s) {
  const std::vector<std::string>& leaves = s.story.press().leaves();
  const auto lie = [&](const char* code, const char* name, const char* why, const Change& change) {
    std::vector<std::string> others = leaves;
    change(others.back());
    ASSERT_NE(others.back(), leaves.back()) << name;
    c.of(code, name, why).put_changed(other_log(s, others));
  };
  const std::string seq = fmt::format(R"(,"seq":{}}})", leaves.size() - 1);
  const std::string prev = fmt::format(R"("prev":{},)", registry::parse_leaf(leaves.back())->prev->value());
  lie("leaf-malformed", "leaf-member", "a member too many",
      replaced(seq, seq.substr(0, seq.size() - 1) + R"(,"zzz":0})"));
  lie("leaf-seq", "leaf-seq", "not the number of its place", replaced(seq, R"(,"seq":7})"));
  lie("leaf-prev", "leaf-prev", "not the record's previous event", replaced(prev, R"("prev":0,)"));
  lie("leaf-time", "leaf-time-back", "time goes back", replaced(R"("recorded_at":"2026)", R"("recorded_at":"2025)"));
  lie("leaf-origin", "leaf-origin", "of another log", replaced(kOrigin, "lie.example.jp/log"));
  std::vector<std::string> others = leaves;
  const std::size_t key = kArchiveEvents + 3;
  const std::string sha256 = registry::hex(registry::sha256(s.story.key_documents()[2]));
  replaced(sha256, registry::hex(registry::sha256("another key set")))(others[key]);
  c.of("leaf-key", "leaf-key", "a key leaf of another key set").put_changed(other_log(s, others));
}

inline void status_cases(Cases& c, const Stage& s) {
  const std::string path = "/v1/records/L24-0001.jwt";
  c.of("status-type", "status-is-a-list", "one signed document used as another").copy("/v1/list.jwt", path);
  c.of("status-signature", "status-flip", "one octet").flip(path, 300);
  c.of("status-key", "status-retired-key", "signed by a key after it retired")
      .put_changed(status_with(
          s, "L24-0001", [](std::string&) {}, &s.keys.old.jwt));
  c.of("status-malformed", "status-member", "signed, with a member that is named otherwise")
      .put_changed(status_with(s, "L24-0001", replaced(R"("rely_until")", R"("rely_unti1")")));
  c.of("status-subject", "status-of-another", "the status of another service").copy("/v1/records/L24-0002.jwt", path);
  c.of("status-generation", "status-earlier", "mix and match of generations").put(path, s.earlier.at(path));
  c.of("status-proof", "status-index", "a proof of another place")
      .put_changed(status_with(s, "L24-0001", replaced("index ", "index 1")));
  c.of("status-leaf", "status-old-leaf", "signed and proved, but not the newest leaf");
  Generation old = s.generation;
  for (auto& service : old.services) {
    if (service->service.id.value() != "L24-0001") continue;
    service =
        std::make_shared<const ListedService>(listed_service(registry::LeafBytes{s.story.press().leaves()[1]}).value());
    c.put(path, s.story.press().status_of(old, *service, s.keys.fresh.jwt));
  }
}

inline void evidence_cases(Cases& c, const Stage& s) {
  const registry::Instant known{kSecondIat * 1000};
  const registry::Day day = registry::Day::parse("2026-05-23").value();
  const std::string status = s.honest.at("/v1/records/L24-0001.jwt");
  const std::string past = s.story.press().past_of(s.generation, "L24-0001", {day, known}, s.keys.fresh.jwt);
  constexpr std::int64_t kTenYears = std::int64_t{10} * 365 * 86'400;
  c.of("good", "evidence-current", "a filed status, ten years later")
      .with("now", kNow + kTenYears)
      .evidence("current.jwt", status);
  c.of("good", "evidence-past", "a past day, with every event and the fold").evidence("past.jwt", past);
  const registry::Day before = registry::Day::parse("2026-05-22").value();
  c.of("good", "evidence-before", "a day before the registration: nothing")
      .evidence("before.jwt", s.story.press().past_of(s.generation, "L24-0001", {before, known}, s.keys.fresh.jwt));
  c.of("good", "evidence-receipt", "the receipt of a filing, whose key has retired")
      .evidence("receipt.jwt", s.story.receipt);
  c.of("good", "evidence-list", "a filed list, ten years later: it says who was not listed")
      .with("now", kNow + kTenYears)
      .with("evidence", "publication/v1/list.jwt");
  c.of("evidence-unreadable", "evidence-absent", "no such file").with("evidence", "evidence/none.jwt");
  c.of("status-future", "evidence-future", "a clock that is behind by 301 seconds")
      .with("now", kSecondIat - 301)
      .with("evidence", "evidence/current.jwt");
  std::string lie = payload_of(past);
  replaced(R"("state":{"agencies_using":3)", R"("state":{"agencies_using":4)")(lie);
  c.of("status-fold", "evidence-state", "signed, but not what its events amount to")
      .evidence("other-state.jwt", sign_jwt(s.keys.fresh.jwt, kStatusType, lie));
}

/// The payload under a header that names `named` and brings the public key of `by`, who signs.
inline std::string with_key_in_header(const std::string& payload, const PrivateKey& named, const PrivateKey& by) {
  const Json header{{"alg", "ES256"}, {"jwk", by.jwk()}, {"kid", named.kid()}, {"typ", kReceiptType}};
  const std::string input = base64url(registry::canonical(header)) + "." + base64url(payload);
  return input + "." + base64url(by.sign(input));
}

inline void receipt_cases(Cases& c, const Stage& s) {
  std::string receipt = payload_of(s.story.receipt);
  const auto signed_receipt = [&](const PrivateKey& key) { return sign_jwt(key, kReceiptType, receipt); };
  std::string broken = s.story.receipt;
  broken[broken.size() - 5] = broken[broken.size() - 5] == 'A' ? 'B' : 'A';
  c.of("receipt-signature", "receipt-flip", "one octet").evidence("receipt-flip.jwt", broken);
  c.of("receipt-future", "receipt-future", "a clock that is far behind")
      .with("now", kFirstEvent - 400)
      .with("evidence", "evidence/receipt.jwt");
  c.of("good", "receipt-key-in-header", "a key that the header brings along is passed over")
      .evidence("receipt-key-in-header.jwt", with_key_in_header(receipt, s.keys.old.jwt, s.keys.old.jwt));
  c.of("receipt-signature", "receipt-foreign-key", "and never used")
      .evidence("receipt-foreign-key.jwt",
                with_key_in_header(receipt, s.keys.old.jwt, PrivateKey::generate(KeyKind::es256)));
  c.write("evidence/filed.json", "{ }\n");
  c.write("evidence/not-filed.json", "{\"form\": \"2-11\"}\n");
  c.of("good", "receipt-content", "for this content, however it is spelled")
      .with("evidence", "evidence/receipt.jwt")
      .with("payload", "evidence/filed.json");
  c.of("receipt-payload", "receipt-other-content", "for another content")
      .with("evidence", "evidence/receipt.jwt")
      .with("payload", "evidence/not-filed.json");
  replaced("F000000001", "F000000002")(receipt);
  c.of("receipt-malformed", "receipt-of-another", "filing and sub differ")
      .evidence("receipt-of-another.jwt", signed_receipt(s.keys.old.jwt));
  receipt = payload_of(s.story.receipt);
  const std::string iat = R"("iat":)";
  const std::size_t at = receipt.find(iat) + iat.size();
  receipt.replace(at, receipt.find(',', at) - at, std::to_string(kRotation + 1));
  c.of("receipt-key", "receipt-retired-key", "signed by a key after it retired")
      .evidence("receipt-retired-key.jwt", signed_receipt(s.keys.old.jwt));
}

inline void feed_cases(Cases& c, const Stage& s) {
  const std::string events = "/v1/events.atom";
  const std::string service = "/v1/services/L24-0003.atom";
  const auto same = [](std::string&) {};
  c.of("feed-malformed", "feed-comment", "a comment, which an XML signature does not see")
      .replace(events, "<author>", "<!-- --><author>");
  c.of("feed-malformed", "feed-wrapped", "an element after the signature")
      .replace(events, "</Signature>", "</Signature><x></x>");
  c.of("feed-malformed", "feed-is-an-archive", "one signed document used as another")
      .copy("/v1/events/archive/0.atom", events);
  c.of("feed-signature", "feed-words", "words for people").replace(service, "架空", "仮空");
  c.of("feed-signature", "archive-words", "words for people in an archive")
      .replace("/v1/events/archive/0.atom", "架空", "仮空");
  c.of("feed-key", "feed-retired-key", "signed by the old key at a size that it never saw")
      .put_changed(feed_with(s, events, same, &s.keys.old));
  c.of("feed-cover", "feed-of-no-service", "a feed of a service that the log has no record of")
      .copy(service, "/v1/services/L99-9999.atom");
  c.of("feed-expired", "feed-frozen", "signed with an earlier end")
      .with("now", kSecondIat + kLife - 1)
      .put_changed(feed_with(
          s, events,
          replaced(fmt::format("exp=\"{}\"", kSecondIat + kLife), fmt::format("exp=\"{}\"", kSecondIat + 3600))));
  c.of("feed-generation", "feed-earlier", "mix and match of generations").put(events, s.earlier.at(events));
  c.of("feed-leaf", "feed-leaf", "signed, with another time than the leaf");
  std::string feed = without_signature(s.honest.at(service));
  const std::size_t entry = feed.find("<entry>");
  const std::size_t updated = feed.find("<updated>", entry);
  feed.replace(updated + 9, 4, "2025");
  c.put(service, s.keys.fresh.sign(feed));
  feed = without_signature(s.honest.at(service));
  const std::size_t second = feed.find("<entry>", entry + 1);
  feed.erase(second, feed.find("<entry>", second + 1) - second);
  c.of("feed-cover", "feed-cover", "signed, with an entry left out").put(service, s.keys.fresh.sign(feed));
}

inline Json all_cases(Cases& cases, const Stage& stage) {
  good_cases(cases, stage);
  reading_cases(cases);
  key_cases(cases, stage);
  list_cases(cases, stage);
  log_cases(cases, stage);
  leaf_cases(cases, stage);
  status_cases(cases, stage);
  evidence_cases(cases, stage);
  receipt_cases(cases, stage);
  feed_cases(cases, stage);
  return cases.all();
}

}  // namespace ismap::feed::vectors
