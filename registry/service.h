#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/canonical_json.h"
#include "registry/controls.h"
#include "registry/result.h"
#include "registry/strong.h"
#include "registry/time.h"

namespace ismap::registry {

/// Text for people: Japanese always (article 7.10), English where the registrant gives it.
struct Text {
  std::string ja;
  std::optional<std::string> en;
  friend bool operator==(const Text&, const Text&) = default;
};

/// 11.5(3) クラウドサービス事業者
struct Provider {
  Text name;
  Text address;
  CorporateNumber corporate_number;
  friend bool operator==(const Provider&, const Provider&) = default;
};

/// 11.5(6) 言明の対象範囲
struct Scope {
  Text text;
  std::vector<Text> items;
  std::vector<Text> excluded;
  std::vector<Text> regions;
  friend bool operator==(const Scope&, const Scope&) = default;
};

struct ExcludedControl {
  ControlId id;
  Text reason;
  friend bool operator==(const ExcludedControl&, const ExcludedControl&) = default;
};

/// 11.5(7) 実施している統制目標の管理策. Both lists are sets in numeric order.
struct Controls {
  Day edition;
  std::vector<ControlId> implemented;
  std::vector<ExcludedControl> excluded;
  friend bool operator==(const Controls&, const Controls&) = default;
};

/// 11.5(8) 監査対象期間, both days included.
struct AuditPeriod {
  Day from;
  Day to;
  friend bool operator==(const AuditPeriod&, const AuditPeriod&) = default;
};

/// 11.5(11): what 7.5(1)–(4) provide.
struct Disclosures {
  Text capital_and_officers;
  Text foreign_law;
  Text governing_law_and_jurisdiction;
  Text third_party_tests;
  friend bool operator==(const Disclosures&, const Disclosures&) = default;
};

/// The thirteen items of article 11.5.
struct Items {
  Text name;                         // (1)
  Url url;                           // (2)
  Provider provider;                 // (3)
  Day registered_on;                 // (4)
  Day expires_on;                    // (5)
  Scope scope;                       // (6)
  Controls controls;                 // (7)
  AuditPeriod audit_period;          // (8)
  Text subsequent_events;            // (9)
  bool improvement_plan = false;     // (10)
  Disclosures disclosures;           // (11)
  std::optional<Text> remarks;       // (12)
  std::uint32_t agencies_using = 0;  // (13)
  friend bool operator==(const Items&, const Items&) = default;
};

/// How an interval of suspension or re-audit ended.
struct Closing {
  Article article;
  Day on;
  friend bool operator==(const Closing&, const Closing&) = default;
};

/// 登録の一時停止 (13.5, 13.7, 14.3), open until it is lifted. `opening` = seq of the event that opened it.
struct Suspension {
  Seq opening;
  Article article;
  Day since;
  std::optional<Closing> lifted;
  friend bool operator==(const Suspension&, const Suspension&) = default;
};

/// 再監査 (16.1, 16.5), public until its process ends (16.8).
struct ReAudit {
  Seq opening;
  Article article;
  Day since;
  std::optional<Closing> ended;
  friend bool operator==(const ReAudit&, const ReAudit&) = default;
};

enum class RenewalResult { renewed, dismissed, not_accepted, withdrawn };

/// How a renewal application ended; a withdrawal has no article.
struct RenewalDecision {
  std::optional<Article> article;
  Day on;
  RenewalResult result = RenewalResult::renewed;
  friend bool operator==(const RenewalDecision&, const RenewalDecision&) = default;
};

/// 更新の申請 (12.1): while undecided the registration stays valid past its expiry.
struct Renewal {
  Seq opening;
  Day filed_on;
  std::optional<RenewalDecision> decided;
  friend bool operator==(const Renewal&, const Renewal&) = default;
};

enum class State { registered, removed };

/// 登録の削除 (12.1, 18.2)
struct Removal {
  Article article;
  Day on;
  friend bool operator==(const Removal&, const Removal&) = default;
};

/// One service of the list with its flags and their history: the record that a leaf carries.
struct Service {
  ServiceId id;
  Items items;
  State state = State::registered;
  std::vector<Suspension> suspensions;
  std::vector<ReAudit> re_audits;
  std::vector<Renewal> renewals;
  std::optional<Removal> removal;
  friend bool operator==(const Service&, const Service&) = default;
};

/// A record at intake is at most this many bytes in RFC 8785 form.
inline constexpr std::size_t kMaxRecordBytes = 40'000;
/// A leaf is at most this many bytes.
inline constexpr std::size_t kMaxLeafBytes = 60'000;
/// The registration number's default pattern; the scheme publishes none.
inline constexpr std::string_view kDefaultIdPattern = "^L[0-9]{2}-[0-9]{4}$";

/// Reads a record: the thirteen items with `id`; `state`, the intervals and `removal` may be absent (then: registered,
/// none). Every item is checked by itself and against the others (order of days, period, control sets, size).
/// Unknown members are refused by name. CRLF and CR become LF.
/// Errors: invalid, one for each wrong item, with pointer and article 11.5(n). Does not check the id's pattern.
Result<Service> parse_service(const Json& record);

/// Reads the record of a leaf that this journal wrote: every member is there and was checked at intake.
/// Errors: corrupt.
Result<Service> stored_service(const Json& record);

/// A text as the record has it: {"ja", "en"?}.
Json to_json(const Text& text);
/// The record as the leaf carries it, every member present (design: the record).
Json to_json(const Service& service);
/// The thirteen items alone, as members of the record.
Json to_json(const Items& items);

/// Checks of article 11.5 that are no mistake but worth a look: a stated expiry that differs from the computed one,
/// a detailed control implemented under an excluded objective. Each is an Error used as a notice.
Errors notices(const Items& items);

/// Article 11.5(n) for a pointer into a record ("/provider/name/ja" → "11.5(3)"); 11.5 for anything else.
std::string article_of_item(std::string_view pointer);

/// Registered by `day`, not removed by it, and not past the expiry unless a renewal is undecided (12.1).
/// REQUIRES: `as_of_day` is the state of the service on `day`.
bool valid_on(const Service& as_of_day, Day day);
/// Open suspensions of a service that is not removed (13.12, 14.5).
std::vector<Suspension> open_suspensions(const Service& service);
/// Open re-audits of a service that is not removed (16.8).
std::vector<ReAudit> open_re_audits(const Service& service);
/// The undecided renewal application, if there is one.
std::optional<Renewal> undecided_renewal(const Service& service);

}  // namespace ismap::registry
