#pragma once

#include <string>
#include <vector>

#include "harness/judge/test_words.h"
#include "harness/model/evidence.h"
#include "harness/os/watch.h"
#include "harness/run/capture.h"

namespace faultrig {

// How a program is called. An -exec program is not told the package: `go` runs
// a test binary in the folder of its package, and the nearest go.mod names the
// module.
struct ProgramName {
  std::string shown;    // `pkg/store.test`
  std::string package;  // `example.com/m/pkg/store`; empty: not known
};
ProgramName name_of(const std::vector<std::string>& argv,
                    const std::string& cwd);

// The path of the module in the text of a go.mod; empty: none.
std::string module_in(std::string_view go_mod);

// What is kept of a program while it runs.
class HeardOutput {
 public:
  // `marked`: of a test that marks its own lines (marks_its_lines()).
  explicit HeardOutput(bool marked);
  HeardOutput(const HeardOutput&) = delete;
  HeardOutput& operator=(const HeardOutput&) = delete;
  ~HeardOutput() = default;
  void hear(Relay::Stream stream, std::string_view bytes);
  void finish();

  // Did it end within a line?
  bool within_line() const { return last_ != '\n'; }
  const TestWords& words() const { return words_; }
  std::string out() const { return out_.text(); }
  std::string err() const { return err_.text(); }
  std::uint64_t out_cut() const { return out_.cut(); }
  std::uint64_t err_cut() const { return err_.cut(); }

 private:
  TestWords words_;
  Capture out_;
  Capture err_;
  char last_ = '\n';
};

// `5.0 s after SIGQUIT from 'go test' (pid 12)`.
std::string after_signal(const PassedSignal& signal,
                         std::chrono::nanoseconds now);

// All of it as evidence, in the words of docs/witness.md.
Evidence::Parts record_of(const WatchOrder& order, const HeardOutput& heard,
                          const Watched& seen);

// The same for a program that did not start.
Evidence::Parts record_of_no_start(const WatchOrder& order, const Error& why);

}  // namespace faultrig
