#include "server/api/icalendar.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/book.h"

namespace ismap::server {
namespace {

using registry::CaseId;
using registry::Deadline;
using registry::DeadlineState;
using registry::Role;
using registry::ServiceId;
using registry::Text;
using test::Book;

Deadline due(const std::string& article, const std::string& day, const std::string& what) {
  Deadline d;
  d.article = article;
  d.what = Text{what, "report"};
  d.who = Role::registrant;
  d.due = Book::day(day);
  d.arithmetic = std::string("認知日 2024-12-27 → 行政機関の休日を除く3日 → ").append(day);
  d.case_id = CaseId{"C000000001"};
  d.step = 2;
  d.service = ServiceId{"L26-0001"};
  return d;
}

std::vector<std::string> lines_of(const std::string& calendar) {
  std::vector<std::string> lines;
  std::string rest = calendar;
  for (std::size_t end = rest.find("\r\n"); end != std::string::npos; end = rest.find("\r\n")) {
    lines.push_back(rest.substr(0, end));
    rest.erase(0, end + 2);
  }
  EXPECT_EQ(rest, "") << "every line ends in CR LF";
  return lines;
}

/// The content lines, unfolded.
std::string unfolded(std::string calendar) {
  for (std::size_t at = calendar.find("\r\n "); at != std::string::npos; at = calendar.find("\r\n "))
    calendar.erase(at, 3);
  return calendar;
}

TEST(ICalendar, HasAnAllDayEventForEachDueDay) {
  Deadline without_day = due("13.9", "2026-05-01", "一時停止解除届出");
  without_day.due.reset();
  const std::string text = icalendar({due("13.2", "2025-01-08", "速報の提出"), without_day}, "liu.example.jp",
                                     registry::Instant::parse("2026-11-25T01:02:03.456Z").value());
  const auto lines = lines_of(text);
  EXPECT_EQ(lines.front(), "BEGIN:VCALENDAR");
  EXPECT_EQ(lines.at(1), "VERSION:2.0");
  EXPECT_EQ(lines.back(), "END:VCALENDAR");
  EXPECT_EQ(std::count(lines.begin(), lines.end(), "BEGIN:VEVENT"), 1) << "what has no day is no event";
  const std::string whole = unfolded(text);
  for (const char* line :
       {"\r\nUID:L26-0001-C000000001-2-13.2@liu.example.jp\r\n", "\r\nDTSTAMP:20261125T010203Z\r\n",
        "\r\nDTSTART;VALUE=DATE:20250108\r\n", "\r\nDTEND;VALUE=DATE:20250109\r\n", "\r\nSTATUS:CONFIRMED\r\n",
        "\r\nSUMMARY:[registrant] 13.2 速報の提出（L26-0001 C000000001）\r\n",
        "\r\nDESCRIPTION:認知日 2024-12-27 → 行政機関の休日を除く3日 → 2025-01-08\\nreport\r\n"}) {
    EXPECT_NE(whole.find(line), std::string::npos) << line << whole;
  }
}

TEST(ICalendar, FoldsAt75OctetsBetweenCharacters) {
  std::string long_text;
  for (int i = 0; i < 60; ++i) long_text += i % 7 == 0 ? "a" : "漢";
  std::string summary("SUMMARY:");
  summary.append(long_text);
  const std::string folded = content_line(summary);
  for (const std::string& line : lines_of(folded)) {
    EXPECT_LE(line.size(), 75U);
    EXPECT_FALSE((static_cast<unsigned char>(line[line[0] == ' ' ? 1 : 0]) & 0xC0U) == 0x80U) << "a character is cut";
  }
  EXPECT_EQ(unfolded(folded), summary.append("\r\n"));
  const std::string full(75, 'x');
  EXPECT_EQ(content_line(full), full + "\r\n");
  EXPECT_EQ(content_line(full + "x"), full + "\r\n x\r\n");
}

TEST(ICalendar, EscapesTexts) {
  EXPECT_EQ(calendar_text("a,b;c\\d\ne\r\x01"
                          "f"),
            "a\\,b\\;c\\\\d\\nef");
  Deadline d = due("13.2", "2025-01-08", "BEGIN:VEVENT\nUID:x;y");
  const std::string whole = unfolded(icalendar({d}, "liu.example.jp", registry::Instant{0}));
  EXPECT_EQ(whole.find("\nUID:x"), std::string::npos) << "nobody writes lines of his own";
}

TEST(ICalendar, UidsStayAndDiffer) {
  const std::vector<Deadline> all{due("13.2", "2025-01-08", "速報"), due("13.2", "2025-01-09", "速報"),
                                  due("13.3", "2025-01-26", "確報")};
  const std::string first = icalendar(all, "h", registry::Instant{0});
  std::vector<Deadline> later = all;
  later.at(0).due = Book::day("2025-01-20");
  later.at(0).state = DeadlineState::overdue;
  std::vector<std::string> uids;
  for (const std::string& text : {first, icalendar(later, "h", registry::Instant{1'000'000})}) {
    for (const std::string& line : lines_of(text)) {
      if (line.starts_with("UID:")) uids.push_back(line);
    }
  }
  EXPECT_EQ(uids, (std::vector<std::string>{"UID:L26-0001-C000000001-2-13.2@h", "UID:L26-0001-C000000001-2-13.2-2@h",
                                            "UID:L26-0001-C000000001-2-13.3@h", "UID:L26-0001-C000000001-2-13.2@h",
                                            "UID:L26-0001-C000000001-2-13.2-2@h", "UID:L26-0001-C000000001-2-13.3@h"}));
}

}  // namespace
}  // namespace ismap::server
