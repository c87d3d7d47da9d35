// A disk that fails when it is told to: loaded before libc (LD_PRELOAD) into the program under test, never linked.
//
// The environment variable ISMAP_DISK_FAULTS names a control file, looked at before each call, so that a test switches
// faults on and off while the program runs. Without the file, or with an empty one, every call goes through. It holds
// one line a fault:
//
//   FILE CALLS ERROR AFTER OUTCOME
//
//   FILE     name of the file or folder that the descriptor stands for, without its path: data.mdb,
//   last-signed.json.tmp CALLS    sync (fsync, fdatasync, msync) | write (write, pwrite, writev, pwritev) | meta (a
//   write to a descriptor
//            that was opened with O_DSYNC: LMDB writes its two meta pages so, and nothing else)
//   ERROR    EIO | ENOSPC
//   AFTER    how many such calls still go through; counted anew whenever the control file changes
//   OUTCOME  lost (the call does nothing) | kept (the call is done whole, then said to have failed) |
//            torn (the first half is written, then it is said to have failed) | stuck (as kept, and every later
//            `write` to that file is lost)
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct Fault {
  std::string file;
  std::string calls;
  int error = EIO;
  unsigned after = 0;
  std::string outcome;
};

/// The faults of the control file and how often each was met.
class Faults {
 public:
  /// The fault that this call meets now; an empty outcome when it meets none.
  std::string met_by(const std::string& file, std::string_view calls, int& error) {
    const std::lock_guard<std::mutex> lock(mutex_);
    reread();
    for (Fault& fault : faults_) {
      if (fault.file != file || fault.calls != calls) continue;
      if (fault.after > 0) {
        --fault.after;
        continue;
      }
      error = fault.error;
      if (fault.outcome != "stuck") return fault.outcome;
      faults_.push_back(Fault{file, "write", fault.error, 0, "lost"});
      return "kept";
    }
    return {};
  }

 private:
  void reread() {
    const char* name = std::getenv("ISMAP_DISK_FAULTS");
    if (name == nullptr) return;
    const std::ifstream file(name);
    std::stringstream text;
    if (file) text << file.rdbuf();
    if (text.str() == text_) return;
    text_ = text.str();
    faults_.clear();
    std::string error;
    for (Fault fault; text >> fault.file >> fault.calls >> error >> fault.after >> fault.outcome;) {
      fault.error = error == "ENOSPC" ? ENOSPC : EIO;
      faults_.push_back(fault);
    }
  }

  std::mutex mutex_;  ///< guards all
  std::string text_;
  std::vector<Fault> faults_;
};

Faults& faults() {
  static auto* const all = new Faults;  // never destroyed: calls come until the very end of the process
  return *all;
}

/// While this thread reads the control file, its own calls go through.
thread_local bool looking = false;

std::string name_of(int descriptor) {
  std::array<char, 4096> target{};
  const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
  const ssize_t length = ::readlink(link.c_str(), target.data(), target.size());
  if (length <= 0) return {};
  const std::string path(target.data(), static_cast<std::size_t>(length));
  return path.substr(path.rfind('/') + 1);
}

std::string outcome(const std::string& file, std::string_view calls, int& error) {
  if (looking || file.empty()) return {};
  looking = true;
  std::string met = faults().met_by(file, calls, error);
  looking = false;
  return met;
}

template <class Call>
Call* real(const char* name) {
  return reinterpret_cast<Call*>(::dlsym(RTLD_NEXT, name));
}

/// Answers a call by what the control file says of it. `half` does the first half of the work.
template <class Whole, class Half>
auto answer(int descriptor, std::string_view calls, Whole whole, Half half) -> decltype(whole()) {
  int error = EIO;
  const int before = errno;
  const std::string met = outcome(name_of(descriptor), calls, error);
  errno = before;
  if (met.empty()) return whole();
  if (met == "kept") (void)whole();
  if (met == "torn") (void)half();
  errno = error;
  return -1;
}

bool writes_through(int descriptor) { return (::fcntl(descriptor, F_GETFL) & O_DSYNC) == O_DSYNC; }

template <class Whole, class Half>
ssize_t answer_write(int descriptor, Whole whole, Half half) {
  return answer(descriptor, writes_through(descriptor) ? "meta" : "write", whole, half);
}

int answer_sync(int descriptor, const char* name) {
  const auto whole = [&] { return real<int(int)>(name)(descriptor); };
  return answer(descriptor, "sync", whole, [] { return 0; });
}

}  // namespace

extern "C" {

int fsync(int descriptor) { return answer_sync(descriptor, "fsync"); }

int fdatasync(int descriptor) { return answer_sync(descriptor, "fdatasync"); }

/// A mapping has no descriptor; the one file that the program maps to write is data.mdb.
int msync(void* address, size_t length, int flags) {
  int error = EIO;
  const std::string met = outcome("data.mdb", "sync", error);
  if (met.empty() || met == "kept") {
    const int done = real<int(void*, size_t, int)>("msync")(address, length, flags);
    if (met.empty()) return done;
  }
  errno = error;
  return -1;
}

ssize_t write(int descriptor, const void* bytes, size_t size) {
  const auto call = real<ssize_t(int, const void*, size_t)>("write");
  return answer_write(
      descriptor, [&] { return call(descriptor, bytes, size); }, [&] { return call(descriptor, bytes, size / 2); });
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t at) {
  const auto call = real<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  return answer_write(
      descriptor, [&] { return call(descriptor, bytes, size, at); },
      [&] { return call(descriptor, bytes, size / 2, at); });
}

ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t at) {
  return pwrite(descriptor, bytes, size, at);
}

ssize_t writev(int descriptor, const iovec* parts, int count) {
  const auto call = real<ssize_t(int, const iovec*, int)>("writev");
  return answer_write(
      descriptor, [&] { return call(descriptor, parts, count); },
      [&] { return call(descriptor, parts, (count + 1) / 2); });
}

ssize_t pwritev(int descriptor, const iovec* parts, int count, off_t at) {
  const auto call = real<ssize_t(int, const iovec*, int, off_t)>("pwritev");
  return answer_write(
      descriptor, [&] { return call(descriptor, parts, count, at); },
      [&] { return call(descriptor, parts, (count + 1) / 2, at); });
}

ssize_t pwritev64(int descriptor, const iovec* parts, int count, off64_t at) {
  return pwritev(descriptor, parts, count, at);
}

}  // extern "C"
