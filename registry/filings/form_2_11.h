#pragma once

#include "registry/canonical_json.h"
#include "registry/result.h"
#include "registry/service.h"
#include "registry/time.h"

/// Form 2-11 ISMAP-LIUクラウドサービスリスト掲載事項変更届出書: what a registrant may ask to change on the list.
namespace ismap::registry::rules {

/// Every wrong, missing or unknown member of the form's own, but what its changes would do to the record: changes,
/// reason; optional effective and material_change. REQUIRES: an object. Article: 14.2
Errors check_members(const Json& request);

/// The payload that the receipt will cover: every member present, texts with LF, `effective` by default `today`.
/// REQUIRES: check_members finds nothing, or the payload is only looked at to name more mistakes; request is an object.
Json payload_of(const Json& request, Day today);

/// Whether the payload's changes may be asked by a registrant and would make a sound record of `service`.
/// (1) (2) (3) but the corporate number, (9), (11); (6) and (7) with the answer to "is this 14.1?".
/// Errors: invalid under /changes, each with the article 11.5(n) of the item. Article: 14.1, 14.2
Result<Done> check_form_2_11(const Json& payload, const Service& service);

}  // namespace ismap::registry::rules
