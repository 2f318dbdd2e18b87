// A process is its first thread's id: strace(1) knows threads alone. What a
// call that went on later began with is kept until then; a clone(2) that is not
// over yet has a child that runs already.
#include "harness/replay/trace_reader.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/base/whole_number.h"
#include "harness/model/syscalls.h"
#include "harness/replay/call_words.h"
#include "harness/replay/noise.h"
#include "harness/replay/traced_call.h"

namespace faultrig {

namespace {

using Kind = CallLine::Kind;

constexpr std::size_t kMostLine = 65536;
constexpr std::size_t kMostOpen = 4096;
constexpr std::size_t kMostEvents = 4096;
constexpr std::size_t kMostShown = 160;
constexpr std::int64_t kDay = 24LL * 3600 * 1000000;

bool makes_task(std::string_view call) {
  return call == "clone" || call == "clone3" || call == "fork" ||
         call == "vfork";
}

bool makes_thread(std::string_view arguments) {
  return arguments.find("CLONE_THREAD") != std::string_view::npos;
}

// The ends of a line that is too long: the result stands last.
std::string shortened(std::string_view line) {
  std::size_t half = kMostLine / 2;
  return line.size() <= kMostLine
             ? std::string(line)
             : std::string(line.substr(0, half)) + kLeftOut +
                   std::string(line.substr(line.size() - half));
}

// Of a line, to be shown: its result stands last.
std::string shown_part(std::string_view line) {
  std::size_t tail = kMostShown / 2;
  return line.size() <= kMostShown
             ? std::string(line)
             : std::string(line.substr(0, kMostShown - tail)) + " ... " +
                   std::string(line.substr(line.size() - tail));
}

// `key=123` among the details of a signal.
std::optional<std::int64_t> number_in(std::string_view details,
                                      std::string_view key) {
  std::size_t at = details.find(key);
  if (at == details.npos) {
    return std::nullopt;
  }
  std::string_view rest = details.substr(at + key.size());
  return whole_number<std::int64_t>(
      rest.substr(0, std::min(rest.find_first_of(", }"), rest.size())));
}

}  // namespace

void TraceReader::take(std::string_view text, const From& from) {
  ++out_.lines;
  std::string held;
  if (text.size() > kMostLine) {
    held = shortened(text);
    text = held;
  }
  text = without_attached(text);
  here_ = {std::string(from.file), from.line, shown_part(text)};
  CallLine line = read_call_line(text);
  if (line.kind == Kind::unread) {
    take_unread(text, line);
    return;
  }
  if (line.kind == Kind::attached) {
    tasks_.announced(*line.pid);
  }
  if (line.kind == Kind::aside || line.kind == Kind::attached) {
    return;
  }
  note_time(line);
  std::shared_ptr<TracedProcess> process = process_of(line, from);
  switch (line.kind) {
    case Kind::call:
      return take_call(line, process);
    case Kind::begun:
      return begin(line, *process);
    case Kind::resumed:
      return resume(line, process);
    case Kind::signal:
      return take_signal(line, *process);
    default:
      return end(line, *process);
  }
}

// `clone(...strace: Process 4242 attached`
std::string_view TraceReader::without_attached(std::string_view text) {
  bool ends = text.ends_with(" attached");
  std::size_t at = ends ? text.rfind("strace: Process ") : text.npos;
  if (at == text.npos || at == 0) {
    return text;
  }
  tasks_.announced(read_call_line(text.substr(at)).pid.value_or(0));
  return text.substr(0, at);
}

// Lines of the one process that there is may lack its id: it is known later.
std::shared_ptr<TracedProcess> TraceReader::process_of(const CallLine& line,
                                                       const From& from) {
  bool rest = line.kind == Kind::resumed && line.call.empty() && !line.pid;
  thread_ = rest ? thread_ : line.pid.value_or(from.pid);
  std::shared_ptr<TracedProcess> process = tasks_.of(thread_);
  thread_ = thread_ == 0 ? process->pid : thread_;
  auto before = open_.find(0);
  if (before != open_.end() && thread_ != 0 && thread_ == process->pid) {
    open_[thread_] = std::move(before->second);
    open_.erase(0);
  }
  first_ = first_ ? first_ : process;
  return process;
}

// What a program printed where strace printed too is no line of strace's.
void TraceReader::take_unread(std::string_view text, const CallLine& read) {
  if (text.find_first_not_of(" \t\r") == text.npos) {
    return;
  }
  if (out_.unread == 0) {
    out_.first_unread = here_;
  }
  ++out_.unread;
  if (!read.pid) {
    printed_.add({out_.lines, here_, -1, 2}, std::string(text) + "\n");
  }
}

void TraceReader::note_time(const CallLine& line) {
  std::int64_t now = line.at;
  if (line.clock == CallLine::Clock::none) {
    return;
  }
  if (line.clock == CallLine::Clock::step) {
    now = now_ + line.at;
  } else if (line.clock == CallLine::Clock::day && start_ &&
             now + kDay / 2 < now_ % kDay) {
    now += kDay;  // past midnight
  }
  start_ = start_.value_or(line.clock == CallLine::Clock::step ? 0 : now);
  now_ = now;
}

void TraceReader::begin(const CallLine& line, TracedProcess& process) {
  ++out_.open;
  if (line.call == "exit_group") {
    out_.last_exit = out_.lines;
  }
  if (line.call == "write") {
    note_mixed(line);
  }
  if (makes_task(line.call)) {
    tasks_.expect(process.pid, makes_thread(line.arguments));
  }
  if (open_.size() < kMostOpen) {
    open_[thread_] = {std::string(line.call), std::string(line.arguments)};
  }
}

// `write(2, "dial tc"..., 50dial tcp 127.0.0.1:4: connect: ...`: on a terminal
// what is printed stands there whole.
void TraceReader::note_mixed(const CallLine& line) {
  std::vector<std::string_view> arguments = arguments_of(line.arguments);
  std::string_view last = arguments.size() > 2 ? arguments[2] : "";
  std::size_t text = last.find_first_not_of("0123456789");
  if (text != last.npos && text > 0) {
    std::size_t at = line.arguments.find(last) + text;
    printed_.add({out_.lines, here_, -1, 2},
                 std::string(line.arguments.substr(at)) + "\n");
  }
}

void TraceReader::resume(CallLine line,
                         const std::shared_ptr<TracedProcess>& process) {
  auto begun = open_.find(thread_);
  if (begun == open_.end()) {
    return;
  }
  Open open = std::move(begun->second);
  open_.erase(begun);
  bool fits = line.call.empty() || line.call == open.call;
  open.arguments += line.arguments;
  line.call = open.call;
  if (fits) {
    --out_.open;
    read_call_rest(open.arguments, line);
    here_.text = shown_part(open.call + "(" + open.arguments);
    take_call(line, process);
  }
}

void TraceReader::take_call(const CallLine& line,
                            const std::shared_ptr<TracedProcess>& process) {
  if (line.call == "exit_group") {
    out_.last_exit = out_.lines;
  }
  if (line.kind != Kind::call || is_idle_call(line.call)) {
    return;
  }
  std::vector<std::string_view> arguments = arguments_of(line.arguments);
  bool goes_on = line.call == "connect" && line.error == "EINPROGRESS";
  if (line.error.empty() || goes_on) {
    note_success(line, arguments, process);
  }
  count(line, arguments, *process);
}

void TraceReader::count(const CallLine& line,
                        const std::vector<std::string_view>& arguments,
                        const TracedProcess& process) {
  MadeCall made = traced_call(line.call, arguments, process);
  made.error = line.error;
  made.at = out_.lines;
  made.where = here_;
  made.injected = line.injected;
  bool noise = !made.error.empty() && !made.injected &&
               weight_of(line.call, line.error,
                         made.place.kind == CallPlace::Kind::peer
                             ? made.place.text
                             : made.path) == CallWeight::nothing;
  out_.noise += noise ? 1 : 0;
  made.error = noise ? "" : made.error;
  calls_.add(made);
}

void TraceReader::note_success(const CallLine& line,
                               const std::vector<std::string_view>& arguments,
                               const std::shared_ptr<TracedProcess>& process) {
  if (line.call == "execve" && arguments.size() > 1) {
    auto path = quoted_text(arguments[0]);
    auto argv = quoted_list(arguments[1]);
    process->program = path.value_or("");
    process->argv = argv.value_or(std::vector<std::string>());
    process->is_exec = true;
    std::erase_if(process->own_fds(),
                  [](const auto& fd) { return fd.first > 2; });
    if (process == first_ || out_.program.empty()) {
      out_.program = process->program;
      out_.argv = process->argv;
    }
  } else if (makes_task(line.call)) {
    auto child = whole_number<std::int64_t>(
        line.result.substr(0, line.result.find('<')));
    tasks_.made(process, child.value_or(0), makes_thread(line.arguments));
  } else if (line.call == "write" && arguments.size() > 1) {
    ShownFd fd = shown_fd(arguments[0]);
    auto text = quoted_text(arguments[1]);
    if (text && (fd.number == 1 || fd.number == 2)) {
      out_.cut = out_.cut || text->ends_with(kLeftOut);
      printed_.add({out_.lines, here_, process->pid, *fd.number}, *text);
    }
  } else if (line.call == "getsockopt") {
    note_refused(arguments, *process);
  } else {
    note_fds(*process, {line.call, arguments, line.result});
  }
}

// A connect of Go's goes on in the background; SO_ERROR tells what came of it.
void TraceReader::note_refused(const std::vector<std::string_view>& arguments,
                               const TracedProcess& process) {
  bool asks = arguments.size() > 3 && arguments[2] == "SO_ERROR";
  std::string_view error = asks ? arguments[3] : "";
  auto fd =
      process.fds->find(asks ? shown_fd(arguments[0]).number.value_or(-1) : -1);
  if (error.starts_with("[E") && error.ends_with("]") &&
      fd != process.fds->end() && !fd->second.peer.empty()) {
    MadeCall made;
    made.call = "connect";
    made.error = error.substr(1, error.size() - 2);
    made.place = {CallPlace::Kind::peer, fd->second.peer};
    made.at = out_.lines;
    made.where = here_;
    made.program = process.program;
    calls_.fail_last(made);
  }
}

TracedEvent TraceReader::event_of(const TracedProcess& process) const {
  TracedEvent event;
  event.program = process.program;
  event.argv = process.argv;
  event.pid = process.pid;
  event.is_first = first_.get() == &process;
  event.at = out_.lines;
  event.where = here_;
  if (start_) {
    event.after = now_ - *start_;
  }
  return event;
}

void TraceReader::end(const CallLine& line, const TracedProcess& process) {
  bool is_process = process.pid == thread_ || thread_ == 0;
  TracedEvent event = event_of(process);
  event.status = line.status;
  event.signal = line.signal;
  auto open = open_.find(thread_);
  out_.open -= open == open_.end() ? 0 : 1;
  open_.erase(thread_);
  if (is_process && out_.ends.size() < kMostEvents) {
    out_.ends.push_back(std::move(event));
  }
  tasks_.ended(thread_);
}

void TraceReader::take_signal(const CallLine& line,
                              const TracedProcess& process) {
  TracedEvent event = event_of(process);
  event.signal = line.signal;
  event.details = line.details.substr(0, kMostShown);
  auto sender = number_in(line.details, "si_pid=");
  event.by_traced = sender && tasks_.knows(*sender);
  if (out_.signals.size() < kMostEvents && line.signal != "SIGURG" &&
      line.signal != "SIGCHLD") {
    out_.signals.push_back(std::move(event));
  }
}

Traced TraceReader::finish() {
  out_.failed = calls_.take();
  out_.printed = printed_.take();
  out_.processes = tasks_.processes();
  out_.overflowed = calls_.overflowed();
  return std::move(out_);
}

bool is_trace(std::string_view start) {
  constexpr std::size_t kEnough = 3;
  std::size_t calls = 0;
  bool ends = false;
  for (std::string_view text : lines_of(start)) {
    CallLine line = read_call_line(text);
    bool known =
        line.kind == Kind::call &&
        (is_idle_call(line.call) || find_syscall(line.call) != nullptr);
    calls += known ? 1 : 0;
    ends = ends || line.kind == Kind::exited || line.kind == Kind::killed;
    if (line.kind == Kind::call && line.call == "execve") {
      return true;
    }
  }
  return calls >= kEnough || (calls > 0 && ends);
}

}  // namespace faultrig
