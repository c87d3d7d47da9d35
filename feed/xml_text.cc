#include "feed/xml_text.h"

namespace ismap::feed {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// Whether U+FFFE or U+FFFF (EF BF BE, EF BF BF) begins at `at`.
bool is_noncharacter(std::string_view text, std::size_t at) {
  return text.substr(at, 3) == "\xEF\xBF\xBE" || text.substr(at, 3) == "\xEF\xBF\xBF";
}

void append_text_octet(std::string& out, char c) {
  switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '\r':
      out += "&#xD;";
      break;
    default:
      out += c;
  }
}

void append_attribute_octet(std::string& out, char c) {
  switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '"':
      out += "&quot;";
      break;
    case '\t':
      out += "&#x9;";
      break;
    case '\n':
      out += "&#xA;";
      break;
    case '\r':
      out += "&#xD;";
      break;
    default:
      out += c;
  }
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n' || c == '\r' || c == '\t') {
      out += ' ';
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += kReplacement;
    } else if (is_noncharacter(text, i)) {
      out += kReplacement;
      i += 2;
    } else {
      out += c;
    }
  }
  return out;
}

std::string escape_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) append_text_octet(out, c);
  return out;
}

std::string escape_attribute(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) append_attribute_octet(out, c);
  return out;
}

std::string start_tag(std::string_view name, std::initializer_list<XmlAttribute> attributes) {
  std::string out = "<";
  out += name;
  for (const XmlAttribute& a : attributes) {
    out += ' ';
    out += a.name;
    out += "=\"";
    out += escape_attribute(a.value);
    out += '"';
  }
  out += '>';
  return out;
}

std::string end_tag(std::string_view name) {
  std::string out = "</";
  out += name;
  out += '>';
  return out;
}

std::string element(std::string_view name, std::initializer_list<XmlAttribute> attributes, std::string_view inner) {
  std::string out = start_tag(name, attributes);
  out += inner;
  out += end_tag(name);
  return out;
}

std::string text_element(std::string_view name, std::string_view text) { return element(name, {}, escape_text(text)); }

}  // namespace ismap::feed
