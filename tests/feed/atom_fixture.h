#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "feed/atom.h"
#include "feed/crypto.h"
#include "registry/event.h"
#include "tests/feed/kept_key.h"
#include "tests/support/temp_folder.h"

/// What the tests of the Atom feed share: the example leaves, one key, and a knife for signatures.
namespace ismap::feed::atom_test {

inline std::string golden_path() { return std::string(ISMAP_TEST_DATA) + "/../golden/events.atom"; }

inline FeedNames names() { return {"https://liu.example.jp", "liu.example.jp"}; }

inline registry::Event example(const std::string& name) { return registry::parse_leaf(test::test_data(name)).value(); }

inline std::string entry_of(const registry::Event& event) {
  return atom_entry(event, registry::to_leaf(event).value(), names());
}

/// The three example leaves as entries, newest first.
inline std::vector<std::string> example_entries() {
  std::vector<std::string> out;
  for (const char* name : {"example-leaf-corrected.json", "example-leaf.json", "example-leaf-key.json"}) {
    out.push_back(entry_of(example(name)));
  }
  return out;
}

inline FeedHead head() {
  return {registry::ListVersion{61}, *registry::Instant::parse("2026-05-21T00:00:01Z"),
          *registry::Instant::parse("2026-05-23T00:00:01Z"),
          "liu.example.jp/log\n61\nAAAA\n\n— liu.example.jp/log BBBB\n"};
}

inline FeedContents contents_of(const std::vector<std::string>& entries) {
  return {events_identity(names(), 0),
          head(),
          {entries.begin(), entries.end()},
          *registry::Instant::parse("2026-05-21T00:00:00.000Z")};
}

/// A key and its certificate. Ours is the first of the kept keys, somebody else's the second.
struct SigningKey {
  explicit SigningKey(int n = 2) : rsa(kept_rsa_key(n)) {}
  PrivateKey rsa;
  std::string kid = rsa.kid();
  std::string certificate = rsa.self_signed_certificate("liu.example.jp", 1767225600, 2082758400);
};

inline const SigningKey& our_key() {
  static const SigningKey kKey(1);
  return kKey;
}

inline std::string signed_by(const SigningKey& key, const std::vector<std::string>& entries) {
  const FeedContents contents = contents_of(entries);
  return signed_feed(names(), contents, {key.rsa, key.kid, key.certificate});
}

/// The first piece of `text` from `begin` to `end`, both included.
inline std::string piece(const std::string& text, std::string_view begin, std::string_view end) {
  const std::size_t from = text.find(begin);
  const std::size_t to = text.find(end, from);
  if (from == std::string::npos || to == std::string::npos) return {};
  return text.substr(from, to + end.size() - from);
}

/// What stands between the first <name> without attributes and its end.
inline std::string content_of(const std::string& text, const std::string& name) {
  const std::string with_tags = piece(text, "<" + name + ">", "</" + name + ">");
  if (with_tags.empty()) return {};
  return with_tags.substr(name.size() + 2, with_tags.size() - 2 * name.size() - 5);
}

inline std::string signature_of(const std::string& document) { return piece(document, "<Signature ", "</Signature>"); }

inline std::string without_signature(std::string document) {
  const std::string signature = signature_of(document);
  const std::size_t at = document.find(signature);
  return document.erase(at, signature.size());
}

inline std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

}  // namespace ismap::feed::atom_test
