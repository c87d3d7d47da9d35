#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

/// Scenarios of the law as text, one line an act: what is done on a day, and what comes of it.
///
///   == MissingReport: 13.5 13.6 13.12          name, and the articles that it shows
///   # free text
///   given {"expires_on": "2027-03-31"}          the record, changed before it is entered; may be left out
///   2026-05-10 operator suspend 13.5 {…} => suspended A         fields in braces; A names the event
///   2026-05-11 operator reinstate 13.6 {"opening": "$A"} => refused conflict /opening 13.6
///   2026-05-12 shows suspended=13.5,13.7 re-audits=- valid=yes  the end of that day, as known in the end
///   2027-05-01 register lapses => removed                        what the register does by itself
///
/// Cases, whose steps have a reason (and a basis, where the operator records what the registrant made) of themselves:
///
///   2026-05-10 operator case incident judged 13.1(2) {…} => step C   opens a case; C names it
///   2026-05-11 operator step $C report-demanded 13.1(2) {…} => step  refusals and notices as of acts
///   2026-05-10 find agencies => C                     names the newest case of a procedure
///   2026-05-13 due 13.2 => 2026-05-13 open registrant ; …            deadlines of that article; "none" is no day
///   2026-05-13 case $C shows state=open steps=judged,report-demanded told=… notices=- links=0 next=operator
///
/// "-" is no article, no pointer or an empty list. `import` as the role is a hand-over. A scenario has one service,
/// L26-0001, unless the fields name another as "service"; "effective" and "basis" are fields too. `with 5.1(4)` after
/// the events asks for notices. Several refusals are divided by ";". Texts marked 非公開 must not reach any leaf.
namespace ismap::test {

struct Scenario {
  std::string name;
  std::vector<std::string> articles;
  std::string file;
  struct Line {
    int number = 0;
    std::string text;
  };
  std::vector<Line> lines;
};

/// Every scenario of the files *.txt of a folder, in order of their names.
std::vector<Scenario> read_scenarios(const std::filesystem::path& folder);

/// Plays it on a register of its own, with fsck after every line. Each difference is a failure of the test that runs.
void play(const Scenario& scenario);

void PrintTo(const Scenario& scenario, std::ostream* out);

}  // namespace ismap::test
