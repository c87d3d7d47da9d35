#pragma once

#include <lmdb.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/result.h"

/// The thin layer over LMDB: transactions are arguments, the state of a handle is its type, nothing escapes.
namespace ismap::registry::lmdb {

/// A named table of the environment; its position in the list given to Env::open.
struct Table {
  unsigned index;
};

/// An LMDB call that failed; caught by Env::read and Env::write, never seen outside.
class Failure : public std::runtime_error {
 public:
  Failure(const char* what_was_done, int code);
  [[nodiscard]] int code() const { return code_; }

 private:
  int code_;
};

class Env;

/// A snapshot. Views that it gives live as long as it does and must not leave the function it was given to.
class ReadTxn {
 public:
  ReadTxn(const ReadTxn&) = delete;
  ReadTxn& operator=(const ReadTxn&) = delete;

  [[nodiscard]] std::optional<std::string_view> get(Table table, std::string_view key) const;
  /// Number of entries of a table.
  [[nodiscard]] std::size_t count(Table table) const;
  /// The entry with the greatest key.
  [[nodiscard]] std::optional<std::pair<std::string_view, std::string_view>> last(Table table) const;
  /// Visits entries with key ≥ `from` in order until `visit` returns false.
  void scan(Table table, std::string_view from,
            const std::function<bool(std::string_view key, std::string_view value)>& visit) const;

 protected:
  friend class Env;
  ReadTxn(const Env& env, MDB_txn* txn) : env_(env), txn_(txn) {}
  ~ReadTxn() = default;
  [[nodiscard]] MDB_dbi dbi(Table table) const;

  const Env& env_;
  MDB_txn* txn_;
};

/// The one writer. What it puts is seen by its own reads at once and by others after the commit.
class WriteTxn : public ReadTxn {
 public:
  /// Adds or replaces.
  void put(Table table, std::string_view key, std::string_view value);
  /// Adds at the end; LMDB itself refuses a key that is not the greatest (MDB_KEYEXIST), so nothing is rewritten.
  void append(Table table, std::string_view key, std::string_view value);
  /// Removes the entry if there is one.
  void erase(Table table, std::string_view key);
  /// Empties the table.
  void clear(Table table);

 private:
  friend class Env;
  WriteTxn(const Env& env, MDB_txn* txn) : ReadTxn(env, txn) {}
  ~WriteTxn() = default;
};

struct EnvOptions {
  std::size_t map_bytes = std::size_t{64} << 30;  ///< a sparse map costs nothing on disk
  bool create = false;
  bool read_only = false;  ///< beside a live server: fsck
};

/// One LMDB environment, made in main and passed by reference. Always syncs: a returned commit is on the disk.
/// Thread: read and write may be called from any thread; LMDB lets one writer in at a time.
class Env {
 public:
  /// Opens the folder and all `tables`. Errors: unavailable (missing, no space, no permission), corrupt.
  static Result<std::unique_ptr<Env>> open(const std::filesystem::path& folder, const std::vector<std::string>& tables,
                                           const EnvOptions& options);
  ~Env();
  Env(const Env&) = delete;
  Env& operator=(const Env&) = delete;

  /// Runs `f(const ReadTxn&) → Result<T>` on one snapshot.
  template <class F>
  auto read(F&& f) const -> decltype(f(std::declval<const ReadTxn&>())) {
    try {
      ReadGuard guard(*this);
      return f(static_cast<const ReadTxn&>(guard.txn));
    } catch (const Failure& failure) {
      return refusal(failure);
    }
  }

  /// Copies a consistent snapshot into an empty folder, beside readers and a writer, and leaves free pages out.
  /// Errors: unavailable.
  [[nodiscard]] Result<Done> copy_to(const std::filesystem::path& folder) const;

  /// Runs `f(WriteTxn&) → Result<T>` and commits only if it holds a value; durable when this returns.
  /// Errors: f's own, or unavailable when LMDB cannot write. Nothing is changed then, unless the environment stopped:
  /// that the error says, and the next opening tells.
  template <class F>
  auto write(F&& f) -> decltype(f(std::declval<WriteTxn&>())) {
    try {
      WriteGuard guard(*this);
      auto result = f(guard.txn);
      if (result.ok()) guard.commit();
      return result;
    } catch (const Failure& failure) {
      return refusal(failure);
    }
  }

 private:
  friend class ReadTxn;
  struct ReadGuard {
    explicit ReadGuard(const Env& env);
    ~ReadGuard();
    ReadGuard(const ReadGuard&) = delete;
    ReadGuard& operator=(const ReadGuard&) = delete;
    ReadTxn txn;
  };
  struct WriteGuard {
    explicit WriteGuard(Env& env);
    ~WriteGuard();
    WriteGuard(const WriteGuard&) = delete;
    WriteGuard& operator=(const WriteGuard&) = delete;
    void commit();
    WriteTxn txn;
  };

  Env() = default;
  /// Whether LMDB lets nobody in any more: its meta page could not be written, and what is on the disk is not known
  /// before the environment is opened again.
  [[nodiscard]] bool stopped() const;
  static Error refusal(const Failure& failure);

  MDB_env* env_ = nullptr;
  std::vector<MDB_dbi> dbis_;
};

/// Big-endian key of a number: byte order is numeric order.
std::string key_of(std::uint64_t n);
/// REQUIRES: 8 bytes.
std::uint64_t number_of(std::string_view key);

}  // namespace ismap::registry::lmdb
