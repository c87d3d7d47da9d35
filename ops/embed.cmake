# Writes ${OUT}: a function ${FUNCTION}() that maps each of ${FILES} (path from ${ROOT}) to its bytes.
string(REPLACE "," ";" FILES "${FILES}")
set(arrays "")
set(entries "")
set(n 0)
foreach(file IN LISTS FILES)
  file(RELATIVE_PATH name ${ROOT} ${file})
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
  string(APPEND arrays "constexpr char kFile${n}[] = {${bytes}'\\0'};\n")
  string(APPEND entries "      {\"${name}\", {kFile${n}, sizeof kFile${n} - 1}},\n")
  math(EXPR n "${n} + 1")
endforeach()
file(WRITE ${OUT} "#include <map>\n#include <string_view>\n
namespace ismap::embedded {
namespace {
${arrays}}  // namespace
const std::map<std::string_view, std::string_view>& ${FUNCTION}();
const std::map<std::string_view, std::string_view>& ${FUNCTION}() {
  static const std::map<std::string_view, std::string_view> files = {
${entries}  };
  return files;
}
}  // namespace ismap::embedded
")
