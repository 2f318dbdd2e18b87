// `faultrig workshop`: the lessons of `faultrig learn` for a room.
#include <string>
#include <vector>

#include "harness/base/text.h"
#include "harness/cli/arguments.h"
#include "harness/cli/command.h"
#include "harness/cli/output.h"
#include "harness/cli/printing.h"
#include "harness/cli/report_target.h"
#include "harness/lesson/shelf.h"
#include "harness/os/signals.h"
#include "harness/web/workshop.h"

namespace faultrig {

namespace {

constexpr int kLastPort = 65535;

class WorkshopCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.number("--port", port_, {0, kLastPort},
                     "of loopback; 0: any that is free (default: 0)");
    arguments.word("--lessons", lessons_,
                   "those of this folder (default: faultrig's own)");
    arguments.word("--record", record_,
                   "serve nothing: make each run and write the page with what "
                   "came of it to FILE");
  }

  int run(const Surroundings& surroundings) override {
    auto signals = take_ending_signals();
    auto lessons = lessons_.empty() ? built_in_lessons() : lessons_in(lessons_);
    if (!signals || !lessons) {
      return tell(signals ? lessons.error() : signals.error());
    }
    Session::Options session{surroundings.environment, FAULTRIG_VERSION};
    return record_.empty() ? serve(*lessons, session, *signals)
                           : record(*lessons, session, *signals);
  }

 private:
  int serve(const std::vector<Lesson>& lessons, const Session::Options& session,
            const Fd& signals) const {
    auto end = serve_workshop(
        lessons, session, port_, signals, [](const std::string& url) {
          print("the workshop is at " + url + "\nCtrl-C ends it\n");
        });
    return end ? tell_end(*end) : tell(end.error());
  }

  int record(const std::vector<Lesson>& lessons,
             const Session::Options& session, const Fd& signals) const {
    if (auto can = can_write({{"html", record_}}); !can) {
      return tell(can.error());
    }
    std::string day = style_of_now({}, 1).started.substr(0, kDay);
    auto made = record_workshop(
        lessons, session, day, signals, [](const std::string& title) {
          complain("recording: " + for_one_line(title) + "\n");
        });
    if (!made || made->end.signal != 0) {
      return made ? tell_end(made->end) : tell(made.error());
    }
    auto written = write_text(record_, made->page);
    return written ? 0 : tell(written.error());
  }

  // It has no end of its own: a signal is how it is told to stop.
  static int tell_end(const WorkshopEnd& end) {
    return tell_interrupted(end.signal, end.all_gone);
  }

  static constexpr std::size_t kDay = 10;  // 2026-01-31

  int port_ = 0;
  std::string lessons_;
  std::string record_;
};

}  // namespace

CommandType workshop_command() {
  return command_type<WorkshopCommand>(
      "workshop", "the lessons of `learn` on a page, for a room",
      "faultrig workshop --port 8255\n"
      "Serves this machine alone, under an address that nobody can guess.");
}

}  // namespace faultrig
