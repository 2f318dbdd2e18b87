// A line in the stderr of another process, which is a file that it does not
// append to: what it writes later must not lie over it.
#include "harness/os/others_stderr.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "harness/base/fd.h"
#include "harness/os/scratch.h"
#include "tests/kernel/patience.h"

namespace faultrig {
namespace {

// Has a file as its stderr, and writes `own` to it when it is told to.
class Writer {
 public:
  Writer() : folder_(make_scratch(owner_name() + ".stderr").value()) {
    file_ = folder_.path() / "log";
    PipeEnds start = make_pipe(false).value();
    pid_ = fork();
    if (pid_ == 0) {
      start.write.reset();
      dup2(open(file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600), 2);
      char byte = 0;
      (void)!write(ready_.write.get(), "r", 1);
      (void)!read(start.read.get(), &byte, 1);
      (void)!write(2, "own\n", 4);
      _exit(0);
    }
    start_ = std::move(start.write);
    char byte = 0;
    (void)!read(ready_.read.get(), &byte, 1);
  }

  int pid() const { return pid_; }
  void finish() {
    start_.reset();
    waitpid(pid_, nullptr, 0);
  }
  std::string content() const {
    return read_file(AT_FDCWD, file_).value_or("");
  }

 private:
  TempDir folder_;
  std::string file_;
  PipeEnds ready_ = make_pipe(false).value();
  Fd start_;
  int pid_ = 0;
};

TEST(OthersStderr, KeepsALineBeforeWhatIsWrittenLater) {
  Writer writer;
  ASSERT_TRUE(write_to_stderr_of(writer.pid(), "line\n"));
  writer.finish();
  EXPECT_TRUE(eventually(
      [&] { return writer.content().find("line\n") != std::string::npos; }));
  EXPECT_NE(writer.content().find("own\n"), std::string::npos);
  EXPECT_EQ(writer.content().size(), 9U);
}

TEST(OthersStderr, GetsALineWhenItsOwnerHasEnded) {
  Writer writer;
  ASSERT_TRUE(append_to_stderr_later(writer.pid(), "line\n"));
  EXPECT_EQ(writer.content(), "");
  writer.finish();
  EXPECT_TRUE(eventually([&] { return writer.content() == "own\nline\n"; }))
      << writer.content();
}

}  // namespace
}  // namespace faultrig
