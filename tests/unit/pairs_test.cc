// Each pair: words that make a cause certain, and the same words by another
// mechanism, of which it is not told, or not as certain. Where no other is
// named here, none is known but a -toolexec program, which may print anything
// below the header of a build.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/explained_log.h"

namespace faultrig {
namespace {

using ::testing::Contains;
using ::testing::Not;

struct Pair {
  const char* id;
  const char* words;  // below the header of a build
  const char* other;  // a log
};

constexpr const char* kFailed =
    "--- FAIL: TestX (0.00s)\n    x_test.go:7: no\nFAIL\nFAIL\tm/x\t0.1s\n";

constexpr Pair kOfABuild[] = {
    // vet checks types, too; an older Go lacks the name.
    {"undefined_name", "./x.go:3:4: undefined: y",
     "# m/x\n# [m/x]\nvet: ./x.go:3:4: undefined: y\nFAIL\tm/x [build failed]"},
    // golangci-lint, of a package that passed.
    {"type_error", "./x.go:3:4: not enough arguments in call to f",
     "ok  \tm/x\t0.1s\nx.go:3:4: not enough arguments in call to f "
     "(typecheck)\n"},
    {"unused_name", "./x.go:3:4: declared and not used: y",
     "ok  \tm/x\t0.1s\nx.go:3:4: declared and not used: y (typecheck)\n"},
    {"declared_twice", "./x.go:3:4: f redeclared in this block",
     "ok  \tm/x\t0.1s\nx.go:3:4: f redeclared in this block (typecheck)\n"},
    // gofmt -l, a linter.
    {"syntax_error", "./x.go:3:4: syntax error: unexpected }",
     "ok  \tm/x\t0.1s\nx.go:3:4: expected '}', found 'EOF'\n+ echo done\n"},
    // A linker's words in the text of an #error.
    {"link_failed", "/usr/bin/ld: x.o: undefined reference to `f'",
     "# m/x\nc.c:3:2: error: #error \"undefined reference to f\"\nFAIL\tm/x "
     "[build failed]\n"},
    {"build_disk_full",
     "write /tmp/go-build1/b001/x.a: no space left on device",
     "# m/x\nc.c:3:2: error: #error no space left on device here\nFAIL\tm/x "
     "[build failed]\n"},
    // Its dependency file, not a header.
    {"c_header_missing",
     "c.c:1:10: fatal error: a.h: No such file or directory",
     "# m/x\nc.c:1:1: fatal error: opening dependency file a.d: No such file "
     "or "
     "directory\nFAIL\tm/x [build failed]\n"},
    {"c_compile_error", "./c.c:12:5: error: unknown type name 'foo_t'",
     "ok  \tm/x\t0.1s\n./c.c:12:5: error: unknown type name 'foo_t'\ncc: "
     "done\n"},
    // A program of another tool.
    {"compiler_killed", "/go/pkg/tool/linux_amd64/compile: signal: killed",
     "ok  \tm/x\t0.1s\n# deploy\nterraform: signal: killed\n"},
    {"c_compiler_crashed", "gcc: internal compiler error: Segmentation fault",
     "# m/x\ngcc: fatal error: Terminated signal terminated program "
     "cc1\nFAIL\tm/x [build failed]\n"},
    {"compiler_crashed", "./x.go:20:6: internal compiler error: 'F': panic",
     "--- FAIL: TestX (0.00s)\n    x_test.go:9: ./x.go:20:6: internal compiler "
     "error: 'F': panic\nFAIL\nFAIL\tm/x\t0.1s\n"},
    // What a test asserts of its own build.
    {"symbol_twice", "/m/y.c:1: multiple definition of `f'",
     "--- FAIL: TestX (0.00s)\n    x_test.go:9: /m/y.c:1: multiple definition "
     "of "
     "`f'\nFAIL\nFAIL\tm/x\t0.1s\n"},
    {"go_short_of", "fork/exec /go/compile: resource temporarily unavailable",
     "--- FAIL: TestX (0.00s)\n    x_test.go:9: fork/exec /bin/true: resource "
     "temporarily unavailable\nFAIL\nFAIL\tm/x\t0.1s\n"},
    {"tool_flag_unknown",
     "flag provided but not defined: -nope\nusage: link [options] main.o",
     "# m/x\nflag provided but not defined: -V\nUsage of mine:\nFAIL\tm/x "
     "[build failed]\n"}};

constexpr Pair kOfASetUp[] = {
    // A tool's install that did not matter.
    {"no_requirement", "x.go:3:4: no required module provides package a.org/b",
     "x.go:3:4: no required module provides package a.org/b\n+ next step\n"},
    // The title of a commit.
    {"missing_sum", "x.go:3:4: missing go.sum entry for module providing a.org",
     "HEAD is now at 3f2c1ab Fix missing go.sum entry in CI\nok  "
     "\tm/x\t0.1s\n"},
    {"import_cycle", "package m/x\n\timports m/y: import cycle not allowed",
     "# m/x\n./x.go:9:9: cannot use \"import cycle not allowed\" (untyped "
     "string "
     "constant) as int value in return statement\nFAIL\tm/x [build failed]\n"},
    {"embed_missing", "x.go:8:12: pattern dist: no matching files found",
     "ok  \tm/x\t0.1s\nls: pattern dist: no matching files found\n+ next\n"},
    {"all_excluded",
     "package m/x: build constraints exclude all Go files in /src/x",
     "ok  \tm/x\t0.1s\nlint: build constraints exclude all Go files in /src/x\n"
     "+ next\n"},
    {"internal_package",
     "x.go:3:4: use of internal package a.org/internal not allowed",
     "ok  \tm/x\t0.1s\nlint: use of internal package a.org/internal not "
     "allowed "
     "by policy\n+ next\n"},
    {"two_packages", "found packages x (a.go) and y (b.go) in /src/x",
     "ok  \tm/x\t0.1s\nlint: found packages x (a.go) and y (b.go) in /src\n+ "
     "next\n"},
    {"no_go_files", "no Go files in /src/x",
     "ok  \tm/x\t0.1s\nsonar: no Go files in /src/x\n+ next\n"},
    {"no_such_folder", "stat /src/nope: directory not found",
     "ok  \tm/x\t0.1s\nstat /srv/cache: directory not found\n+ next\n"},
    {"not_vendored",
     "x.go:3:4: cannot find module providing package a.org/b: import lookup "
     "disabled by -mod=vendor",
     "x.go:1:2: cannot find package \".\" in:\n\t/src/b\nFAIL\tm/x [setup "
     "failed]\n"},
    {"proxy_off",
     "x.go:3:4: a.org/b@v1.0.0: module lookup disabled by "
     "GOPROXY=off",
     "a.org/b@v1.0.0: module lookup disabled by GOPROXY=off\n+ next\n"},
    {"proxy_failed", "x.go:3:4: a.org/b@v1.0.0: Get \"https://p.test/a\": EOF",
     "Error response from daemon: Get \"https://p.test/v2/\": EOF\n"},
    {"checksum_mismatch",
     "x.go:3:4: a.org/b@v1.0.0: verifying module: checksum mismatch",
     "verifying package: checksum mismatch\n"},
    {"newer_go_wanted",
     "go: a.org/b@v1.0.0 requires go >= 1.99 (running go 1.26)",
     "go: a.org/b@v1.0.0 requires go >= 1.99 (running go 1.26)\n+ next "
     "step\n"}};

std::string refused(const Pair& pair, const char* how) {
  return std::string("# m/x\n") + pair.words + "\nFAIL\tm/x [" + how +
         " failed]\nFAIL\n";
}

void expect_both_sides(const Pair& pair, const std::string& log) {
  const std::string certain = std::string(pair.id) + " certain";
  const std::string likely = std::string(pair.id) + " likely";
  EXPECT_THAT(causes_of(log), Contains(certain)) << log;
  EXPECT_THAT(causes_of(pair.other), Not(Contains(certain))) << pair.other;
  bool same_words = std::string(pair.id) == "undefined_name";
  if (!same_words) {
    EXPECT_THAT(causes_of(pair.other), Not(Contains(likely))) << pair.other;
  }
}

TEST(Pairs, OfABuildAreToldApart) {
  for (const Pair& pair : kOfABuild) {
    expect_both_sides(pair, refused(pair, "build"));
  }
}

TEST(Pairs, OfASetUpAreToldApart) {
  for (const Pair& pair : kOfASetUp) {
    expect_both_sides(pair, refused(pair, "setup"));
  }
}

// What was run had been built, whatever its log quotes.
TEST(Pairs, OfABuildAreNoneWhereTheTestRan) {
  for (const Pair& pair : kOfABuild) {
    EXPECT_THAT(causes_of(std::string(pair.words) + "\n" + kFailed),
                Not(Contains(std::string(pair.id) + " certain")));
  }
}

}  // namespace
}  // namespace faultrig
