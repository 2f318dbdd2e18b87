// Whose sockets they are: of a process whose first thread has ended, and of two
// that listen at one port.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/fd.h"
#include "harness/load/listeners.h"
#include "harness/os/living_thread.h"
#include "harness/os/shim_processes.h"

namespace faultrig {
namespace {

// Listens at 127.0.0.1; `port` 0: at any.
Fd listener_at(int port) {
  Fd socket_fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  int on = 1;
  setsockopt(socket_fd.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(bind(socket_fd.get(), reinterpret_cast<sockaddr*>(&to), sizeof to),
            0);
  EXPECT_EQ(listen(socket_fd.get(), 1), 0);
  return socket_fd;
}

int port_of(const Fd& listener) {
  sockaddr_in at{};
  socklen_t size = sizeof at;
  getsockname(listener.get(), reinterpret_cast<sockaddr*>(&at), &size);
  return ntohs(at.sin_port);
}

// A child that runs `body` until it is killed.
class Child {
 public:
  template <typename Body>
  explicit Child(Body body) : pid_(fork()) {
    if (pid_ == 0) {
      body();
      for (;;) {
        pause();
      }
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  int pid() const { return pid_; }

 private:
  int pid_;
};

TEST(Strangers, AreNotTheThreadsThatOutliveTheFirst) {
  Fd listener = listener_at(0);
  struct stat told {};
  fstat(listener.get(), &told);
  Child child([] {
    std::thread([] {
      for (;;) {
        pause();
      }
    }).detach();
    syscall(SYS_exit, 0);
  });
  while (stat_of(child.pid())->state != 'Z') {
    std::this_thread::yield();
  }
  EXPECT_THAT(living_thread(child.pid()), testing::HasSubstr("/task/"));
  EXPECT_THAT(held_sockets({child.pid()}, {told.st_ino}),
              testing::ElementsAre(told.st_ino));
}

TEST(Strangers, ShareAPort) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  Child service([&] {
    Fd own = listener_at(0);
    int port = port_of(own);
    (void)!write(ends[1], &port, sizeof port);
    for (;;) {
      pause();
    }
  });
  int port = 0;
  ASSERT_EQ(read(ends[0], &port, sizeof port),
            static_cast<ssize_t>(sizeof port));
  auto sockets = InetSockets::open();
  ASSERT_TRUE(sockets);
  Listeners listeners(*sockets, [&] { return std::vector{service.pid()}; });
  ASSERT_TRUE(listeners.look(true));
  EXPECT_EQ(listeners.shared(), std::nullopt);
  Fd stranger = listener_at(port);
  ASSERT_TRUE(listeners.look(true));
  EXPECT_EQ(listeners.shared(), std::nullopt) << "it may be a child's";
  ASSERT_TRUE(listeners.look(true));
  ASSERT_TRUE(listeners.look(true));
  EXPECT_EQ(listeners.shared(), "127.0.0.1:" + std::to_string(port));
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace faultrig
