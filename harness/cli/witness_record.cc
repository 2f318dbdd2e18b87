#include "harness/cli/witness_record.h"

#include <fcntl.h>

#include <csignal>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/judge/crash_fate.h"
#include "harness/os/machine.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;
using std::chrono::nanoseconds;

constexpr std::size_t kKeptOutput = std::size_t{4} << 20;
constexpr std::size_t kMostRunning = 3;
constexpr std::size_t kLastLines = 20;
constexpr std::size_t kLongestLastLines = std::size_t{4} << 10;

bool is_test_binary(const std::vector<std::string>& argv) {
  for (const std::string& word : argv) {
    if (word.starts_with("-test.") || word.starts_with("--test.")) {
      return true;
    }
  }
  return false;
}

std::string_view last_lines(std::string_view text) {
  std::string_view rest = text;
  if (rest.ends_with('\n')) {
    rest.remove_suffix(1);
  }
  std::size_t start = rest.size();
  for (std::size_t i = 0; i < kLastLines && start != std::string_view::npos &&
                          rest.size() - start < kLongestLastLines;
       ++i) {
    start = start == 0 ? std::string_view::npos : rest.rfind('\n', start - 1);
  }
  std::string_view tail = rest.substr(
      start == std::string_view::npos ? 0 : std::min(start + 1, rest.size()));
  return tail.size() > kLongestLastLines
             ? tail.substr(tail.size() - kLongestLastLines)
             : tail;
}

class Record {
 public:
  Record(const WatchOrder& order, const std::string& link) : link_(link) {
    parts_.provenance.kernel = kernel_version();
    parts_.provenance.faultrig = FAULTRIG_VERSION;
    Observation& start = add(Source::harness, Fact::run_started);
    start.text = shell_line(order.argv);
    start.number = wall_clock().count();
    std::error_code failed;
    start.path = fs::current_path(failed).string();
    add_limit("memory", order.limits.memory
                            ? std::optional(order.limits.memory->count)
                            : std::nullopt);
    add_limit("fds", order.limits.descriptors);
    add_limit("pids", order.limits.processes);
  }

  // All that is added from now on happened at `at`.
  void move_to(nanoseconds at) { at_ = at; }

  Observation& add(Source source, Fact fact, std::int64_t number = 0) {
    Observation seen;
    seen.at = at_;
    seen.source = source;
    seen.fact = fact;
    seen.link = link_;
    seen.number = number;
    parts_.trace.push_back(std::move(seen));
    return parts_.trace.back();
  }

  void add_if(Source source, Fact fact,
              const std::optional<std::int64_t>& number) {
    if (number && *number > 0) {
      add(source, fact, *number);
    }
  }

  Evidence::Parts& parts() { return parts_; }

 private:
  void add_limit(const char* what, std::optional<std::uint64_t> value) {
    if (value) {
      add(Source::harness, Fact::limit_installed,
          static_cast<std::int64_t>(*value))
          .text = what;
    }
  }

  std::string link_;
  nanoseconds at_{0};
  Evidence::Parts parts_;
};

void add_signals(Record& record, const Watched& seen) {
  for (const PassedSignal& signal : seen.signals) {
    record.move_to(signal.at);
    Observation& passed =
        record.add(Source::kernel, Fact::signal_passed, signal.number);
    passed.pid = signal.pid;
    passed.action = signal.code;
    passed.text = signal.sender;
  }
}

// Only what came through us, and what the kernel counts, can be told.
void add_sender(Record& record, const Watched& seen) {
  int number = seen.status.signal();
  Observation& from = record.add(Source::kernel, Fact::signal_from, number);
  if (seen.with_witness) {
    from.text =
        "with its witness, " + after_signal(seen.signals.back(), seen.wall);
    return;
  }
  for (const PassedSignal& signal : seen.signals) {
    if (signal.number == number) {
      from.pid = signal.pid;
      from.action = signal.code;
      from.text = signal.pid > 0 ? signal.sender : "from the kernel";
      return;
    }
  }
  // The limit is checked against ticks, rusage is exact: they differ by some
  // percent, more where the machine is shared.
  std::chrono::duration<double> used = seen.user + seen.system;
  bool too_long = seen.cpu_limit &&
                  used.count() >= 0.8 * static_cast<double>(*seen.cpu_limit);
  if (number == SIGKILL && seen.oom_kills.value_or(0) > 0) {
    from.text = "from the kernel, for memory";
  } else if (number == SIGKILL && too_long) {
    from.text = fmt::format(
        "likely from the kernel: {:.1f} s of CPU time, hard RLIMIT_CPU {} s",
        used.count(), *seen.cpu_limit);
  } else {
    from.text = "unknown";
  }
}

void add_memory(Record& record, const Watched& seen) {
  if (seen.peak_memory) {
    record.add(Source::cgroup, Fact::peak_memory,
               static_cast<std::int64_t>(seen.peak_memory->count));
  }
  std::int64_t kills = seen.oom_kills.value_or(0);
  if (kills > 0) {
    record.add(Source::cgroup, Fact::oom_kill, kills);
  }
  if (kills > 0 && seen.memory_cap) {
    record.add(Source::cgroup, Fact::limit_hit).text = fmt::format(
        "memory cap {} {} its cgroup", format_bytes(seen.memory_cap->max),
        seen.memory_cap->of_group ? "of" : "above");
  }
  if (seen.forks_refused.value_or(0) > 0) {
    record.add(Source::cgroup, Fact::limit_hit, *seen.forks_refused).text =
        fmt::format("pids cap of its cgroup, {} times", *seen.forks_refused);
  }
}

void add_counts(Record& record, const Watched& seen) {
  record.add(Source::kernel, Fact::user_time, seen.user.count());
  record.add(Source::kernel, Fact::system_time, seen.system.count());
  Observation& largest =
      record.add(Source::kernel, Fact::largest_process,
                 static_cast<std::int64_t>(seen.largest_process.count));
  largest.pid = seen.pid;
  record.add_if(Source::kernel, Fact::most_descriptors, seen.most_descriptors);
  record.add_if(Source::cgroup, Fact::most_processes, seen.most_processes);
  record.add_if(Source::cgroup, Fact::most_threads, seen.most_threads);
}

void add_words(Record& record, const WatchOrder& order, const TestWords& words,
               int pid) {
  for (const std::string& name : words.names()) {
    Observation& event = record.add(Source::output, Fact::test_event);
    event.text = name;
    event.action = "fail";
  }
  if (will_say_a_word(order.argv)) {
    Observation& word =
        record.add(Source::output, Fact::last_word, words.ran());
    word.pid = pid;
    word.text = words.last();
    word.action = words.nothing_to_run() ? "no tests to run" : "";
  }
}

// ` (running TestSlow, TestOther)` for a timeout, from Go 1.21 on.
std::string running_tests(const GoCrash& crash) {
  std::vector<std::string> names;
  bool listed = false;
  for (std::string_view line : lines_of(crash.text)) {
    if (listed && names.size() < kMostRunning) {
      names.emplace_back(line.substr(0, line.find(" (")));
    }
    listed = listed || line == "running tests:";
  }
  return names.empty() ? "" : " (running " + join(names, ", ") + ")";
}

// Of those alone that ended it: what it recovered from and logged did not.
bool add_crash(Record& record, const std::string& text) {
  static constexpr const char* kKinds[] = {"panic", "fatal", "signal"};
  GoOutput output = parse_go_output(text);
  bool found = false;
  for (const GoCrash& crash : output.crashes) {
    if (printed_doubt(crash).fate != CrashFate::ended) {
      continue;
    }
    Observation& seen = record.add(Source::output, Fact::go_crash);
    seen.action = kKinds[static_cast<std::size_t>(crash.kind)];
    seen.text = crash.headline() + running_tests(crash);
    if (crash.first < crash.end) {
      const Frame* frame = top_frame(output.goroutines[crash.first]);
      bool of_testing =
          frame != nullptr && frame->function.starts_with("testing.");
      seen.call = frame == nullptr || of_testing ? "" : frame->function;
    }
    found = true;
  }
  return found;
}

void add_output(Record& record, const char* stream, std::string_view text,
                std::uint64_t cut) {
  if (!text.empty()) {
    Observation& last = record.add(Source::output, Fact::last_output);
    last.stream = stream;
    last.text = valid_utf8(last_lines(text));
  }
  if (cut > 0) {
    record.add(Source::output, Fact::output_cut, static_cast<std::int64_t>(cut))
        .stream = stream;
  }
}

std::string link_for(const WatchOrder& order) {
  return is_test_binary(order.argv) ? "test" : "command";
}

}  // namespace

HeardOutput::HeardOutput(bool marked)
    : words_(marked),
      out_(kKeptOutput, [this](std::string_view line) { words_.take(line); }),
      err_(kKeptOutput, {}) {}

void HeardOutput::hear(Relay::Stream stream, std::string_view bytes) {
  last_ = bytes.back();
  (stream == Relay::Stream::out ? out_ : err_).add(bytes);
}

void HeardOutput::finish() {
  out_.finish();
  err_.finish();
}

std::string module_in(std::string_view go_mod) {
  for (std::string_view line : lines_of(go_mod)) {
    line = line.substr(0, line.find("//"));
    std::size_t start = line.find_first_not_of(" \t");
    if (start == std::string_view::npos ||
        !line.substr(start).starts_with("module")) {
      continue;
    }
    line.remove_prefix(start + 6);
    std::size_t first = line.find_first_not_of(" \t\"`(");
    if (first == 0 || first == std::string_view::npos) {
      continue;
    }
    line.remove_prefix(first);
    return std::string(line.substr(0, line.find_first_of(" \t\"`")));
  }
  return "";
}

ProgramName name_of(const std::vector<std::string>& argv,
                    const std::string& cwd) {
  ProgramName name{fs::path(argv.front()).filename().string(), ""};
  if (!is_test_binary(argv)) {
    return name;
  }
  for (fs::path at(cwd);; at = at.parent_path()) {
    if (auto text = read_file(AT_FDCWD, (at / "go.mod").string())) {
      std::string below = fs::path(cwd).lexically_relative(at).string();
      bool at_root = below == ".";
      std::string module = module_in(*text);
      if (!module.empty()) {
        name.package = module;
        name.package += at_root ? "" : "/" + below;
      }
      std::string folder = fs::path(below).filename().string();
      if (!at_root && name.shown == folder + ".test") {
        name.shown = below + ".test";
      } else if (!at_root) {
        name.shown += " (" + below + ")";
      }
      return name;
    }
    if (at == at.parent_path()) {
      return name;
    }
  }
}

std::string after_signal(const PassedSignal& signal, nanoseconds now) {
  std::chrono::duration<double> between = now - signal.at;
  std::string out = fmt::format("{:.1f} s after {}", between.count(),
                                signal_name(signal.number));
  if (signal.pid > 0) {
    out += fmt::format(" from '{}' (pid {})", signal.sender.substr(0, 40),
                       signal.pid);
  }
  return out;
}

Evidence::Parts record_of(const WatchOrder& order, const HeardOutput& heard,
                          const Watched& seen) {
  std::string link = link_for(order);
  Record record(order, link);
  Observation& started = record.add(Source::harness, Fact::process_started);
  started.pid = seen.pid;
  started.text = order.argv.front();
  for (const std::string& unknown : seen.unknown) {
    record.add(Source::harness, Fact::not_known).text = unknown;
  }
  add_signals(record, seen);
  record.move_to(seen.wall);
  Observation& ended =
      record.add(Source::kernel, Fact::process_ended, seen.status.raw());
  ended.pid = seen.pid;
  ended.text = order.argv.front();
  if (seen.status.killed()) {
    add_sender(record, seen);
  }
  add_memory(record, seen);
  add_counts(record, seen);
  for (const Survivor& survivor : seen.survivors) {
    Observation& left = record.add(Source::harness, Fact::leftover);
    left.pid = survivor.pid;
    left.text = survivor.command;
  }
  add_words(record, order, heard.words(), seen.pid);
  Evidence::Parts& parts = record.parts();
  parts.out = heard.out();
  parts.err = heard.err();
  // The runtime speaks on stderr, which may be stdout too.
  if (is_of_a_crash(seen.status) && !add_crash(record, parts.err)) {
    add_crash(record, parts.out);
  }
  add_output(record, "stdout", parts.out, heard.out_cut());
  add_output(record, "stderr", parts.err, heard.err_cut());
  record.add(Source::harness, Fact::run_ended, seen.wall.count());
  return std::move(parts);
}

Evidence::Parts record_of_no_start(const WatchOrder& order, const Error& why) {
  Record record(order, link_for(order));
  Observation& never = record.add(Source::kernel, Fact::never_started);
  never.error = why.os_errno;
  never.text = why.what;
  record.add(Source::harness, Fact::run_ended);
  return std::move(record.parts());
}

}  // namespace faultrig
