#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

/// Chapters 11 to 18 done the plain way: maps and strings, written from the text of the rules and shared with no rule
/// of the program. It says of a wish by which articles it must be refused, and what the public sees of each service.
namespace ismap::test {

/// Days as "2026-04-01": their order is the order of the texts.
using IsoDay = std::string;

/// `days` after the day.
IsoDay days_after(const IsoDay& day, int days);
/// The last day of the year that runs from what happened on `day` (Civil Code 140, 143).
IsoDay year_ends(const IsoDay& day);

/// What somebody wants done, as people say it: nothing is checked yet. Members that an act has no use for stay unset.
struct Wish {
  std::string id;
  std::string role;
  std::string act;
  std::string article;  ///< empty: none is named
  IsoDay today;
  std::optional<IsoDay> effective;
  bool basis = true;
  std::optional<std::uint64_t> opening;
  std::optional<std::uint64_t> seq;  ///< of the event to correct
  /// What the correction makes of what the event said; empty: it strikes it, takes it back, or mends items.
  /// "since", "article" (of the suspension), "same" (nothing changes), "strike-other", "lift-other" (of another
  /// suspension), "decide" (the renewal application), "renewed" (the application comes with its decision),
  /// "removed-by".
  std::string mend;
  std::string mended_to;               ///< the day or the article
  std::optional<std::uint64_t> other;  ///< the other suspension
  std::optional<IsoDay> incident_on;
  std::optional<IsoDay> known_on;
  bool estimated = false;
  bool conditions = false;
  bool part = false;
  std::optional<IsoDay> due_on;
  std::string result;
  std::optional<IsoDay> filed_on;            ///< of the application that a correction brings
  std::string cited;                         ///< procedure of the case that it rests on; empty: on none
  bool cited_ended = false;                  ///< whether that case had ended
  std::map<std::string, std::string> items;  ///< items that change, and their values
};

/// One service as the public sees it: "expires_on" → "2027-04-30", "suspension 41" → "13.7 2026-06-01 …".
using Shown = std::map<std::string, std::string>;

/// The register as the rules would have it.
class LawTwin {
 public:
  /// `size`: events in the journal so far.
  explicit LawTwin(std::uint64_t size) : size_(size) {}

  /// 12.1 on the day `today`: who has not applied by the expiry is removed from the next day on.
  void day_begins(const IsoDay& today);

  /// The articles of every ground on which the wish must be refused; when there is none it is done.
  std::set<std::string> ask(const Wish& wish);

  [[nodiscard]] std::vector<std::string> ids() const;
  [[nodiscard]] Shown shown(const std::string& id) const;
  /// Open suspensions (13.12, 14.5) and re-audits (16.8) by article, in order; none of a removed service.
  [[nodiscard]] std::vector<std::string> flags(const std::string& id) const;
  [[nodiscard]] bool valid(const std::string& id, const IsoDay& today) const;
  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// A suspension or a re-audit.
  struct Interval {
    std::string article;
    IsoDay since;
    std::string closed_by;  ///< empty while it is open
    IsoDay closed_on;
    std::optional<IsoDay> incident_on;  ///< as stated, where it is firm
    std::optional<IsoDay> known_on;
  };
  struct Renewal {
    IsoDay filed_on;
    std::string result;  ///< empty while it is undecided
    std::string article;
    IsoDay on;
  };
  /// An entry under 14.1 or 14.2.
  struct Change {
    std::string article;
    IsoDay day;
    std::set<std::string> items;
  };
  struct Service {
    std::map<std::string, std::map<std::pair<IsoDay, std::uint64_t>, std::string>> items;  ///< by day and event
    std::map<std::uint64_t, Interval> suspensions;
    std::map<std::uint64_t, Interval> re_audits;
    std::map<std::uint64_t, Renewal> renewals;
    std::string removed_by;  ///< empty while it is registered
    IsoDay removed_on;
    std::uint64_t removal_seq = 0;
    std::map<std::string, IsoDay> settled;    ///< item → last day from which something holds of it
    std::map<std::uint64_t, Change> changes;  ///< by event
    [[nodiscard]] std::string item(const std::string& name) const;
    [[nodiscard]] bool undecided() const;
  };
  [[nodiscard]] const Service& service(const std::string& id) const { return services_.at(id); }

 private:
  using Grounds = std::set<std::string>;

  void check_everywhere(const Wish& wish, Grounds& grounds) const;
  void check_wish(const Wish& wish, Grounds& grounds) const;
  void check_days(const Wish& wish, Grounds& grounds) const;
  void check_cited(const Wish& wish, Grounds& grounds) const;
  void check_incident(const Wish& wish, const std::optional<IsoDay>& occurred, const std::optional<IsoDay>& known,
                      Grounds& grounds) const;
  void check_late(const Wish& wish, const std::set<std::string>& touched, Grounds& grounds) const;
  std::optional<std::uint64_t> meant(const Wish& wish, const std::map<std::uint64_t, Interval>& all,
                                     const std::string& opened_by, Grounds& grounds) const;

  void do_register(const Wish& wish, Grounds& grounds);
  void do_renew(const Wish& wish, Grounds& grounds);
  void do_file_renewal(const Wish& wish, Grounds& grounds);
  void do_close_renewal(const Wish& wish, Grounds& grounds);
  void do_change(const Wish& wish, Grounds& grounds);
  void do_usage(const Wish& wish, Grounds& grounds);
  void do_suspend(const Wish& wish, Grounds& grounds);
  void do_start_re_audit(const Wish& wish, Grounds& grounds);
  void do_close(const Wish& wish, std::map<std::uint64_t, Interval> Service::*all, Grounds& grounds);
  void do_remove(const Wish& wish, Grounds& grounds);
  void do_correct(const Wish& wish, Grounds& grounds);

  void check_year(const Wish& wish, const Interval& suspension, Grounds& grounds) const;
  void remove(const std::string& id, const std::string& article, const IsoDay& day, const std::string& ending);
  void set(const std::string& id, const std::string& name, const std::string& value, const IsoDay& day);
  void mend_suspension(const Wish& wish, Grounds& grounds);
  void revive(const Wish& wish, Grounds& grounds);
  void mend_item(const Wish& wish, Grounds& grounds);

  std::map<std::string, Service> services_;
  std::uint64_t size_;
};

}  // namespace ismap::test
