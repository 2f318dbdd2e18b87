#include "harness/model/go_stack.h"

#include <gtest/gtest.h>

namespace faultrig {
namespace {

GoStack stack_of(std::vector<GoFrame> frames, std::string unknown = "") {
  return {std::move(frames), std::move(unknown)};
}

// store.(*DB).Sync > os.(*File).Sync, from a test.
GoStack syncs(int line = 40) {
  return stack_of({{"internal/runtime/syscall.Syscall6", "asm.s", 36},
                   {"syscall.Syscall", "syscall_linux.go", 73},
                   {"syscall.Fsync", "zsyscall.go", 500},
                   {"internal/poll.(*FD).Fsync", "fd_fsync.go", 17},
                   {"os.(*File).Sync", "file_posix.go", 170},
                   {"example.com/shop/store.(*DB).Sync", "/x/db.go", line},
                   {"example.com/shop/store.(*DB).Put", "/x/db.go", line + 9},
                   {"example.com/shop/store.TestPut", "/x/db_test.go", 12},
                   {"testing.tRunner", "testing.go", 1934},
                   {"runtime.goexit", "asm_amd64.s", 1700}});
}

// Made by the runtime while the program allocates.
GoStack grows() {
  return stack_of({{"runtime.mmap", "sys.go", 1},
                   {"runtime.mallocgc", "malloc.go", 2},
                   {"main.work", "main.go", 3},
                   {"main.main", "main.go", 4},
                   {"runtime.main", "proc.go", 5},
                   {"runtime.goexit", "asm.s", 6}});
}

// What go test writes makes calls for examples.
TEST(CallSites, OfTheGeneratedMainOfTestsAreNotTheProgramsOwn) {
  GoStack pipes = stack_of({{"os.Pipe", "pipe2_unix.go", 1},
                            {"testing.runExample", "run_example.go", 2},
                            {"testing.(*M).Run", "testing.go", 3},
                            {"main.main", "_testmain.go", 4},
                            {"runtime.main", "proc.go", 5}});
  EXPECT_EQ(owner_of(pipes), CallOwner::other);
  EXPECT_TRUE(program_frames(pipes).empty());
  pipes.frames[3].file = "main.go";
  EXPECT_EQ(owner_of(pipes), CallOwner::program);
}

// os.Mkdir has a closure, which is named after whom it was inlined into.
TEST(CallSites, OfTheLibraryInlinedIntoATestAreTheTestsOwn) {
  GoStack makes = stack_of({{"syscall.Mkdir", "zsyscall.go", 1},
                            {"store.TestPut.Mkdir.func1", "/go/os/file.go", 2},
                            {"os.Mkdir", "/go/os/file.go", 3},
                            {"store.TestPut", "/x/db_test.go", 4},
                            {"testing.tRunner", "testing.go", 5}});
  EXPECT_EQ(owner_of(makes), CallOwner::other);
  EXPECT_TRUE(program_frames(makes).empty());
  makes.frames[1].function = "store.Put.Mkdir.func1";
  EXPECT_EQ(owner_of(makes), CallOwner::program);
}

TEST(CallSites, AreNamedByTheCallItsEntryAndTheProgramsFunctions) {
  EXPECT_EQ(site_text("fsync", syncs()),
            "fsync\nos.(*File).Sync\nexample.com/shop/store.(*DB).Sync\n"
            "example.com/shop/store.(*DB).Put\n");
  EXPECT_EQ(site_of("fsync", syncs()).size(), 16U);
}

TEST(CallSites, StayTheSameWhenLinesMoveAndWhenGoIsOfAnotherVersion) {
  GoStack other = syncs(44);
  other.frames.erase(other.frames.begin());
  other.frames.front() = {"internal/runtime/syscall/linux.Syscall6", "b.s", 1};
  EXPECT_EQ(site_of("fsync", syncs()), site_of("fsync", other));
}

TEST(CallSites, DifferByCallByEntryAndByFunction) {
  GoStack entry = syncs();
  entry.frames[4].function = "os.(*File).Close";
  GoStack function = syncs();
  function.frames[5].function = "example.com/shop/store.(*DB).Close";
  for (const std::string& id :
       {site_of("fdatasync", syncs()), site_of("fsync", entry),
        site_of("fsync", function)}) {
    EXPECT_NE(id, site_of("fsync", syncs()));
  }
}

TEST(CallSites, AreTheSameWhicheverTestLeadsThere) {
  GoStack other = syncs();
  other.frames[7] = {"example.com/shop/store.TestSync", "/x/b_test.go", 99};
  EXPECT_EQ(site_of("fsync", syncs()), site_of("fsync", other));
}

TEST(CallSites, CountAFunctionThatCallsItselfOnce) {
  GoStack deep = syncs();
  deep.frames.insert(deep.frames.begin() + 6, 5, deep.frames[5]);
  EXPECT_EQ(site_of("fsync", syncs()), site_of("fsync", deep));
}

TEST(CallSites, AreNotNamedByHalfAStack) {
  GoStack half =
      stack_of({{"os.(*File).Sync", "", 0}, {"a.com/b.F", "f.go", 1}},
               "the stack could not be read");
  EXPECT_EQ(site_of("fsync", half), "");
  half.frames.push_back({"a.com/b.TestF", "f_test.go", 2});
  EXPECT_NE(site_of("fsync", half), "");  // what is beyond does not count
}

TEST(CallSites, OfAModuleWithoutADotInItsNameAreTheProgramsToo) {
  EXPECT_FALSE(is_standard("shop/store.(*DB).Sync"));
  EXPECT_FALSE(is_standard("main.main"));
  EXPECT_FALSE(is_standard("netsuite.Dial"));
  EXPECT_TRUE(is_standard("net/http.(*conn).serve"));
  EXPECT_TRUE(is_standard("os.(*File).Sync"));
  EXPECT_TRUE(is_standard("vendor/golang.org/x/net/dns.F"));
  EXPECT_TRUE(is_standard("type:.eq.main.key"));
  EXPECT_TRUE(is_standard("type..eq.main.key"));
  EXPECT_TRUE(is_standard("go.(*struct { sync.Mutex }).Lock"));
  EXPECT_FALSE(is_standard("go.etcd.io/bbolt.(*DB).init"));
  EXPECT_FALSE(is_standard("go.uber.org/zap.New"));
}

TEST(CallOwner, IsWhoseInnermostFunctionItIs) {
  EXPECT_EQ(owner_of(syncs()), CallOwner::program);
  EXPECT_EQ(owner_of(grows()), CallOwner::runtime);
  GoStack by_test = syncs();
  by_test.frames.erase(by_test.frames.begin() + 5, by_test.frames.begin() + 7);
  EXPECT_EQ(owner_of(by_test), CallOwner::other);
  EXPECT_EQ(owner_of({}), CallOwner::other);
  EXPECT_EQ(owner_of(stack_of({}, "why")), CallOwner::unknown);
}

TEST(CallOwner, IsTheProgramWhereTheRuntimeRegistersItsDescriptor) {
  GoStack opens = stack_of({{"runtime.netpollopen", "netpoll.go", 1},
                            {"internal/poll.runtime_pollOpen", "netpoll.go", 2},
                            {"internal/poll.(*FD).Init", "fd_unix.go", 3},
                            {"net.Listen", "dial.go", 4},
                            {"main.main", "main.go", 5}});
  EXPECT_EQ(owner_of(opens), CallOwner::program);
}

std::optional<bool> in(const std::string& glob, const GoStack& stack) {
  return comes_from({.in = glob}, "fsync", &stack);
}

TEST(CallOrigin, ComparesWholeNamesAndThoseFromTheLastPackageOn) {
  EXPECT_EQ(in("store.(*DB).Put", syncs()), true);
  EXPECT_EQ(in("store.*", syncs()), true);
  EXPECT_EQ(in("example.com/shop/store.(*DB).Put", syncs()), true);
  EXPECT_EQ(in("*.Put", syncs()), true);
  EXPECT_EQ(in("os.(*File).Sync", syncs()), true);
  EXPECT_EQ(in("shop.*", syncs()), false);
  EXPECT_EQ(in("store.(*DB).Pu", syncs()), false);
}

TEST(CallOrigin, TakesBracketsOfGenericsAndDotsOfVersionsAsTheyAre) {
  GoStack stack =
      stack_of({{"a.com/m.Map[...].Put", "", 0},
                {"gopkg.in/lumberjack%2ev2.(*Logger).Write", "", 0}});
  EXPECT_EQ(in("m.Map[...].Put", stack), true);
  EXPECT_EQ(in("lumberjack.v2.(*Logger).Write", stack), true);
  EXPECT_EQ(in("gopkg.in/lumberjack%2ev2.*", stack), true);
}

TEST(CallOrigin, IsNotKnownWhereTheStackIsNot) {
  GoStack half = stack_of({{"store.F", "", 0}}, "the stack could not be read");
  EXPECT_EQ(in("store.F", half), true);
  EXPECT_EQ(in("store.G", half), std::nullopt);
  EXPECT_EQ(comes_from({.in = "store.F"}, "fsync", nullptr), std::nullopt);
  EXPECT_EQ(comes_from({}, "fsync", nullptr), true);
}

TEST(CallOrigin, AsksAllOfItsParts) {
  GoStack stack = syncs();
  std::string id = site_of("fsync", stack);
  EXPECT_EQ(
      comes_from({"store.*", id.substr(0, 6), "program"}, "fsync", &stack),
      true);
  EXPECT_EQ(comes_from({"store.*", id, "runtime"}, "fsync", &stack), false);
  EXPECT_EQ(comes_from({"other.*", id, "program"}, "fsync", &stack), false);
  EXPECT_EQ(comes_from({.site = id}, "fdatasync", &stack), false);
}

TEST(StackText, ShowsTheProgramsFunctionsAloneAndFew) {
  EXPECT_EQ(stack_text(syncs()),
            "store.(*DB).Sync (db.go:40) < store.(*DB).Put (db.go:49)");
  EXPECT_EQ(stack_text({}), "");
}

}  // namespace
}  // namespace faultrig
