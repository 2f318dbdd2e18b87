#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// One call of a goroutine's stack, as Go prints it.
struct Frame {
  std::string function;  // `example.com/deeds/stack.TestDeep.func1`
  std::string file;
  int line = 0;  // 0: not printed
};

// The class of a state that Go prints in a goroutine's brackets: mutex,
// waitgroup, cond, chan receive, chan send, select, io, syscall, sleep,
// running, runnable or runtime. Go 1.19 says `semacquire` for a mutex and a
// wait group alike, so the top frames decide there.
std::string_view state_class(std::string_view state,
                             const std::vector<Frame>& frames);

// Is this a function that stands above the one at fault: the runtime, sync's
// own throws, the panic itself, the caller of a test?
bool is_machinery(std::string_view function);

// Does `wanted` name this function: the whole name, or its end from a `.` or
// `/` on (`TestDeep`, `stack.TestDeep`, `(*T).Run`)? Type arguments, which Go
// prints as `[...]`, do not count.
bool names_function(std::string_view function, std::string_view wanted);

}  // namespace faultrig
