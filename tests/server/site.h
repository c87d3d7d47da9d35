#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "feed/list.h"
#include "registry/journal.h"
#include "registry/tables.h"
#include "server/context.h"
#include "server/problem.h"
#include "server/routes.h"
#include "server/site/pages.h"
#include "tests/support/book.h"

namespace ismap::test {

/// A register with four services and a generation of it made by hand, for the handlers to answer from:
///   L24-0001 registered and suspended from 2026-06-10 (14.3); L24-0002 plain; L24-0003 removed on 2026-07-01 (12.1);
///   L24-0004 another provider, a name that is markup.
class Site {
 public:
  Site() {
    for (const char* id : {"L24-0001", "L24-0002"}) book.enter(id);
    enter("L24-0003", {{"expires_on", "2026-06-30"}});
    enter("L24-0004", {{"name", {{"ja", "<b>ストレスチェック</b> & \"Z\""}}},
                       {"provider", {{"name", {{"ja", "別会社"}}}, {"corporate_number", "4011001098993"}}}});
    registry::Command suspend = Book::command("L24-0001", registry::Suspend{}, "14.3");
    suspend.at_hand_over = true;
    act(suspend, "2026-06-10");
    if (!book.registrar().remove_expired(Book::noon("2026-07-01")).ok()) throw std::runtime_error("not removed");
    publish();
  }

  /// Shows all that is recorded so far.
  void publish() {
    auto made = std::make_shared<feed::Generation>();
    made->ver = registry::ListVersion{++version_};
    made->size = registry::TreeSize{book.size()};
    made->signed_at = now;
    made->expires_at = now.plus_seconds(48 * 3600);
    made->keys = std::make_shared<const feed::Keys>(
        feed::Keys{feed::PrivateKey::generate(feed::KeyKind::es256), feed::PrivateKey::generate(feed::KeyKind::ed25519),
                   feed::PrivateKey::generate(feed::KeyKind::es256), "", std::nullopt});  // no test asks for Atom here
    add_services(*made);
    const auto add = [&](const std::string& path, const std::string& type, std::string body) {
      made->documents[path] = std::make_shared<const feed::Document>(type, std::move(body));
    };
    add("/v1/list.json", "application/json", "{\"records\":[" + std::string(5000, ' ') + "]}");
    add("/v1/keys/1.json", "application/jose+json", "{}");
    add("/log/checkpoint", "text/plain; charset=utf-8", "liu.example.jp/log\n1\n");
    add("/log/tile/0/000.p/5", "application/octet-stream", std::string(160, '\0'));
    generation = std::move(made);
  }

  server::Response get(const std::string& target, const server::Headers& headers = {},
                       const std::string& method = "GET") {
    server::Request request;
    request.method = method;
    request.target = target;
    const auto mark = target.find('?');
    request.path = server::percent_decoded(target.substr(0, mark), false).value();
    if (mark != std::string::npos) request.query = server::parse_query_string(target.substr(mark + 1)).value();
    request.headers = headers;
    return server::dispatch(context, pages, request);
  }
  registry::Json json(const std::string& target) { return registry::Json::parse(*get(target).body); }

  Book book;
  registry::Instant now = Book::noon("2026-08-01");
  std::shared_ptr<const feed::Generation> generation;
  feed::Surface surface{book.env(), feed::names_of("https://liu.example.jp")};
  server::Context context{book.env(), [this] { return generation; }, [this] { return now; },
                          nullptr,    [] { return false; },          &surface};
  server::Pages pages;

 private:
  void act(const registry::Command& command, const std::string& day) {
    const auto done = book.act(command, day);
    if (!done.ok()) throw std::runtime_error(done.errors().front().en);
  }

  /// Registers a service that differs from the example by a merge patch.
  void enter(const std::string& id, const registry::Json& patch) {
    registry::Json record = Book::record(id);
    record.merge_patch(patch);
    const auto service = registry::parse_service(record).value();
    act(Book::command(id, registry::RegisterService{service}, "11.1"), "2026-04-01");
  }

  void add_services(feed::Generation& into) {
    using registry::Result;
    const auto done = book.env().read([&](const registry::lmdb::ReadTxn& txn) -> Result<registry::Done> {
      for (const auto& latest : registry::tables::latest_services(txn)) {
        auto listed = feed::listed_service(registry::journal::leaf(txn, latest.seq).value());
        into.services.push_back(std::make_shared<const feed::ListedService>(std::move(listed).value()));
      }
      return registry::Done{};
    });
    if (!done.ok()) throw std::runtime_error(done.errors().front().en);
  }

  std::uint64_t version_ = 6;
};

}  // namespace ismap::test
