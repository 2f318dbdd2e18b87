#include "harness/run/run_output.h"

#include <utility>

#include "harness/base/text.h"
#include "harness/run/captured_pipe.h"

namespace faultrig {

namespace {

// A line that is told: what is behind that is in the output itself.
constexpr std::size_t kMostTold = 4096;

}  // namespace

RunOutput::RunOutput(std::size_t keep)
    : keep_(keep), out_(keep, {}), err_(keep, {}) {}

void RunOutput::hear(std::function<Wanted(const Line&)> line,
                     Recorder& recorder) {
  auto capture_lines = [&](bool is_stdout) {
    auto look = [this, line, is_stdout, &recorder](std::string_view text) {
      const Capture& stream = is_stdout ? out_ : err_;
      Wanted wanted = line({text, is_stdout, stream.line_begin()});
      if (wanted.told) {
        Observation seen;
        seen.names = std::move(wanted.names);
        seen.source = Source::output;
        seen.fact = Fact::output_line;
        seen.stream = is_stdout ? "stdout" : "stderr";
        seen.text = valid_utf8(text.substr(0, kMostTold));
        recorder.add(seen);
      }
    };
    return Capture(keep_, look);
  };
  out_ = capture_lines(true);
  err_ = capture_lines(false);
}

void RunOutput::listen(Loop& loop, Fd out, Fd err) {
  out_pipe_ = std::move(out);
  err_pipe_ = std::move(err);
  listen_to(loop, out_pipe_, out_);
  listen_to(loop, err_pipe_, err_);
}

Recoveries::Printed RunOutput::written() const {
  return {written_to(out_pipe_, out_), written_to(err_pipe_, err_)};
}

void RunOutput::finish(Loop& loop, Recorder& recorder) {
  auto until = Loop::Clock::now() + std::chrono::seconds(5);
  while (is_open() && Loop::Clock::now() < until) {
    loop.step(std::chrono::milliseconds(100));
  }
  struct Stream {
    const char* name;
    Capture& capture;
  };
  for (Stream stream : {Stream{"stdout", out_}, Stream{"stderr", err_}}) {
    stream.capture.finish();
    if (stream.capture.cut() > 0) {
      Observation cut;
      cut.source = Source::output;
      cut.fact = Fact::output_cut;
      cut.stream = stream.name;
      cut.number = static_cast<std::int64_t>(stream.capture.cut());
      recorder.add(cut);
    }
  }
}

}  // namespace faultrig
