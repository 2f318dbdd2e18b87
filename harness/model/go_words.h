#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/plan.h"

namespace faultrig {

// What a clean environment keeps too: without these no program is found, and go
// builds nothing.
inline constexpr std::array<std::string_view, 7> kAlwaysKept{
    "PATH", "HOME", "GOPATH", "GOCACHE", "GOMODCACHE", "GOROOT", "GOPROXY"};

// The words that a go command and a test binary are started with: what `plan`
// shows and what `run` does come from here. Pure.

// The flags of a workload, told apart as cmd/go does (go help testflag): those
// of a test get the prefix `-test.`, all others belong to the build.
struct GoFlags {
  std::vector<std::string> build;
  std::vector<std::string> test;
};
GoFlags split_flags(const std::vector<std::string>& flags);

// The `-exec=` flag for a program and its first arguments, quoted as go splits
// it (go help run: quoted.Split, which knows no escapes).
std::string exec_flag(const std::vector<std::string>& words);

// The words of -exec that put our witness before a test binary: behind the
// author's own program, which so is watched as well. `door`: where it reports.
std::vector<std::string> witness_words(const GoTest& test,
                                       const std::string& shim,
                                       const std::string& door);

// Is this a `go test -json`?
bool asks_json(const Plan& plan);

// `go test` of mode chain. `go`: the program; `minor`: of its version, 26 for
// go1.26, since older ones know other flags; `exec`: the words of -exec.
std::vector<std::string> go_test_words(const Plan& plan, const std::string& go,
                                       int minor,
                                       const std::vector<std::string>& exec);

// `go list` of the folder of that package, with what of the flags belongs to
// the build: -C, -modfile or -overlay choose what is found.
std::vector<std::string> go_list_words(const GoTest& test,
                                       const std::string& go);

// `go list` of all packages that its tests are made from, but those of Go: for
// each a line `dir` and its folder; `mod` and the go.mod of its module, unless
// that is of a version that never changes; and `file` for what it embeds, from
// its folder.
std::vector<std::string> go_deps_words(const GoTest& test,
                                       const std::string& go);

// `go test -c` of mode binary: builds the test binary `out`.
std::vector<std::string> go_build_words(const GoTest& test,
                                        const std::string& go,
                                        const std::string& out);

// The flags in a GOFLAGS (go help environment): separated by blanks, with
// quotes around what holds some.
std::vector<std::string> words_of_goflags(const std::string& value);

// Has one of these flags, with one dash or two and any value, this name?
bool has_flag(const std::vector<std::string>& flags, std::string_view name);

// What go passes to a test binary that it starts, without the program itself.
// `goflags`: what go has in GOFLAGS; a flag of the author's wins.
std::vector<std::string> test_binary_words(
    const Plan& plan, int minor, const std::vector<std::string>& goflags);

}  // namespace faultrig
