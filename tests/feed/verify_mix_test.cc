#include <gtest/gtest.h>

#include "tests/feed/hostile_mirror.h"

namespace ismap::feed {
namespace {

using registry::EventKind;

/// Good documents in the wrong place, or of the wrong time.
class MixedMirror : public HostileMirror {};

// Mix and match of generations.
TEST_F(MixedMirror, DocumentsOfTwoGenerationsAreTold) {
  Signing how;
  how.ver = 8;
  how.iat = Mirror::kNow + 10;
  const Files next = honest_->files(how);
  for (const auto& [path, code] :
       std::vector<std::pair<std::string, std::string>>{{"/v1/list.json", "list-json"},
                                                        {"/v1/records/L24-0002.jwt", "status-generation"},
                                                        {"/v1/events.atom", "feed-generation"}}) {
    Files files = next;
    ASSERT_NE(files[path], files_->at(path));
    files[path] = files_->at(path);
    EXPECT_EQ(told(files), code) << path;
  }
}

TEST_F(MixedMirror, AStatusOfAnEarlierStateIsTold) {
  Mirror longer = *honest_;
  longer.put_service("L24-0001", "架空 後", EventKind::changed);
  Files files = longer.files();
  Signing how;
  how.status = replaced(R"("ver":7)", R"("ver":8)");
  files["/v1/records/L24-0001.jwt"] = files_->at("/v1/records/L24-0001.jwt");
  EXPECT_EQ(told(files), "status-generation") << "the checkpoint is an older one";
}

TEST_F(MixedMirror, AStatusThatShowsAnOldLeafUnderTheNewCheckpointIsRefused) {
  const auto quoted = [](const std::string& text) { return registry::canonical(registry::Json(text)); };
  const auto seqs = honest_->history("L24-0001");
  const std::string note = honest_->checkpoint();
  const std::uint64_t old = seqs[seqs.size() - 2];
  Signing how;
  how.status = [&](std::string& payload) {
    replaced(honest_->leaves()[seqs.back()], honest_->leaves()[old])(payload);
    replaced(quoted(honest_->proof(seqs.back(), note)), quoted(honest_->proof(old, note)))(payload);
  };
  EXPECT_EQ(told_signed(how), "status-leaf") << "it is in the log, but it is not the newest";
}

// One signed document used as another.
TEST_F(MixedMirror, OneSignedDocumentIsNotAnother) {
  EXPECT_EQ(told_with("/v1/list.jwt", [](std::string& s) { s = files_->at("/v1/records/L24-0001.jwt"); }), "list-type");
  EXPECT_EQ(told_with("/v1/records/L24-0001.jwt", [](std::string& s) { s = files_->at("/v1/list.jwt"); }),
            "status-type");
  EXPECT_EQ(told_with("/v1/records/L24-0001.jwt", [](std::string& s) { s = files_->at("/v1/records/L24-0002.jwt"); }),
            "status-subject");
  EXPECT_EQ(told_with("/v1/keys/1.json", [](std::string& s) { s = files_->at("/v1/list.jwt"); }), "keys-malformed");
  EXPECT_EQ(told_with("/v1/events.atom", [](std::string& s) { s = files_->at("/v1/events/archive/0.atom"); }),
            "feed-malformed");
  EXPECT_EQ(
      told_with("/v1/services/L24-0001.atom", [](std::string& s) { s = files_->at("/v1/services/L24-0002.atom"); }),
      "feed-malformed");
  Signing how;
  how.list_typ = kStatusType;
  EXPECT_EQ(told_signed(how), "list-type");
  how = {};
  how.status_typ = kReceiptType;
  EXPECT_EQ(told_signed(how), "status-type");
}

TEST_F(MixedMirror, AStatusThatProvesSomethingElseIsRefused) {
  Signing how;
  how.status = replaced("index ", "index 1");
  EXPECT_EQ(told_signed(how), "status-proof");
  how.status = replaced("/v1/records/L24-0001", "/v1/records/L24-0002");
  EXPECT_EQ(told_signed(how), "status-subject");
  how.status = replaced(R"("rely_until")", R"("rely_unti1")");
  EXPECT_EQ(told_signed(how), "status-malformed");
  how.status = replaced(R"("name":{"ja":"架空)", R"("name":{"ja":"仮空)");
  EXPECT_EQ(told_signed(how), "status-proof") << "not the leaf that is in the log";
}

}  // namespace
}  // namespace ismap::feed
