#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

/// Pieces of an XML document, written in canonical form at once (formats: Atom). No parser, no tree.
namespace ismap::feed {

/// `text` on one line and made of XML characters alone: LF, CR and TAB become a space, and what XML 1.0 cannot carry
/// (other C0 controls, U+FFFE, U+FFFF) becomes U+FFFD. Nothing else changes; above all no normalisation.
/// REQUIRES: valid UTF-8, as parse_json gives it.
/// Source: XML 1.0 §2.2 (Char).
std::string one_line(std::string_view text);

/// `text` as character data: & < > and CR escaped.
/// REQUIRES: XML characters (one_line makes them so).
/// Source: Canonical XML 1.0 §2.3 (Text Nodes), which Exclusive XML Canonicalization keeps.
std::string escape_text(std::string_view text);

/// `text` as the value of an attribute in double quotes: & < " TAB LF and CR escaped, > not.
/// REQUIRES: XML characters.
/// Source: Canonical XML 1.0 §2.3 (Attribute Nodes).
std::string escape_attribute(std::string_view text);

/// One attribute or namespace declaration; `value` is not escaped yet.
struct XmlAttribute {
  std::string_view name;
  std::string_view value;
};

/// `<name attributes>`.
/// REQUIRES: namespace declarations first, then the others by name (Canonical XML 1.0 §2.2, document order).
std::string start_tag(std::string_view name, std::initializer_list<XmlAttribute> attributes = {});
/// `</name>`.
std::string end_tag(std::string_view name);
/// An element around `inner`, which is canonical XML already. Without content it still has two tags.
std::string element(std::string_view name, std::initializer_list<XmlAttribute> attributes, std::string_view inner);
/// An element around `text`, which is escaped here.
std::string text_element(std::string_view name, std::string_view text);

}  // namespace ismap::feed
