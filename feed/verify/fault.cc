#include "feed/verify/fault.h"

#include <algorithm>
#include <array>

namespace ismap::feed::verify {

namespace {

struct Row {
  Fault fault;
  std::string_view code;  ///< never changed, never given another meaning
  Ending ending;
  std::string_view ja;
  std::string_view en;
};

constexpr std::array<Row, 65> kTable{{
    {Fault::trust_unreadable, "trust-unreadable", Ending::usage, "信頼の起点（root.jwksとkeysver）を読めません",
     "the trust folder (root.jwks, keysver) cannot be read"},
    {Fault::state_unreadable, "state-unreadable", Ending::usage, "前回の検証の控えを読み書きできません",
     "the state of the last verification cannot be read or written"},
    {Fault::evidence_unreadable, "evidence-unreadable", Ending::usage, "証拠のファイルを読めません",
     "the evidence file cannot be read"},
    {Fault::unreachable, "unreachable", Ending::unreachable, "公表物に到達できません",
     "the publication cannot be reached"},
    {Fault::missing, "missing", Ending::refused, "なければならない文書がありません",
     "a document that must be there is missing"},
    {Fault::too_large, "too-large", Ending::refused, "文書が大きすぎます", "a document is too large"},
    {Fault::keys_malformed, "keys-malformed", Ending::refused, "鍵セットとして読めません", "not a key set"},
    {Fault::keys_signature, "keys-signature", Ending::refused, "鍵セットに必要な数のルート鍵の署名がありません",
     "the key set is not signed by enough root keys of its own version and the one before"},
    {Fault::keys_version, "keys-version", Ending::refused, "鍵セットの版が続いていません",
     "the versions of the key set do not follow one another"},
    {Fault::keys_issuer, "keys-issuer", Ending::refused, "鍵セットの名義が変わっています",
     "the issuer of the key set has changed"},
    {Fault::keys_future, "keys-future", Ending::refused, "鍵セットの発行時刻が未来です",
     "the key set is from the future: check the clocks"},
    {Fault::keys_expired, "keys-expired", Ending::unknown, "鍵セットの有効期限が過ぎています。登録の有無は分かりません",
     "the key set has expired: nothing is known"},
    {Fault::keys_rollback, "keys-rollback", Ending::refused, "前に見た鍵セットより古い版です",
     "an older key set than the one seen before"},
    {Fault::list_type, "list-type", Ending::refused, "リストではない文書がリストとして置かれています",
     "another kind of document stands in place of the list"},
    {Fault::list_signature, "list-signature", Ending::refused, "リストの署名が合いません",
     "the list is not signed by a key of the key set"},
    {Fault::list_key, "list-key", Ending::refused, "失効又は退役した鍵でリストが署名されています",
     "the list is signed by a key that was revoked or retired before"},
    {Fault::list_malformed, "list-malformed", Ending::refused, "リストの形が定めと異なります",
     "the list is not in its one form"},
    {Fault::list_issuer, "list-issuer", Ending::refused, "リストの名義が鍵セットと異なります",
     "the list speaks for another issuer or place"},
    {Fault::list_future, "list-future", Ending::refused, "リストの発行時刻が未来です",
     "the list is from the future: check the clocks"},
    {Fault::list_expired, "list-expired", Ending::unknown, "リストの有効期限が過ぎています。登録の有無は分かりません",
     "the list has expired: nothing is known"},
    {Fault::list_rollback, "list-rollback", Ending::refused, "前に見たリストより古い版です",
     "an older list than the one seen before"},
    {Fault::list_fork, "list-fork", Ending::refused, "同じ版のリストが二つあります",
     "another list of the version seen before: a split view"},
    {Fault::list_json, "list-json", Ending::refused, "list.jsonがlist.jwtの中身と異なります",
     "list.json is not the payload of list.jwt"},
    {Fault::checkpoint_signature, "checkpoint-signature", Ending::refused,
     "チェックポイントにログの署名がないか、合いません", "the log did not sign the checkpoint"},
    {Fault::checkpoint_key, "checkpoint-key", Ending::refused, "失効又は退役した鍵でチェックポイントが署名されています",
     "the checkpoint is signed by a key that was revoked or retired before"},
    {Fault::checkpoint_quorum, "checkpoint-quorum", Ending::refused,
     "チェックポイントに必要な数の証人の署名がありません",
     "fewer witnesses signed the checkpoint than the quorum asks for"},
    {Fault::checkpoint_future, "checkpoint-future", Ending::refused, "証人の署名の時刻が未来です",
     "a witness signed in the future: check the clocks"},
    {Fault::checkpoint_origin, "checkpoint-origin", Ending::refused, "前に見たログと異なるログです",
     "another log than the one seen before"},
    {Fault::checkpoint_rollback, "checkpoint-rollback", Ending::refused, "ログが前に見たときより短くなっています",
     "the log is shorter than it was when last seen"},
    {Fault::checkpoint_fork, "checkpoint-fork", Ending::refused, "ログが前に見た履歴の続きではありません",
     "the log is no continuation of what was seen: history was rewritten, or the view is split"},
    {Fault::checkpoint_differs, "checkpoint-differs", Ending::refused, "リストと/log/checkpointのログが異なります",
     "the list and /log/checkpoint show two logs"},
    {Fault::tile_malformed, "tile-malformed", Ending::refused, "タイルとして読めません",
     "not a tile of the expected length"},
    {Fault::tile_root, "tile-root", Ending::refused, "タイルの値がチェックポイントと合いません",
     "the tiles do not hash to the checkpoint"},
    {Fault::entries_malformed, "entries-malformed", Ending::refused, "記録の束として読めません",
     "not an entry bundle of the expected number of leaves"},
    {Fault::entries_root, "entries-root", Ending::refused, "記録がタイルの値と合いません",
     "a leaf does not hash to its place in the tile"},
    {Fault::leaf_malformed, "leaf-malformed", Ending::refused, "記録の形が定めと異なります",
     "a leaf is not in its one form"},
    {Fault::leaf_seq, "leaf-seq", Ending::refused, "記録の番号が順になっていません",
     "a leaf does not have the number of its place"},
    {Fault::leaf_prev, "leaf-prev", Ending::refused, "記録が同じサービスの直前の記録を指していません",
     "a leaf does not name its record's previous event"},
    {Fault::leaf_time, "leaf-time", Ending::refused, "記録の時刻が戻っているか、未来です",
     "the time of a leaf goes back or is after the list's"},
    {Fault::leaf_origin, "leaf-origin", Ending::refused, "別のログの記録が含まれています", "a leaf of another log"},
    {Fault::leaf_key, "leaf-key", Ending::refused, "鍵の記録が公表された鍵セットと合いません",
     "the key leaves do not commit to the published key sets"},
    {Fault::records_differ, "records-differ", Ending::refused, "リストの記載がログの記録と異なります",
     "the list's records are not what the log's leaves amount to"},
    {Fault::event_differs, "event-differs", Ending::refused, "事象の文書がログの記録と異なります",
     "an event document is not its leaf"},
    {Fault::status_type, "status-type", Ending::refused, "証明書ではない文書が証明書として置かれています",
     "another kind of document stands in place of a status"},
    {Fault::status_signature, "status-signature", Ending::refused, "証明書の署名が合いません",
     "the status is not signed by a key of the key sets"},
    {Fault::status_key, "status-key", Ending::refused, "失効又は退役した鍵で証明書が署名されています",
     "the status is signed by a key that was revoked or retired before"},
    {Fault::status_malformed, "status-malformed", Ending::refused, "証明書の形が定めと異なります",
     "the status is not in its one form"},
    {Fault::status_subject, "status-subject", Ending::refused, "別のサービスの証明書です",
     "the status is about another service or issuer"},
    {Fault::status_future, "status-future", Ending::refused, "証明書の発行時刻が未来です",
     "the status is from the future: check the clocks"},
    {Fault::status_generation, "status-generation", Ending::refused,
     "証明書がリストと同じ版、同じチェックポイントのものではありません",
     "the status is not of the list's version and checkpoint"},
    {Fault::status_proof, "status-proof", Ending::refused, "証明書の記録がログにあることを示せません",
     "the proof does not lead from the leaf to the checkpoint"},
    {Fault::status_leaf, "status-leaf", Ending::refused, "証明書の記録がそのサービスの最新の記録ではありません",
     "the status does not show the service's latest leaf"},
    {Fault::status_fold, "status-fold", Ending::refused, "証明書の状態がその記録から導かれません",
     "the state in the status is not what its events amount to"},
    {Fault::receipt_signature, "receipt-signature", Ending::refused, "受領書の署名が合いません",
     "the receipt is not signed by a key of the key sets"},
    {Fault::receipt_key, "receipt-key", Ending::refused, "失効した鍵で受領書が署名されています",
     "the receipt is signed by a key that was revoked or retired before"},
    {Fault::receipt_malformed, "receipt-malformed", Ending::refused, "受領書の形が定めと異なります",
     "the receipt is not in its one form"},
    {Fault::receipt_future, "receipt-future", Ending::refused, "受領書の発行時刻が未来です",
     "the receipt is from the future: check the clocks"},
    {Fault::receipt_payload, "receipt-payload", Ending::refused, "受領書が示す届出と内容が異なります",
     "the receipt is for another content than the one given"},
    {Fault::feed_malformed, "feed-malformed", Ending::refused, "フィードの形が定めと異なります",
     "the feed is not in its one form"},
    {Fault::feed_signature, "feed-signature", Ending::refused, "フィードの署名が合いません",
     "the feed is not signed by a key of the key sets"},
    {Fault::feed_key, "feed-key", Ending::refused, "失効又は退役した鍵でフィードが署名されています",
     "the feed is signed by a key that was revoked or retired before"},
    {Fault::feed_expired, "feed-expired", Ending::unknown, "フィードの有効期限が過ぎています。登録の有無は分かりません",
     "the feed has expired: nothing is known"},
    {Fault::feed_generation, "feed-generation", Ending::refused,
     "フィードがリストと同じ版、同じチェックポイントのものではありません",
     "the feed is not of the list's version and checkpoint"},
    {Fault::feed_leaf, "feed-leaf", Ending::refused, "フィードの事象がログの記録と異なります",
     "an entry of the feed is not its leaf"},
    {Fault::feed_cover, "feed-cover", Ending::refused, "フィードに欠けている事象があります",
     "the feeds do not cover every event"},
}};

const Row& row_of(Fault fault) {
  return *std::find_if(kTable.begin(), kTable.end() - 1, [&](const Row& row) { return row.fault == fault; });
}

}  // namespace

std::string_view code_of(Fault fault) { return row_of(fault).code; }
Ending ending_of(Fault fault) { return row_of(fault).ending; }
std::string_view ja_of(Fault fault) { return row_of(fault).ja; }
std::string_view en_of(Fault fault) { return row_of(fault).en; }

}  // namespace ismap::feed::verify
