#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "feed/files.h"
#include "feed/verify/site.h"
#include "tests/feed/mirror.h"
#include "tests/feed/temporary_folder.h"

namespace ismap::feed {

/// An honest publication of 300 events, and ways to show a verifier something else.
class HostileMirror : public testing::Test {
 protected:
  using Change = std::function<void(std::string&)>;
  using Instant = registry::Instant;
  using Json = registry::Json;
  using Report = verify::Report;
  static void SetUpTestSuite() {
    keys_ = new MirrorKeys();
    honest_ = new Mirror(*keys_);
    fill(*honest_);
    files_ = new Files(honest_->files());
  }
  static void TearDownTestSuite() {
    delete files_;
    delete honest_;
    delete keys_;
  }

  HostileMirror() {
    std::filesystem::create_directories(trust());
    pin(keys_->root, 1);
  }

  static void fill(Mirror& mirror, int changes = 290) {
    for (int s = 1; s <= 4; ++s) mirror.put_service(fmt::format("L24-000{}", s), fmt::format("架空 その{}＜&＞", s));
    using registry::EventKind;
    for (int n = 0; n < changes; ++n) {
      mirror.put_service(fmt::format("L24-000{}", n % 4 + 1), fmt::format("架空 {}", n), EventKind::changed);
    }
  }

  [[nodiscard]] std::filesystem::path trust() const { return folder_.path() / "trust"; }
  [[nodiscard]] std::filesystem::path state() const { return folder_.path() / "state"; }
  void pin(const PrivateKey& root, std::uint64_t ver) const { pin_jwks({{"keys", Json::array({root.jwk()})}}, ver); }
  void pin_jwks(const Json& set, std::uint64_t ver) const {
    const std::string jwks = registry::canonical(set);
    ASSERT_TRUE(replace_file(trust() / "root.jwks", jwks + "\n").ok());
    ASSERT_TRUE(replace_file(trust() / "keysver", fmt::format("{}\n", ver)).ok());
  }

  [[nodiscard]] Report verify(const Files& files, std::int64_t now = Mirror::kNow + 60, bool stateful = false) const {
    verify::SiteOptions options;
    options.trust = trust();
    if (stateful) options.state = state();
    options.now = Instant{now * 1000};
    const FileSource source(files);
    return verify_site(source, options);
  }

  /// "good", or the code of the first failure.
  [[nodiscard]] std::string told(const Files& files, std::int64_t now = Mirror::kNow + 60,
                                 bool stateful = false) const {
    const Report report = verify(files, now, stateful);
    if (!report.finding) return "good";
    last_ = report.finding->document + " " + report.finding->detail;
    return std::string(verify::code_of(report.finding->fault));
  }

  /// What is told when one file is other than it was.
  [[nodiscard]] std::string told_with(const std::string& path, const Change& change) const {
    Files files = *files_;
    EXPECT_TRUE(files.contains(path)) << path;
    change(files[path]);
    EXPECT_NE(files[path], files_->at(path)) << "the change changed nothing: " << path;
    return told(files);
  }
  [[nodiscard]] std::string told_without(const std::string& path) const {
    Files files = *files_;
    EXPECT_EQ(files.erase(path), 1U) << path;
    return told(files);
  }
  /// What is told of the same log signed otherwise.
  [[nodiscard]] std::string told_signed(const Signing& how) const {
    const Files files = honest_->files(how);
    EXPECT_NE(files, *files_) << "the same publication";
    return told(files);
  }

  static Change replaced(const std::string& from, const std::string& to) {
    return [=](std::string& text) {
      const std::size_t at = text.find(from);
      if (at != std::string::npos) text.replace(at, from.size(), to);
    };
  }
  static Change flipped(std::size_t at) {
    return [=](std::string& text) { text.at(at) = static_cast<char>(text.at(at) ^ 0x01); };
  }
  static Change inserted(const std::string& before, const std::string& what) { return replaced(before, what + before); }

  static inline MirrorKeys* keys_ = nullptr;
  static inline Mirror* honest_ = nullptr;
  static inline Files* files_ = nullptr;
  mutable std::string last_;
  TemporaryFolder folder_;
};

}  // namespace ismap::feed
