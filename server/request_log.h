#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/edge/http.h"

/// One line an answer, for who runs the server.
namespace ismap::server {

/// What the log says of an answer. Of what a client sends there is nothing in it but the address: no path, no query, no
/// header field, no body, so that neither a secret nor anything of a case can get into a log.
struct AnswerRecord {
  std::string_view method;  ///< "other" for one that no route has
  std::string_view route;   ///< the pattern of the route; "": there is none
  int status = 0;
  double milliseconds = 0;                  ///< from the whole request to the whole answer
  std::string token;                        ///< id of the token that spoke; "": none did
  std::string address;                      ///< of the client; "": this machine
  std::optional<std::uint32_t> local_user;  ///< who spoke at the local socket
  bool for_callers = false;                 ///< the route is not everyone's
};

/// The method as it may stand in a log.
std::string_view logged_method(std::string_view method);

/// Whether the answer is worth a line: it was for a caller, or it is a refusal.
bool is_logged(const AnswerRecord& record);

/// The members of the line, as they stand in a JSON object.
std::string log_members(const AnswerRecord& record);

}  // namespace ismap::server
