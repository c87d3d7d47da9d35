#include "registry/import/hand_over.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "registry/import/dates.h"
#include "registry/import/glyphs.h"
#include "registry/import/lists.h"
#include "registry/text.h"

namespace ismap::registry::importing {

namespace {

constexpr std::array<std::string_view, 3> kOpenSuspension{"13.5", "13.7", "14.3"};
constexpr std::array<std::string_view, 2> kOpenReAudit{"16.1", "16.5"};
constexpr std::string_view kSeparators = "\r\n;,";

/// The pieces of a cell in half-width, without empty ones.
std::vector<std::string> pieces(std::string_view cell) {
  std::u32string text = code_points(cell);
  for (char32_t& c : text) c = c == U'、' || c == U'､' ? U',' : half_width(c);
  std::vector<std::string> out;
  const std::string all = utf8(text);
  for (std::size_t from = 0; from <= all.size();) {
    const std::size_t to = std::min(all.find_first_of(kSeparators, from), all.size());
    const std::string_view piece = trimmed(std::string_view{all}.substr(from, to - from));
    if (!piece.empty()) out.emplace_back(piece);
    from = to + 1;
  }
  return out;
}

/// Article and day of a piece, as text.
struct IntervalParts {
  std::string_view article;
  std::string_view day;
};

IntervalParts interval_parts(std::string_view piece) {
  const std::size_t end = std::min(piece.find_first_not_of("0123456789."), piece.size());
  std::string_view day = trimmed(piece.substr(end));
  if (day.starts_with(':')) day = trimmed(day.substr(1));
  if (day.starts_with('(') && day.ends_with(')')) day = trimmed(day.substr(1, day.size() - 2));
  return {piece.substr(0, end), day};
}

Error wrong_article(std::size_t index, std::string_view piece, const std::vector<std::string_view>& allowed) {
  const std::string list = fmt::format("{}", fmt::join(allowed, "、"));
  return refusal(
      fmt::format("/{}/article", index),
      fmt::format(
          "「{}」の根拠条項は {} のどれでもありません。「{} 2026-11-12」のように根拠条項と開始日を書いてください",
          excerpt(piece), list, allowed.front()),
      fmt::format("\"{}\" names none of the articles {}; write article and first day, as \"{} 2026-11-12\"",
                  excerpt(piece), list, allowed.front()));
}

Reading read_intervals(std::string_view cell, const std::vector<std::string_view>& allowed) {
  Reading reading{Json::array(), {}};
  if (says_none(cell)) return reading;
  for (const std::string& piece : pieces(cell)) {
    const std::size_t index = reading.value.size();
    const IntervalParts parts = interval_parts(piece);
    const bool known = std::find(allowed.begin(), allowed.end(), parts.article) != allowed.end();
    if (!known) reading.errors.push_back(wrong_article(index, piece, allowed));
    const Result<Day> since = day_in(parts.day);
    for (Error error : since ? Errors{} : since.errors()) {
      error.pointer = fmt::format("/{}/since", index);
      if (known) error.article = parts.article;
      reading.errors.push_back(std::move(error));
    }
    reading.value.push_back(
        Json{{"article", std::string(parts.article)}, {"since", since ? Json(since->iso()) : Json()}});
  }
  return reading;
}

}  // namespace

bool opens_suspension(std::string_view article) {
  return std::find(kOpenSuspension.begin(), kOpenSuspension.end(), article) != kOpenSuspension.end();
}

bool opens_re_audit(std::string_view article) {
  return std::find(kOpenReAudit.begin(), kOpenReAudit.end(), article) != kOpenReAudit.end();
}

Reading read_suspensions(std::string_view cell) {
  return read_intervals(cell, {kOpenSuspension.begin(), kOpenSuspension.end()});
}

Reading read_re_audits(std::string_view cell) {
  return read_intervals(cell, {kOpenReAudit.begin(), kOpenReAudit.end()});
}

Reading read_renewal(std::string_view cell) {
  if (says_none(cell)) return {Json::array(), {}};
  Result<Day> day = day_in(cell);
  if (!day) return {nullptr, std::move(day).errors()};
  return {Json::array({Json{{"filed_on", day->iso()}}}), {}};
}

std::string join_suspensions(const Service& service) {
  std::vector<std::string> lines;
  for (const Suspension& s : open_suspensions(service)) lines.push_back(s.article.value() + " " + s.since.iso());
  return join_lines(lines);
}

std::string join_re_audits(const Service& service) {
  std::vector<std::string> lines;
  for (const ReAudit& r : open_re_audits(service)) lines.push_back(r.article.value() + " " + r.since.iso());
  return join_lines(lines);
}

std::string write_renewal(const Service& service) {
  const std::optional<Renewal> renewal = undecided_renewal(service);
  return renewal ? renewal->filed_on.iso() : "";
}

}  // namespace ismap::registry::importing
