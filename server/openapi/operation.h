#pragma once

#include <string_view>
#include <vector>

/// What the documentation says of the routes that people and programs may call: a table beside server/routes.h, held to
/// it by a test. Method, path, right and query parameters are the route's own and stand there alone.
namespace ismap::server::openapi {

/// A sentence in both languages.
struct Words {
  std::string_view ja;
  std::string_view en;
};

/// Whether a request is told apart from its repetition by an Idempotency-Key.
enum class Key { none, optional, required };

/// Whether If-Match must say which state the caller looked at.
enum class Looked { none, optional, required };

/// Whether a request has a body, and of what kind.
enum class Body { none, json, optional_json, file };

/// One answer that is no refusal.
struct Answer {
  int status = 200;
  std::string_view schema = {};  ///< name of a component; "": octets or text of `media`, or no body when that is "" too
  std::string_view media = "application/json";
  Words says = {};
  std::vector<std::string_view> headers = {};  ///< names of header components
};

/// One operation.
struct Operation {
  std::string_view method;
  std::string_view pattern;  ///< as in the table of routes
  std::string_view id;       ///< operationId
  std::string_view tag;
  Words summary;
  Words description;
  std::vector<Answer> answers;
  std::vector<int> problems = {};  ///< refusals beyond those that every route of its kind can come to
  std::string_view request = {};   ///< name of the component that its JSON body is
  Key key = Key::none;
  Looked looked = Looked::none;
  Body body = Body::none;
};

/// A group of operations.
struct Tag {
  std::string_view name;
  Words title;
  Words says;
};

const std::vector<Tag>& tags();

/// Every operation, in the order in which they are read.
const std::vector<Operation>& operations();
/// The operation of a row; null when there is none.
const Operation* find_operation(std::string_view method, std::string_view pattern);

/// The parts of operations(), a file each.
std::vector<Operation> list_operations();
std::vector<Operation> log_operations();
std::vector<Operation> filing_operations();
std::vector<Operation> attachment_operations();
std::vector<Operation> case_operations();
std::vector<Operation> office_operations();
std::vector<Operation> site_operations();

}  // namespace ismap::server::openapi
