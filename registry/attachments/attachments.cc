#include "registry/attachments/attachments.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "registry/digest.h"
#include "registry/tables.h"
#include "registry/text.h"

namespace ismap::registry {

Json to_json(const Attachment& attachment) {
  return Json{{"added_at", attachment.added_at.iso()}, {"bytes", attachment.bytes},        {"name", attachment.name},
              {"number", attachment.number},           {"sha256", hex(attachment.sha256)}, {"type", attachment.type}};
}

Result<std::optional<Attachment>> parse_attachment(std::string_view stored) {
  const Error corrupt{Code::corrupt, "", "", "添付の記録を読めません", "a stored attachment cannot be read"};
  const Result<Json> json = parse_json(stored);
  if (!json.ok()) return corrupt;
  if (json->is_null()) return std::optional<Attachment>();
  try {
    return std::optional<Attachment>(
        Attachment{json->at("number").get<std::uint64_t>(), json->at("name").get<std::string>(),
                   json->at("type").get<std::string>(), json->at("bytes").get<std::uint64_t>(),
                   digest_from_hex(json->at("sha256").get<std::string>()).value(),
                   Instant::parse(json->at("added_at").get<std::string>()).value()});
  } catch (const std::exception&) {  // a member is missing or of another kind: what was stored is not what we store
    return corrupt;
  }
}

namespace attachments {

namespace {

constexpr std::string_view kRefusedInNames = "/\\:*?\"<>|";

std::string attachment_prefix(const FilingId& filing) { return filing.value() + '\0'; }

std::string attachment_key(const FilingId& filing, std::uint64_t number) {
  return attachment_prefix(filing) + lmdb::key_of(number);
}

Error bad_name(std::string ja, std::string en) { return {Code::invalid, "/name", "", std::move(ja), std::move(en)}; }

Error no_attachment(const FilingId& filing, std::uint64_t number) {
  return {Code::not_found, "", "", fmt::format("届出 {} に添付 {} はありません", filing.value(), number),
          fmt::format("filing {} has no attachment {}", filing.value(), number)};
}

/// All rows whose key begins with `prefix`. Errors: corrupt.
Result<std::vector<Attachment>> attachments_with(const lmdb::ReadTxn& txn, const std::string& prefix) {
  std::vector<Attachment> found;
  Errors errors;
  txn.scan(tables::kAttachments, prefix, [&](std::string_view key, std::string_view stored) {
    if (!key.starts_with(prefix)) return false;
    Result<std::optional<Attachment>> attachment = parse_attachment(stored);
    if (!attachment.ok()) {
      errors = attachment.errors();
      return false;
    }
    if (attachment->has_value()) found.push_back(std::move(**attachment));
    return true;
  });
  if (!errors.empty()) return errors;
  return found;
}

/// Errors: not_found; conflict when it is no draft.
Result<Done> check_stored_draft(const lmdb::ReadTxn& txn, const FilingId& filing) {
  const Result<Filing> stored = filings::get(txn, filing);
  if (!stored.ok()) return stored.errors();
  return check_draft(*stored);
}

/// The number after the last one that the filing ever had.
std::uint64_t next_number(const lmdb::ReadTxn& txn, const FilingId& filing) {
  const std::string prefix = attachment_prefix(filing);
  std::uint64_t last = 0;
  txn.scan(tables::kAttachments, prefix, [&](std::string_view key, std::string_view) {
    if (!key.starts_with(prefix)) return false;
    last = lmdb::number_of(key.substr(prefix.size()));
    return true;
  });
  return last + 1;
}

void attachment_to_ledger(lmdb::WriteTxn& txn, std::string_view act, const FilingId& filing,
                          const Attachment& attachment, const Actor& who, Instant at) {
  Json entry{{"act", act},
             {"actor", to_json(who)},
             {"article", nullptr},
             {"at", at.iso()},
             {"attachment", attachment.number},
             {"bytes", attachment.bytes},
             {"filing", filing.value()},
             {"sha256", hex(attachment.sha256)},
             {"type", attachment.type}};
  ledger::append(txn, std::move(entry), Json{{"name", attachment.name}});
}

void put_on(lmdb::WriteTxn& txn, const FilingId& filing, const Attachment& attachment, const Actor& who, Instant at) {
  txn.put(tables::kAttachments, attachment_key(filing, attachment.number), canonical(to_json(attachment)));
  attachment_to_ledger(txn, "attach", filing, attachment, who, at);
}

void take_off(lmdb::WriteTxn& txn, const FilingId& filing, const Attachment& attachment, const Actor& who, Instant at) {
  txn.put(tables::kAttachments, attachment_key(filing, attachment.number), "null");  // so the number is not given again
  attachment_to_ledger(txn, "detach", filing, attachment, who, at);
}

std::string mebibytes(std::uint64_t bytes) { return fmt::format("{} MiB", bytes >> 20U); }

Result<Done> check_room(const std::vector<Attachment>& attached, const NewFile& file) {
  std::uint64_t total = file.bytes;
  for (const Attachment& one : attached) total += one.bytes;
  if (file.bytes > kMaxFileBytes) return too_large_file();
  if (attached.size() >= kMaxCount) {
    return Error{Code::conflict, "", "",
                 fmt::format("添付は一つの届出につき{}件までです。要らないものを DELETE で外してください", kMaxCount),
                 fmt::format("a filing has at most {} attachments; take one off with DELETE", kMaxCount)};
  }
  if (total > kMaxFilingBytes) {
    return Error{Code::too_large, "", "",
                 fmt::format("添付は一つの届出につき合わせて{}までです", mebibytes(kMaxFilingBytes)),
                 fmt::format("the attachments of a filing have at most {} together", mebibytes(kMaxFilingBytes))};
  }
  return Done{};
}

/// The answer that was kept for a request, if it was made before. Errors: invalid, corrupt.
Result<std::optional<Added>> answered_before(const lmdb::ReadTxn& txn, const std::optional<RequestKey>& key,
                                             Instant now) {
  if (!key) return std::optional<Added>();
  Result<std::optional<Json>> earlier = replays::find(txn, *key, now);
  if (!earlier.ok()) return earlier.errors();
  if (!earlier->has_value()) return std::optional<Added>();
  Result<std::optional<Attachment>> attachment = parse_attachment(canonical(**earlier));
  if (!attachment.ok()) return attachment.errors();
  return std::optional<Added>(Added{attachment->value(), true});
}

}  // namespace

Error too_large_file() {
  return {Code::too_large, "", "", fmt::format("添付できるファイルは一つ{}までです", mebibytes(kMaxFileBytes)),
          fmt::format("an attached file has at most {}", mebibytes(kMaxFileBytes))};
}

Result<Done> check_name(std::string_view name) {
  if (name.empty() || is_blank(name) || name == "." || name == "..") {
    return bad_name("ファイル名（name）を書いてください", "give the name of the file");
  }
  if (name.size() > kMaxNameBytes) {
    return bad_name(fmt::format("ファイル名はUTF-8で{}バイトまでです", kMaxNameBytes),
                    fmt::format("the name of a file has at most {} bytes of UTF-8", kMaxNameBytes));
  }
  if (auto refused = check_text(name)) return bad_name(std::move(refused->ja), std::move(refused->en));
  if (name.find_first_of(kRefusedInNames) != std::string_view::npos || name.find('\n') != std::string_view::npos) {
    return bad_name("ファイル名に改行と / \\ : * ? \" < > | は使えません。フォルダーを除いた名前にしてください",
                    "the name of a file holds no line feed and none of / \\ : * ? \" < > |: leave its folder out");
  }
  return Done{};
}

Result<Done> check_draft(const Filing& filing) {
  if (filing.state == FilingState::draft) return Done{};
  return Error{Code::conflict, "", "",
               fmt::format("届出 {} は下書きではありません（状態: {}）。添付を変えられるのは提出の前だけです",
                           filing.id.value(), name_of(filing.state)),
               fmt::format("filing {} is {} and no draft: its attachments change only before it is submitted",
                           filing.id.value(), name_of(filing.state))};
}

Result<std::vector<Attachment>> of(const lmdb::ReadTxn& txn, const FilingId& filing) {
  return attachments_with(txn, attachment_prefix(filing));
}

Result<Attachment> get(const lmdb::ReadTxn& txn, const FilingId& filing, std::uint64_t number) {
  Result<std::vector<Attachment>> found = attachments_with(txn, attachment_key(filing, number));
  if (!found.ok()) return found.errors();
  if (found->empty()) return no_attachment(filing, number);
  return found->front();
}

Result<Added> add(lmdb::WriteTxn& txn, const FilingId& filing, const NewFile& file, const Actor& who, Instant now,
                  const std::optional<RequestKey>& key) {
  Result<std::optional<Added>> earlier = answered_before(txn, key, now);
  if (!earlier.ok()) return earlier.errors();
  if (earlier->has_value()) return **earlier;
  Result<Done> fit = check_name(file.name);
  if (fit.ok()) fit = check_stored_draft(txn, filing);
  if (!fit.ok()) return fit.errors();
  const Result<std::vector<Attachment>> attached = of(txn, filing);
  if (!attached.ok()) return attached.errors();
  const auto same = std::find_if(attached->begin(), attached->end(), [&](const Attachment& one) {
    return one.sha256 == file.sha256 && one.name == file.name;
  });
  Added added{Attachment{}, same != attached->end()};
  if (added.existed) {
    added.attachment = *same;
  } else {
    Result<Done> room = check_room(*attached, file);
    if (!room.ok()) return room.errors();
    added.attachment = {next_number(txn, filing), file.name, file.type, file.bytes, file.sha256, now};
    put_on(txn, filing, added.attachment, who, now);
  }
  if (key) replays::keep(txn, *key, to_json(added.attachment), now);
  return added;
}

Result<Attachment> remove(lmdb::WriteTxn& txn, const FilingId& filing, std::uint64_t number, const Actor& who,
                          Instant now) {
  Result<Done> open = check_stored_draft(txn, filing);
  if (!open.ok()) return open.errors();
  Result<Attachment> attachment = get(txn, filing, number);
  if (attachment.ok()) take_off(txn, filing, *attachment, who, now);
  return attachment;
}

Result<Done> remove_all(lmdb::WriteTxn& txn, const FilingId& filing, const Actor& who, Instant now) {
  const Result<std::vector<Attachment>> attached = of(txn, filing);
  if (!attached.ok()) return attached.errors();
  for (const Attachment& attachment : *attached) take_off(txn, filing, attachment, who, now);
  return Done{};
}

namespace {

/// What the ledger says of a filing's attachments: entries whose payload is a name, and all digests.
struct LedgerTraces {
  std::vector<std::uint64_t> names;
  std::set<std::string> digests;
};

LedgerTraces traces_of(const lmdb::ReadTxn& txn, const FilingId& filing) {
  LedgerTraces traces;
  txn.scan(tables::kLedger, "", [&](std::string_view number, std::string_view stored) {
    const Json entry = Json::parse(stored, nullptr, false);
    const bool of_filing = entry.is_object() && entry.value("filing", Json()) == filing.value();
    if (!of_filing || !entry.contains("attachment")) return true;
    traces.digests.insert(entry.value("sha256", ""));
    if (txn.get(tables::kPayloads, number)) traces.names.push_back(lmdb::number_of(number));
    return true;
  });
  return traces;
}

}  // namespace

Result<Done> destroy(lmdb::WriteTxn& txn, const FilingId& filing, const ledger::Destruction& why) {
  const Result<std::vector<Attachment>> attached = of(txn, filing);
  if (!attached.ok()) return attached.errors();
  for (const Attachment& one : *attached) txn.put(tables::kAttachments, attachment_key(filing, one.number), "null");
  const LedgerTraces traces = traces_of(txn, filing);
  for (const std::uint64_t number : traces.names) {
    Result<Done> destroyed = ledger::destroy(txn, number, why);
    if (!destroyed.ok()) return destroyed;
  }
  if (traces.digests.empty()) return Done{};
  replays::replace(txn, [&](const Json& answer) -> std::optional<Json> {
    const Json digest = answer.is_object() ? answer.value("sha256", Json()) : Json();
    if (!digest.is_string() || !traces.digests.contains(digest.get<std::string>())) return std::nullopt;
    Json nameless = answer;
    nameless["name"] = "";
    return nameless;
  });
  return Done{};
}

Result<std::map<std::string, std::uint64_t>> named_files(const lmdb::ReadTxn& txn) {
  const Result<std::vector<Attachment>> all = attachments_with(txn, "");
  if (!all.ok()) return all.errors();
  std::map<std::string, std::uint64_t> files;
  for (const Attachment& one : *all) files[hex(one.sha256)] = one.bytes;
  return files;
}

Result<bool> is_named(const lmdb::ReadTxn& txn, const Digest& sha256) {
  const auto files = named_files(txn);
  if (!files.ok()) return files.errors();
  return files->contains(hex(sha256));
}

}  // namespace attachments

}  // namespace ismap::registry
