// What makes the id of a call site was measured: with lines it changes at every
// edit above, with the functions inside the standard library at every version
// of Go, and without the function that the program called of it, calls that
// mean different things share one. Whose a function is says the import path in
// its name: files are relative to nothing under -trimpath.
#include "harness/model/go_stack.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>

#include "harness/base/text.h"
#include "harness/model/peer.h"

namespace faultrig {

namespace {

using Frames = std::vector<GoFrame>;

// The first elements of the standard library's import paths, Go 1.18 to 1.26.
constexpr std::string_view kStandard =
    " archive arena bufio builtin bytes cmd cmp compress container context "
    "crypto database debug embed encoding errors expvar flag fmt go hash html "
    "image index internal io iter log maps math mime net os path plugin "
    "reflect regexp runtime simd slices sort strconv strings structs sync "
    "syscall testing text time unicode unique unsafe vendor weak ";

// The functions that hold nothing but the SYSCALL instruction, and the packages
// in which they stand.
constexpr std::string_view kBareCalls =
    " Syscall Syscall6 RawSyscall RawSyscall6 SyscallNoError "
    "RawSyscallNoError rawSyscallNoError rawVforkSyscall ";
constexpr std::string_view kBarePackages =
    " runtime/internal/syscall internal/runtime/syscall "
    "internal/runtime/syscall/linux syscall golang.org/x/sys/unix ";

bool is_listed(std::string_view list, std::string_view word) {
  return list.find(" " + std::string(word) + " ") != list.npos;
}

// What stands behind an import path: its own last element has no dot in it but
// as `%2e`.
std::size_t end_of_package(std::string_view function) {
  std::size_t end = function.find_first_of("[(");
  std::size_t slash = function.substr(0, end).rfind('/');
  return function.find('.', slash == function.npos ? 0 : slash);
}

// Or that carry a goroutine over to C.
bool is_bare_call(std::string_view function) {
  if (function == "runtime.cgocall") {
    return true;
  }
  std::size_t end = end_of_package(function);
  if (end == function.npos) {
    return false;
  }
  return is_listed(kBarePackages, function.substr(0, end)) &&
         is_listed(kBareCalls, function.substr(end + 1));
}

bool is_runtime(std::string_view function) {
  return function.starts_with("runtime.") || function.starts_with("runtime/") ||
         function.starts_with("internal/runtime/");
}

// `_testmain.go` is what go test writes to call the testing package.
bool is_of_test(const GoFrame& frame) {
  return frame.file.ends_with("_test.go") || frame.file == "_testmain.go" ||
         frame.file.ends_with("/_testmain.go") ||
         frame.function.starts_with("testing.");
}

// A closure of the standard library that was inlined into a test has the test's
// name in its own, `store.TestPut.Truncate.func1`, and the library's file.
bool is_in_test(const Frames& frames, Frames::const_iterator frame) {
  return std::any_of(frame, frames.end(), [&](const GoFrame& outer) {
    return is_of_test(outer) &&
           (outer.function == frame->function ||
            frame->function.starts_with(outer.function + "."));
  });
}

Frames::const_iterator behind_bare_calls(const Frames& frames) {
  return std::find_if(frames.begin(), frames.end(), [](const GoFrame& frame) {
    return !is_bare_call(frame.function);
  });
}

Frames::const_iterator first_own(const Frames& frames) {
  return std::find_if(
      behind_bare_calls(frames), frames.end(),
      [](const GoFrame& frame) { return !is_standard(frame.function); });
}

// `gopkg.in/lumberjack%2ev2.New` with its dot.
std::string with_dots(std::string_view function) {
  std::string out;
  while (!function.empty()) {
    std::size_t at = function.find("%2e");
    out += function.substr(0, at);
    out += at == function.npos ? "" : ".";
    function.remove_prefix(at == function.npos ? function.size() : at + 3);
  }
  return out;
}

// `store.(*DB).Put` of `example.com/shop/store.(*DB).Put`.
std::string_view short_name(std::string_view function) {
  std::size_t end = function.find_first_of("[(");
  std::size_t slash = function.substr(0, end).rfind('/');
  return slash == function.npos ? function : function.substr(slash + 1);
}

bool is_called(const std::string& glob, std::string_view function) {
  std::string dotted = with_dots(function);
  return glob_match(glob, function) || glob_match(glob, dotted) ||
         glob_match(glob, short_name(dotted));
}

std::optional<bool> comes_through(const std::string& in, const GoStack& stack) {
  std::string glob = literal_brackets(in);
  bool found = std::any_of(
      stack.frames.begin(), stack.frames.end(),
      [&](const GoFrame& frame) { return is_called(glob, frame.function); });
  return found || stack.unknown.empty() ? std::optional(found) : std::nullopt;
}

std::optional<bool> comes_from_site(const std::string& site,
                                    std::string_view call,
                                    const GoStack& stack) {
  std::string id = site_of(call, stack);
  if (id.empty() && !stack.unknown.empty()) {
    return std::nullopt;
  }
  return id.starts_with(site);
}

std::optional<bool> is_owned(std::string_view of, const GoStack& stack) {
  CallOwner owner = owner_of(stack);
  if (owner == CallOwner::unknown) {
    return std::nullopt;
  }
  return of == "program" ? owner == CallOwner::program
                         : owner == CallOwner::runtime;
}

// A function that called itself counts once.
void add_name(std::string& text, const std::string& name) {
  if (!text.ends_with("\n" + name + "\n")) {
    text += name + "\n";
  }
}

std::string fnv1a(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (unsigned char letter : text) {
    hash = (hash ^ letter) * 0x100000001b3;
  }
  hash = (hash ^ (hash >> 32)) * 0xd6e8feb86659fd93;
  hash ^= hash >> 32;
  char digits[17];
  (void)std::snprintf(digits, sizeof digits, "%016llx",
                      static_cast<unsigned long long>(hash));
  return digits;
}

std::string frame_text(const GoFrame& frame) {
  std::string file = std::filesystem::path(frame.file).filename().string();
  std::string text(short_name(with_dots(frame.function)));
  if (!file.empty()) {
    text += " (" + file + ":" + std::to_string(frame.line) + ")";
  }
  return text;
}

}  // namespace

bool is_standard(std::string_view function) {
  for (std::string_view made :
       {"go:", "go.(", "go.struct", "type:", "type..", "_cgo"}) {
    if (function.starts_with(made)) {
      return true;  // by the compiler, the linker or cgo
    }
  }
  std::size_t end = std::min(function.find('/'), end_of_package(function));
  std::string_view first = function.substr(0, end);
  return is_listed(kStandard, first);
}

std::vector<GoFrame> program_frames(const GoStack& stack) {
  Frames out;
  for (auto frame = first_own(stack.frames);
       frame != stack.frames.end() && !is_in_test(stack.frames, frame);
       ++frame) {
    if (!is_standard(frame->function)) {
      out.push_back(*frame);
    }
  }
  return out;
}

// The one thing that Go's runtime does for a program and tells it the error of
// is to register a descriptor that the program opened.
CallOwner owner_of(const GoStack& stack) {
  auto own = first_own(stack.frames);
  auto first = behind_bare_calls(stack.frames);
  bool registers = std::any_of(first, own, [](const GoFrame& frame) {
    return frame.function == "internal/poll.(*FD).Init";
  });
  if (first != stack.frames.end() && is_runtime(first->function) &&
      !registers) {
    return CallOwner::runtime;
  }
  if (own == stack.frames.end()) {
    return stack.unknown.empty() ? CallOwner::other : CallOwner::unknown;
  }
  return is_in_test(stack.frames, own) ? CallOwner::other : CallOwner::program;
}

std::string site_text(std::string_view call, const GoStack& stack) {
  const Frames& frames = stack.frames;
  auto first = behind_bare_calls(frames);
  if (first == frames.end()) {
    return "";
  }
  std::string text = std::string(call) + "\n";
  if (owner_of(stack) == CallOwner::runtime) {
    return text + first->function + "\n";
  }
  auto own = first_own(frames);
  bool ends = std::any_of(own, frames.end(), is_of_test);
  if (!ends && !stack.unknown.empty()) {
    return "";
  }
  if (own == frames.end()) {
    auto outermost =
        std::find_if(frames.rbegin(), frames.rend(), [](const GoFrame& frame) {
          return frame.function != "runtime.goexit";
        });
    return outermost == frames.rend() ? "" : text + outermost->function + "\n";
  }
  text += (own == first ? "-" : (own - 1)->function) + "\n";
  if (is_in_test(frames, own)) {
    return text + own->function + "\n";
  }
  for (const GoFrame& frame : program_frames(stack)) {
    add_name(text, frame.function);
  }
  return text;
}

std::string site_of(std::string_view call, const GoStack& stack) {
  std::string text = site_text(call, stack);
  return text.empty() ? "" : fnv1a(text);
}

std::optional<bool> comes_from(const CallOrigin& origin, std::string_view call,
                               const GoStack* stack) {
  if (!origin.asks()) {
    return true;
  }
  if (stack == nullptr) {
    return std::nullopt;
  }
  std::optional<bool> all = true;
  auto ask = [&](bool asked, auto answer) {
    if (asked && all != false) {
      std::optional<bool> one = answer();
      all = one == false || !one ? one : all;
    }
  };
  ask(!origin.in.empty(), [&] { return comes_through(origin.in, *stack); });
  ask(!origin.site.empty(),
      [&] { return comes_from_site(origin.site, call, *stack); });
  ask(!origin.of.empty(), [&] { return is_owned(origin.of, *stack); });
  return all;
}

std::string stack_text(const GoStack& stack) {
  constexpr std::size_t kMostShown = 3;
  Frames frames = program_frames(stack);
  auto own = first_own(stack.frames);
  if (frames.empty() && own != stack.frames.end()) {
    frames.push_back(*own);
  }
  std::string text;
  for (std::size_t i = 0; i < frames.size() && i < kMostShown; ++i) {
    text += (i == 0 ? "" : " < ") + frame_text(frames[i]);
  }
  return frames.size() > kMostShown ? text + " < ..." : text;
}

std::string CallOrigin::text() const {
  std::string out;
  out += in.empty() ? "" : " in " + in;
  out += site.empty() ? "" : " at site " + site;
  out += of.empty() ? "" : " of the " + of;
  return out;
}

}  // namespace faultrig
