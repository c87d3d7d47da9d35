#include "server/config.h"

#include <gtest/gtest.h>

namespace ismap::server {
namespace {

std::vector<std::string> mistakes(std::string_view json) {
  std::vector<std::string> out;
  const auto config = parse_config(json);
  if (config.ok()) return out;
  for (const registry::Error& error : config.errors()) {
    EXPECT_FALSE(error.ja.empty() || error.en.empty());
    out.push_back(error.pointer);
  }
  return out;
}

TEST(Config, WhatIsLeftOutKeepsItsDefault) {
  EXPECT_EQ(parse_config("{}").value(), Config{});
  EXPECT_EQ(read_config("").value(), Config{});
  const Config config = parse_config(R"({"rate": {"token": {"burst": 9}}})").value();
  EXPECT_EQ(config.token, (Rate{50, 9}));
  EXPECT_EQ(config.address, (Rate{500, 5000}));
  EXPECT_EQ(config.trusted_proxies, (std::vector<std::string>{"127.0.0.1", "::1"}));
}

TEST(Config, TakesRatesAndProxies) {
  const Config config = parse_config(R"({"rate": {"token": {"per_second": 1, "burst": 2},
    "address": {"per_second": 3, "burst": 1000000}}, "trusted_proxies": ["10.0.0.1", "2001:DB8::0:1"]})")
                            .value();
  EXPECT_EQ(config, (Config{{1, 2}, {3, 1'000'000}, {"10.0.0.1", "2001:db8::1"}}));
  EXPECT_EQ(parse_config(R"({"trusted_proxies": []})").value().trusted_proxies, std::vector<std::string>{});
}

TEST(Config, TellsEveryMistakeAtOnceByItsPlace) {
  EXPECT_EQ(mistakes(R"({"rate": {"token": {"per_second": 0, "burst": "many", "brust": 1}, "adress": {}},
    "trusted_proxies": ["10.0.0.1", "proxy.example.jp", 7], "prot": 1})"),
            (std::vector<std::string>{"/prot", "/rate/adress", "/rate/token/brust", "/rate/token/burst",
                                      "/rate/token/per_second", "/trusted_proxies/1", "/trusted_proxies/2"}));
  EXPECT_EQ(mistakes(R"({"rate": 1, "trusted_proxies": "10.0.0.1"})"),
            (std::vector<std::string>{"/rate", "/trusted_proxies"}));
  EXPECT_EQ(mistakes("[]"), std::vector<std::string>{""});
  EXPECT_EQ(mistakes(R"({"rate": {"address": {"burst": 1000001}}})"), std::vector<std::string>{"/rate/address/burst"});
  EXPECT_EQ(parse_config("{").errors().front().code, registry::Code::malformed);
  EXPECT_EQ(read_config("/nowhere/config.json").errors().front().code, registry::Code::unavailable);
}

}  // namespace
}  // namespace ismap::server
