#include "server/edge/address.h"

#include <gtest/gtest.h>

namespace ismap::server {
namespace {

TEST(Address, HasOneForm) {
  EXPECT_EQ(normal_address("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(normal_address("2001:DB8:0:0::1"), "2001:db8::1");
  EXPECT_EQ(normal_address("::ffff:192.0.2.7"), "192.0.2.7");
  for (const char* wrong :
       {"", "unknown", "192.0.2.7:80", "192.0.2", "192.0.2.256", "[::1]", "2001:db8::1%eth0", "192.0.2.7 ", "::1::"}) {
    EXPECT_EQ(normal_address(wrong), std::nullopt) << wrong;
  }
}

TEST(Address, IsLookedAtToItsEnd) { EXPECT_EQ(normal_address(std::string_view("192.0.2.7\0.evil", 15)), std::nullopt); }

TEST(Address, CountsInIPv6ByTheSubscriber) {
  EXPECT_EQ(counted_as("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(counted_as("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(counted_as("2001:db8:1:2::"), counted_as("2001:db8:1:2:ffff:ffff:ffff:ffff"));
  EXPECT_NE(counted_as("2001:db8:1:2::"), counted_as("2001:db8:1:3::"));
  EXPECT_EQ(counted_as(""), "");
}

/// The address of a request from `peer` with these fields X-Forwarded-For, behind the proxies of a default server.
std::string address_seen(const std::string& peer, const std::vector<std::string>& forwarded) {
  Request request;
  request.peer = peer;
  for (const std::string& field : forwarded) request.headers.add("X-Forwarded-For", field);
  return client_address(request, {"127.0.0.1", "::1"});
}

TEST(Address, IsTheOtherEndOfTheSocketUnlessThatIsATrustedProxy) {
  EXPECT_EQ(address_seen("192.0.2.7", {}), "192.0.2.7");
  EXPECT_EQ(address_seen("192.0.2.7", {"198.51.100.1"}), "192.0.2.7") << "anybody can write such a field";
  EXPECT_EQ(address_seen("127.0.0.1", {}), "127.0.0.1");
  EXPECT_EQ(address_seen("127.0.0.1", {"198.51.100.1"}), "198.51.100.1");
  EXPECT_EQ(address_seen("::1", {"2001:DB8::0001"}), "2001:db8::1");
  EXPECT_EQ(address_seen("::ffff:127.0.0.1", {"198.51.100.1"}), "198.51.100.1");
}

TEST(Address, OfATrustedProxyIsWhatThisProxyWrote) {
  EXPECT_EQ(address_seen("127.0.0.1", {"203.0.113.9, 198.51.100.1"}), "198.51.100.1")
      << "the first is the client's word";
  EXPECT_EQ(address_seen("127.0.0.1", {"203.0.113.9, unknown"}), "127.0.0.1");
  EXPECT_EQ(address_seen("127.0.0.1", {"198.51.100.1:4711"}), "198.51.100.1");
  EXPECT_EQ(address_seen("127.0.0.1", {"[2001:db8::1]:4711"}), "2001:db8::1");
  EXPECT_EQ(address_seen("127.0.0.1", {"["}), "127.0.0.1");
  EXPECT_EQ(address_seen("127.0.0.1", {""}), "127.0.0.1");
  EXPECT_EQ(address_seen("127.0.0.1", {" , "}), "127.0.0.1");
  EXPECT_EQ(address_seen("127.0.0.1", {"203.0.113.9", "198.51.100.1"}), "198.51.100.1") << "lines are one list";
}

}  // namespace
}  // namespace ismap::server
