#include <utility>

#include "feed/verify/list_check.h"
#include "feed/verify/octets.h"
#include "feed/verify/status.h"
#include "registry/canonical_json.h"
#include "registry/digest.h"

/// Receipts, and telling the kinds of evidence apart.
namespace ismap::feed::verify {

namespace {

using registry::Instant;

/// A receipt on its way.
struct ReceiptClaim {
  Receipt receipt;
  std::string iss;
  std::string sub;
  Instant iat;
};

std::optional<ReceiptClaim> read_claim(std::string_view payload) {
  const auto members = canonical_members(payload);
  const auto v =
      members ? values_of(*members, {"article", "filing", "form", "iat", "iss", "payload_sha256", "received_at", "sub"})
              : std::nullopt;
  if (!v) return std::nullopt;
  const auto iat = instant_of((*v)[3]);
  if (!iat) return std::nullopt;
  ReceiptClaim claim;
  claim.iat = *iat;
  struct Field {
    std::string& to;
    std::string_view from;
  };
  Receipt& r = claim.receipt;
  for (const Field& field :
       {Field{r.article, (*v)[0]}, Field{r.filing, (*v)[1]}, Field{r.form, (*v)[2]}, Field{claim.iss, (*v)[4]},
        Field{r.payload_sha256, (*v)[5]}, Field{r.received_at, (*v)[6]}, Field{claim.sub, (*v)[7]}}) {
    auto text = text_of(field.from);
    if (!text) return std::nullopt;
    field.to = std::move(*text);
  }
  const auto received = Instant::parse(r.received_at);
  const bool sound = received && received->iso() == r.received_at && registry::digest_from_hex(r.payload_sha256) &&
                     claim.sub == claim.iss + "/v1/filings/" + r.filing;
  return sound ? std::optional(claim) : std::nullopt;
}

}  // namespace

Checked<Receipt> open_receipt(std::string_view compact, const KeyHistory& keys, Instant now,
                              const std::string& document) {
  const auto opened =
      open_jwt(compact, keys, kReceiptType, Fault::receipt_malformed, Fault::receipt_signature, document);
  if (!opened) return opened.finding();
  const auto claim = read_claim(opened->octets);
  if (!claim || claim->iss != keys.newest().iss) return Finding{Fault::receipt_malformed, document, ""};
  if (!keys.holds(opened->kids.front(), {claim->iat, {}, {}})) return Finding{Fault::receipt_key, document, ""};
  if (claim->iat > now.plus_seconds(kClockSkewSeconds)) return Finding{Fault::receipt_future, document, ""};
  return claim->receipt;
}

Checked<registry::Done> check_payload(const Receipt& receipt, std::string_view payload, const std::string& document) {
  const auto json = registry::parse_json(payload);
  if (!json) return Finding{Fault::receipt_payload, document, json.errors().front().en};
  const std::string digest = registry::hex(registry::sha256(registry::canonical(*json)));
  if (digest != receipt.payload_sha256) return Finding{Fault::receipt_payload, document, "its SHA-256 is " + digest};
  return registry::Done{};
}

Checked<Evidence> open_evidence(std::string_view compact, const KeyHistory& keys, Instant now,
                                const std::string& document) {
  const auto as_evidence = [](auto opened) -> Checked<Evidence> {
    if (!opened) return opened.finding();
    return Evidence(std::move(*opened));
  };
  const std::string typ = type_of(compact);
  if (typ == kListType) return as_evidence(open_filed_list(compact, keys, now, document));
  if (typ == kReceiptType) return as_evidence(open_receipt(compact, keys, now, document));
  return as_evidence(open_status(compact, keys, now, document));
}

}  // namespace ismap::feed::verify
