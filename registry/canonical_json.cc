#include "registry/canonical_json.h"

#include <set>
#include <utility>
#include <vector>

namespace ismap::registry {

namespace {

constexpr std::size_t kMaxDepth = 32;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::int64_t kMaxSafeInteger = 9'007'199'254'740'991;

Error malformed(std::string pointer, std::string ja, std::string en) {
  return {Code::malformed, std::move(pointer), "", std::move(ja), std::move(en)};
}

/// Builds the document while it checks what nlohmann's own parser lets through.
class StrictReader : public nlohmann::json_sax<Json> {
 public:
  Json take() { return std::move(root_); }
  [[nodiscard]] const Errors& errors() const { return errors_; }

  bool null() override { return put(nullptr); }
  bool boolean(bool v) override { return put(v); }
  bool number_integer(number_integer_t v) override { return v >= -kMaxSafeInteger ? put(v) : bad_integer(); }
  bool number_unsigned(number_unsigned_t v) override {
    return v <= static_cast<number_unsigned_t>(kMaxSafeInteger) ? put(v) : bad_integer();
  }
  bool number_float(number_float_t, const string_t&) override {
    return fail("小数及び指数の表記は使えません。整数で書いてください", "only integers are accepted");
  }
  bool string(string_t& v) override { return put(std::move(v)); }
  bool binary(binary_t&) override { return fail("バイナリは使えません", "binary values are not JSON"); }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    for (const char c : name) {
      if (static_cast<unsigned char>(c) >= 0x80) return fail("項目名はASCIIに限ります", "member names must be ASCII");
    }
    Level& level = levels_.back();
    if (!level.names.insert(name).second) {
      key_ = name;
      return fail("項目名が重複しています", "duplicate member");
    }
    key_ = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    errors_.push_back(malformed("", "JSONとして読めません（" + std::to_string(position) + "バイト目付近）",
                                "not valid JSON near byte " + std::to_string(position)));
    return false;
  }

 private:
  struct Level {
    Json* value;
    std::string pointer;
    std::set<std::string> names;
  };

  [[nodiscard]] std::string here() const {
    if (levels_.empty()) return "";
    const Level& level = levels_.back();
    const std::string token = level.value->is_array() ? std::to_string(level.value->size()) : pointer_token(key_);
    return level.pointer + "/" + token;
  }
  bool fail(std::string ja, std::string en) {
    errors_.push_back(malformed(here(), std::move(ja), std::move(en)));
    return false;
  }
  bool bad_integer() { return fail("整数が大きすぎます", "integer beyond 2^53-1"); }

  Json* place(Json value) {
    if (levels_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    Json& parent = *levels_.back().value;
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    Json& slot = parent[key_];
    slot = std::move(value);
    return &slot;
  }
  bool put(Json value) {
    place(std::move(value));
    return true;
  }
  bool open(Json empty) {
    if (levels_.size() >= kMaxDepth) return fail("入れ子が深すぎます", "nested too deeply");
    std::string pointer = here();
    Json* value = place(std::move(empty));
    levels_.push_back(Level{value, std::move(pointer), {}});
    return true;
  }
  bool close() {
    levels_.pop_back();
    return true;
  }

  Json root_;
  std::vector<Level> levels_;
  std::string key_;
  Errors errors_;
};

}  // namespace

Result<Json> parse_json(std::string_view text) {
  // The parser takes a NUL for the end, and passes over a byte order mark: the octets would not be read whole.
  const std::size_t nul = text.find('\0');
  if (nul != std::string_view::npos || text.starts_with(kByteOrderMark)) {
    const std::string at = std::to_string(nul == std::string_view::npos ? 0 : nul);
    return malformed("", "JSONとして読めません（" + at + "バイト目付近）", "not valid JSON near byte " + at);
  }
  StrictReader reader;
  const bool ok = Json::sax_parse(text.begin(), text.end(), &reader);
  if (!reader.errors().empty()) return reader.errors();
  if (!ok) return malformed("", "JSONとして読めません", "not valid JSON");
  return reader.take();
}

std::string canonical(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::strict); }

std::string pointer_token(std::string_view token) {
  std::string out;
  for (const char c : token) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace ismap::registry
