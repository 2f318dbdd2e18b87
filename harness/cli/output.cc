#include "harness/cli/output.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <random>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/cli/printing.h"

namespace faultrig {

namespace {

constexpr std::string_view kStepSummary = "GITHUB_STEP_SUMMARY=";
constexpr const char* kStillRunning =
    "faultrig had not come to it when this was written";
constexpr const char* kEndedEarly = "faultrig was ended early, or still runs";
constexpr std::chrono::seconds kSaveEach{1};
// A save may take so much of our time.
constexpr int kSavePart = 50;

std::string step_summary_file(const Surroundings& surroundings) {
  for (const std::string& entry : surroundings.environment) {
    if (entry.starts_with(kStepSummary)) {
      return entry.substr(kStepSummary.size());
    }
  }
  return "";
}

// For people at a terminal or at the log of a CI.
bool is_text(const ReportType& type) {
  return type.place == ReportType::Place::terminal ||
         type.place == ReportType::Place::beside;
}

std::string rfc_3339(std::time_t time) {
  std::tm parts{};
  std::array<char, 32> text{};
  gmtime_r(&time, &parts);
  std::size_t size =
      std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), size};
}

// Each report that is missing is told of.
Result<> both(const Result<>& first, const Result<>& second) {
  if (first || second) {
    return first ? second : first;
  }
  Error error = first.error();
  error.what += "; " + second.error().what;
  return error;
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace

ReportStyle style_of_now(const TextStyle& text, std::uint64_t seed) {
  using std::chrono::system_clock;
  std::random_device dice;
  ReportStyle style;
  style.text = text;
  style.seed = seed;
  style.started = rfc_3339(system_clock::to_time_t(system_clock::now()));
  style.host = host_name();
  style.now = [] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        system_clock::now().time_since_epoch());
  };
  style.token = fmt::format("{:08x}{:08x}{:08x}", dice(), dice(), dice());
  return style;
}

Output::Output(const std::vector<ReportTarget>& targets,
               const ReportStyle& style, const Surroundings& surroundings)
    : step_summary_(step_summary_file(surroundings)),
      details_(wants_details(targets)),
      area_(surroundings),
      tells_failures_(!surroundings.stdout_is_terminal) {
  for (const ReportTarget& target : with_text(targets)) {
    const ReportType* type = find_report(target.format);
    ReportStyle own = style;
    own.text.color = style.text.color && target.file.empty();
    reports_.push_back({type, own, target.file, type->make(own), nullptr});
  }
  // Between its first words and its last ones stands the text.
  std::stable_partition(reports_.begin(), reports_.end(), [](const Open& open) {
    return open.type->place == ReportType::Place::beside && open.file.empty();
  });
}

bool wants_details(const std::vector<ReportTarget>& targets) {
  return std::any_of(targets.begin(), targets.end(),
                     [](const ReportTarget& target) {
                       return find_report(target.format)->shows_details;
                     });
}

bool wants_color(const Surroundings& surroundings) {
  return surroundings.color == "always" ||
         (surroundings.color == "auto" && surroundings.stdout_is_terminal &&
          !surroundings.no_color);
}

void Output::watch(std::function<Standing()> standing) {
  standing_ = std::move(standing);
}

void Output::tick() {
  if (standing_ && area_.shown()) {
    area_.draw(live_lines(standing_(), Clock::now(), area_.size()));
  }
}

void Output::show_failure(const Judgement& judgement) const {
  if (area_.shown() && tells_failures_ && is_red(judgement)) {
    complain(fmt::format("{}: {}\n", for_one_line(judgement.scenario),
                         verdict_name(judgement.verdict)));
  }
}

void Output::say(Open& open, const std::string& text) {
  Result<> said = Ok{};
  errno = 0;
  if (open.live) {
    said = add_live(open.live, open.file, text);
  } else if (open.file.empty() &&
             !(is_text(*open.type) ? print_text(text) : print(text))) {
    said = system_error("write to stdout", errno == 0 ? EIO : errno);
  }
  said_ = said_ ? said : said_;
}

// In the order of the names, whoever was done first.
std::vector<Judgement> Output::all(const std::string& why) const {
  std::vector<Judgement> out = judgements_;
  std::vector<Judgement> rest = rest_(why);
  out.insert(out.end(), rest.begin(), rest.end());
  std::stable_sort(out.begin(), out.end(),
                   [](const Judgement& a, const Judgement& b) {
                     return std::tie(a.scenario, a.file, a.repeat) <
                            std::tie(b.scenario, b.file, b.repeat);
                   });
  return out;
}

Output::Rest Output::no_rest() {
  return [](const std::string&) { return std::vector<Judgement>(); };
}

Result<> Output::start(Rest rest) {
  rest_ = std::move(rest);
  std::vector<Judgement> none = all(kStillRunning);
  RunEnd end{none, std::chrono::nanoseconds(0), kEndedEarly};
  // All of them before the first is replaced: that of an earlier run stays.
  TRY(can_write(places(end)));
  for (Open& open : reports_) {
    TRY(start(open, end));
  }
  return said_;
}

std::vector<ReportTarget> Output::places(const RunEnd& none) const {
  std::vector<ReportTarget> out;
  for (const Open& open : reports_) {
    out.push_back({std::string(open.type->name), open.file});
    if (!open.report->step_summary(none).empty()) {
      out.push_back({std::string(open.type->name), step_summary_});
    }
  }
  return out;
}

Result<> Output::start(Open& open, const RunEnd& none) {
  if (!open.file.empty() && open.type->place == ReportType::Place::live) {
    TRY_ASSIGN(open.live, open_live(open.file));
  }
  if (open.whole()) {
    return is_written_in_place(open.file)
               ? Result<>(Ok{})
               : write_text(open.file,
                            whole_report(*open.type, open.style, none));
  }
  say(open, open.report->start(none.all.size()));
  return Ok{};
}

void Output::begun(const std::string& scenario, int repeat) {
  for (Open& open : reports_) {
    if (!open.whole()) {
      say(open, open.report->begun(scenario, repeat));
    }
  }
}

// Of repetitions that end alike one is looked at closely, and a million of
// them would not fit.
Judgement Output::kept(const Judgement& judgement) {
  Judgement out = judgement;
  std::string end = fmt::format("{}\n{}\n{}\n{}", out.scenario, out.file,
                                out.observed, verdict_name(out.verdict));
  if (out.details != nullptr && !details_ && !ends_.insert(end).second) {
    out.details = nullptr;
  }
  return out;
}

void Output::result(const Judgement& judgement) {
  judgements_.push_back(kept(judgement));
  area_.clear();
  show_failure(judgement);
  for (Open& open : reports_) {
    if (!open.whole()) {
      say(open, open.report->result(judgement));
    }
  }
  save_now_and_then();
}

// Whatever ends us, a file has what was done until shortly before. What cannot
// be written now may be at the end; if not, it is told then.
void Output::save_now_and_then() {
  Clock::time_point start = Clock::now();
  if (start < save_at_) {
    return;
  }
  std::vector<Judgement> now = all(kStillRunning);
  (void)write_whole({now, start - started_, kEndedEarly});
  Clock::time_point end = Clock::now();
  save_at_ =
      end + std::max<Clock::duration>(kSaveEach, kSavePart * (end - start));
}

Result<> Output::write_whole(const RunEnd& end) {
  Result<> all = Ok{};
  for (Open& open : reports_) {
    if (open.whole() && !is_written_in_place(open.file)) {
      Result<> written =
          write_text(open.file, whole_report(*open.type, open.style, end));
      all = all ? written : all;
    }
  }
  return all;
}

Result<> Output::finish(std::chrono::nanoseconds took, const std::string& why,
                        const std::string& cut_short) {
  area_.clear();
  std::vector<Judgement> everything = all(why);
  RunEnd last{everything, took, cut_short};
  // What stands beside the text ends behind it.
  Result<> all = Ok{};
  for (auto open = reports_.rbegin(); open != reports_.rend(); ++open) {
    all = both(all, end(*open, last));
  }
  return both(all, said_);
}

Result<> Output::end(Open& open, const RunEnd& end) {
  std::string summary = open.report->step_summary(end);
  Result<> written = summary.empty() || step_summary_.empty()
                         ? Result<>(Ok{})
                         : append_text(step_summary_, summary);
  if (!open.whole()) {
    say(open, open.report->end(end));
    return open.live && is_removed(open.live)
               ? Error{ErrorKind::system,
                       "the report " + open.file + " was removed", ENOENT}
               : written;
  }
  TRY(write_text(open.file, whole_report(*open.type, open.style, end)));
  return written;
}

int exit_code_of(const std::vector<Judgement>& judgements) {
  Totals totals = totals_of(judgements);
  if (totals.of(Verdict::fail) > 0) {
    return 1;
  }
  if (totals.of(Verdict::error) + totals.of(Verdict::inconclusive) > 0) {
    return kTrouble;
  }
  // Whose time was over before the first one has not passed.
  std::size_t ran = totals.all() - totals.of(Verdict::skipped);
  bool some = totals.all() + totals.not_run > 0;
  return some && ran + totals.excused == 0 ? kNothingRan : 0;
}

}  // namespace faultrig
