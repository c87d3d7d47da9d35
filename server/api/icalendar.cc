#include "server/api/icalendar.h"

#include <fmt/format.h>

#include <map>

namespace ismap::server {

using registry::Deadline;
using registry::DeadlineState;

namespace {

constexpr std::size_t kLineOctets = 75;

/// "20270430"
std::string basic(registry::Day day) {
  const auto civil = day.civil();
  return fmt::format("{:04}{:02}{:02}", static_cast<int>(civil.year()), static_cast<unsigned>(civil.month()),
                     static_cast<unsigned>(civil.day()));
}

/// "20261201T000000Z"
std::string basic(registry::Instant instant) {
  std::string out;
  for (const char c : instant.iso().substr(0, 19)) {
    if (c != '-' && c != ':') out += c;
  }
  return out + "Z";
}

/// What names a deadline: its service, its case, the step that opened it, its article.
std::string name_of_deadline(const Deadline& d) {
  const std::string of = d.case_id ? d.case_id->value() + "-" + std::to_string(d.step) : "registration";
  return d.service.value() + "-" + of + "-" + d.article;
}

bool cut_before(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

void add_event(std::string& out, const Deadline& d, const std::string& uid, const std::string& stamp) {
  const bool answered = d.state == DeadlineState::met || d.state == DeadlineState::met_late;
  const std::string subject = d.service.value() + (d.case_id ? " " + d.case_id->value() : "");
  const std::string summary = fmt::format("[{}] {} {}（{}）", registry::name_of(d.who), d.article, d.what.ja, subject);
  std::string description = d.arithmetic;
  if (d.what.en) description += (description.empty() ? "" : "\n") + *d.what.en;
  if (d.answered_on) description += "\n✓ " + d.answered_on->iso();
  out += content_line("BEGIN:VEVENT");
  out += content_line("UID:" + calendar_text(uid));
  out += content_line("DTSTAMP:" + stamp);
  out += content_line("DTSTART;VALUE=DATE:" + basic(*d.due));
  out += content_line("DTEND;VALUE=DATE:" + basic(d.due->plus(1)));
  out += content_line("SUMMARY:" + calendar_text(summary));
  if (!description.empty()) out += content_line("DESCRIPTION:" + calendar_text(description));
  out += content_line("CATEGORIES:" + calendar_text(registry::name_of(d.state)));
  out += content_line("CLASS:CONFIDENTIAL");
  out += content_line(answered ? "STATUS:CANCELLED" : "STATUS:CONFIRMED");
  out += content_line("TRANSP:TRANSPARENT");
  out += content_line("END:VEVENT");
}

}  // namespace

std::string calendar_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\\' || c == ';' || c == ',') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) {
      out += c;
    }
  }
  return out;
}

std::string content_line(std::string_view line) {
  std::string out;
  std::size_t room = kLineOctets;
  while (line.size() > room) {
    std::size_t end = room;
    while (end > 1 && !cut_before(line[end])) --end;
    out += std::string(line.substr(0, end)) + "\r\n ";
    line.remove_prefix(end);
    room = kLineOctets - 1;  // the space that begins the line counts
  }
  return out + std::string(line) + "\r\n";
}

std::string icalendar(const std::vector<Deadline>& deadlines, std::string_view host, registry::Instant now) {
  std::string out;
  out += content_line("BEGIN:VCALENDAR");
  out += content_line("VERSION:2.0");
  out += content_line("PRODID:-//ISMAP-LIU register//ismap-liu//JA");
  out += content_line("CALSCALE:GREGORIAN");
  out += content_line("X-WR-CALNAME:" + calendar_text("ISMAP-LIU 期限"));
  std::map<std::string, int> seen;
  const std::string stamp = basic(now);
  for (const Deadline& d : deadlines) {
    const std::string name = name_of_deadline(d);
    const int before = seen[name]++;  // two of one step under one article keep their order
    if (!d.due) continue;
    add_event(out, d, fmt::format("{}{}@{}", name, before == 0 ? "" : "-" + std::to_string(before + 1), host), stamp);
  }
  return out + content_line("END:VCALENDAR");
}

}  // namespace ismap::server
