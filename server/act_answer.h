#pragma once

#include "registry/canonical_json.h"
#include "server/http.h"
#include "server/office.h"

/// What an act is answered with, whatever route it came by.
namespace ismap::server {

/// {"seq", "seqs", "list_ver"} of what was recorded.
registry::Json recorded_json(const Recorded& recorded);

/// What was recorded and could not be published: 503 that names the event.
Response recorded_only(const Recorded& recorded, bool english);

/// An act's answer: 201, or 200 when it was done before, with its events and notices; 202 with the proposal and its
/// Location where four-eyes holds it back; 503 when what was recorded could not be published.
Response act_answer(const Recorded& recorded, bool english);

}  // namespace ismap::server
