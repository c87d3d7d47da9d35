#pragma once

#include "registry/canonical_json.h"
#include "registry/result.h"
#include "registry/service.h"
#include "registry/time.h"

/// Form 2-11 ISMAP-LIUクラウドサービスリスト掲載事項変更届出書: what a registrant may ask to change on the list.
namespace ismap::registry::rules {

/// Reads the request of a filing into the payload that the receipt will cover: every member present, texts with LF.
/// Members: form, service, changes, reason; optional effective (default `today`) and material_change.
/// Errors: invalid, one for each wrong or unknown member. Article: 14.2
Result<Json> read_form_2_11(const Json& request, Day today);

/// Whether the payload's changes may be asked by a registrant and would make a sound record of `service`.
/// (1) (2) (3) but the corporate number, (9), (11); (6) and (7) with the answer to "is this 14.1?".
/// Errors: invalid under /changes, each with the article 11.5(n) of the item. Article: 14.1, 14.2
Result<Done> check_form_2_11(const Json& payload, const Service& service);

}  // namespace ismap::registry::rules
