#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "feed/generation.h"
#include "registry/result.h"
#include "registry/strong.h"
#include "registry/time.h"

/// The list as signed JSON and as CSV (formats: List and evidence).
namespace ismap::feed {

/// How long a client may keep a list before it asks again. Units: seconds.
inline constexpr std::int64_t kListTtlSeconds = 3600;

/// What a list says of itself.
struct ListHead {
  std::string iss;  ///< "https://HOST"
  registry::ListVersion ver;
  registry::Instant iat;
  registry::Instant exp;
  std::string checkpoint;  ///< the whole signed note
};

using ListedServices = std::vector<std::shared_ptr<const ListedService>>;

/// Makes of a service's latest leaf what the list and the queries need of it. Errors: corrupt.
registry::Result<ListedService> listed_service(registry::LeafBytes leaf);

/// The payload of /v1/list.jwt, which is /v1/list.json: its own RFC 8785 form, the leaves joined as they are.
/// REQUIRES: `services` in order of id.
std::string list_payload(const ListHead& head, const ListedServices& services);

/// /v1/list.csv: BOM, header and one row a registered service, each ended by CRLF (RFC 4180).
std::string list_csv(const ListedServices& services);

}  // namespace ismap::feed
