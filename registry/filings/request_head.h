#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "registry/filings/form_choice.h"
#include "registry/filings/preparation.h"

/// What a filing's request says whatever its form: form, service, case, article, and the filing that it is about.
namespace ismap::registry {

/// Members that every form has.
inline constexpr std::array<std::string_view, 6> kOfEveryForm{"form",    "service",     "case",
                                                              "article", "supplements", "supersedes"};

/// What the members of every form say.
struct Head {
  Asked asked;
  Prepared prepared;
};

/// Reads them. Errors are added to `errors`: invalid, conflict; when the form is unknown `asked.ways` is empty.
Head read_head(const lmdb::ReadTxn& txn, const Json& request, const Filer& filer, Errors& errors);

/// A request in which members that need not be there are left out where they are null.
Json without_nulls(const Json& request);

template <class Names>
bool is_one_of(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The refusal of a member that no article asks for.
Error wrong_member(std::string pointer, std::string ja, std::string en);
Error unknown_member(const std::string& name);

}  // namespace ismap::registry
