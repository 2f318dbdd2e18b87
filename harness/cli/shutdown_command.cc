// `faultrig shutdown`: does a service stop as it should, whenever it is told?
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <functional>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/campaign/pool.h"
#include "harness/campaign/shutdown_source.h"
#include "harness/cli/arguments.h"
#include "harness/cli/output.h"
#include "harness/cli/printing.h"
#include "harness/cli/progress_line.h"
#include "harness/cli/shared_options.h"
#include "harness/os/signals.h"
#include "harness/report/shutdown_report.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

// For a moment that may not come. Longer than all that are tied to being ready.
constexpr std::chrono::seconds kPatience{1};

struct MapForm {
  std::string_view name;
  std::string (*text)(const ShutdownMap&);
};
constexpr std::array<MapForm, 3> kForms{{{"text", shutdown_text},
                                         {"json", shutdown_json},
                                         {"markdown", shutdown_markdown}}};

const MapForm* form_named(std::string_view name) {
  const auto* found =
      std::find_if(kForms.begin(), kForms.end(),
                   [&](const MapForm& form) { return form.name == name; });
  return found == kForms.end() ? nullptr : found;
}

class ShutdownCommand : public Command {
 public:
  void declare(Arguments& arguments) override;
  std::string wrong() const override;
  int run(const Surroundings& surroundings) override;

 private:
  void declare_service(Arguments& arguments);
  void declare_report(Arguments& arguments);
  Result<> write_findings(ShutdownMap& map) const;
  Result<> report(const ShutdownMap& map) const;

  ShutdownAsk ask_;
  int steps_ = 30;
  int jobs_ = 1;
  std::vector<ReportTarget> reports_;
  std::string write_;
};

// Takes one of some words.
Arguments::Take choice(std::vector<std::string> words,
                       const std::function<void(std::size_t)>& chosen) {
  return [words = std::move(words), chosen](const std::string& text) {
    auto found = std::find(words.begin(), words.end(), text);
    if (found == words.end()) {
      return "expected " + join(words, " or ");
    }
    chosen(static_cast<std::size_t>(found - words.begin()));
    return std::string();
  };
}

void ShutdownCommand::declare(Arguments& arguments) {
  declare_service(arguments);
  arguments.number("--steps", steps_, {1, 10000},
                   "instants to look at first (default: 30); where "
                   "neighbours differ, those between them follow");
  arguments.number("--times", ask_.asked.times, {1, 1000},
                   "tries of each instant (default: 5); three fifths will do "
                   "where they agree");
  declare_jobs(arguments, jobs_);
  declare_report(arguments);
  arguments.behind_dashes(ask_.asked.command);
}

void ShutdownCommand::declare_service(Arguments& arguments) {
  arguments.word("--url", ask_.url,
                 "path or URL to ask for under load (default: /, if it "
                 "answers HTTP)");
  arguments.read(
      "--ready",
      [this](const std::string& text) {
        ask_.ready = text;
        return wrong_with_ready(text);
      },
      "when it is ready: http:PATH, tcp:PORT, output:RE2, file:GLOB or "
      "listening (default: it takes connections, and answers HTTP if it "
      "answers anything)");
  arguments.read(
      "--signal",
      [this](const std::string& text) -> std::string {
        auto number = signal_number(text);
        ask_.asked.signal = number ? signal_name(*number) : "";
        return number && can_kill(*number)
                   ? ""
                   : "expected a signal that ends a program" +
                         suggestion(text, signal_names());
      },
      "what tells it to stop (default: SIGTERM)");
  arguments.read(
      "--grace",
      [this](const std::string& text) -> std::string {
        auto time = parse_duration(text);
        ask_.grace = time.value_or(ask_.grace);
        return time && time->count() > 0 ? "" : "expected a time such as 10s";
      },
      "from the first signal to our SIGKILL (default: 10s)");
  arguments.read(
      "--network",
      choice({"own", "shared"},
             [this](std::size_t i) { ask_.own_network = i == 0; }),
      "own: a network of its own, where we may make one (default); shared: "
      "this machine's");
  arguments.read("--graceful",
                 choice({"zero", "signal", "any"},
                        [this](std::size_t i) {
                          ask_.asked.graceful = static_cast<Graceful>(i);
                        }),
                 "how a stop when idle may end: zero, with 0 (default); "
                 "signal, with 128 and the signal's number or by its own "
                 "hand; any, either");
  arguments.flag("--strict-start", ask_.asked.strict_start,
                 "to die of the signal before it listens is a finding too");
}

void ShutdownCommand::declare_report(Arguments& arguments) {
  arguments.read_each(
      "--report",
      [this](const std::string& text) -> std::string {
        std::size_t colon = text.find(':');
        std::string name = text.substr(0, colon);
        bool file = colon != std::string::npos;
        if (form_named(name) == nullptr || (file && colon + 1 == text.size())) {
          return "expected text, json or markdown, or json:FILE";
        }
        reports_.push_back({name, file ? text.substr(colon + 1) : ""});
        return "";
      },
      "FORMAT[:FILE], text (default), json or markdown; may repeat");
  arguments.word("--write", write_,
                 "write a scenario into DIR for each finding, which repeats "
                 "it with faultrig run");
}

std::string ShutdownCommand::wrong() const {
  return ask_.asked.command.empty() || ask_.asked.command[0].empty()
             ? "name the service behind --: faultrig shutdown -- ./server"
             : "";
}

Result<> ShutdownCommand::write_findings(ShutdownMap& map) const {
  std::error_code failed;
  fs::create_directories(write_, failed);
  if (failed) {
    return system_error("make the folder " + write_, failed.value());
  }
  for (std::size_t i = 0; i < map.findings.size(); ++i) {
    TRY_ASSIGN(std::string yaml, finding_yaml(ask_, map, map.findings[i]));
    fs::path file = fs::path(write_) / (finding_name(map, i) + ".yaml");
    TRY(write_text(file.string(), yaml));
    map.findings[i].scenario = file.string();
  }
  return Ok{};
}

Result<> ShutdownCommand::report(const ShutdownMap& map) const {
  std::vector<ReportTarget> targets = reports_;
  if (targets.empty()) {
    targets.push_back({"text", ""});
  }
  for (const ReportTarget& target : targets) {
    std::string text = form_named(target.format)->text(map);
    if (!target.file.empty()) {
      TRY(write_text(target.file, text));
    } else if (!print(text)) {
      return system_error("write to stdout", EIO);
    }
  }
  return Ok{};
}

int code_of(ShutdownMap::Verdict verdict) {
  return verdict == ShutdownMap::Verdict::clean      ? 0
         : verdict == ShutdownMap::Verdict::findings ? 1
                                                     : kTrouble;
}

int ShutdownCommand::run(const Surroundings& surroundings) {
  auto signals = take_ending_signals();
  if (!signals) {
    return tell(signals.error());
  }
  std::error_code failed;
  ask_.cwd = fs::current_path(failed);
  ask_.steps = static_cast<std::size_t>(steps_);
  ProgressLine<StopOutcome> progress(surroundings);
  ShutdownSource source(ask_, progress);
  Deed deed = shutdown_deed();
  Session::Options session{surroundings.environment, FAULTRIG_VERSION};
  session.patience = kPatience;
  auto start = std::chrono::steady_clock::now();
  Pool pool(source, jobs_,
            [&](int socket) { return work(socket, session, deed); });
  auto signal = pool.run(*signals);
  progress.clear();
  if (!signal || source.cannot()) {
    return tell(signal ? *source.cannot() : signal.error());
  }
  ShutdownMap map = source.map(*signal != 0);
  map.took = std::chrono::steady_clock::now() - start;
  Result<> written = write_.empty() ? Ok{} : write_findings(map);
  Result<> told = report(map);
  if (*signal != 0) {
    return tell_interrupted(*signal, pool.all_gone());
  }
  if (!written || !told) {
    return tell(written ? told.error() : written.error());
  }
  return code_of(map.verdict);
}

}  // namespace

CommandType shutdown_command() {
  return command_type<ShutdownCommand>(
      "shutdown", "does a service stop cleanly, whenever it is told to?",
      "faultrig shutdown -j 2 --url /slow -- ./server --addr 127.0.0.1:0");
}

}  // namespace faultrig
