#pragma once

#include "server/edge/http.h"
#include "server/office/office.h"

/// What an act is answered with, whatever route it came by.
namespace ismap::server {

/// An act's answer: 201, or 200 when it was done before, with its events and notices; 202 with the proposal and its
/// Location where four-eyes holds it back; 503 when what was recorded could not be published.
Response act_answer(const Recorded& recorded, bool english);

}  // namespace ismap::server
