#include "tests/kernel/service_rig.h"

#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include <gtest/gtest.h>

#include "harness/os/scratch.h"
#include "harness/os/shim_processes.h"
#include "tests/kernel/patience.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

struct Program {
  TempDir folder;
  std::string path;
};

Program compile() {
  auto folder = make_scratch(owner_name() + ".answers");
  EXPECT_TRUE(folder) << folder.error().what;
  std::string path = (folder->path() / "answers").string();
  std::string command = "cd " + source_dir() + "/go_fixtures && go build -o " +
                        path + " ./service/answers";
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
  return {std::move(*folder), path};
}

const std::string& answers() {
  static const Program program = compile();
  return program.path;
}

void raise_loopback() {
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP;
  int number = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ioctl(number, SIOCSIFFLAGS, &request);
  close(number);
}

}  // namespace

Server::Server(const std::string& way, int spaces) : spaces_(spaces) {
  const std::string& program = answers();
  PipeEnds input = make_pipe(false).value();
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (unshare(spaces) != 0) {
      _exit(99);
    }
    if ((spaces & CLONE_NEWNET) != 0) {
      raise_loopback();
    }
    dup2(input.read.get(), STDIN_FILENO);
    execl(program.c_str(), program.c_str(), way.c_str(), nullptr);
    _exit(98);
  }
  stdin_ = std::move(input.write);
}

Server::~Server() {
  if (pid_ > 0) {
    kill();
  }
}

void Server::tell(int signal) const { ::kill(pid_, signal); }

void Server::kill() {
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

void Server::stop() const {
  tell(SIGSTOP);
  waitpid(pid_, nullptr, WUNTRACED);
}

void Server::go_on() const { tell(SIGCONT); }

// It enters its own after the fork: not before its exec is it there for sure.
Fd Server::space(const std::string& name) const {
  int flag = name == "net" ? CLONE_NEWNET : CLONE_NEWUSER;
  if ((spaces_ & flag) == 0) {
    return {};
  }
  EXPECT_TRUE(eventually([this] {
    return command_of(pid_).find("answers ") != std::string::npos;
  })) << "the server has not started";
  std::string path = "/proc/" + std::to_string(pid_) + "/ns/" + name;
  return open_file(AT_FDCWD, path, O_RDONLY).value();
}

namespace {

Driver driver_of(const Server& server, const Service& service,
                 bool tell_each_ask) {
  Fd network = server.space("net");
  Fd user = server.space("user");
  return Driver::start(
             {.service = service,
              .network = network.get(),
              .user = user.get(),
              .pids = [pid = server.pid()] { return std::vector<int>{pid}; },
              .tell_each_ask = tell_each_ask})
      .value();
}

}  // namespace

Drive::Drive(const Server& server, const Service& service, bool tell_each_ask)
    : driver_(driver_of(server, service, tell_each_ask)) {}

// One that has failed has no more news, and is readable for ever.
bool Drive::listen() {
  constexpr int kPatience = 10'000;  // milliseconds
  if (!all_.empty() && std::holds_alternative<DriverFailed>(all_.back())) {
    return false;
  }
  pollfd wait{driver_.fd(), POLLIN, 0};
  std::size_t before = all_.size();
  while (all_.size() == before) {
    if (poll(&wait, 1, kPatience * slowness()) <= 0) {
      return false;
    }
    auto news = driver_.news();
    if (!news) {
      return false;
    }
    all_.insert(all_.end(), news->begin(), news->end());
  }
  return true;
}

void Drive::fail() const {
  std::string told;
  for (const DriverNews& item : all_) {
    told += to_line(item) + "\n";
  }
  ADD_FAILURE() << "the driver has only told:\n" << told;
}

InFlight Drive::stands_at() {
  std::size_t before = all<Marked>().size();
  driver_.mark("now");
  auto marked = await<Marked>(before);
  return marked.connections.empty() ? InFlight::gone
                                    : marked.connections[0].where;
}

InFlight Drive::mark_until(InFlight where) {
  InFlight found = InFlight::gone;
  EXPECT_TRUE(eventually([&] {
    found = stands_at();
    return found == where;
  })) << "it stands at "
      << word_for(found);
  return found;
}

Service service_with(Load load, Ready ready) {
  Service service;
  service.ready = std::move(ready);
  if (load.name.empty()) {
    load.name = "load";
  }
  service.load.push_back(std::move(load));
  return service;
}

}  // namespace faultrig
