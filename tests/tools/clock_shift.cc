// A clock that is moved while the program runs: loaded before libc (LD_PRELOAD) into the program under test, never
// linked. The environment variable ISMAP_CLOCK_SHIFT names a file with a number of seconds, added to the wall clock at
// each call; without the file the clock is right. Clocks that only measure are left alone.
#include <dlfcn.h>

#include <cstdlib>
#include <ctime>
#include <fstream>

namespace {

long shift() {
  const char* file = std::getenv("ISMAP_CLOCK_SHIFT");
  if (file == nullptr) return 0;
  long seconds = 0;
  std::ifstream(file) >> seconds;
  return seconds;
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, struct timespec* at) noexcept {
  using Call = int (*)(clockid_t, struct timespec*);
  static const auto real = reinterpret_cast<Call>(::dlsym(RTLD_NEXT, "clock_gettime"));
  const int result = real(clock, at);
  if (result == 0 && clock == CLOCK_REALTIME) at->tv_sec += shift();
  return result;
}
