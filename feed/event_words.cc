#include "feed/event_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "feed/xml_text.h"

namespace ismap::feed {

namespace {

using registry::Event;
using registry::EventKind;
using registry::Json;

std::string text_at(const Json& text) { return one_line(text.at("ja").get<std::string>()); }

std::string for_people(registry::Day day) {
  const auto d = day.civil();
  return fmt::format("{}年{}月{}日", static_cast<int>(d.year()), static_cast<unsigned>(d.month()),
                     static_cast<unsigned>(d.day()));
}

/// The service's two names and its number, as they were after the event.
std::string subject(const Json& record) {
  return fmt::format("クラウドサービス「{}」（登録番号 {}、事業者 {}）", text_at(record.at("name")),
                     record.at("id").get<std::string>(), text_at(record.at("provider").at("name")));
}

std::string basis(const Event& event) {
  return event.article ? fmt::format("根拠は登録規則 {} です。", event.article->value()) : std::string{};
}

/// What is corrected: the number of the event that the correction is about.
std::string corrected(const Event& event) {
  return event.corrects ? fmt::format("訂正の対象は事象 {} です。", event.corrects->value()) : std::string{};
}

bool suspension_is_open(const Json& record) {
  const Json& all = record.at("suspensions");
  return std::any_of(all.begin(), all.end(), [](const Json& s) { return s.at("lifted").is_null(); });
}

/// Suspensions overlap: lifting one does not say that the service is free of any (13.12, 14.5).
std::string still_suspended(const Event& event) {
  const bool left = event.kind == EventKind::reinstated && suspension_is_open(event.record);
  return left ? "ほかの事由による登録の一時停止は続いています。" : "";
}

std::string key_sentence(const Event& event) {
  return fmt::format("{}から、公表物の署名を検証するための鍵の一覧は第{}版です。", for_people(event.effective),
                     event.record.at("ver").get<std::uint64_t>());
}

}  // namespace

EventWords words_of(EventKind kind) {
  switch (kind) {
    case EventKind::registered:
      return {"の登録", "を登録しました"};
    case EventKind::renewed:
      return {"の登録の更新", "の登録を更新しました"};
    case EventKind::renewal_filed:
      return {"の登録の更新の申請", "について、登録の更新の申請がありました"};
    case EventKind::renewal_closed:
      return {"の登録の更新の申請の終了", "について、登録の更新の申請に係る手続が終了しました"};
    case EventKind::changed:
      return {"の登録内容の変更", "の登録内容を変更しました"};
    case EventKind::usage_updated:
      return {"を利用している政府機関等の数の更新", "を利用している政府機関等の数を更新しました"};
    case EventKind::suspended:
      return {"の登録の一時停止", "の登録を一時停止しました"};
    case EventKind::reinstated:
      return {"の登録の一時停止の解除", "の登録の一時停止を解除しました"};
    case EventKind::re_audit_started:
      return {"の再監査の開始", "の再監査のプロセスを開始しました"};
    case EventKind::re_audit_ended:
      return {"の再監査の終了", "の再監査のプロセスを終了しました"};
    case EventKind::removed:
      return {"の登録の削除", "の登録を削除しました"};
    case EventKind::corrected:
      return {"の掲載内容の訂正", "の掲載内容を訂正しました"};
    case EventKind::key:
      return {"署名鍵の一覧の公表", "署名鍵の一覧を公表しました"};
  }
  throw std::logic_error("an event of a kind that has no words");
}

std::string event_title(const Event& event) {
  if (event.kind == EventKind::key) {
    return fmt::format("{}（第{}版）", words_of(event.kind).act, event.record.at("ver").get<std::uint64_t>());
  }
  const std::string article = event.article ? fmt::format("（{}）", event.article->value()) : std::string{};
  return fmt::format("「{}」{}{}", text_at(event.record.at("name")), words_of(event.kind).act, article);
}

std::string event_sentence(const Event& event) {
  if (event.kind == EventKind::key) return key_sentence(event);
  return fmt::format("{}付けで、{}{}。", for_people(event.effective), subject(event.record),
                     words_of(event.kind).sentence) +
         basis(event) + corrected(event) + still_suspended(event);
}

}  // namespace ismap::feed
