#include "harness/web/workshop.h"

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <optional>
#include <utility>
#include <vector>

#include "harness/os/signals.h"
#include "harness/os/token.h"
#include "harness/report/page.h"
#include "harness/web/gate.h"
#include "harness/web/http_server.h"
#include "harness/web/workshop_json.h"

namespace faultrig {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kTokenBytes = 16;
// Between two looks at what lives: a test that is killed at once lives for some
// milliseconds. Then, where nothing runs.
constexpr std::chrono::milliseconds kLook{4};
constexpr std::chrono::milliseconds kIdle{100};
constexpr std::chrono::milliseconds kBeat{
    5000};  // a stream that nobody reads is seen
// A page that is loaded anew is away for less.
constexpr std::chrono::seconds kAway{5};

// The next signal that asks us to stop, if one has come.
std::optional<int> ending_signal(const Fd& signals, LessonRunner& runner) {
  while (auto number = next_signal(signals)) {
    if (*number != SIGCHLD) {
      return number;
    }
    runner.keep_going();
  }
  return std::nullopt;
}

std::string as_event(const std::string& json) {
  return "data: " + json + "\n\n";
}

class Workshop {
 public:
  Workshop(HttpServer server, std::string token,
           const std::vector<Lesson>& lessons, const Session::Options& session)
      : server_(std::move(server)),
        gate_(server_.port(), std::move(token)),
        runner_(lessons, session,
                [this](const std::string& event) { have(event); }) {}

  Result<> open() {
    TRY_ASSIGN(cannot_, runner_.open());
    return Ok{};
  }

  std::string url() const { return gate_.url(); }

  Result<WorkshopEnd> serve(const Fd& signals) {
    WorkshopEnd end;
    TRY(server_.watch(signals.get(), [&] {
      if (auto number = ending_signal(signals, runner_)) {
        end.signal = *number;
        server_.stop();
      }
    }));
    server_.again([this] {
      look();
      return runner_.busy() ? kLook : kIdle;
    });
    server_.again([this] {
      server_.tell(": beat\n\n");
      return kBeat;
    });
    TRY(listen());
    server_.run([this](const WebRequest& request) { return answer(request); });
    end.all_gone = runner_.close(signals);
    return end;
  }

 private:
  // Hears the worker that there is now.
  Result<> listen() {
    int fd = runner_.fd();
    if (fd == heard_) {
      return Ok{};
    }
    if (heard_ >= 0) {
      server_.unwatch(heard_);
    }
    heard_ = fd;
    return fd < 0 ? Result<>(Ok{}) : server_.watch(fd, [this] {
      runner_.read();
      (void)listen();
    });
  }

  void look() {
    runner_.look();
    auto now = Clock::now();
    if (server_.streams() > 0 || !runner_.busy()) {
      watched_ = now;
    } else if (now - watched_ > kAway) {
      runner_.stop();
    }
    (void)listen();
  }

  void have(const std::string& event) {
    events_.push_back(as_event(event));
    server_.tell(as_event(event));
  }

  WebAnswer answer(const WebRequest& request) {
    Gate::Pass pass = gate_.look_at(request);
    WebAnswer out;
    if (pass.status == 200) {
      out = open_room(pass);
    } else {
      out.status = pass.status;
      out.body = pass.why + "\n";
    }
    add_guards(out);
    return out;
  }

  WebAnswer open_room(const Gate::Pass& pass) {
    switch (pass.room) {
      case Gate::Room::page:
        return {200, "text/html; charset=utf-8", workshop_page()};
      case Gate::Room::style:
        return {200, "text/css; charset=utf-8", workshop_style()};
      case Gate::Room::script:
        return {200, "text/javascript; charset=utf-8", workshop_script()};
      case Gate::Room::lessons:
        return {
            200, "application/json",
            "{\"lessons\":" + lessons_json(runner_.lessons(), cannot_) + "}"};
      case Gate::Room::events:
        return stream();
      case Gate::Room::run:
        return begin(pass.number);
      case Gate::Room::end:
        runner_.stop();
        return {};
    }
    return {404};
  }

  // What came before it first.
  WebAnswer stream() const {
    WebAnswer out{200, "text/event-stream", ": hello\n\n"};
    for (const std::string& event : events_) {
      out.body += event;
    }
    out.stays_open = true;
    return out;
  }

  WebAnswer begin(std::size_t run) {
    if (!runner_.busy()) {
      events_.clear();
    }
    auto begun = runner_.begin(run);
    if (!begun) {
      bool busy = runner_.busy();
      return {busy ? 409 : 404, "text/plain; charset=utf-8",
              begun.error().what + "\n"};
    }
    (void)listen();
    return {};
  }

  HttpServer server_;
  Gate gate_;
  LessonRunner runner_;
  std::vector<std::string> cannot_;
  std::vector<std::string> events_;  // of the last run, for a page that comes
  int heard_ = -1;
  Clock::time_point watched_ = Clock::now();
};

// One run to its end, or to a signal, which it gives; else 0.
int record_one(LessonRunner& runner, const Fd& signals) {
  while (runner.busy()) {
    pollfd waits[2] = {{signals.get(), POLLIN, 0}, {runner.fd(), POLLIN, 0}};
    (void)poll(waits, 2, static_cast<int>(kLook.count()));
    if (auto number = ending_signal(signals, runner)) {
      return *number;
    }
    if (waits[1].revents != 0) {
      runner.read();
    }
    runner.look();
  }
  return 0;
}

}  // namespace

Result<WorkshopEnd> serve_workshop(
    const std::vector<Lesson>& lessons, const Session::Options& session,
    int port, const Fd& signals,
    const std::function<void(const std::string& url)>& ready) {
  TRY_ASSIGN(std::string token, random_token(kTokenBytes));
  TRY_ASSIGN(HttpServer server, HttpServer::listen(port));
  Workshop workshop(std::move(server), std::move(token), lessons, session);
  TRY(workshop.open());
  ready(workshop.url());
  return workshop.serve(signals);
}

Result<WorkshopRecord> record_workshop(
    const std::vector<Lesson>& lessons, const Session::Options& session,
    const std::string& day, const Fd& signals,
    const std::function<void(const std::string& what)>& begun) {
  std::vector<std::vector<std::string>> events;
  LessonRunner runner(lessons, session, [&](const std::string& event) {
    events.back().push_back(event);
  });
  TRY_ASSIGN(std::vector<std::string> cannot, runner.open());
  WorkshopRecord out;
  for (const Lesson& lesson : lessons) {
    begun(lesson.title);
    for (std::size_t i = 0; i < lesson.runs.size() && out.end.signal == 0;
         ++i) {
      events.emplace_back();
      TRY(runner.begin(events.size()));
      out.end.signal = record_one(runner, signals);
    }
  }
  out.end.all_gone = runner.close(signals);
  out.page = recorded_workshop(
      recording_json(day, lessons_json(lessons, cannot), events));
  return out;
}

}  // namespace faultrig
