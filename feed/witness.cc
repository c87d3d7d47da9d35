#include "feed/witness.h"

#include <fmt/format.h>

#include <charconv>

#include "feed/crypto.h"

namespace ismap::feed {

namespace {

using registry::Code;
using registry::Error;
using registry::Result;
using registry::TreeSize;

constexpr std::int64_t kClockSkewSeconds = 300;  ///< as a verifier allows it
constexpr std::size_t kMostLines = 16;

/// The decimal size of a 409, ended by a newline.
std::optional<TreeSize> read_other_size(std::string_view body) {
  if (!body.ends_with('\n')) return std::nullopt;
  body.remove_suffix(1);
  std::uint64_t size = 0;
  const auto read = std::from_chars(body.data(), body.data() + body.size(), size);
  if (read.ec != std::errc{} || fmt::format("{}", size) != body) return std::nullopt;
  return TreeSize{size};
}

/// The first line that the witness signed over the checkpoint; lines of unknown keys are passed over.
std::string find_line(std::string_view body, const CosignRequest& request, const VerifierKey& witness) {
  for (std::size_t n = 0; n < kMostLines && !body.empty(); ++n) {
    const std::size_t end = body.find('\n');
    if (end == std::string_view::npos) break;
    std::string line(body.substr(0, end + 1));
    body.remove_prefix(end + 1);
    const auto seen = verify_cosignatures(request.checkpoint + line, {&witness, 1}, 1);
    if (seen && seen->front().at <= request.now.plus_seconds(kClockSkewSeconds)) return line;
  }
  return "";
}

std::string reason_of(int status) {
  switch (status) {
    case 403:
      return "it does not know the log's key";
    case 404:
      return "it does not know the log";
    case 422:
      return "it has seen another log under this name, or the proof does not hold";
    default:
      return fmt::format("it answered {}", status);
  }
}

}  // namespace

std::string add_checkpoint_body(TreeSize old_size, std::span<const registry::Digest> proof,
                                std::string_view checkpoint) {
  std::string body = fmt::format("old {}\n", old_size.value());
  for (const registry::Digest& hash : proof) {
    body += base64({reinterpret_cast<const char*>(hash.value().data()), hash.value().size()});
    body += '\n';
  }
  body += '\n';
  body += checkpoint;
  return body;
}

WitnessAnswer read_witness_answer(int status, std::string_view body, const CosignRequest& request,
                                  const VerifierKey& witness) {
  WitnessAnswer answer;
  if (status == 200) {
    answer.line = find_line(body, request, witness);
    if (answer.line.empty()) answer.reason = "its answer holds no cosignature of its key, or one from the future";
  } else if (status == 409) {
    answer.other_size = read_other_size(body);
    answer.reason = "it has seen another size";
    if (answer.other_size && *answer.other_size > request.size) {
      answer.other_size.reset();
      answer.reason = "it has seen a longer log than this one: was an older copy restored?";
    }
  } else {
    answer.reason = reason_of(status);
  }
  return answer;
}

Result<std::string> with_cosignatures(const CosignRequest& request, const std::string& lines) {
  std::string note = request.checkpoint + lines;
  const auto seen = verify_cosignatures(note, request.witnesses, request.quorum);
  if (seen) return note;
  return Error{
      Code::unavailable, "", "",
      fmt::format("必要な数（{}）の証人の署名が得られないため、公表しません。証人に連絡が取れるか確かめてください",
                  request.quorum),
      fmt::format("fewer than {} witnesses cosigned, so nothing is published: see whether they can be reached",
                  request.quorum)};
}

}  // namespace ismap::feed
