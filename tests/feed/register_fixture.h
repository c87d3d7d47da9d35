#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>

#include "feed/init.h"
#include "feed/keys.h"
#include "feed/publication.h"
#include "registry/digest.h"
#include "registry/journal.h"
#include "registry/tables.h"
#include "tests/feed/temporary_folder.h"

namespace ismap::feed {

/// A data folder with a log of its own, and a way to add events to it without the rules.
class RegisterFixture : public testing::Test {
 protected:
  static constexpr const char* kIss = "https://liu.example.jp";
  static constexpr const char* kOrigin = "liu.example.jp/log";
  static inline const registry::Instant kNow{1'780'000'000'123};

  RegisterFixture() {
    const auto report =
        init(data(), kOrigin, kIss, kNow, [this](const std::string& octets) { return open_log(octets); });
    if (!report) throw std::runtime_error(report.errors().front().en);
    report_ = *report;
    keys_.emplace(load_keys(data() / "keys").value());
  }

  [[nodiscard]] std::filesystem::path data() const { return folder_.path() / "data"; }

  registry::Result<registry::Done> open_log(const std::string& octets) {
    auto env = registry::tables::open(data(), {std::size_t{256} << 20U, true, false});
    if (!env) return env.errors();
    env_ = std::move(*env);
    return env_->write([&](registry::lmdb::WriteTxn& txn) -> registry::Result<registry::Done> {
      txn.put(registry::tables::kKeySets, registry::lmdb::key_of(1), octets);
      const registry::Json record{{"id", "keys"}, {"sha256", registry::hex(registry::sha256(octets))}, {"ver", 1}};
      return append(txn, registry::EventKind::key, record, kNow);
    });
  }

  /// Appends an event of the record, whatever the rules say.
  registry::Result<registry::Done> append(registry::lmdb::WriteTxn& txn, registry::EventKind kind,
                                          const registry::Json& record, registry::Instant now) {
    registry::Event event;
    event.kind = kind;
    event.effective = now.jst_day();
    event.origin = kOrigin;
    event.record = record;
    event.recorded_at = now;
    event.rules = "2024-03-01";
    event.seq = registry::Seq{registry::journal::size(txn).value()};
    event.prev = registry::tables::latest(txn, record.at("id").get<std::string>());
    if (kind != registry::EventKind::key) event.article = registry::Article{"11.1"};
    return registry::journal::append(txn, event);
  }

  /// Registers a service, or changes it if it is there.
  void put_service(const std::string& id, const std::string& name, const std::string& state = "registered") {
    registry::Json record = example_record();
    record["id"] = id;
    record["name"] = registry::Json{{"ja", name}};
    record["state"] = state;
    if (state == "removed") record["removal"] = registry::Json{{"article", "18.2(5)"}, {"on", "2026-05-28"}};
    const auto done = env_->write(
        [&](registry::lmdb::WriteTxn& txn) { return append(txn, registry::EventKind::registered, record, kNow); });
    ASSERT_TRUE(done.ok()) << done.errors().front().en;
  }

  static registry::Json example_record() {
    std::ifstream file(ISMAP_TEST_DATA "/example-leaf.json");
    std::stringstream text;
    text << file.rdbuf();
    registry::Json record = registry::parse_json(text.str()).value().at("record");
    for (const char* intervals : {"suspensions", "re_audits", "renewals"}) record[intervals] = registry::Json::array();
    return record;
  }

  /// A publisher as a program that has just started has it.
  std::unique_ptr<Publisher> publisher(PublisherSettings settings = {}) {
    if (settings.iss.empty()) settings.iss = kIss;
    return std::make_unique<Publisher>(*env_, *keys_, data(), std::move(settings));
  }

  TemporaryFolder folder_;
  std::unique_ptr<registry::lmdb::Env> env_;
  std::optional<HeldKeys> keys_;
  InitReport report_;
};

}  // namespace ismap::feed
