#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/judge/go_output.h"

// One line of what Go prints when a program crashes, without the blanks before
// it. All take any bytes.
namespace faultrig {

// Takes `prefix` off `text`, if it starts so.
bool consume(std::string_view& text, std::string_view prefix);

// `goroutine 7 gp=0xc00 m=nil [chan receive, 5 minutes]:`.
std::optional<Goroutine> read_header(std::string_view line);

// The linker writes dots in the last element of a package path as `%2e`.
std::string function_name(std::string_view text);

// `example.com/deeds/stack.(*T).Run(0xc000, ...)`.
std::optional<std::string> read_function(std::string_view line);

// `/src/stack_test.go:12 +0x1d fp=0x.. sp=0x.. pc=0x..`. False: it is none, and
// `frame` is as it was.
bool read_place(std::string_view line, Frame& frame);

// `SIGQUIT: quit`; Go prints `PC=0x...` below, a program that only logs a
// signal does not.
bool is_signal_line(std::string_view line, std::string_view next);

// The first line behind a crash's text.
bool ends_crash(std::string_view line);

// What the runtime prints in and behind a dump, frames and registers included.
bool is_of_dump(std::string_view line);

// go's own word on how the program ended: `exit status 2`, `signal: killed`.
bool tells_end(std::string_view line);

// go's own word on a package: `FAIL\tpkg\t0.1s`.
bool ends_package(std::string_view line);

// A word of testing: its program goes on.
bool is_of_testing(std::string_view line);

// A function by which a program prints stacks itself.
bool prints_stacks(std::string_view function);

}  // namespace faultrig
