#include "bench/bench.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "harness/base/whole_number.h"
#include "harness/parse/scenario_reader.h"
#include "harness/plan/planner.h"
#include "harness/run/command.h"
#include "harness/run/runner.h"
#include "tests/source_dir.h"

namespace faultrig::bench {

namespace {

std::vector<std::string> environment() {
  std::vector<std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    out.emplace_back(*entry);
  }
  return out;
}

// As exec takes them.
std::vector<char*> words_of(const std::vector<std::string>& argv) {
  std::vector<char*> words;
  for (const std::string& word : argv) {
    words.push_back(const_cast<char*>(word.c_str()));
  }
  words.push_back(nullptr);
  return words;
}

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "bench: %s\n", why.c_str());
  std::exit(3);
}

}  // namespace

double time_of(const std::function<void()>& deed) {
  auto start = std::chrono::steady_clock::now();
  deed();
  std::chrono::duration<double, std::milli> took =
      std::chrono::steady_clock::now() - start;
  return took.count();
}

double median(std::vector<double> numbers) {
  std::sort(numbers.begin(), numbers.end());
  return numbers.empty() ? 0 : numbers[numbers.size() / 2];
}

std::string spawn(const std::vector<std::string>& argv, bool keep_output) {
  std::vector<char*> words = words_of(argv);
  PipeEnds pipe = make_pipe(false).value();
  int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
  pid_t pid = vfork();
  if (pid == 0) {
    dup2(keep_output ? pipe.write.get() : null, 1);
    dup2(null, 2);
    execvp(words[0], words.data());
    _exit(127);
  }
  close(null);
  pipe.write.reset();
  std::string out;
  char buffer[65536];
  for (ssize_t got = 1; keep_output && got > 0;) {
    got = read(pipe.read.get(), buffer, sizeof buffer);
    out.append(buffer, static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return out;
}

Running::Running(const std::vector<std::string>& argv) {
  std::vector<char*> words = words_of(argv);
  PipeEnds pipe = make_pipe(false).value();
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(pipe.write.get(), 1);
    execvp(words[0], words.data());
    _exit(127);
  }
  out_ = std::move(pipe.read);
}

Running::~Running() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

int Running::number() const {
  std::string line;
  for (char byte = 0; read(out_.get(), &byte, 1) == 1 && byte != '\n';) {
    line += byte;
  }
  return whole_number<int>(line).value_or(0);
}

Plan plan_of(const std::string& yaml) {
  std::string file = source_dir() + "/bench/x.yaml";
  ReadScenario read = read_scenario(yaml, {"bench", file}, full_language());
  if (!read.scenario) {
    give_up(read.complaints.front().what + " in " + yaml);
  }
  Planned planned = make_plan(*read.scenario, 1);
  if (!planned.plan) {
    give_up(planned.troubles.front().what);
  }
  return *planned.plan;
}

std::string run_once(Session& session, const Plan& plan) {
  auto evidence = run_plan(session, plan, {Golden::good, ""});
  if (!evidence) {
    give_up(evidence.error().what);
  }
  if (auto trouble = evidence->first(Fact::trouble)) {
    give_up(evidence->trace()[*trouble].text);
  }
  return evidence->out();
}

Session open_session(bool pool_groups) {
  Session::Options options;
  options.environment = environment();
  options.pool_groups = pool_groups;
  auto session = Session::open(std::move(options));
  if (!session) {
    give_up(session.error().what);
  }
  return std::move(session).value();
}

std::string beside_us(const std::string& name) {
  return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / name)
      .string();
}

bool installed(const std::string& program) {
  return find_program(program, environment()).has_value();
}

void row(const std::string& what, const std::string& value,
         const std::string& aim) {
  std::printf("| %-52s | %12s | %-9s |\n", what.c_str(), value.c_str(),
              aim.c_str());
  std::fflush(stdout);
}

std::string ratio_text(double ratio) {
  char text[32];
  std::snprintf(text, sizeof text, "x%.2f", ratio);
  return text;
}

}  // namespace faultrig::bench
