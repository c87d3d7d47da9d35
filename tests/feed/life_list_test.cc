#include <gtest/gtest.h>

#include "feed/list.h"
#include "registry/journal.h"
#include "registry/tables.h"
#include "tests/support/life.h"

/// What the law says of each service is what the published list shows of it.
namespace ismap::feed {
namespace {

using registry::Json;
using registry::Result;
using test::Life;

/// The list of the journal as it is, as /v1/list.json has it.
Json published_list(const Life& of, registry::lmdb::Env& env) {
  const auto services = env.read([](const registry::lmdb::ReadTxn& txn) -> Result<ListedServices> {
    ListedServices all;
    for (const auto& latest : registry::tables::latest_services(txn)) {
      auto listed = listed_service(registry::journal::leaf(txn, latest.seq).value());
      if (!listed.ok()) return listed.errors();
      all.push_back(std::make_shared<const ListedService>(std::move(*listed)));
    }
    return all;
  });
  const registry::Instant now = registry::Instant::start_of(registry::Day::parse(of.today()).value());
  const ListHead head{"https://liu.example.jp", registry::ListVersion{1}, now, now.plus_seconds(3600), "note"};
  return Json::parse(list_payload(head, services.value()));
}

TEST(PublishedList, ShowsEachLifeAsThePlainReadingOfTheLawHasIt_13_12_14_5_16_8) {
  std::size_t flags = 0;
  for (unsigned seed = 21; seed <= 23; ++seed) {
    Life life(seed);
    for (int step = 0; step < 240; ++step) {
      const auto found = life.step();
      ASSERT_TRUE(found.empty()) << "seed " << seed << ", step " << step << ": " << found.front();
      if (step % 12 != 11) continue;
      const Json list = published_list(life, life.book().env());
      ASSERT_EQ(list.at("records").size(), life.twin().ids().size());
      for (const Json& entry : list.at("records")) {
        const Json& record = entry.at("record");
        const std::string id = record.at("id");
        ASSERT_EQ(Life::shown(record), life.twin().shown(id)) << "seed " << seed << ", step " << step;
        flags += life.twin().flags(id).size();
      }
    }
  }
  EXPECT_GT(flags, 100U) << "there was something to show";
}

}  // namespace
}  // namespace ismap::feed
