#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/base/bytes.h"

namespace faultrig {

// Where something stands in a file: line and column from 1, the column in
// characters (not bytes). Line 0: nowhere.
struct Place {
  int line = 0;
  int column = 0;
};

// `N`, `{at_least: N}`, `{at_most: N}`, `{not: N}` or `[N, M]`.
struct NumberTest {
  enum class Operator { equal, at_least, at_most, unequal, one_of };
  Operator op = Operator::equal;
  std::int64_t number = 0;                // one_of: the first of them
  std::vector<std::int64_t> others = {};  // one_of

  bool holds(std::int64_t value) const;
  // Does it hold for all of these, or for none? Then the count is settled.
  bool is_settled(std::int64_t low, std::int64_t high) const;
  // `3`, `at least 3`, `at most 3`, `not 3`, `3 or 4`.
  std::string text() const;
};

// Which of a series of calls, counted from 1 (strace(1), `when=`).
struct Nth {
  std::int64_t first = 1;
  std::optional<std::int64_t> last = 1;  // none: for ever
  std::int64_t step = 1;

  bool selects(std::int64_t number) const;
  std::string text() const;  // `3`, `3+`, `3+2`, `3..9`, `3..9+2`
};

// `F`, `F+`, `F+S`, `F..L`, `F..L+S`; nothing for anything else, for 0, and
// for L < F.
std::optional<Nth> parse_nth(std::string_view text);

// Where in a Go program a call must come from. Empty fields match everything.
struct CallOrigin {
  std::string in = {};    // glob of a function on the stack
  std::string site = {};  // how the id of its call site begins
  std::string of = {};    // program or runtime

  bool asks() const { return !in.empty() || !site.empty() || !of.empty(); }
  // ` in store.*, at site 4f2a91, of the program`; empty: asks nothing.
  std::string text() const;
  bool operator==(const CallOrigin&) const = default;
};

// A question to intercepted calls. Empty fields match everything.
struct CallPattern {
  std::vector<std::string> calls;  // names, classes expanded
  std::optional<int> error;        // what the call was made to fail with
  std::string path;                // glob
  std::string fd = {};             // file, socket, pipe or stdio
  CallOrigin origin = {};
  std::string peer = {};  // glob of an address
};

using Value =
    std::variant<bool, std::int64_t, double, std::string,
                 std::vector<std::string>, Bytes, std::chrono::nanoseconds,
                 NumberTest, Nth, std::map<std::string, std::string>,
                 std::vector<CallPattern>>;

// The checked values of one Section, by key. A key with a default is always
// there; others only if the author wrote them.
class Params {
 public:
  struct Entry {
    Value value;
    Place place;  // of the value; line 0 for a default
  };

  void set(const std::string& key, Value value, Place place = {});
  bool has(const std::string& key) const { return entries_.contains(key); }
  // Was the key written by the author (not a default)?
  bool written(const std::string& key) const;
  Place place(const std::string& key) const;
  const std::map<std::string, Entry>& entries() const { return entries_; }

  // The value of a key that is there and of this type (a bug otherwise).
  template <typename T>
  const T& get(const std::string& key) const {
    return std::get<T>(entries_.at(key).value);
  }
  // The value, or nothing when the key is absent.
  template <typename T>
  const T* find(const std::string& key) const {
    auto entry = entries_.find(key);
    return entry == entries_.end() ? nullptr
                                   : std::get_if<T>(&entry->second.value);
  }
  template <typename T>
  T get_or(const std::string& key, T fallback) const {
    const T* value = find<T>(key);
    return value != nullptr ? *value : std::move(fallback);
  }

 private:
  std::map<std::string, Entry> entries_;
};

}  // namespace faultrig
