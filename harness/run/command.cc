#include "harness/run/command.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "harness/os/machine.h"
#include "harness/run/capture.h"
#include "harness/run/loop.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostOutput = 16 << 20;

// Reads what is there; false at the end of the output.
bool drain(const Fd& pipe, Capture& into) {
  char buffer[65536];
  for (;;) {
    ssize_t got = read(pipe.get(), buffer, sizeof buffer);
    if (got > 0) {
      into.add({buffer, static_cast<std::size_t>(got)});
    } else if (got == 0) {
      return false;
    } else if (errno != EINTR) {
      return errno == EAGAIN;
    }
  }
}

struct Waiting {
  Loop loop;
  Capture out{kMostOutput, {}};
  Capture err{kMostOutput, {}};
  std::optional<Ended> ended;
  bool late = false;
};

void watch_output(Waiting& waiting, const Fd& pipe, Capture& into) {
  waiting.loop.watch(pipe.get(), POLLIN, [&waiting, &pipe, &into](short) {
    if (!drain(pipe, into)) {
      waiting.loop.unwatch(pipe.get());
    }
  });
}

Result<> wait_for_end(Session& session, Waiting& waiting, int pid) {
  while (!waiting.ended) {
    waiting.loop.step(std::chrono::milliseconds(500));
    TRY_ASSIGN(auto ended, session.launcher().next_end());
    if (ended && ended->pid == pid) {
      waiting.ended = ended;
    }
    if (waiting.late) {
      return Error{ErrorKind::system, "took too long", ETIMEDOUT};
    }
    if (session.stopped()) {
      return internal_error("stopped");
    }
  }
  return Ok{};
}

}  // namespace

Result<CommandOutcome> run_tool(Session& session, const ToolCommand& command) {
  TRY_ASSIGN(PipeEnds out, make_pipe(true));
  TRY_ASSIGN(PipeEnds err, make_pipe(true));
  TRY_ASSIGN(Cgroup group, session.take_group(Session::Group::used));
  LaunchOrder order{command.argv, command.env, {}, command.input.string()};
  std::vector<int> fds{out.write.get(), err.write.get()};
  for (int join : group.join_fds()) {
    order.steps.push_back(JoinCgroup{static_cast<int>(fds.size())});
    fds.push_back(join);
  }
  if (!command.cwd.empty()) {
    order.steps.push_back(EnterFolder{command.cwd.string()});
  }
  auto started = session.launcher().launch(
      order, fds, {command.deadline, [&session] { return session.stopped(); }});
  out.write.reset();
  err.write.reset();
  Waiting waiting;
  Result<> waited = Ok{};
  if (started) {
    watch_output(waiting, out.read, waiting.out);
    watch_output(waiting, err.read, waiting.err);
    waiting.loop.watch(session.launcher().fd(), POLLIN, [](short) {});
    waiting.loop.after(command.deadline, [&] { waiting.late = true; });
    waited = wait_for_end(session, waiting, started->pid);
    drain(out.read, waiting.out);
    drain(err.read, waiting.err);
  }
  session.give_back(std::move(group));
  if (!started) {
    return started.error();
  }
  if (!waited) {
    return with_prefix(command.argv[0], waited.error());
  }
  return CommandOutcome{WaitStatus(waiting.ended->status), waiting.out.text(),
                        waiting.err.text()};
}

}  // namespace faultrig
