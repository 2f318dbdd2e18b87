// The pool with real workers, in a process of its own: it adopts orphans and
// refuses tracers for as long as it lives.
#include "harness/campaign/pool.h"

#include <signal.h>
#include <unistd.h>

#include <map>

#include <gtest/gtest.h>

#include "harness/base/fd.h"
#include "harness/os/signals.h"

namespace faultrig {
namespace {

// Gives the orders as they stand; what became of each, in words.
class Listed : public TaskSource {
 public:
  explicit Listed(std::vector<std::string> orders)
      : orders_(std::move(orders)) {}
  std::optional<Task> next() override {
    return given_ == orders_.size()
               ? std::nullopt
               : std::optional(Task{given_, orders_[given_++]});
  }
  void learned(const Task& task, const Result<std::string>& answer) override {
    told_[task.order] = answer ? *answer : answer.error().what;
  }
  void take_back(const Task& task) override { orders_.push_back(task.order); }
  std::size_t left() const override { return orders_.size() - given_; }

  std::string text() const {
    std::string out;
    for (const auto& [order, answer] : told_) {
      out += order + ": " + answer + "\n";
    }
    return out;
  }

 private:
  std::vector<std::string> orders_;
  std::size_t given_ = 0;
  std::map<std::string, std::string> told_;
};

// Knows its next task only by what became of the last one, like a search.
class Learning : public TaskSource {
 public:
  std::optional<Task> next() override {
    bool waits = asked_ > answered_;
    return waits || enough_ ? std::nullopt
                            : std::optional(Task{asked_, order(asked_++)});
  }
  void learned(const Task& task, const Result<std::string>& answer) override {
    ++answered_;
    enough_ = task.order == "stop" || !answer;
  }
  void take_back(const Task&) override { --asked_; }
  std::size_t left() const override { return enough_ ? 0 : 1; }
  std::size_t answered() const { return answered_; }

 private:
  static std::string order(std::size_t number) {
    return number == 3 ? "stop" : "go on";
  }

  std::size_t asked_ = 0;
  std::size_t answered_ = 0;
  bool enough_ = false;
};

int obey(int socket) {
  for (;;) {
    auto order = receive_text(socket);
    if (!order || !*order) {
      return 0;
    }
    if (**order == "die") {
      _exit(9);
    }
    if (**order == "stop") {
      (void)raise(SIGSTOP);
    }
    if (!send_text(socket, "done")) {
      return 0;
    }
  }
}

// Runs the pool in a process of its own; gives what `text` makes of the source.
template <typename Source, typename Text>
std::string after_pool(Source source, int workers, Text text_of) {
  auto ends = Worker::start([&](int socket) {
    auto signals = take_ending_signals();
    Pool pool(source, workers, obey);
    auto signal = pool.run(*signals);
    bool well = signal && *signal == 0 && pool.all_gone();
    return send_text(socket, well ? text_of(source) : "not well") ? 0 : 1;
  });
  auto text = receive_text(ends->fd());
  return text && *text ? **text : "nothing";
}

std::string done_by_pool(const std::vector<std::string>& orders, int workers) {
  return after_pool(Listed(orders), workers,
                    [](const Listed& source) { return source.text(); });
}

TEST(Pool, DoesAllThatASourceGives) {
  EXPECT_EQ(done_by_pool({"a", "b", "c"}, 2), "a: done\nb: done\nc: done\n");
}

TEST(Pool, LosesOneTaskByAWorkerThatDies) {
  EXPECT_EQ(done_by_pool({"a", "b", "c", "d", "die", "e", "f"}, 1),
            "a: done\nb: done\nc: done\nd: done\n"
            "die: a worker of faultrig ended early: exited 9\n"
            "e: done\nf: done\n");
}

TEST(Pool, ContinuesAWorkerThatWasStopped) {
  EXPECT_EQ(done_by_pool({"a", "stop", "b"}, 1),
            "a: done\nb: done\nstop: done\n");
}

TEST(Pool, LetsWhatWasLearnedDecideWhatIsNext) {
  EXPECT_EQ(after_pool(Learning(), 2,
                       [](const Learning& source) {
                         return std::to_string(source.answered());
                       }),
            "4");
}

}  // namespace
}  // namespace faultrig
