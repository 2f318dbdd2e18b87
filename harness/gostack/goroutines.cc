// The runtime never frees a goroutine and keeps all of them in one list
// (src/runtime/proc.go, allgs), so the list can be read while the program runs.
// A goroutine that waits leaves where it stands in its own record, for it has
// to go on there. It may go on at any moment, also between two reads of ours:
// so each is read until two readings in a row are equal, its record and its
// stack. One that runs has its stack pointer in a processor, and nowhere else.
#include "harness/gostack/goroutines.h"

#include <algorithm>
#include <cerrno>
#include <set>
#include <string_view>
#include <utility>

namespace faultrig {

namespace {

constexpr int kTries = 16;

// src/runtime/runtime2.go, _Gidle and on.
constexpr std::uint32_t kRunning = 2;
constexpr std::uint32_t kWaiting = 4;
constexpr std::uint32_t kDead = 6;
constexpr std::uint32_t kCopied = 8;
constexpr std::uint32_t kLeaked = 10;
constexpr std::uint32_t kDeadExtra = 11;
constexpr std::uint32_t kScanned = 0x1000;
// Their names, in the order of their numbers; empty: there is none.
constexpr std::string_view kStates =
    "idle,runnable,running,syscall,waiting,,dead,,copystack,preempted,leaked";

std::string_view state_named(std::uint32_t status) {
  std::string_view left = kStates;
  for (; status > 0 && !left.empty(); --status) {
    left.remove_prefix(std::min(left.find(','), left.size() - 1) + 1);
  }
  return left.substr(0, left.find(','));
}

GoStackPtr no_stack(std::string why) {
  return std::make_shared<const GoStack>(GoStack{{}, std::move(why)});
}

// One reading of one record.
struct Record {
  std::string bytes;
  GoroutineLayout layout;

  std::uint64_t word(std::uint64_t at) const { return word_at(bytes, at); }
  // Not whether the collector is looking at it.
  std::uint32_t status() const {
    return half_at(bytes, layout.status) & ~kScanned;
  }
  bool is_used() const {
    std::uint32_t now = status();
    return now != 0 && now != kDead && now != kDeadExtra;
  }
  bool has_stack() const { return status() != kRunning && status() != kCopied; }
  // In a system call its stack above belongs to the kernel's caller.
  std::uint64_t sp() const {
    return word(layout.syscall_sp) != 0 ? word(layout.syscall_sp)
                                        : word(kStandsSp);
  }
  std::uint64_t pc() const {
    return word(layout.syscall_sp) != 0 ? word(layout.syscall_pc)
                                        : word(kStandsPc);
  }
  std::uint8_t reason() const { return byte_at(bytes, layout.wait_reason); }
  bool fits() const {
    constexpr std::uint64_t kLargest = 4ULL << 30;
    std::uint64_t low = word(kStackLow);
    std::uint64_t high = word(kStackHigh);
    return !state_named(status()).empty() && low < high &&
           high - low <= kLargest && word(layout.id) != 0 &&
           (!has_stack() || (sp() >= low && sp() < high));
  }
  // The same moment of the same goroutine: each time that it leaves a processor
  // its record counts one on (trackingSeq), so that it cannot look the same
  // after it ran.
  bool is_as(const Record& other) const { return bytes == other.bytes; }
};

// One look at one process.
class Look {
 public:
  Look(GoStacks& stacks, const GoRuntime& runtime, const Memory& process,
       std::uint64_t bias)
      : stacks_(stacks), runtime_(runtime), process_(process), bias_(bias) {}

  Result<GoroutineLook> take(std::optional<std::chrono::nanoseconds> now) {
    now_ = now;
    TRY_ASSIGN(std::vector<std::uint64_t> all, list());
    GoroutineLook out;
    out.go = runtime_.version;
    for (std::uint64_t address : all) {
      add(address, out);
    }
    out.left_out = left_out_;
    std::sort(out.goroutines.begin(), out.goroutines.end(),
              [](const auto& a, const auto& b) { return a.id < b.id; });
    TRY(check(out));
    return out;
  }

 private:
  // The old list is freed once a longer one took its place: what was read of it
  // counts only if it is still the list afterwards.
  Result<std::vector<std::uint64_t>> list() {
    std::uint64_t head = bias_ + runtime_.all;
    for (int i = 0; i < kTries; ++i) {
      auto slice = process_.bytes(head, 16);
      if (!slice) {
        return unsupported_error("its memory could not be read");
      }
      std::uint64_t length = word_at(*slice, 8);
      std::uint64_t kept = std::min<std::uint64_t>(length, Goroutines::kMost);
      auto words = process_.bytes(word_at(*slice, 0), kept * 8);
      if (words && process_.word(head) == word_at(*slice, 0)) {
        left_out_ = length - kept;
        std::set<std::uint64_t> once;
        for (std::uint64_t at = 0; at < words->size(); at += 8) {
          once.insert(word_at(*words, at));
        }
        return std::vector<std::uint64_t>(once.begin(), once.end());
      }
    }
    return unsupported_error("its list of goroutines never held still");
  }

  std::optional<Record> read(std::uint64_t address) const {
    auto bytes = process_.bytes(address, kGoroutineSize);
    return bytes ? std::optional(Record{*std::move(bytes), runtime_.layout})
                 : std::nullopt;
  }

  bool looks_right(const Record& record) const {
    std::uint64_t start = record.word(runtime_.layout.start) - bias_;
    return record.fits() &&
           (runtime_.measured || stacks_.program().is_entry(start));
  }

  GoStackPtr stack_of(const Record& record) {
    if (record.status() == kRunning) {
      return no_stack("it runs, and has its stack in a processor");
    }
    return record.has_stack()
               ? stacks_.above(process_, bias_, record.pc(), record.sp())
               : no_stack("its stack is being moved");
  }

  // A stack that ends nowhere is looked at more often: its goroutine may have
  // been about to go on.
  bool holds_still(std::uint64_t address, const Record& record,
                   const GoStack& stack, int tries) {
    constexpr int kDoubt = 4;
    auto again = read(address);
    if (!again || !again->is_as(record)) {
      return false;
    }
    return !record.has_stack() || ((stack.unknown.empty() || tries >= kDoubt) &&
                                   *stack_of(record) == stack);
  }

  void add(std::uint64_t address, GoroutineLook& out) {
    std::optional<Record> last;
    for (int i = 0; i < kTries; ++i) {
      last = read(address);
      if (!last) {
        break;
      }
      if (!last->is_used()) {
        return;
      }
      GoStackPtr stack = looks_right(*last) ? stack_of(*last) : nullptr;
      if (stack && holds_still(address, *last, *stack, i)) {
        out.goroutines.push_back(seen(*last, stack));
        return;
      }
    }
    if (last && looks_right(*last)) {
      out.goroutines.push_back(
          seen(*last, no_stack("it ran on whenever it was read")));
      out.goroutines.back().torn = true;
    } else {
      ++out.unread;
    }
  }

  SeenGoroutine seen(const Record& record, GoStackPtr stack) {
    const GoroutineLayout& layout = runtime_.layout;
    SeenGoroutine out;
    out.id = record.word(layout.id);
    out.state = state_of(record);
    auto since = std::chrono::nanoseconds(record.word(layout.wait_since));
    if (since.count() > 0 && now_ && *now_ >= since &&
        record.status() != kRunning) {
      out.waited = *now_ - since;
    }
    out.locked = record.word(layout.locked_thread) != 0;
    out.stack = std::move(stack);
    out.internal = is_internal(record, *out.stack);
    if (out.id != 1) {
      out.created_by = creator(record.word(layout.created_at));
      out.created_in = layout.parent != 0 ? record.word(layout.parent) : 0;
    }
    return out;
  }

  std::string state_of(const Record& record) const {
    std::uint32_t status = record.status();
    bool waits = status == kWaiting || status == kLeaked;
    std::string state(state_named(status));
    if (waits && record.reason() != 0) {
      state = record.reason() < runtime_.reasons.size()
                  ? runtime_.reasons[record.reason()]
                  : "unknown wait reason";
    }
    return state + (status == kLeaked ? " (leaked)" : "");
  }

  // src/runtime/traceback.go, isSystemGoroutine.
  bool is_internal(const Record& record, const GoStack& stack) {
    std::uint64_t start = record.word(runtime_.layout.start) - bias_;
    GoCode& code = stacks_.program();
    if (!code.is_go_code(start) || code.step(start).places.empty()) {
      return false;
    }
    const std::string& name = code.step(start).places.back().frame.function;
    if (!name.starts_with("runtime.") || name == "runtime.main" ||
        name == "runtime.handleAsyncEvent" || name == "runtime.corostart") {
      return false;
    }
    bool calls_back = name == "runtime.runfinq" ||
                      name == "runtime.runFinalizers" ||
                      name == "runtime.runCleanups";
    return !calls_back ||
           std::all_of(stack.frames.begin(), stack.frames.end(),
                       [](const GoFrame& frame) {
                         return frame.function.starts_with("runtime.");
                       });
  }

  // The function as a whole, and the line of what was inlined into it.
  std::optional<GoFrame> creator(std::uint64_t address) {
    GoCode& code = stacks_.program();
    if (!code.is_go_code(address - bias_)) {
      return std::nullopt;
    }
    const CodeStep& step = code.step(code.before(address - bias_));
    if (step.places.empty() ||
        !is_shown_in_dumps(step.places.back().frame.function)) {
      return std::nullopt;
    }
    const GoFrame& line = step.places.front().frame;
    return GoFrame{step.places.back().frame.function, line.file, line.line};
  }

  // Nothing that we read may be where we think it is.
  Result<> check(const GoroutineLook& look) const {
    std::set<std::uint64_t> ids;
    bool whole = look.unread == 0;
    for (const SeenGoroutine& one : look.goroutines) {
      whole = ids.insert(one.id).second && whole &&
              (one.torn || one.stack->unknown.empty() ||
               one.state == "running" || !one.stack->frames.empty()) &&
              one.state != "unknown wait reason";
    }
    if (look.goroutines.empty() || (!runtime_.measured && !whole)) {
      return unsupported_error(
          runtime_.measured
              ? "no goroutine could be read"
              : "it was built by a Go that is newer than what faultrig knows: "
                "its goroutines look different");
    }
    return Ok{};
  }

  GoStacks& stacks_;
  const GoRuntime& runtime_;
  const Memory& process_;
  std::uint64_t bias_;
  std::optional<std::chrono::nanoseconds> now_;
  std::size_t left_out_ = 0;
};

}  // namespace

Result<> Goroutines::settle(const Memory& process, std::uint64_t bias) {
  GoCode& code = stacks_->program();
  if (!code.is_go()) {
    return Error{ErrorKind::unsupported, "it is no Go program", ENOEXEC};
  }
  if (!code.trouble().empty()) {
    return unsupported_error(code.trouble());
  }
  if (!code.settle(process, bias)) {
    return unsupported_error("the runtime's record of its code was not found");
  }
  if (!runtime_) {
    TRY_ASSIGN(runtime_, find_runtime(code, process, bias));
  }
  return Ok{};
}

Result<GoroutineLook> Goroutines::look(
    const Memory& process, std::uint64_t bias,
    std::optional<std::chrono::nanoseconds> now) {
  TRY(settle(process, bias));
  return Look(*stacks_, *runtime_, process, bias).take(now);
}

}  // namespace faultrig
