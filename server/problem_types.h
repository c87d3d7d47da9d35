#pragma once

#include <string_view>
#include <vector>

/// The kinds of refusal: what each is called and what it means. Its `type` is the path of its page. Source: RFC 9457.
namespace ismap::server {

/// One kind; a status has one.
struct ProblemType {
  int status = 0;
  std::string_view slug;  ///< the type is "/problems/SLUG"
  std::string_view ja;    ///< title
  std::string_view en;
  std::string_view meaning_ja;
  std::string_view meaning_en;
  std::string_view remedy_ja;  ///< what to do
  std::string_view remedy_en;
};

const std::vector<ProblemType>& problem_types();
/// The kind of a status; the last of the table for a status that has none.
const ProblemType& problem_type_of(int status);
/// The kind of that name; null when there is none.
const ProblemType* find_problem_type(std::string_view slug);

}  // namespace ismap::server
