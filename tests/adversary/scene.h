#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace faultrig::adversary {

// Which of the matching calls: first, first + step, ... up to last.
struct Nth {
  long first = 1;
  std::optional<long> last = 1;
  long step = 1;
  bool selects(long number) const;
  std::string text() const;
};

enum class Doing { error, returns, shortened, delay, signal };

// Selects calls, as a rule, a trigger or an expectation.
struct Choice {
  std::vector<std::string> calls;
  std::string path;
  std::string fd;
};

struct Trigger {
  enum class Kind { start, call, listening, after, output } kind = Kind::start;
  Choice choice;
  std::optional<Nth> nth;
  long milliseconds = 0;
  std::string text;
  long port = 0;  // at which it listens; 0: at any
  // Does its moment depend on a clock?
  bool late() const { return kind == Kind::after || kind == Kind::output; }
};

struct Fault {
  std::string injector = "syscall";  // or fds, signal
  std::string name;
  Trigger when;
  Choice choice;
  std::optional<Nth> nth;
  int chance = 0;  // percent; 0: always
  Doing doing = Doing::error;
  long value = 0;  // errno, number, bytes, milliseconds, signal
  bool in_kernel = false;
  long max = 0;  // fds; with a trigger: spare
  long times = 1;
  bool optional = false;
};

struct Number {
  enum class Op { equal, at_least, at_most, unequal } op = Op::equal;
  long value = 0;
  bool holds(long number) const;
  std::string text() const;
};

struct Pattern {
  Choice choice;
  int error = 0;
};

struct Expectation {
  enum class Kind {
    exited,
    killed_by,
    shell,
    calls,
    sequence,
    took_effect,
    output,
    leftovers
  } kind = Kind::exited;
  Pattern pattern;
  std::vector<Pattern> sequence;  // with a number, the pattern counts too
  std::optional<Number> number;
  std::string text;  // output: the text; took_effect: the fault
  bool lacks = false;
  std::string of;
  int signal = 0;
};

// A scenario of ours, before it is written as YAML.
struct Scene {
  std::uint64_t seed = 0;
  std::vector<std::string> acts;
  std::vector<Fault> faults;
  std::vector<Expectation> expect;
  bool golden = true;
};

// `EIO` of 5; `SIGTERM` of 15.
std::string errno_word(int number);
std::string signal_word(int number);

// Is there a fault that the kernel's filter causes by itself?
bool has_kernel_rule(const Scene& scene);

// Does any of its calls wait for faultrig? Then it has no rings (docs).
bool is_filtered(const Scene& scene);

// Does it make so many calls that a try takes seconds?
bool is_crowd(const Scene& scene);

// The scenario's text; its command is these words and then its acts.
std::string yaml_of(const Scene& scene, const std::vector<std::string>& words,
                    const std::string& folder);

// One scene for each seed, always the same.
Scene scene_of(std::uint64_t seed);

}  // namespace faultrig::adversary
