#include "server/command/verify_command.h"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <memory>

#include "feed/verify/site.h"
#include "registry/canonical_json.h"
#include "server/command/url_source.h"
#include "server/office/clock.h"

namespace ismap::server {

using feed::verify::Ending;
using feed::verify::Evidence;
using feed::verify::Fault;
using feed::verify::FiledList;
using feed::verify::Finding;
using feed::verify::FolderSource;
using feed::verify::Receipt;
using feed::verify::Source;
using feed::verify::Status;
using registry::Instant;
using registry::Json;

namespace {

constexpr std::size_t kFileChunk = std::size_t{64} << 10U;

/// The key sets that were filed with the evidence: DIR/1.json, DIR/2.json, …
class KeyFolder : public Source {
 public:
  explicit KeyFolder(const std::filesystem::path& folder) : folder_(folder) {}
  [[nodiscard]] feed::verify::Checked<std::string> get(const std::string& path) const override {
    constexpr std::string_view kKeys = "/v1/keys/";
    return path.starts_with(kKeys) ? folder_.get("/" + path.substr(kKeys.size())) : folder_.get(path);
  }
  [[nodiscard]] std::optional<std::vector<std::string>> names(const std::string& folder) const override {
    return folder_.names(folder);
  }

 private:
  FolderSource folder_;
};

/// What stands on the command line, as a file name, need not be UTF-8; what is printed is.
void print_replacing(const Json& json) { fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace)); }

/// All octets of a file or pipe; nothing when it cannot be read or is larger than any document of ours.
std::optional<std::string> read_whole(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string octets;
  std::array<char, kFileChunk> chunk{};
  while (in.good() && octets.size() <= feed::verify::kMaxGrowing) {
    in.read(chunk.data(), chunk.size());
    octets.append(chunk.data(), static_cast<std::size_t>(in.gcount()));
  }
  const bool whole = in.eof() && !in.bad() && octets.size() <= feed::verify::kMaxGrowing;
  return whole ? std::optional(std::move(octets)) : std::nullopt;
}

std::string_view word_of(Ending ending) {
  switch (ending) {
    case Ending::good:
      return "good";
    case Ending::refused:
      return "refused";
    case Ending::usage:
      return "usage";
    case Ending::unreachable:
      return "unreachable";
    case Ending::unknown:
      return "unknown";
  }
  return "refused";
}

Json to_json(const std::optional<Finding>& finding) {
  if (!finding) return {{"code", nullptr}, {"result", "good"}};
  return {{"code", code_of(finding->fault)},     {"detail", finding->detail},
          {"document", finding->document},       {"message", ja_of(finding->fault)},
          {"message_en", en_of(finding->fault)}, {"result", word_of(ending_of(finding->fault))}};
}

void print(const Finding& finding) {
  const std::string detail = finding.detail.empty() ? "" : " (" + finding.detail + ")";
  fmt::print("{} {} {}\n    {}\n    {}{}\n", word_of(ending_of(finding.fault)), code_of(finding.fault),
             finding.document, ja_of(finding.fault), en_of(finding.fault), detail);
}

Json to_json(const Status& status) {
  Json json{{"evidence", "status"},
            {"iat", status.iat.unix_seconds()},
            {"id", status.id},
            {"rely_until", status.rely_until.unix_seconds()},
            {"size", status.checkpoint.size.value()},
            {"state", status.state},
            {"ver", status.ver.value()}};
  json["as_of"] = status.as_of ? Json(status.as_of->iso()) : Json(nullptr);
  json["known_at"] = status.known_at ? Json(status.known_at->iso()) : Json(nullptr);
  return json;
}

Json to_json(const Receipt& receipt) {
  return {{"article", receipt.article},
          {"evidence", "receipt"},
          {"filing", receipt.filing},
          {"form", receipt.form},
          {"payload_sha256", receipt.payload_sha256},
          {"received_at", receipt.received_at}};
}

void print(const Status& status) {
  const std::string state = status.state.is_null() ? "nothing" : status.state.at("state").get<std::string>();
  fmt::print("good status {}: {}\n    issued {}, list version {}, log of {} leaves, to be relied on until {}\n",
             status.id, state, status.iat.iso(), status.ver.value(), status.checkpoint.size.value(),
             status.rely_until.iso());
  if (status.as_of) fmt::print("    as of {}, known at {}\n", status.as_of->iso(), status.known_at->iso());
}

void print(const Receipt& receipt) {
  fmt::print("good receipt of filing {} ({}), received at {}\n    payload SHA-256 {}\n", receipt.filing, receipt.form,
             receipt.received_at, receipt.payload_sha256);
}

/// What a filed list says of each service that was asked for: its record, null for one that is not in it.
Json to_json(const FiledList& filed, const std::vector<std::string>& services) {
  Json json{{"evidence", "list"},
            {"exp", filed.list.exp.unix_seconds()},
            {"iat", filed.list.iat.unix_seconds()},
            {"records", filed.leaves.size()},
            {"services", Json::object()},
            {"size", filed.checkpoint.size.value()},
            {"ver", filed.list.ver.value()}};
  for (const std::string& id : services) {
    const auto* leaf = filed.find(id);
    json["services"][id] = leaf == nullptr ? Json(nullptr) : registry::parse_json(leaf->octets)->at("record");
  }
  return json;
}

void print(const FiledList& filed, const std::vector<std::string>& services) {
  fmt::print("good list version {}: {} records\n    issued {}, log of {} leaves, to be relied on until {}\n",
             filed.list.ver.value(), filed.leaves.size(), filed.list.iat.iso(), filed.checkpoint.size.value(),
             filed.list.exp.iso());
  for (const std::string& id : services) {
    const auto* leaf = filed.find(id);
    const Json record = leaf == nullptr ? Json(nullptr) : registry::parse_json(leaf->octets)->at("record");
    const std::string says = record.is_null() ? "not listed" : record.value("state", "");
    fmt::print("    {}: {} at {}\n", id, says, filed.list.iat.iso());
  }
}

int failed_check(const Finding& finding, bool as_json) {
  if (as_json) {
    print_replacing(to_json(std::optional(finding)));
  } else {
    print(finding);
  }
  return exit_of(ending_of(finding.fault));
}

std::optional<Finding> payload_differs(const Receipt& receipt, const std::filesystem::path& file) {
  const auto octets = read_whole(file);
  if (!octets) return Finding{Fault::evidence_unreadable, file.string(), ""};
  const auto checked = feed::verify::check_payload(receipt, *octets, file.string());
  return checked ? std::nullopt : std::optional(checked.finding());
}

/// Prints what a filed document attests.
void show(const Evidence& evidence, const VerifyOptions& options) {
  const auto* list = std::get_if<FiledList>(&evidence);
  const auto* status = std::get_if<Status>(&evidence);
  if (options.json) {
    Json json = list != nullptr     ? to_json(*list, options.services)
                : status != nullptr ? to_json(*status)
                                    : to_json(std::get<Receipt>(evidence));
    json["result"] = "good";
    print_replacing(json);
  } else if (list != nullptr) {
    print(*list, options.services);
  } else if (status != nullptr) {
    print(*status);
  } else {
    print(std::get<Receipt>(evidence));
  }
}

int verify_file(const VerifyOptions& options, Instant now) {
  auto octets = read_whole(options.evidence);
  const std::string name = options.evidence.string();
  if (!octets) return failed_check({Fault::evidence_unreadable, name, ""}, options.json);
  // Editors and mail add a line end, which is not part of the document.
  while (octets->ends_with('\n') || octets->ends_with('\r')) octets->pop_back();
  const auto evidence = feed::verify::verify_evidence(*octets, KeyFolder(options.keys), options.trust, now, name);
  if (!evidence) return failed_check(evidence.finding(), options.json);
  if (const auto* receipt = std::get_if<Receipt>(&*evidence); receipt != nullptr && !options.payload.empty()) {
    if (const auto finding = payload_differs(*receipt, options.payload)) return failed_check(*finding, options.json);
  } else if (!options.payload.empty()) {
    fmt::print(stderr, "ismap-liu: --payload goes with a receipt, and {} is none\n", name);
    return kExitUsage;
  }
  show(*evidence, options);
  return kExitDone;
}

}  // namespace

int exit_of(Ending ending) {
  switch (ending) {
    case Ending::good:
      return kExitDone;
    case Ending::refused:
      return kExitFailed;
    case Ending::usage:
      return kExitUsage;
    case Ending::unreachable:
      return kExitUnreachable;
    case Ending::unknown:
      return kExitUnknown;
  }
  return kExitFailed;
}

int print_report(const feed::verify::Report& report, bool as_json) {
  if (as_json) {
    Json json = to_json(report.finding);
    json["checks"] = Json::array();
    for (const auto& passed : report.passed) {
      json["checks"].push_back({{"check", passed.check}, {"detail", passed.detail}});
    }
    json["notes"] = Json::array();
    for (const auto& note : report.notes) json["notes"].push_back({{"check", note.check}, {"detail", note.detail}});
    json["size"] = report.size.value();
    json["ver"] = report.ver.value();
    print_replacing(json);
  } else {
    for (const auto& passed : report.passed) fmt::print("ok {:<12} {}\n", passed.check, passed.detail);
    for (const auto& note : report.notes) fmt::print("note {:<10} {}\n", note.check, note.detail);
    if (report.finding) {
      print(*report.finding);
    } else {
      fmt::print("good list version {}, log of {} leaves\n", report.ver.value(), report.size.value());
    }
  }
  return exit_of(ending_of(report));
}

int run_verify(const VerifyOptions& options) {
  const Instant now = options.now ? Instant{0}.plus_seconds(*options.now) : system_now();
  if (!options.evidence.empty()) return verify_file(options, now);
  feed::verify::SiteOptions site{options.trust, options.state, now, options.services};
  const auto source = open_source(options.base);
  if (source == nullptr) {
    fmt::print(stderr, "ismap-liu: BASE is a folder or http(s)://HOST, not {}\n", options.base);
    return kExitUsage;
  }
  return print_report(verify_site(*source, site), options.json);
}

}  // namespace ismap::server
