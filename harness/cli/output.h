#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/campaign/sink.h"
#include "harness/cli/options.h"
#include "harness/model/verdict.h"
#include "harness/report/report.h"

namespace faultrig {

// What decides how we print, read once at the start.
struct Surroundings {
  bool stdout_is_terminal = false;
  bool stderr_is_terminal = false;
  bool no_color = false;                 // NO_COLOR is set and not empty
  bool in_ci = false;                    // CI is set and not empty
  std::vector<std::string> environment;  // NAME=value
};

// Results as they come, and the reports at the end.
class Output : public Sink<Judgement> {
 public:
  // No target: the first of report_types(), on stdout. Colours of `style` are
  // for stdout alone.
  Output(std::vector<ReportTarget> targets, const ReportStyle& style,
         const Surroundings& surroundings);

  // To each report; a line, and a block when it did not pass, where it is text.
  void result(const Judgement& judgement) override;
  // What is being done, on one line that is redrawn; terminals only.
  void progress(const std::string& what) override;
  // The summary and the reports. Fails when a report cannot be written.
  Result<> finish(std::chrono::nanoseconds took);

  const std::vector<Judgement>& judgements() const { return judgements_; }

 private:
  struct Open {
    std::unique_ptr<Report> report;
    std::string file;  // empty: stdout
    std::string text;  // for the file
  };

  Result<> end(Open& open, std::chrono::nanoseconds took);
  void print_or_remember(const std::string& text);
  void clear_progress();

  std::vector<Open> reports_;
  std::vector<Judgement> judgements_;
  bool shows_progress_ = false;
  bool progress_drawn_ = false;
  int print_trouble_ = 0;  // errno of the first result that did not reach
                           // stdout
};

// `auto`, `always` or `never`, here: may what is printed have colours?
bool wants_color(std::string_view when, const Surroundings& surroundings);

// Prints on stdout; false when it could not be written.
bool print(const std::string& text);
// Prints on stderr.
void complain(const std::string& text);

// Exit codes of every command (see language, Exit codes): a mistake of the
// user's; trouble of ours, or nothing found.
constexpr int kUsage = 2;
constexpr int kTrouble = 3;

// Complains about an error, and gives the exit code that it stands for.
int tell(const Error& error);

// Says that a campaign was ended by that signal, and gives the exit code.
int tell_interrupted(int signal, bool all_gone);

// The exit code that results stand for (see language, Exit codes).
int exit_code_of(const std::vector<Judgement>& judgements);

}  // namespace faultrig
