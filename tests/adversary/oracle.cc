// The verdict that the language gives a scene, from the performer's printout.
#include "tests/adversary/oracle.h"

#include <algorithm>
#include <cerrno>
#include <csignal>

namespace faultrig::adversary {

namespace {

constexpr long kMostTold = 100'000;  // calls told one by one (docs)

// An answer that may not be known: `no` and `yes` may both be possible.
struct Answer {
  bool yes = false;
  bool no = false;
  bool open = false;  // or the judge may say that it cannot tell
};

Answer sure(bool holds) { return {holds, !holds}; }

bool may_leave_out(const Pattern& pattern) {
  return !pattern.choice.path.empty() && pattern.choice.fd.empty();
}

Answer holds(const Number& wanted, const Range& range) {
  Answer answer;
  for (long value : {range.low, range.high, wanted.value - 1, wanted.value,
                     wanted.value + 1}) {
    if (value >= range.low && value <= range.high) {
      bool so = wanted.holds(value);
      answer.yes = answer.yes || so;
      answer.no = answer.no || !so;
    }
  }
  return answer;
}

bool asked_for_a_ring(const World& world) {
  return std::any_of(world.calls.begin(), world.calls.end(),
                     [](const Call& call) {
                       return call.name == "io_uring_setup" &&
                              (call.came(-ENOSYS) > 0 || !call.done);
                     });
}

class Judge {
 public:
  Judge(const Scene& scene, const World& world, bool golden_good)
      : scene_(scene),
        world_(world),
        golden_good_(golden_good),
        effects_(effects_in(scene, world)) {
    for (std::size_t i = 0; i < world_.calls.size(); ++i) {
      stdio_acted_ = stdio_acted_ || (world_.calls[i].is_on_stdio() &&
                                      effects_.on.at(i).high > 0);
    }
    prove_kernel_rules();
    find_deaths();
  }

  Opinion opinion() {
    Opinion out;
    bool golden_bad = scene_.golden && !golden_good_;
    bool refused = is_filtered(scene_) && asked_for_a_ring(world_);
    bool void_sure = golden_bad || refused;
    bool void_maybe = void_sure;
    out.why = refused ? "io_uring was refused; " : "";
    out.why += golden_bad ? "golden run is bad; " : "";
    for (std::size_t i = 0; i < scene_.faults.size(); ++i) {
      const Range& effect = effects_.of[i];
      bool needed = !scene_.faults[i].optional;
      void_sure = void_sure || (needed && effect.high == 0);
      void_maybe = void_maybe || (needed && effect.low == 0);
      out.why += "fault " + std::to_string(i) + " took effect " +
                 std::to_string(effect.low) + ".." +
                 std::to_string(effect.high) + "; ";
    }
    bool fail_sure = false;
    bool fail_maybe = false;
    bool open = false;
    for (const Expectation& expected : scene_.expect) {
      Answer answer = ask(expected);
      fail_sure = fail_sure || (answer.no && !answer.yes);
      fail_maybe = fail_maybe || answer.no;
      open = open || answer.open;
      out.why += std::string("expected: ") + (answer.yes ? "yes" : "") +
                 (answer.no ? "no" : "") + "; ";
    }
    out.fails_too = fail_maybe;
    settle(out, {void_sure, void_maybe}, {fail_sure, fail_maybe}, open);
    out.wrongs = effects_.wrongs;
    out.traits = effects_.traits;
    return out;
  }

 private:
  struct Likely {
    bool sure = false;
    bool maybe = false;
  };

  // Of what proves nothing no expectation fails.
  void settle(Opinion& out, Likely nothing, Likely failed, bool open) {
    if (nothing.maybe || (open && !failed.sure)) {
      out.right.insert("inconclusive");
    }
    if (!nothing.sure && failed.maybe) {
      out.right.insert("fail");
    }
    if (!nothing.sure && !failed.sure) {
      out.right.insert("pass");
    }
    if (may_be_refused(scene_) ||
        (!out.right.contains("pass") && may_contradict(scene_))) {
      out.right.insert("refused");
    }
  }

  // What only the kernel sees is proved by the golden run.
  void prove_kernel_rules() {
    for (std::size_t i = 0; i < scene_.faults.size(); ++i) {
      if (!scene_.faults[i].in_kernel) {
        continue;
      }
      bool proved = scene_.golden && golden_good_ && world_.code != 0;
      long most = std::max(1L, effects_.of[i].high);
      effects_.of[i] = {proved ? 1 : 0, proved ? most : 0};
    }
  }

  void find_deaths() {
    if (world_.code) {
      return;
    }
    for (std::size_t i = 0; i < scene_.faults.size(); ++i) {
      const Fault& fault = scene_.faults[i];
      auto signal = static_cast<int>(fault.value);
      bool sends = fault.injector == "signal" || (fault.injector == "syscall" &&
                                                  fault.doing == Doing::signal);
      bool early = fault.injector == "signal" &&
                   fault.when.kind == Trigger::Kind::start &&
                   signal != SIGURG && signal != SIGWINCH;
      if (sends && effects_.of[i].high > 0 &&
          (early || is_lethal(scene_, signal))) {
        deaths_.insert(signal);
      }
    }
    deaths_.insert(world_.raised.begin(), world_.raised.end());
    if (deaths_.empty()) {
      effects_.wrongs.emplace_back("it ended, and nothing ended it");
    }
  }

  Answer ask(const Expectation& expected) {
    using Kind = Expectation::Kind;
    switch (expected.kind) {
      case Kind::exited:
        return sure(world_.code && expected.number->holds(*world_.code));
      case Kind::killed_by:
        return killed_by(expected.signal);
      case Kind::shell:
        return shell(*expected.number);
      case Kind::calls:
        return count_calls(expected);
      case Kind::sequence:
        return find_sequence(expected);
      case Kind::took_effect:
        return took_effect(expected);
      case Kind::output:
        return output(expected);
      case Kind::leftovers:
        return leftovers(expected);
    }
    return {};
  }

  Answer killed_by(int signal) const {
    if (world_.code || deaths_.count(signal) == 0) {
      return sure(false);
    }
    return {true, deaths_.size() > 1};
  }

  Answer shell(const Number& wanted) const {
    if (world_.code) {
      return sure(wanted.holds(*world_.code));
    }
    Answer answer;
    for (int signal : deaths_) {
      bool so = wanted.holds(128 + signal);
      answer.yes = answer.yes || so;
      answer.no = answer.no || !so;
    }
    return answer;
  }

  // How many of this record a pattern counts.
  Range counted(const Pattern& pattern, std::size_t index) {
    const Call& call = world_.calls[index];
    long picked = effects_.picked.at(index);
    if (!fits(pattern.choice, call, false)) {
      return {};
    }
    note_traits(pattern, call, picked);
    if (pattern.error != 0) {
      long failed = made_to_fail(call, pattern.error);
      return {failed, failed};
    }
    if (is_on_stdio_alone(call) && pattern.choice.fd.empty()) {
      // Left out, but where a fault acts on them: on these, or on any of them;
      // of those with the path that was named it cannot be told.
      bool may = stdio_acted_ || !pattern.choice.path.empty();
      return {effects_.on.at(index).low, may ? call.times : 0};
    }
    if (call.done || (picked > 0 && call.times == 1)) {
      return {call.times, call.times};
    }
    return {0, call.times};
  }

  long made_to_fail(const Call& call, int error) const {
    for (const Fault& fault : scene_.faults) {
      if (fault.injector == "syscall" && fault.doing == Doing::error &&
          fault.value == error) {
        return call.came(-error);
      }
    }
    return 0;
  }

  void note_traits(const Pattern& pattern, const Call& call, long picked) {
    if (call.is_on_stdio()) {
      effects_.traits.insert("calls on stdio");
    }
    bool named = false;
    for (const Fault& fault : scene_.faults) {
      named = named || name_one_call(pattern.choice, fault.choice);
    }
    if (named && picked < call.times) {
      effects_.traits.insert("calls that no fault selects");
    }
    if (!fits_first(pattern.choice, call)) {
      effects_.traits.insert("a second path");
    }
  }

  Answer count_calls(const Expectation& expected) {
    Range range;
    long all = 0;
    for (std::size_t i = 0; i < world_.calls.size(); ++i) {
      const Call& call = world_.calls[i];
      all += call.times;
      range += counted(expected.pattern, i);
    }
    Answer answer =
        holds(expected.number.value_or(Number{Number::Op::at_least, 1}), range);
    answer.open = may_leave_out(expected.pattern) || all > kMostTold;
    if (all > kMostTold) {
      effects_.traits.insert("more than 100,000 calls");
    }
    return answer;
  }

  Answer find_sequence(const Expectation& expected) {
    std::size_t at = 0;
    bool unsure = false;
    for (std::size_t i = 0; i < world_.calls.size(); ++i) {
      const Call& call = world_.calls[i];
      for (long left = call.times; left > 0 && at < expected.sequence.size();
           --left) {
        Range one = counted(expected.sequence[at], i);
        unsure = unsure || one.low != one.high ||
                 (one.high != 0 && one.high != call.times);
        if (one.high == 0) {
          break;
        }
        ++at;
      }
    }
    Answer answer = sure(at == expected.sequence.size());
    if (unsure) {
      answer = {true, true,
                std::any_of(expected.sequence.begin(), expected.sequence.end(),
                            may_leave_out)};
    }
    if (expected.number) {
      Answer count = count_calls(expected);
      answer = {answer.yes && count.yes, answer.no || count.no,
                answer.open || count.open};
    }
    return answer;
  }

  Answer took_effect(const Expectation& expected) const {
    Range range;
    bool named = false;
    for (std::size_t i = 0; i < scene_.faults.size(); ++i) {
      if (scene_.faults[i].name == expected.text) {
        range += effects_.of[i];
        named = true;
      }
    }
    for (std::size_t i = 0; !named && i < scene_.faults.size(); ++i) {
      if (scene_.faults[i].injector == expected.text) {
        range += effects_.of[i];
      }
    }
    Answer answer =
        holds(expected.number.value_or(Number{Number::Op::at_least, 1}), range);
    answer.open = range.high > kMostTold;
    return answer;
  }

  Answer output(const Expectation& expected) const {
    auto has = [&](const std::string& text) {
      return text.find(expected.text) != std::string::npos;
    };
    bool found = (expected.of != "stderr" && has(world_.out)) ||
                 (expected.of != "stdout" && has(world_.err));
    Answer answer = sure(found != expected.lacks);
    if (!world_.output_sure) {
      answer = {true, true};
    }
    return answer;
  }

  Answer leftovers(const Expectation& expected) const {
    return holds(*expected.number, {world_.left, world_.left});
  }

  const Scene& scene_;
  const World& world_;
  bool golden_good_;
  Effects effects_;
  std::set<int> deaths_;
  bool stdio_acted_ = false;
};

void note_scene_traits(const Scene& scene, const World& world, Opinion& out) {
  if (asks_by_fd(scene)) {
    out.traits.insert("calls on an fd asked for");
  }
  if (asks_for_static_calls(scene)) {
    out.traits.insert("calls of a static rule");
  }
  for (const Fault& fault : scene.faults) {
    if (fault.injector == "fds") {
      out.traits.insert("descriptors");
    }
    if (fault.optional) {
      out.traits.insert("an optional fault");
    }
  }
  for (const Call& call : world.calls) {
    if (call.peeks) {
      out.traits.insert("peeks");
    }
    if (call.linked) {
      out.traits.insert("symbolic links");
    }
    if (call.in_folder) {
      out.traits.insert("paths below a descriptor");
    }
    if (call.name.starts_with("exec")) {
      out.traits.insert("execve");
    }
    if (takes_two_descriptors(call.name)) {
      out.traits.insert("two descriptors");
    }
    if (call.file_gone) {
      out.traits.insert("a file that is gone");
    }
    if (call.paths.size() > call.first_paths) {
      out.traits.insert("two paths");
    }
  }
}

}  // namespace

Opinion opinion_on(const Scene& scene, const Account& account) {
  auto ended_well = [&](int run) {
    World golden = world_of(account.slot, run, account.home, account.program);
    return golden.began && golden.code == 0;
  };
  bool golden_good = scene.golden && ended_well(0);
  // Behind a run that the kernel's own answers made fail come golden ones.
  for (int run = 2; has_kernel_rule(scene) && run < act_most_runs; ++run) {
    golden_good = golden_good && (account.slot.runs <= run || ended_well(run));
  }
  World world = world_of(account.slot, account.repeat + (scene.golden ? 1 : 0),
                         account.home, account.program);
  Opinion out = Judge(scene, world, golden_good).opinion();
  note_scene_traits(scene, world, out);
  return out;
}

}  // namespace faultrig::adversary
