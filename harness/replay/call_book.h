#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "harness/model/replayed.h"

namespace faultrig {

// What a call was made on, as a fault can say it.
struct CallPlace {
  enum class Kind { none, path, peer, socket, stdio };
  Kind kind = Kind::none;
  std::string text;  // a glob of paths, an address; of a socket what it was
                     // bound to, by which no fault chooses
};

// A glob that this path fits, and its like in the next run: numbers of three
// digits and more, as temporary folders have them, are `*`, and so is what is
// not UTF-8; a relative one fits in any folder. As the kernel shows it: without
// `//`, `/./` and a `/` at its end.
std::string path_glob(const std::string& path);

// Calls of one name on one place that failed with one error.
struct FailedCalls {
  std::string call;
  std::string error;
  CallPlace place;
  std::string path;         // as it stands there; empty: not on a file
  std::int64_t nth = 0;     // the first of them, among all calls there
  std::int64_t failed = 0;  // how many
  std::int64_t calls = 0;   // there, of this name; 0: not counted
  std::int64_t last_at = 0;
  ReplayLine first;
  ReplayLine last;
  std::string program;
  int highest = 0;  // descriptor that the process had
  bool injected = false;
};

// A call that was made.
struct MadeCall {
  std::string call;
  std::string error;  // empty: it succeeded
  CallPlace place;
  std::string path;
  std::int64_t at = 0;
  ReplayLine where;
  std::string program;
  int highest = 0;
  bool injected = false;
};

// Counts calls as the fault does that is made of one of them: where the place
// is not known, all of that name but those on stdio; where it is a glob, all
// that it fits. At most 65536 places, 4096 kinds of failures and 1024 globs of
// them.
class CallBook {
 public:
  void add(const MadeCall& call);
  // The last call of that name and place, which was counted before, failed
  // after all.
  void fail_last(const MadeCall& call) { fail(call); }
  std::vector<FailedCalls> take();
  // Were there more places than are counted?
  bool overflowed() const { return overflowed_; }

 private:
  struct Counts {
    std::int64_t all = 0;                              // but those on stdio
    std::unordered_map<std::string, std::int64_t> at;  // by place
  };
  void fail(const MadeCall& call);
  std::int64_t number_of(const MadeCall& call);
  std::int64_t calls_at(const std::string& call, const CallPlace& place) const;

  std::unordered_map<std::string, Counts> counts_;  // by call
  std::size_t places_ = 0;
  std::size_t globs_ = 0;  // that were counted
  std::unordered_map<std::string, FailedCalls> failed_;
  bool overflowed_ = false;
};

}  // namespace faultrig
