// The stack pointer and Go's tables are enough, no frame pointer is needed: a
// frame's size is known at each instruction, and above it lies the return
// address, which tells the next function. One function stands above its return
// address: rawVforkSyscall takes it off before the call, for its child would
// overwrite it. C has no such tables. But a goroutine that calls C leaves its
// own address on the stack that C runs on, in runtime.asmcgocall, and in it
// where it stands (src/runtime/asm_amd64.s).
#include "harness/gostack/unwind.h"

#include <algorithm>
#include <utility>

#include "harness/gostack/stack_bytes.h"

namespace faultrig {

namespace {

constexpr std::uint64_t kWord = 8;
// Of all names of one stack: a stranger chose them.
constexpr std::size_t kMostLetters = 128 << 10;

// Where a goroutine stands.
struct Standing {
  std::uint64_t pc = 0;
  std::uint64_t sp = 0;
  bool called = false;  // pc is a return address
};

// Goes up a goroutine's stack.
CallChain walk(GoCode& program, const Memory& process, std::uint64_t bias,
               const Standing& from) {
  auto [pc, sp, called] = from;
  CallChain chain;
  auto stop = [&chain](std::string why) {
    chain.unknown = std::move(why);
    return std::move(chain);
  };
  StackBytes stack(process, sp);
  while (chain.instructions.size() < kMostFrames) {
    std::uint64_t here = called ? program.before(pc - bias) : pc - bias;
    if (!program.is_go_code(here)) {
      return stop("a return address is not in Go's code");
    }
    const CodeStep& step = program.step(here);
    chain.instructions.push_back(here);
    if (step.then == CodeStep::Then::end) {
      return chain;
    }
    if (step.then == CodeStep::Then::unknown) {
      return stop("the size of a frame is not known");
    }
    std::uint64_t at = sp + static_cast<std::uint64_t>(
                                static_cast<std::int64_t>(step.frame_size));
    auto caller = stack.word(at);
    if (!caller || (called && at < sp)) {
      return stop("the stack could not be read");
    }
    called = !step.is_trap;
    pc = *caller;
    sp = at + kWord;
  }
  return stop("it is deeper than " + std::to_string(kMostFrames) + " calls");
}

bool panics(const std::string& function) {
  return function == "runtime.gopanic" || function == "runtime.sigpanic" ||
         function == "runtime.panicwrap";
}

// src/runtime/runtime2.go: g begins with the bounds of its stack, has its
// thread (m) at 48 and where it stands (sp, pc) at 56; m has its thread's
// number among its first words.
std::optional<Standing> standing_of(const Memory& process, std::uint64_t g,
                                    std::uint64_t depth, int tid) {
  auto head = process.bytes(g, 72);
  if (!head) {
    return std::nullopt;
  }
  std::uint64_t low = word_at(*head, 0);
  std::uint64_t high = word_at(*head, 8);
  Standing out{word_at(*head, 64), word_at(*head, 56), false};
  // What asmcgocall wrote beside it: how deep it stood.
  bool fits =
      low < high && out.sp >= low && out.sp < high && high - out.sp == depth;
  auto thread = fits ? process.bytes(word_at(*head, 48), 160) : std::nullopt;
  for (std::uint64_t at = 0; thread && at < thread->size(); at += kWord) {
    if (word_at(*thread, at) == static_cast<std::uint64_t>(tid)) {
      return out;
    }
  }
  return std::nullopt;
}

// Go keeps depth and goroutine 40 and 48 above the stack pointer, since 1.2x
// right at it.
std::optional<Standing> standing_above(const Memory& process,
                                       const std::string& part, std::size_t at,
                                       int tid) {
  for (std::size_t depth : {std::size_t{40}, std::size_t{0}}) {
    std::size_t here = at + kWord + depth;
    auto found = holds(part, here, 2 * kWord)
                     ? standing_of(process, word_at(part, here + kWord),
                                   word_at(part, here), tid)
                     : std::nullopt;
    if (found) {
      return found;
    }
  }
  return std::nullopt;
}

class CStack {
 public:
  CStack(GoCode& program, const Memory& process, std::uint64_t bias)
      : program_(program), process_(process), bias_(bias) {}

  // What lies between the stack pointer and the end of what can be read.
  std::optional<Standing> search(const StoppedThread& thread) {
    constexpr std::size_t kPart = 16 << 10;
    constexpr std::size_t kMost = 1 << 20;
    constexpr std::size_t kOverlap = 128;
    for (std::size_t at = 0; at < kMost; at += kPart) {
      std::string part(kPart + kOverlap, '\0');
      part.resize(process_.read(thread.sp + at, part.data(), part.size()));
      if (auto found = look(part, kPart, thread.tid)) {
        return found;
      }
      if (part.size() < kPart) {
        seen_all_ = true;
        return std::nullopt;
      }
    }
    return std::nullopt;
  }
  // No goroutine called: its mark is nowhere up to the stack's end.
  bool has_none() const { return seen_all_ && !marked_; }

 private:
  std::optional<Standing> look(const std::string& part, std::size_t size,
                               int tid) {
    for (std::size_t i = 0; i < size && i + kWord <= part.size(); i += kWord) {
      if (!program_.is_call_of_c(word_at(part, i) - bias_)) {
        continue;
      }
      marked_ = true;
      if (auto found = standing_above(process_, part, i, tid)) {
        return found;
      }
    }
    return std::nullopt;
  }

  GoCode& program_;
  const Memory& process_;
  std::uint64_t bias_;
  bool marked_ = false;
  bool seen_all_ = false;
};

CallChain unknown_chain(std::string why) { return {{}, std::move(why)}; }

// Behind runtime.systemstack_switch, where a goroutine is said to stand that
// left its stack, comes who left it.
CallChain from_c(GoCode& program, const Memory& process, std::uint64_t bias,
                 const StoppedThread& thread) {
  CStack stack(program, process, bias);
  auto standing = stack.search(thread);
  if (!standing) {
    return stack.has_none()
               ? CallChain()
               : unknown_chain(
                     "C made the call, and who called C is not known");
  }
  CallChain chain = walk(program, process, bias, *standing);
  if (chain.instructions.size() > 1) {
    chain.instructions.erase(chain.instructions.begin());
  }
  return chain;
}

}  // namespace

GoStacks::GoStacks(std::shared_ptr<const Memory> file)
    : program_(std::move(file)) {}

GoStackPtr GoStacks::of(const Memory& process, std::uint64_t bias,
                        const StoppedThread& thread) {
  return stack_by(chain_of(process, bias, thread));
}

GoStackPtr GoStacks::above(const Memory& process, std::uint64_t bias,
                           std::uint64_t pc, std::uint64_t sp) {
  return stack_by(walk(program_, process, bias, {pc, sp, true}));
}

GoStackPtr GoStacks::stack_by(CallChain chain) {
  constexpr std::size_t kMostKnown = 20'000;
  auto known = known_.find(chain);
  if (known != known_.end()) {
    return known->second;
  }
  if (known_.size() >= kMostKnown) {
    known_.clear();
  }
  auto stack = std::make_shared<const GoStack>(stack_of(chain));
  known_.emplace(std::move(chain), stack);
  return stack;
}

CallChain GoStacks::chain_of(const Memory& process, std::uint64_t bias,
                             const StoppedThread& thread) {
  if (!program_.is_go()) {
    return {};
  }
  if (!program_.trouble().empty()) {
    return unknown_chain(program_.trouble());
  }
  if (!program_.settle(process, bias)) {
    bool loading = !program_.has_code(thread.pc - bias) &&
                   !program_.has_begun(process, bias);
    return loading ? CallChain()
                   : unknown_chain(
                         "the runtime's record of its code was not "
                         "found");
  }
  if (program_.is_go_code(thread.pc - bias)) {
    return walk(program_, process, bias, {thread.pc, thread.sp, false});
  }
  return from_c(program_, process, bias, thread);
}

// A wrapper that the compiler made is told where a panic came from it, as the
// runtime does.
GoStack GoStacks::stack_of(const CallChain& chain) {
  GoStack stack{{}, chain.unknown};
  std::string callee;
  std::size_t letters = 0;
  for (std::uint64_t instruction : chain.instructions) {
    for (const CodePlace& place : program_.step(instruction).places) {
      const GoFrame& frame = place.frame;
      letters += frame.function.size() + frame.file.size();
      if (letters > kMostLetters) {
        stack.unknown = "its names are too long";
        return stack;
      }
      if (!place.wrapper || panics(callee)) {
        stack.frames.push_back(frame);
      }
      callee = frame.function;
    }
  }
  return stack;
}

}  // namespace faultrig
