#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/replay/call_book.h"
#include "harness/replay/call_line.h"
#include "harness/replay/printed_lines.h"
#include "harness/replay/tasks.h"

namespace faultrig {

// A signal that came, or a process that ended.
struct TracedEvent {
  std::string program;            // its path
  std::vector<std::string> argv;  // empty: not told
  std::int64_t pid = 0;
  std::string signal;                 // empty: it exited
  int status = 0;                     // with this
  std::string details;                // of a signal
  bool by_traced = false;             // a process of the trace sent it
  bool is_first = false;              // the first process that there is
  std::int64_t at = 0;                // which line of all files
  std::optional<std::int64_t> after;  // microseconds since the first line
  ReplayLine where;
};

// What there was in a trace.
struct Traced {
  std::vector<FailedCalls> failed;
  std::deque<PrintedLine> printed;
  std::vector<TracedEvent> ends;     // of processes, not of threads
  std::vector<TracedEvent> signals;  // that were delivered
  std::vector<std::string> argv;     // of the first process; empty: not told
  std::string program;               // the same, its path
  std::int64_t lines = 0;
  std::int64_t unread = 0;  // that nobody can read
  ReplayLine first_unread;
  std::int64_t open = 0;  // calls that never came to an end
  std::int64_t processes = 0;
  std::int64_t noise = 0;      // calls that failed and say nothing
  std::int64_t last_exit = 0;  // the last exit_group(2): which line
  bool cut = false;            // what was printed is not whole (-s)
  bool overflowed = false;     // more places than are counted
};

// Reads what strace(1) prints, line by line, of any length. Memory is bounded.
class TraceReader {
 public:
  // Where a line stands. `pid`: of the process that the file is about (-ff); 0:
  // the lines say.
  struct From {
    std::string_view file;
    std::int64_t line = 0;
    std::int64_t pid = 0;
  };
  void take(std::string_view line, const From& from);
  Traced finish();

 private:
  struct Open {
    std::string call;
    std::string arguments;
  };

  std::string_view without_attached(std::string_view text);
  std::shared_ptr<TracedProcess> process_of(const CallLine& line,
                                            const From& from);
  void note_time(const CallLine& line);
  void begin(const CallLine& line, TracedProcess& process);
  void note_mixed(const CallLine& line);
  void resume(CallLine line, const std::shared_ptr<TracedProcess>& process);
  void take_call(const CallLine& line,
                 const std::shared_ptr<TracedProcess>& process);
  void note_success(const CallLine& line,
                    const std::vector<std::string_view>& arguments,
                    const std::shared_ptr<TracedProcess>& process);
  void note_refused(const std::vector<std::string_view>& arguments,
                    const TracedProcess& process);
  void count(const CallLine& line,
             const std::vector<std::string_view>& arguments,
             const TracedProcess& process);
  void end(const CallLine& line, const TracedProcess& process);
  void take_signal(const CallLine& line, const TracedProcess& process);
  TracedEvent event_of(const TracedProcess& process) const;
  void take_unread(std::string_view line, const CallLine& read);

  Traced out_;
  TracedTasks tasks_;
  CallBook calls_;
  PrintedLines printed_;
  std::unordered_map<std::int64_t, Open> open_;  // by thread
  ReplayLine here_;
  std::int64_t thread_ = 0;  // of the line that is read
  std::shared_ptr<TracedProcess> first_;
  std::optional<std::int64_t> start_;
  std::int64_t now_ = 0;
};

// Does a file that begins so hold what strace(1) prints?
bool is_trace(std::string_view start);

}  // namespace faultrig
