#include "registry/lmdb/env.h"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

namespace ismap::registry::lmdb {

namespace {

void check(int code, const char* what) {
  if (code != MDB_SUCCESS) throw Failure(what, code);
}

MDB_val val(std::string_view bytes) {
  // LMDB takes a non-const pointer and does not write through it.
  return MDB_val{bytes.size(), const_cast<char*>(bytes.data())};
}

std::string_view view(const MDB_val& v) { return {static_cast<const char*>(v.mv_data), v.mv_size}; }

/// A cursor for the length of one call.
class Cursor {
 public:
  Cursor(MDB_txn* txn, MDB_dbi dbi) { check(mdb_cursor_open(txn, dbi, &cursor_), "open a cursor"); }
  ~Cursor() { mdb_cursor_close(cursor_); }
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  bool move(MDB_val& key, MDB_val& value, MDB_cursor_op op) {
    const int code = mdb_cursor_get(cursor_, &key, &value, op);
    if (code == MDB_NOTFOUND) return false;
    check(code, "move a cursor");
    return true;
  }

 private:
  MDB_cursor* cursor_ = nullptr;
};

}  // namespace

Failure::Failure(const char* what_was_done, int code)
    : std::runtime_error(fmt::format("LMDB could not {}: {}", what_was_done, mdb_strerror(code))), code_(code) {}

MDB_dbi ReadTxn::dbi(Table table) const { return env_.dbis_.at(table.index); }

std::optional<std::string_view> ReadTxn::get(Table table, std::string_view key) const {
  MDB_val k = val(key);
  MDB_val v{};
  const int code = mdb_get(txn_, dbi(table), &k, &v);
  if (code == MDB_NOTFOUND) return std::nullopt;
  check(code, "read an entry");
  return view(v);
}

std::size_t ReadTxn::count(Table table) const {
  MDB_stat stat{};
  check(mdb_stat(txn_, dbi(table), &stat), "count a table");
  return stat.ms_entries;
}

std::optional<std::pair<std::string_view, std::string_view>> ReadTxn::last(Table table) const {
  Cursor cursor(txn_, dbi(table));
  MDB_val key{};
  MDB_val value{};
  if (!cursor.move(key, value, MDB_LAST)) return std::nullopt;
  return std::pair{view(key), view(value)};
}

void ReadTxn::scan(Table table, std::string_view from,
                   const std::function<bool(std::string_view, std::string_view)>& visit) const {
  Cursor cursor(txn_, dbi(table));
  MDB_val key = val(from);
  MDB_val value{};
  bool more = cursor.move(key, value, from.empty() ? MDB_FIRST : MDB_SET_RANGE);
  while (more && visit(view(key), view(value))) more = cursor.move(key, value, MDB_NEXT);
}

void WriteTxn::put(Table table, std::string_view key, std::string_view value) {
  MDB_val k = val(key);
  MDB_val v = val(value);
  check(mdb_put(txn_, dbi(table), &k, &v, 0), "write an entry");
}

void WriteTxn::append(Table table, std::string_view key, std::string_view value) {
  MDB_val k = val(key);
  MDB_val v = val(value);
  check(mdb_put(txn_, dbi(table), &k, &v, MDB_APPEND | MDB_NOOVERWRITE), "append an entry");
}

void WriteTxn::erase(Table table, std::string_view key) {
  MDB_val k = val(key);
  const int code = mdb_del(txn_, dbi(table), &k, nullptr);
  if (code != MDB_NOTFOUND) check(code, "erase an entry");
}

void WriteTxn::clear(Table table) { check(mdb_drop(txn_, dbi(table), 0), "empty a table"); }

Result<std::unique_ptr<Env>> Env::open(const std::filesystem::path& folder, const std::vector<std::string>& tables,
                                       const EnvOptions& options) {
  std::unique_ptr<Env> env(new Env());
  MDB_txn* txn = nullptr;
  try {
    if (options.create) {
      std::filesystem::create_directories(folder);
      std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    }
    check(mdb_env_create(&env->env_), "make an environment");
    check(mdb_env_set_mapsize(env->env_, options.map_bytes), "set the map size");
    check(mdb_env_set_maxdbs(env->env_, static_cast<MDB_dbi>(tables.size())), "set the number of tables");
    check(mdb_env_set_maxreaders(env->env_, 512), "set the number of readers");
    const unsigned flags = options.read_only ? MDB_RDONLY : 0U;
    check(mdb_env_open(env->env_, folder.c_str(), flags | MDB_NOTLS, 0600), "open the folder");
    check(mdb_txn_begin(env->env_, nullptr, options.read_only ? MDB_RDONLY : 0, &txn), "begin");
    for (const std::string& name : tables) {
      MDB_dbi dbi = 0;
      check(mdb_dbi_open(txn, name.c_str(), options.create ? MDB_CREATE : 0, &dbi), "open a table");
      env->dbis_.push_back(dbi);
    }
    MDB_txn* done = std::exchange(txn, nullptr);
    check(mdb_txn_commit(done), "commit the opening");
    return env;
  } catch (const Failure& failure) {
    if (txn != nullptr) mdb_txn_abort(txn);
    return refusal(failure);
  } catch (const std::filesystem::filesystem_error& failure) {
    return refusal(Failure("make the folder", failure.code().value()));
  }
}

Env::~Env() {
  if (env_ != nullptr) mdb_env_close(env_);
}

Result<Done> Env::copy_to(const std::filesystem::path& folder) const {
  const int code = mdb_env_copy2(env_, folder.c_str(), MDB_CP_COMPACT);
  if (code != MDB_SUCCESS) return refusal(Failure("copy the environment", code));
  return Done{};
}

Env::ReadGuard::ReadGuard(const Env& env) : txn(env, nullptr) {
  check(mdb_txn_begin(env.env_, nullptr, MDB_RDONLY, &txn.txn_), "begin a read");
}

Env::ReadGuard::~ReadGuard() { mdb_txn_abort(txn.txn_); }

Env::WriteGuard::WriteGuard(Env& env) : txn(env, nullptr) {
  check(mdb_txn_begin(env.env_, nullptr, 0, &txn.txn_), "begin a write");
}

Env::WriteGuard::~WriteGuard() {
  if (txn.txn_ != nullptr) mdb_txn_abort(txn.txn_);
}

void Env::WriteGuard::commit() {
  MDB_txn* done = std::exchange(txn.txn_, nullptr);  // LMDB frees the handle, also when it fails
  const int code = mdb_txn_commit(done);
  check(code != MDB_SUCCESS && txn.env_.stopped() ? MDB_PANIC : code, "commit");
}

bool Env::stopped() const {
  MDB_txn* txn = nullptr;
  const int code = mdb_txn_begin(env_, nullptr, MDB_RDONLY, &txn);
  if (code == MDB_SUCCESS) mdb_txn_abort(txn);
  return code == MDB_PANIC;
}

Error Env::refusal(const Failure& failure) {
  if (failure.code() == MDB_PANIC) {
    return {Code::unavailable, "", "",
            "ディスクの故障により、データベースを止めました。途中の行為が記録されたかどうかは、サーバーの再起動の後に"
            "分かります。再起動の後に、同じIdempotency-Keyで再送してください",
            "the database stopped after a disk error; whether an act under way was recorded shows after the server is "
            "started again: then repeat the request with the same Idempotency-Key"};
  }
  const bool broken = failure.code() == MDB_CORRUPTED || failure.code() == MDB_INVALID ||
                      failure.code() == MDB_VERSION_MISMATCH || failure.code() == MDB_KEYEXIST;
  if (failure.code() == MDB_MAP_FULL || failure.code() == ENOSPC) {
    return {
        Code::unavailable, "", "",
        "データベースの領域が足りません。何も記録していません。空きを作るか上限を広げてから、もう一度行ってください",
        "the database has no room left; nothing was recorded. Make room, then try again"};
  }
  return {broken ? Code::corrupt : Code::unavailable, "", "",
          fmt::format("データベースを使えません。何も記録していません（{}）", failure.what()),
          fmt::format("the database cannot be used; nothing was recorded ({})", failure.what())};
}

std::string key_of(std::uint64_t n) {
  std::string key(8, '\0');
  for (int i = 7; i >= 0; --i) {
    key[static_cast<std::size_t>(i)] = static_cast<char>(n & 0xFFU);
    n >>= 8U;
  }
  return key;
}

std::uint64_t number_of(std::string_view key) {
  std::uint64_t n = 0;
  for (const char c : key) n = (n << 8U) | static_cast<unsigned char>(c);
  return n;
}

}  // namespace ismap::registry::lmdb
