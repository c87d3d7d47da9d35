#pragma once

#include <string_view>

#include "registry/result.h"
#include "registry/strong.h"

namespace ismap::registry {

/// The check digit that stands before the other twelve digits of a corporate number (法人番号).
/// REQUIRES: `twelve` is twelve ASCII digits.
/// Source: 法人番号の指定等に関する省令 2 (9 − Σ Pn·Qn mod 9, from the lowest digit, Qn = 1 or 2 in turn); facts §3.
char corporate_check_digit(std::string_view twelve);

/// Reads a corporate number: 13 ASCII digits with the right check digit.
/// Errors: invalid, article 11.5(3), telling a wrong length, a character that is no digit (a number that a spreadsheet
/// turned into 4.0011E+12, full-width digits) and a check digit that does not agree.
Result<CorporateNumber> parse_corporate_number(std::string_view text);

}  // namespace ismap::registry
