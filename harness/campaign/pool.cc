#include "harness/campaign/pool.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <memory>
#include <new>
#include <utility>

#include "harness/os/signals.h"

namespace faultrig {

namespace {

// Less than most tasks take: starting a shim and a process alone takes longer
// than the answer to one that cannot run here.
constexpr std::chrono::milliseconds kQuick{100};
constexpr int kPatience = 15'000;  // milliseconds, for shims to clean up
constexpr int kTick = 1000;        // milliseconds
// For telling the results that are in when memory has run out.
constexpr std::size_t kReserve = 1 << 20;

std::string how_it_ended(WaitStatus status) {
  if (status.exited() && status.exit_code() == Worker::kOutOfMemory) {
    return "a worker of faultrig ran out of memory";
  }
  bool killed = status.killed() && status.signal() == SIGKILL;
  return "a worker of faultrig ended early: " + status.text() +
         (killed ? " (by the kernel, if memory ran out)" : "");
}

}  // namespace

Pool::Pool(TaskSource& source, int workers, std::function<int(int socket)> body)
    : source_(source),
      body_(std::move(body)),
      seats_(static_cast<std::size_t>(workers)) {}

// A worker whose tasks take no time would mostly wait for the next one: it gets
// a second one ahead. Of long ones each waits for whoever is free first.
std::size_t Pool::wanted(const Seat& seat) const {
  return seat.quick && source_.left() >= seats_.size() ? 2 : 1;
}

Result<> Pool::fill_seat(Seat& seat) {
  while (seat.tasks.size() < wanted(seat)) {
    auto task = source_.next();
    if (!task) {
      return Ok{};
    }
    TRY(hand_over(seat, *task));
  }
  return Ok{};
}

Result<> Pool::hand_over(Seat& seat, const Task& task) {
  if (!seat.worker) {
    TRY_ASSIGN(seat.worker, Worker::start(body_));
  }
  if (seat.tasks.empty()) {
    seat.since = std::chrono::steady_clock::now();
  }
  seat.tasks.push_back(task);
  if (!send_text(seat.worker->fd(), task.order)) {
    worker_died(seat);
  }
  return Ok{};
}

void Pool::take_answer(Seat& seat) {
  auto text = receive_text(seat.worker->fd());
  if (!text || !*text) {
    worker_died(seat);
    return;
  }
  auto now = std::chrono::steady_clock::now();
  seat.quick = now - seat.since < kQuick;
  seat.since = now;
  Task task = std::move(seat.tasks.front());
  seat.tasks.pop_front();
  source_.learned(task, **text);
}

void Pool::worker_died(Seat& seat) {
  WaitStatus status = seat.worker->finish();
  seat.worker.reset();
  std::deque<Task> tasks = std::exchange(seat.tasks, {});
  seat.quick = false;
  if (tasks.empty()) {
    return;
  }
  // It never came to the second one.
  for (auto later = tasks.rbegin(); later + 1 != tasks.rend(); ++later) {
    source_.take_back(*later);
  }
  source_.learned(tasks.front(),
                  Error{ErrorKind::system, how_it_ended(status)});
}

bool Pool::any_busy() const {
  return std::any_of(seats_.begin(), seats_.end(),
                     [](const Seat& seat) { return !seat.tasks.empty(); });
}

// The next signal that asks us to stop. A worker that its workload has stopped
// would keep us waiting: it goes on.
std::optional<int> Pool::ending_signal(const Fd& signals) {
  while (auto number = next_signal(signals)) {
    if (*number != SIGCHLD) {
      return number;
    }
    for (Seat& seat : seats_) {
      if (seat.worker) {
        seat.worker->keep_going();
      }
    }
  }
  return std::nullopt;
}

// False: a signal asked us to stop.
bool Pool::wait(const Fd& signals) {
  std::vector<pollfd> waits{{signals.get(), POLLIN, 0}};
  std::vector<Seat*> busy;
  for (Seat& seat : seats_) {
    if (!seat.tasks.empty()) {
      waits.push_back({seat.worker->fd(), POLLIN, 0});
      busy.push_back(&seat);
    }
  }
  if (tick_) {
    tick_();
  }
  if (poll(waits.data(), waits.size(), tick_ ? kTick : -1) < 0) {
    return true;
  }
  if (auto number = ending_signal(signals)) {
    signal_ = *number;
    return false;
  }
  for (std::size_t i = 0; i < busy.size(); ++i) {
    if (waits[i + 1].revents != 0) {
      take_answer(*busy[i]);
    }
  }
  return true;
}

void Pool::kill_workers() {
  for (Seat& seat : seats_) {
    if (seat.worker) {
      seat.worker->kill();
    }
  }
}

// Closing a worker's socket tells it to stop; it cleans up and ends. Whoever
// asks a second time does not want to wait for that: the workers are killed,
// and their shims clean up.
void Pool::dismiss(const Fd& signals) {
  for (Seat& seat : seats_) {
    if (seat.worker) {
      seat.worker->hang_up();
    }
  }
  for (Seat& seat : seats_) {
    while (seat.worker && !seat.worker->ended(signals)) {
      if (ending_signal(signals)) {
        kill_workers();
      }
    }
    seat.worker.reset();
  }
  all_gone_ = await_orphans(kPatience);
}

Result<int> Pool::do_all(const Fd& signals) {
  adopt_orphans();
  refuse_tracers();
  Result<> filled = Ok{};
  while (true) {
    for (Seat& seat : seats_) {
      filled = filled ? fill_seat(seat) : filled;
    }
    if (!filled || !any_busy() || !wait(signals)) {
      break;
    }
  }
  dismiss(signals);
  if (!filled) {
    return filled.error();
  }
  return signal_;
}

Result<int> Pool::run(const Fd& signals) {
  std::unique_ptr<char[]> reserve(new char[kReserve]);
  try {
    return do_all(signals);
  } catch (const std::bad_alloc&) {
    reserve.reset();
    return Error{ErrorKind::system, "out of memory", ENOMEM};
  }
}

}  // namespace faultrig
