#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/explain/seen.h"
#include "harness/model/explanation.h"

namespace faultrig {

// A log may hold the same package several times: a job that tries again, a
// loop, other flags. The last run of it, by the same writer, is its state.
class LaterRuns {
 public:
  // `passed`: the cause that says so; may be none, and must outlive this.
  explicit LaterRuns(const Cause* passed) : passed_(passed) {}

  // The package failed; `at` is its place among what is told. Keeps a few
  // thousand.
  void note_failure(std::size_t writer, const Seen& seen, std::size_t at);

  // Has the same been told of it? docker repeats the end of a step that failed,
  // and so do summaries: then go's line on it is the same, whoever writes it.
  bool is_told(std::size_t writer, const Seen& seen, const Explanation& one,
               const std::vector<Explanation>& told) const;

  // Takes note of a word on another try, before the package that is seen.
  void hear(const Seen& seen);

  // The package passed: what was told of it before is no longer the end.
  void note_pass(std::size_t writer, const Seen& seen,
                 std::vector<Explanation>& told);

 private:
  using Key = std::pair<std::size_t, std::string>;  // writer, package
  using Places = std::vector<std::size_t>;

  const Cause* passed_;
  std::int64_t tried_again_ = 0;  // line of the last such word
  std::map<Key, Places> failed_;
  std::map<std::string, Places> by_result_;  // of any writer, go's whole line
};

}  // namespace faultrig
