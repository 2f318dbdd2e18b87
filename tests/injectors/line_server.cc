#include "tests/injectors/line_server.h"

#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace faultrig {

namespace {

void talk(int connection) {
  FILE* in = fdopen(connection, "r");
  FILE* out = fdopen(dup(connection), "w");
  char line[256];
  while (in != nullptr && out != nullptr &&
         fgets(line, sizeof line, in) != nullptr) {
    bool big = std::strcmp(line, "big\n") == 0;
    std::string answer = big ? std::string(4096, 'x') + "\n" : line;
    (void)fputs(answer.c_str(), out);
    (void)fflush(out);
  }
  std::_Exit(0);
}

// Ends with the test program, and so do those that talk.
void stay_with_parent() { prctl(PR_SET_PDEATHSIG, SIGKILL); }

}  // namespace

void LineServer::serve(int listener) {
  pid_ = fork();
  if (pid_ != 0) {
    close(listener);
    return;
  }
  stay_with_parent();
  (void)signal(SIGCHLD, SIG_IGN);
  while (true) {
    int connection = accept(listener, nullptr, nullptr);
    if (connection < 0) {
      std::_Exit(1);
    }
    if (fork() == 0) {
      stay_with_parent();
      talk(connection);
    }
    close(connection);
  }
}

LineServer::LineServer() {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  auto* name = reinterpret_cast<sockaddr*>(&at);
  if (bind(listener, name, size) == 0 && listen(listener, 64) == 0 &&
      getsockname(listener, name, &size) == 0) {
    port_ = ntohs(at.sin_port);
  }
  serve(listener);
}

LineServer::LineServer(const std::string& path) {
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  std::memcpy(at.sun_path, path.data(), path.size());
  (void)bind(listener, reinterpret_cast<sockaddr*>(&at), sizeof at);
  (void)listen(listener, 64);
  serve(listener);
}

LineServer::~LineServer() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

}  // namespace faultrig
