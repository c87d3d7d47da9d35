#pragma once

#include <string>
#include <string_view>

#include "registry/event.h"

/// What an event is called in Japanese, for people. Terms are those of the registration rules (登録規則).
namespace ismap::feed {

/// The words for one kind of event, each read after the name of the service.
struct EventWords {
  std::string_view act;       ///< for a title: "の登録の一時停止"
  std::string_view sentence;  ///< for a sentence: "の登録を一時停止しました"
};

EventWords words_of(registry::EventKind kind);

/// One line such as 「架空 安否確認クラウド」の登録の一時停止（14.3）.
/// REQUIRES: a record as to_json(Service) writes it, or that of a key event.
std::string event_title(const registry::Event& event);

/// The event on one line of plain sentences: from which day, which service and provider, what, by which article, and
/// what may still hold besides. Free text of the record is used for nothing but the two names.
/// REQUIRES: as event_title.
std::string event_sentence(const registry::Event& event);

}  // namespace ismap::feed
