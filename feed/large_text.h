#pragma once

#include <cstddef>
#include <string>

namespace ismap::feed {

/// Makes room for `octets` octets in `text`, in huge pages where the text is large and the system offers them: a list
/// of 50,000 services is some 200 MB that each publication writes anew, and to fault it in by pages of 4 KiB takes
/// longer than to hash it. Where they are not offered nothing is lost (madvise(2), MADV_HUGEPAGE). REQUIRES: `octets`
/// counts all that is going to be added, or the text moves to other pages.
void reserve_large(std::string& text, std::size_t octets);

}  // namespace ismap::feed
