#include "harness/cli/output.h"

#include <cerrno>
#include <cstdio>
#include <memory>

#include "harness/base/text.h"
#include "harness/report/json.h"
#include "harness/report/junit.h"
#include "harness/report/tally.h"
#include "harness/report/text.h"

namespace faultrig {

bool print(const std::string& text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
         std::fflush(stdout) == 0;
}

void complain(const std::string& text) {
  (void)std::fwrite(text.data(), 1, text.size(), stderr);
  (void)std::fflush(stderr);
}

int tell(const Error& error) {
  complain("faultrig: " + error.what + "\n");
  return error.kind == ErrorKind::usage ? kUsage : kTrouble;
}

int tell_interrupted(int signal, bool all_gone) {
  complain(all_gone ? "faultrig: interrupted; cleaned up\n"
                    : "faultrig: interrupted; some of what was started cannot "
                      "be killed and lives on\n");
  return 128 + signal;
}

namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { (void)std::fclose(file); }
};

Result<> write_report(const std::string& path, const std::string& text) {
  errno = 0;
  std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "we"));
  bool written = file && std::fwrite(text.data(), 1, text.size(), file.get()) ==
                             text.size();
  // What the disk did not take may show as late as here.
  if (!written || std::fclose(file.release()) != 0) {
    return Error{ErrorKind::system,
                 system_error("write the report " + path, errno).what, errno};
  }
  return Ok{};
}

}  // namespace

Output::Output(const Options& options, const Surroundings& surroundings,
               std::size_t name_width)
    : options_(options),
      surroundings_(surroundings),
      name_width_(name_width),
      shows_progress_(surroundings.stderr_is_terminal && !surroundings.in_ci) {}

bool Output::color_for(const ReportTarget& target) const {
  if (!target.file.empty()) {
    return false;
  }
  return options_.color == "always" ||
         (options_.color == "auto" && surroundings_.stdout_is_terminal &&
          !surroundings_.no_color);
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
  for (const ReportTarget& target : options_.reports) {
    if (target.format == "text" && target.file.empty()) {
      print_or_remember(
          result_text(judgement, {color_for(target), name_width_}));
    }
  }
}

Result<> Output::finish(std::chrono::nanoseconds took) {
  clear_progress();
  Result<> all = Ok{};
  for (const ReportTarget& target : options_.reports) {
    auto written = write(target, took);
    all = all ? written : all;
  }
  return all;
}

Result<> Output::write(const ReportTarget& target,
                       std::chrono::nanoseconds took) {
  std::string text;
  bool streamed = target.format == "text" && target.file.empty();
  if (target.format == "json") {
    text = json_text(options_.selection.seed, judgements_);
  } else if (target.format == "junit") {
    text = junit_text({suite_of(judgements_)});
  } else {
    for (const Judgement& judgement : judgements_) {
      text += streamed ? "" : result_text(judgement, {false, name_width_});
    }
    text += tally_text(tallies_of(judgements_));
    text += summary_text(totals_of(judgements_), took,
                         {color_for(target), name_width_});
  }
  if (target.file.empty()) {
    print_or_remember(text);
    return print_trouble_ == 0
               ? Result<>(Ok{})
               : system_error("write to stdout", print_trouble_);
  }
  return write_report(target.file, text);
}

int exit_code_of(const std::vector<Judgement>& judgements) {
  Totals totals = totals_of(judgements);
  if (totals.of(Verdict::fail) > 0) {
    return 1;
  }
  if (totals.of(Verdict::error) + totals.of(Verdict::inconclusive) > 0) {
    return 3;
  }
  bool all_skipped =
      totals.all() > 0 && totals.of(Verdict::skipped) == totals.all();
  return all_skipped ? 77 : 0;
}

}  // namespace faultrig
