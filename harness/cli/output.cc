#include "harness/cli/output.h"

#include <cerrno>
#include <utility>

#include "harness/base/text.h"
#include "harness/cli/printing.h"

namespace faultrig {

Output::Output(std::vector<ReportTarget> targets, const ReportStyle& style,
               const Surroundings& surroundings)
    : shows_progress_(surroundings.stderr_is_terminal && !surroundings.in_ci) {
  if (targets.empty()) {
    targets.push_back({std::string(report_types().front().name), ""});
  }
  for (ReportTarget& target : targets) {
    ReportStyle own = style;
    own.text.color = style.text.color && target.file.empty();
    reports_.push_back(
        {find_report(target.format)->make(own), std::move(target.file), ""});
  }
}

bool wants_color(const Surroundings& surroundings) {
  return surroundings.color == "always" ||
         (surroundings.color == "auto" && surroundings.stdout_is_terminal &&
          !surroundings.no_color);
}

void Output::clear_progress() {
  if (progress_drawn_) {
    complain("\r\x1b[K");
    progress_drawn_ = false;
  }
}

void Output::progress(const std::string& what) {
  if (shows_progress_) {
    complain("\r\x1b[K" + for_one_line(what).substr(0, 78));
    progress_drawn_ = true;
  }
}

void Output::print_or_remember(const std::string& text) {
  errno = 0;
  if (!print(text) && print_trouble_ == 0) {
    print_trouble_ = errno == 0 ? EIO : errno;
  }
}

void Output::result(const Judgement& judgement) {
  judgements_.push_back(judgement);
  clear_progress();
  for (Open& open : reports_) {
    std::string text = open.report->result(judgement);
    if (open.file.empty()) {
      print_or_remember(text);
    } else {
      open.text += text;
    }
  }
}

Result<> Output::finish(std::chrono::nanoseconds took) {
  clear_progress();
  Result<> all = Ok{};
  for (Open& open : reports_) {
    auto written = end(open, took);
    all = all ? written : all;
  }
  return all;
}

Result<> Output::end(Open& open, std::chrono::nanoseconds took) {
  open.text += open.report->end(judgements_, took);
  if (!open.file.empty()) {
    return write_text(open.file, open.text);
  }
  print_or_remember(open.text);
  return print_trouble_ == 0 ? Result<>(Ok{})
                             : system_error("write to stdout", print_trouble_);
}

int exit_code_of(const std::vector<Judgement>& judgements) {
  Totals totals = totals_of(judgements);
  if (totals.of(Verdict::fail) > 0) {
    return 1;
  }
  if (totals.of(Verdict::error) + totals.of(Verdict::inconclusive) > 0) {
    return kTrouble;
  }
  bool all_skipped =
      totals.all() > 0 && totals.of(Verdict::skipped) == totals.all();
  return all_skipped ? kNothingRan : 0;
}

}  // namespace faultrig
