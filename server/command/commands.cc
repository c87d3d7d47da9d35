#include "server/command/commands.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "feed/guard.h"
#include "feed/init.h"
#include "registry/fsck.h"
#include "registry/journal.h"
#include "registry/rebuild.h"
#include "registry/tables.h"
#include "server/auth.h"
#include "server/command/report.h"
#include "server/office/attachment_store.h"
#include "server/office/clock.h"
#include "server/office/data_folder.h"
#include "server/office/folder_clock.h"

namespace ismap::server {

using registry::Done;
using registry::Json;
using registry::Result;

namespace {

/// Starts the journal of a new folder with its key leaf; before that the folder gets the mark of its clock.
Result<Done> open_log(const InitOptions& options, const Clock& now, const std::string& key_set) {
  registry::lmdb::EnvOptions create;
  create.create = true;
  const std::filesystem::path& folder = options.data.folder;
  auto env = registry::tables::open(folder, create);
  if (!env.ok()) return env.errors();
  const auto settled = choose_clock(**env, folder, options.data.clock, ClockUse::work);
  if (!settled.ok()) return settled.errors();
  registry::Registrar registrar(**env);
  auto opened = registrar.open_log(options.origin, key_set, now(), local_actor(registry::Role::operator_, ::getuid()));
  if (!opened.ok()) return opened.errors();
  return Done{};
}

Json to_json(const registry::FsckReport& report) {
  return Json{{"leaves", report.leaves},
              {"services", report.services},
              {"ledger_entries", report.ledger_entries},
              {"findings", report.findings}};
}

/// Whether the guard file and the journal agree, as one line when they do not.
void compare_guard(const std::filesystem::path& folder, const registry::lmdb::Env& env, registry::FsckReport& report) {
  const Result<feed::Guard> guard = feed::read_guard(folder);
  if (!guard.ok()) {
    report.findings.push_back("guard: " + guard.errors().front().en);
    return;
  }
  const auto agrees = env.read([&](const registry::lmdb::ReadTxn& txn) -> Result<bool> {
    const registry::Tree tree = registry::journal::tree(txn, guard->size);
    return tree.size() == guard->size && tree.root() == guard->root;
  });
  if (!agrees.ok() || !*agrees) report.findings.emplace_back("guard: what was last signed is not in this journal");
}

}  // namespace

int run_init(const InitOptions& options) {
  const std::string iss = options.iss.empty() ? feed::default_issuer(options.origin) : options.iss;
  const auto passphrase = passphrase_of(options.data);
  if (!passphrase.ok()) return failed(passphrase.errors());
  const std::filesystem::path& place = options.data.folder;
  const Clock now = options.data.clock ? clock_from(*options.data.clock) : Clock(system_now);
  const auto report = feed::init(
      place, options.origin, iss, now(), [&](const std::string& key_set) { return open_log(options, now, key_set); },
      *passphrase);
  if (!report.ok()) return failed(report.errors());
  auto folder = DataFolder::open(place, *passphrase);
  if (!folder.ok()) return failed(folder.errors());
  const auto published = (*folder)->publisher().publish(now());
  if (!published.ok()) return failed(published.errors());
  const std::string data = place.string();
  fmt::print(
      "データフォルダー {} を作りました。\n"
      "log {}\nissuer {}\nroot key {}\n"
      "検証者が信頼の起点とするもの / what verifiers pin: {}/trust\n"
      "{}/keys/root.pem は別の場所に移して保管してください / take it offline.\n",
      data, options.origin, iss, report->root_thumbprint, data, data);
  return kExitDone;
}

int run_fsck(const FsckOptions& options) {
  if (options.rebuild) {
    auto folder = DataFolder::open(options.data);
    if (!folder.ok()) return failed(folder.errors());
    const Result<Done> rebuilt =
        (*folder)->env().write([](registry::lmdb::WriteTxn& txn) { return registry::rebuild_tables(txn); });
    if (!rebuilt.ok()) return failed(rebuilt.errors());
  }
  registry::lmdb::EnvOptions read_only;
  read_only.read_only = true;
  auto env = registry::tables::open(options.data.folder, read_only);
  if (!env.ok()) return failed(env.errors());
  auto report = registry::fsck(**env, attachments_folder(options.data.folder));
  if (!report.ok()) return failed(report.errors());
  compare_guard(options.data.folder, **env, *report);
  if (options.json) {
    fmt::print("{}\n", to_json(*report).dump(2));
  } else {
    for (const std::string& finding : report->findings) fmt::print(stderr, "✗ {}\n", finding);
    fmt::print("{} leaves, {} services, {} ledger entries, {} findings\n", report->leaves, report->services,
               report->ledger_entries, report->findings.size());
  }
  return report->findings.empty() ? kExitDone : kExitFailed;
}

}  // namespace ismap::server
