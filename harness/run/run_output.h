#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/fd.h"
#include "harness/run/capture.h"
#include "harness/run/loop.h"
#include "harness/run/recorder.h"
#include "harness/run/recoveries.h"

namespace faultrig {

// What the workload of a run prints: read while it comes, kept in bounded
// memory, given line by line to one who asks for that. Not after fork.
class RunOutput {
 public:
  // `keep`: so many bytes of each stream.
  explicit RunOutput(std::size_t keep);
  RunOutput(const RunOutput&) = delete;
  RunOutput& operator=(const RunOutput&) = delete;
  ~RunOutput() = default;

  struct Line {
    std::string_view text;
    bool is_stdout = false;
    std::uint64_t begin = 0;  // so many bytes of its stream came before it
  };
  // Was it waited for, so that it is told; and what names that is told by.
  struct Wanted {
    bool told = false;
    std::vector<std::string> names;
  };
  // Before listen(): has each line heard. Lines that were waited for become
  // facts, and `recorder` must outlive us.
  void hear(std::function<Wanted(const Line&)> line, Recorder& recorder);

  // Reads both pipes from now on, in this loop, which must outlive the watch.
  void listen(Loop& loop, Fd out, Fd err);
  // May more be written?
  bool is_open() const { return out_pipe_ || err_pipe_; }
  // So many bytes of each were written so far, read or not; were read.
  Recoveries::Printed written() const;
  Recoveries::Printed read() const { return {out_.taken(), err_.taken()}; }

  // All who could write are gone: reads to the end, unless there is none, and
  // tells how much could not be kept.
  void finish(Loop& loop, Recorder& recorder);
  std::string out() const { return out_.text(); }
  std::string err() const { return err_.text(); }

 private:
  std::size_t keep_;
  Fd out_pipe_;
  Fd err_pipe_;
  Capture out_;
  Capture err_;
};

}  // namespace faultrig
