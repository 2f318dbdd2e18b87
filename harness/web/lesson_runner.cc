// An order is the number of a run, or 0 for what cannot be run. Of what the
// worker says, the first byte tells whether more follows.
#include "harness/web/lesson_runner.h"

#include <csignal>
#include <string_view>

#include "harness/base/text.h"
#include "harness/campaign/worker_body.h"
#include "harness/lesson/engine.h"
#include "harness/os/signals.h"
#include "harness/os/stand_apart.h"
#include "harness/web/workshop_json.h"

namespace faultrig {

namespace {

constexpr char kMore = '+';
constexpr char kLast = '=';
constexpr std::chrono::seconds kPatience{15};  // for a worker to clean up
constexpr int kOrphans = 15'000;               // milliseconds, for their shims

struct RunAddress {
  const Lesson* lesson = nullptr;  // null: there is no such run
  std::size_t run = 0;             // in it, from 0
};

RunAddress address_of(const std::vector<Lesson>& lessons, std::size_t number) {
  for (const Lesson& lesson : lessons) {
    if (number > 0 && number <= lesson.runs.size()) {
      return {&lesson, number - 1};
    }
    number -= number > 0 ? lesson.runs.size() : 0;
  }
  return {};
}

// What the worker knows of the run that it is at, for what hears it.
struct Stage {
  int socket = -1;
  const LessonRun* run = nullptr;
  int told = 0;
};

// The picture shows no more than that; the end is told all the same.
constexpr int kMostTold = 800;
constexpr int kMostLooks = 400;

void hear(Stage& stage, const Observation& seen) {
  std::string event = stage.run ? seen_json(seen, *stage.run) : "";
  if (!event.empty() && ++stage.told <= kMostTold) {
    (void)send_text(stage.socket, kMore + event);
  }
}

// A line for each lesson.
std::string what_cannot(Session& session, const std::vector<Lesson>& lessons) {
  std::vector<std::string> lines;
  for (const Lesson& lesson : lessons) {
    auto can = can_do(session, lesson);
    lines.push_back(can ? "" : for_one_line(can.error().what));
  }
  return kLast + join(lines, "\n");
}

std::string run_one(Session& session, const RunAddress& address, Stage& stage) {
  const LessonRun& run = address.lesson->runs[address.run];
  stage.run = &run;
  stage.told = 0;
  auto start = std::chrono::steady_clock::now();
  auto outcome = run_lesson(session, *address.lesson, address.run);
  stage.run = nullptr;
  if (!outcome) {
    return kLast + failed_json(outcome.error().what);
  }
  return kLast +
         ended_json(run, *outcome, std::chrono::steady_clock::now() - start);
}

int be_worker(int socket, Session::Options session,
              const std::vector<Lesson>& lessons) {
  close_all_but({socket});
  Stage stage{socket};
  session.hear = [&stage](const Observation& seen) { hear(stage, seen); };
  Deed deed = [&](Result<Session>& here,
                  const std::string& order) -> Result<std::string> {
    if (!here) {
      return order == "0"
                 ? here.error()
                 : Result<std::string>(kLast + failed_json(here.error().what));
    }
    if (order == "0") {
      return what_cannot(*here, lessons);
    }
    return run_one(*here, address_of(lessons, std::stoul(order)), stage);
  };
  return work(socket, session, deed);
}

}  // namespace

std::size_t LessonRunner::runs() const {
  std::size_t count = 0;
  for (const Lesson& lesson : lessons_) {
    count += lesson.runs.size();
  }
  return count;
}

Result<> LessonRunner::start() {
  TRY_ASSIGN(worker_, Worker::start([this](int socket) {
               return be_worker(socket, session_, lessons_);
             }));
  return Ok{};
}

Result<std::vector<std::string>> LessonRunner::open() {
  adopt_orphans();
  refuse_tracers();
  TRY(start());
  TRY(send_text(worker_->fd(), "0"));
  TRY_ASSIGN(auto answer, receive_text(worker_->fd()));
  if (!answer || !answer->starts_with(kLast)) {
    return internal_error("a worker of faultrig could not start");
  }
  std::vector<std::string> out(1);
  for (char byte : answer->substr(1)) {
    if (byte == '\n') {
      out.emplace_back();
    } else {
      out.back() += byte;
    }
  }
  return out;
}

Result<> LessonRunner::begin(std::size_t run) {
  if (address_of(lessons_, run).lesson == nullptr) {
    return usage_error("there is no such run");
  }
  if (busy()) {
    return usage_error(ending_ ? "the run before is still being cleaned up"
                               : "a run is under way");
  }
  if (!worker_) {
    TRY(start());
  }
  run_ = run;
  since_ = Clock::now();
  seen_.clear();
  looks_ = 0;
  tell(begun_json(run));
  if (!send_text(worker_->fd(), std::to_string(run))) {
    bury();
  }
  return Ok{};
}

void LessonRunner::tell(const std::string& event) {
  auto at = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() -
                                                                  since_);
  tell_(timed_json(at, event));
}

void LessonRunner::fail(const std::string& why) {
  if (run_ != 0) {
    tell(failed_json(why));
    run_ = 0;
  }
}

void LessonRunner::bury() {
  WaitStatus status = worker_->finish();
  worker_.reset();
  fail("a worker of faultrig ended early: " + status.text());
}

void LessonRunner::read() {
  if (!worker_ || ending_) {
    return;
  }
  auto text = receive_text(worker_->fd());
  if (!text || !*text || (*text)->empty()) {
    bury();
    return;
  }
  if (run_ != 0) {
    tell((*text)->substr(1));
  }
  if ((*text)->front() == kLast) {
    run_ = 0;
  }
}

void LessonRunner::stop() {
  if (run_ == 0) {
    return;
  }
  fail("stopped");
  worker_->hang_up();
  ending_ = true;
  since_ = Clock::now();
}

void LessonRunner::look() {
  if (ending_) {
    if (Clock::now() - since_ > kPatience) {
      worker_->kill();
    }
    if (worker_->has_ended()) {
      (void)worker_->finish();
      worker_.reset();
      ending_ = false;
    }
    return;
  }
  if (run_ == 0) {
    return;
  }
  std::vector<SeenProcess> now = look_below();
  if (now != seen_ && ++looks_ <= kMostLooks) {
    seen_ = std::move(now);
    tell(looks_json(seen_));
  }
}

void LessonRunner::keep_going() {
  if (worker_) {
    worker_->keep_going();
  }
}

bool LessonRunner::close(const Fd& signals) {
  fail("stopped");
  if (worker_ && !ending_) {
    worker_->hang_up();
  }
  while (worker_ && !worker_->ended(signals)) {
    while (auto number = next_signal(signals)) {
      if (*number == SIGCHLD) {
        worker_->keep_going();
      } else {
        worker_->kill();
      }
    }
  }
  worker_.reset();
  ending_ = false;
  return await_orphans(kOrphans);
}

}  // namespace faultrig
