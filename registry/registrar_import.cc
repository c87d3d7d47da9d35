#include <map>
#include <set>
#include <utility>

#include "registry/as_of.h"
#include "registry/import/columns.h"
#include "registry/journal.h"
#include "registry/registrar.h"
#include "registry/rules/common.h"
#include "registry/tables.h"
#include "registry/writing.h"

namespace ismap::registry {

namespace {

/// A list can carry English for the name alone: other English texts stay as they are while their Japanese stays.
void keep_english(const Json& before, Json& after) {
  if (before.is_object() && after.is_object()) {
    const bool same_text = before.contains("ja") && after.contains("ja") && before.at("ja") == after.at("ja");
    if (same_text && before.contains("en") && !after.contains("en")) after["en"] = before.at("en");
    for (auto& [name, value] : after.items()) {
      if (before.contains(name)) keep_english(before.at(name), value);
    }
  } else if (before.is_array() && after.is_array()) {
    for (Json& element : after) {
      for (const Json& old : before) {
        if (old.is_object() && element.is_object() && old.value("ja", Json()) == element.value("ja", Json(1))) {
          keep_english(old, element);
        }
      }
    }
  }
}

/// What the file has no column for stays as it is.
void keep_absent(const std::vector<std::string>& absent, const Json& before, Json& after) {
  for (const std::string& item : absent) {
    const Json::json_pointer pointer(item);
    if (before.contains(pointer)) {
      after[pointer] = before.at(pointer);
    } else if (after.contains(pointer)) {
      after.at(pointer.parent_pointer()).erase(pointer.back());
    }
  }
}

/// The merge patch that leads from one set of items to another (null sets null).
Json patch_between(const Json& before, const Json& after) {
  Json patch = Json::object();
  for (const FieldChange& change : differences(before, after)) {
    Json* node = &patch;
    for (std::size_t i = 0; i + 1 < change.path.size(); ++i) node = &(*node)[change.path[i]];
    (*node)[change.path.back()] = change.value;
  }
  return patch;
}

/// One import inside its transaction.
class Importing {
 public:
  Importing(Writing& writing, const Actor& actor, const std::vector<std::string>& absent, ImportReport& report)
      : writing_(writing), actor_(actor), absent_(absent), report_(report) {}

  /// Errors: only what keeps the import from going on at all; mistakes of the row go into the report.
  Result<Done> take(const ImportRow& row) {
    Result<std::optional<Event>> last = writing_.last_event(row.service.id.value());
    if (!last.ok()) return last.errors();
    if (last->has_value()) {
      compare(row, **last);
    } else {
      enter(row);
    }
    return Done{};
  }

 private:
  Command command(const ImportRow& row, Doing doing, std::optional<Article> article, std::optional<Day> day) const {
    Command c;
    c.service = row.service.id;
    c.actor = actor_;
    c.article = std::move(article);
    c.effective = day;
    c.doing = std::move(doing);
    c.at_hand_over = true;
    return c;
  }

  void mistake(const ImportRow& row, Error error) {
    const std::string column = column_of(error.pointer);
    report_.errors.push_back(RowError{row.row, column, std::move(error)});
  }

  /// Performs and says whether it went well; a refusal becomes a mistake of the row.
  bool perform(const ImportRow& row, const Command& c, std::string_view column_pointer) {
    const std::size_t noticed = writing_.notices().size();
    Result<Done> done = writing_.perform(c);
    for (std::size_t i = noticed; i < writing_.notices().size(); ++i) {
      Error notice = writing_.notices()[i];
      if (notice.pointer.starts_with("/record")) notice.pointer.erase(0, std::string_view("/record").size());
      report_.notices.push_back(RowError{row.row, column_of(notice.pointer), std::move(notice)});
    }
    if (done.ok()) return true;
    for (Error error : done.errors()) {
      if (error.pointer.starts_with("/record")) error.pointer.erase(0, std::string_view("/record").size());
      if (!column_pointer.empty() && error.pointer == "/effective") error.pointer = column_pointer;
      mistake(row, std::move(error));
    }
    return false;
  }

  void plan(const ImportRow& row, std::string_view event, Json before, Json after) {
    report_.changes.push_back(
        PlannedChange{row.row, row.service.id.value(), std::string(event), std::move(before), std::move(after)});
  }

  void enter(const ImportRow& row) {
    const Day from = row.service.items.registered_on;
    if (!perform(row, command(row, RegisterService{row.service}, Article{"11.1"}, from), "/registered_on")) return;
    plan(row, "registered", nullptr, nullptr);
    for (const auto& [article, since] : row.hand_over.suspensions) {
      if (perform(row, command(row, Suspend{}, article, since), "/suspensions"))
        plan(row, "suspended", nullptr, nullptr);
    }
    for (const auto& [article, since] : row.hand_over.re_audits) {
      if (perform(row, command(row, StartReAudit{}, article, since), "/re_audits")) {
        plan(row, "re-audit-started", nullptr, nullptr);
      }
    }
    if (const auto filed = row.hand_over.renewal_filed) {
      if (perform(row, command(row, FileRenewal{}, Article{"12.1"}, *filed), "/renewals")) {
        plan(row, "renewal-filed", nullptr, nullptr);
      }
    }
    ++report_.imported;
  }

  void compare(const ImportRow& row, const Event& last) {
    const Result<Service> known = stored_service(last.record);
    if (!known.ok()) return mistake(row, known.errors().front());
    const Json before = to_json(known->items);
    Json after = to_json(row.service.items);
    if (row.en_only_for_name) {
      const Json stated = after.at("name");
      keep_english(before, after);
      after["name"] = stated;
    }
    keep_absent(absent_, before, after);
    if (before == after) {
      ++report_.unchanged;
    } else if (fixed_dates_hold(row, *known)) {
      change(row, before, after);
    }
  }

  /// (4) and (5) of a known service do not change by import; a removed service does not change at all.
  bool fixed_dates_hold(const ImportRow& row, const Service& known) {
    const std::size_t before = report_.errors.size();
    if (known.removal) {
      mistake(row, rules::refusal(Code::conflict, "/id", known.removal->article.value(),
                                  known.removal->on.iso() + " に削除された登録です。この行を外してください",
                                  "was removed on " + known.removal->on.iso() + ": leave this row out"));
      return false;
    }
    if (known.items.registered_on != row.service.items.registered_on) {
      mistake(row, rules::refusal(Code::conflict, "/registered_on", "11.5(4)",
                                  "登録日は取込みでは変わりません（現在 " + known.items.registered_on.iso() +
                                      "）。誤りなら訂正（correct）してください",
                                  "the date of registration does not change by import (now " +
                                      known.items.registered_on.iso() + "): correct it if it is wrong"));
    }
    if (known.items.expires_on != row.service.items.expires_on) {
      mistake(row, rules::refusal(Code::conflict, "/expires_on", "11.5(5)",
                                  "有効期限は取込みでは変わりません（現在 " + known.items.expires_on.iso() +
                                      "）。更新（renew）又は訂正（correct）を使ってください",
                                  "the expiry does not change by import (now " + known.items.expires_on.iso() +
                                      "): renew or correct"));
    }
    return report_.errors.size() == before;
  }

  void change(const ImportRow& row, Json before, Json after) {
    bool done = true;
    if (before.at("agencies_using") != after.at("agencies_using")) {
      const UpdateUsage usage{row.service.items.agencies_using};
      done = perform(row, command(row, usage, Article{"11.5(13)"}, std::nullopt), "/agencies_using");
      plan(row, "usage-updated", Json{{"agencies_using", before.at("agencies_using")}},
           Json{{"agencies_using", after.at("agencies_using")}});
    }
    before.erase("agencies_using");
    after.erase("agencies_using");
    if (before != after) {
      const Json patch = patch_between(before, after);
      warn_of_new_provider(row, patch);
      done = perform(row, command(row, ChangeItems{patch}, Article{"14.2"}, std::nullopt), "") && done;
      plan(row, "changed", patch_between(after, before), patch);
    }
    if (done) ++report_.changed;
  }

  /// A new corporate number is a succession, not a change of items: worth a look.
  void warn_of_new_provider(const ImportRow& row, const Json& patch) {
    const Json pointer = patch.value("provider", Json::object());
    if (!pointer.contains("corporate_number")) return;
    Error notice = rules::refusal(Code::invalid, "/provider/corporate_number", "14.2",
                                  "法人番号が変わります。事業者の承継の根拠を確認してください",
                                  "the corporate number changes: check the basis of the succession");
    report_.notices.push_back(RowError{row.row, column_of(notice.pointer), std::move(notice)});
  }

  Writing& writing_;
  const Actor& actor_;
  const std::vector<std::string>& absent_;
  ImportReport& report_;
};

/// A refusal that only ends the transaction: the report says why.
Error rolled_back() { return {Code::invalid, "", "", "取込みを行いませんでした", "the import was not made"}; }

/// All rows in one transaction, and the removals that are due on the day `settled`; refused as soon as the report has a
/// mistake, or it is a dry run.
Result<Done> import_rows(Writing& writing, const ReadList& list, const Actor& actor, Day settled, bool dry_run,
                         ImportReport& report) {
  Importing importing(writing, actor, list.absent, report);
  for (const ImportRow& row : list.rows) {
    Result<Done> taken = importing.take(row);
    if (!taken.ok()) return taken;
  }
  if (!report.errors.empty()) return rolled_back();
  writing.sign_off(actor, "import", nullptr);
  const std::size_t before = writing.appended().size();
  Result<Done> removed = writing.remove_expired(settled);
  if (!removed.ok()) return removed;
  report.lapsed = writing.appended().size() - before;
  return dry_run ? Result<Done>(rolled_back()) : Result<Done>(Done{});
}

}  // namespace

Result<ImportReport> Registrar::import(std::string_view file, const Actor& actor, Instant now, bool dry_run) {
  ImportReport report;
  ReadList list = read_list(file, id_pattern_, now.jst_day());
  report.errors = std::move(list.errors);
  report.notices = std::move(list.notices);
  const bool readable = report.errors.empty();
  const Day settled = pending_.settled_until(now).jst_day();
  const Result<Acted> lapsed = dry_run ? Result<Acted>(Acted{}) : remove_expired(now);
  if (!lapsed.ok()) return lapsed.errors();
  bool reached_the_end = false;
  const Result<Done> done = env_.write([&](lmdb::WriteTxn& txn) -> Result<Done> {
    Result<Writing> writing = Writing::begin(txn, now);
    if (!writing.ok()) return writing.errors();
    if (dry_run) {
      Result<Done> removed = writing->remove_expired(settled);
      if (!removed.ok()) return removed;
    }
    Result<Done> rows = import_rows(*writing, list, actor, settled, dry_run || !readable, report);
    reached_the_end = rows.ok() || rows.errors().front() == rolled_back();
    return rows;
  });
  if (!done.ok() && !reached_the_end) return done.errors();
  if (!report.errors.empty()) {
    report.imported = report.changed = report.unchanged = report.lapsed = 0;
    report.changes.clear();
  }
  return report;
}

}  // namespace ismap::registry
