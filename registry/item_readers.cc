#include "registry/item_readers.h"

#include <fmt/format.h>

#include <algorithm>

#include "registry/item_labels.h"
#include "registry/text.h"

namespace ismap::registry {

namespace {

/// What to write into an item that is empty.
struct Advice {
  std::string_view ja;
  std::string_view en;
};

Advice advice_for(std::string_view pointer) {
  const std::string_view article = label_of(pointer).article;
  if (article == "11.5(9)" || article == "11.5(11)") {
    return {"該当がなければ「なし」と書いてください", "write \"なし\" if there is none"};
  }
  return {"内容を書いてください", "write it"};
}

/// A value as a message quotes it.
std::string quoted(const Json& value) {
  return excerpt(value.is_string() ? value.get_ref<const std::string&>()
                                   : value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

/// One language of a text: line ends mended, checked. `pointer` names the language's own member.
std::string language_at(const Json& value, const std::string& pointer, Refusals& refusals) {
  const std::string* raw = string_at(value, pointer, refusals);
  if (raw == nullptr) return {};
  std::string text = with_line_feeds(*raw);
  if (const auto refused = check_text(text)) {
    refusals.add(pointer, "の" + refused->ja, ": " + refused->en);
  } else if (is_blank(text)) {
    const Advice advice = advice_for(pointer);
    refusals.add(pointer, fmt::format("が空です。{}", advice.ja), fmt::format("is blank; {}", advice.en));
  } else if (text.size() > kMaxTextBytes) {
    refusals.add(pointer, fmt::format("が{}バイトあります。{}バイト以内にしてください", text.size(), kMaxTextBytes),
                 fmt::format("has {} bytes; at most {} are allowed", text.size(), kMaxTextBytes));
  }
  return text;
}

}  // namespace

void Refusals::add(const std::string& pointer, std::string_view ja, std::string_view en) {
  const ItemLabel& label = label_of(pointer);
  const std::string_view gap = !en.empty() && en[0] == ':' ? "" : " ";
  errors_.push_back({Code::invalid, pointer, std::string(label.article), fmt::format("{}{}", label.ja, ja),
                     fmt::format("{}{}{}", label.en, gap, en)});
}

void Refusals::add(const std::string& pointer, const Error& error) {
  errors_.push_back({Code::invalid, pointer, article_of_item(pointer), error.ja, error.en});
}

bool Refusals::none_at(std::string_view pointer) const {
  const auto inside = [](std::string_view inner, std::string_view outer) {
    return inner.substr(0, outer.size()) == outer && (inner.size() == outer.size() || inner[outer.size()] == '/');
  };
  const auto touches = [&](const Error& e) { return inside(e.pointer, pointer) || inside(pointer, e.pointer); };
  return std::none_of(errors_.begin(), errors_.end(), touches);
}

const std::string* string_at(const Json& value, const std::string& pointer, Refusals& refusals) {
  if (value.is_string()) return value.get_ptr<const std::string*>();
  refusals.add(pointer, fmt::format("の「{}」は文字列ではありません。文字列で書いてください", quoted(value)),
               fmt::format("is {}, which is no string; write a string", quoted(value)));
  return nullptr;
}

Text text_at(const Json& value, const std::string& pointer, Refusals& refusals) {
  if (!value.is_object()) {
    refusals.add(pointer, fmt::format("の「{}」は{{\"ja\": …, \"en\": …}}の形で書いてください", quoted(value)),
                 fmt::format("is {}; write it as {{\"ja\": …, \"en\": …}}", quoted(value)));
    return {};
  }
  ObjectReader reader(value, pointer, refusals);
  Text text;
  if (const Json* ja = reader.member_if_any("ja")) {
    text.ja = language_at(*ja, pointer + "/ja", refusals);
  } else {
    refusals.add(pointer + "/ja", "の日本語（ja）がありません。日本語で書いてください（7.10）",
                 "has no Japanese (ja); write it in Japanese (7.10)");
  }
  if (const Json* en = reader.member_if_any("en")) text.en = language_at(*en, pointer + "/en", refusals);
  reader.finish();
  return text;
}

ObjectReader::ObjectReader(const Json& value, std::string pointer, Refusals& refusals)
    : pointer_(std::move(pointer)), refusals_(&refusals) {
  if (value.is_object()) {
    object_ = &value;
  } else {
    refusals.add(pointer_,
                 fmt::format("の「{}」はオブジェクトではありません。{{…}}の形で書いてください", quoted(value)),
                 fmt::format("is {}, which is no object; write it as {{…}}", quoted(value)));
  }
}

std::string ObjectReader::pointer_to(std::string_view name) const { return pointer_ + "/" + pointer_token(name); }

const Json* ObjectReader::member_if_any(std::string_view name) {
  known_.emplace_back(name);
  if (object_ == nullptr) return nullptr;
  const auto it = object_->find(known_.back());
  return it == object_->end() ? nullptr : &*it;
}

const Json* ObjectReader::member(std::string_view name) {
  const Json* value = member_if_any(name);
  if (object_ == nullptr) return nullptr;
  if (value != nullptr && !value->is_null()) return value;
  const std::string pointer = pointer_to(name);
  const Advice advice = advice_for(pointer);
  refusals_->add(pointer, fmt::format("（{}）がありません。{}", name, advice.ja),
                 fmt::format("({}) is missing; {}", name, advice.en));
  return nullptr;
}

Text ObjectReader::text(std::string_view name) {
  const Json* value = member(name);
  return value == nullptr ? Text{} : text_at(*value, pointer_to(name), *refusals_);
}

std::optional<Text> ObjectReader::text_or_null(std::string_view name) {
  const Json* value = member_if_any(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  return text_at(*value, pointer_to(name), *refusals_);
}

std::vector<Text> ObjectReader::texts(std::string_view name) {
  std::vector<Text> all;
  for (const auto& [value, pointer] : elements(name)) all.push_back(text_at(*value, pointer, *refusals_));
  return all;
}

Day ObjectReader::day(std::string_view name) {
  const Json* value = member(name);
  const std::string pointer = pointer_to(name);
  const std::string* text = value == nullptr ? nullptr : string_at(*value, pointer, *refusals_);
  if (text == nullptr) return {};
  if (const auto day = Day::parse(*text)) return *day;
  refusals_->add(
      pointer,
      fmt::format("の「{}」は暦にある日ではありません。YYYY-MM-DDの形で実在する日（1900〜2999年）を書いてください",
                  excerpt(*text)),
      fmt::format("\"{}\" is no day of the calendar; write an existing day of 1900-2999 as YYYY-MM-DD",
                  excerpt(*text)));
  return {};
}

bool ObjectReader::boolean(std::string_view name) {
  const Json* value = member(name);
  if (value == nullptr) return false;
  if (value->is_boolean()) return value->get<bool>();
  refusals_->add(
      pointer_to(name),
      fmt::format("の「{}」はtrue（有）でもfalse（無）でもありません。どちらかを書いてください", quoted(*value)),
      fmt::format("is {}, neither true nor false; write one of them", quoted(*value)));
  return false;
}

std::uint64_t ObjectReader::count(std::string_view name, std::uint64_t most) {
  const Json* value = member(name);
  if (value == nullptr) return 0;
  if (value->is_number_unsigned() && value->get<std::uint64_t>() <= most) return value->get<std::uint64_t>();
  if (value->is_number_integer() && !value->is_number_unsigned() && value->get<std::int64_t>() >= 0) {
    const auto number = static_cast<std::uint64_t>(value->get<std::int64_t>());
    if (number <= most) return number;
  }
  std::string_view ja = "は大きすぎます";
  std::string_view en = "is too large";
  if (!value->is_number_integer()) {
    ja = "は整数ではありません";
    en = "is no integer";
  } else if (!value->is_number_unsigned() && value->get<std::int64_t>() < 0) {
    ja = "は負の数です";
    en = "is negative";
  }
  refusals_->add(pointer_to(name),
                 fmt::format("の「{}」{}。0から{}までの整数を書いてください", quoted(*value), ja, most),
                 fmt::format("\"{}\" {}; write an integer from 0 to {}", quoted(*value), en, most));
  return 0;
}

Article ObjectReader::article(std::string_view name) {
  const Json* value = member(name);
  if (value == nullptr) return {};
  return Article{language_at(*value, pointer_to(name), *refusals_)};
}

ObjectReader ObjectReader::object(std::string_view name) {
  const Json* value = member(name);
  return value == nullptr ? ObjectReader(pointer_to(name), *refusals_)
                          : ObjectReader(*value, pointer_to(name), *refusals_);
}

std::optional<ObjectReader> ObjectReader::object_or_null(std::string_view name) {
  const Json* value = member_if_any(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  return ObjectReader(*value, pointer_to(name), *refusals_);
}

std::vector<ObjectReader> ObjectReader::objects(std::string_view name) {
  std::vector<ObjectReader> all;
  for (const auto& [value, pointer] : elements(name)) all.push_back(ObjectReader(*value, pointer, *refusals_));
  return all;
}

std::vector<std::pair<const Json*, std::string>> ObjectReader::elements(std::string_view name) {
  std::vector<std::pair<const Json*, std::string>> all;
  const Json* value = member_if_any(name);
  if (value == nullptr) return all;
  const std::string pointer = pointer_to(name);
  if (!value->is_array()) {
    refusals_->add(pointer, fmt::format("の「{}」は配列ではありません。[…]の形で書いてください", quoted(*value)),
                   fmt::format("is {}, which is no array; write it as […]", quoted(*value)));
    return all;
  }
  for (std::size_t i = 0; i < value->size(); ++i) all.emplace_back(&(*value)[i], fmt::format("{}/{}", pointer, i));
  return all;
}

void ObjectReader::finish() {
  if (object_ == nullptr) return;
  for (auto it = object_->begin(); it != object_->end(); ++it) {
    if (std::find(known_.begin(), known_.end(), it.key()) != known_.end()) continue;
    refusals_->add(
        pointer_to(it.key()),
        fmt::format("に知らない項目「{}」があります。取り除いてください（書けるのは{}）", excerpt(it.key()),
                    fmt::join(known_, ", ")),
        fmt::format("has an unknown member \"{}\"; remove it (known: {})", excerpt(it.key()), fmt::join(known_, ", ")));
  }
}

}  // namespace ismap::registry
