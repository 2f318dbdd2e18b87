// `faultrig shutdown`: does a service stop as it should, whenever it is told?
#include <fcntl.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <functional>

#include "harness/base/folder_paths.h"
#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/campaign/pool.h"
#include "harness/campaign/shutdown_source.h"
#include "harness/cli/arguments.h"
#include "harness/cli/map_output.h"
#include "harness/cli/printing.h"
#include "harness/cli/progress_line.h"
#include "harness/cli/shared_options.h"
#include "harness/cli/written_scenario.h"
#include "harness/model/http_target.h"
#include "harness/os/signals.h"
#include "harness/report/page.h"
#include "harness/report/shutdown_report.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

struct MapForm {
  std::string_view name;
  std::string (*text)(const ShutdownMap&);
};
std::string shutdown_html(const ShutdownMap& map) {
  return map_page(shutdown_json(map));
}

constexpr std::array<MapForm, 4> kForms{{{"text", shutdown_text},
                                         {"json", shutdown_json},
                                         {"markdown", shutdown_markdown},
                                         {"html", shutdown_html}}};

std::vector<std::string> form_names() {
  std::vector<std::string> names;
  names.reserve(kForms.size());
  for (const MapForm& form : kForms) {
    names.emplace_back(form.name);
  }
  return names;
}

std::string text_in(const std::string& name, const ShutdownMap& map) {
  const auto* found =
      std::find_if(kForms.begin(), kForms.end(),
                   [&](const MapForm& form) { return form.name == name; });
  return found->text(map);
}

class ShutdownCommand : public Command {
 public:
  void declare(Arguments& arguments) override;
  std::string wrong() const override;
  int run(const Surroundings& surroundings) override;

 private:
  void declare_service(Arguments& arguments);
  Result<> write_findings(const ShutdownAsk& ask, ShutdownMap& map) const;

  ShutdownAsk ask_;
  int steps_ = 30;
  int jobs_ = 1;
  MapOutput output_{form_names()};
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

Arguments::Take time_into(std::chrono::nanoseconds& into) {
  return [&into](const std::string& text) -> std::string {
    auto time = parse_duration(text);
    into = time.value_or(into);
    return time && time->count() > 0 ? "" : "expected a time such as 10s";
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
  output_.declare(arguments);
  arguments.behind_dashes(ask_.asked.command, "-- COMMAND [ARG...]");
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
  arguments.read("--ready-within", time_into(ask_.ready_within),
                 "how long it may take to get ready (default: 10s)");
  arguments.read("--grace", time_into(ask_.grace),
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
  arguments.words("--fault", ask_.faults,
                  "a fault beside, in every try, as in the list `faults` of a "
                  "scenario: 'dependency: {to: 5432, does: hang, when: {ready: "
                  "true}}'; may repeat");
  arguments.words("--leaves", ask_.leaves,
                  "glob of sockets and pid files that it is meant to leave: no "
                  "finding; may repeat");
  arguments.flag("--strict-start", ask_.asked.strict_start,
                 "to die of the signal before it listens is a finding too");
}

std::string ShutdownCommand::wrong() const {
  return ask_.asked.command.empty() || ask_.asked.command[0].empty()
             ? "name the service behind --: faultrig shutdown -- ./server"
             : output_.clash();
}

// What it says is not true of the service as it is now.
Result<> remove_older_findings(const std::string& folder) {
  std::error_code failed;
  if (!fs::exists(folder, failed)) {
    return Ok{};
  }
  TRY_ASSIGN(std::vector<fs::path> older, paths_in(folder));
  std::erase_if(older, [](const fs::path& file) {
    return file.extension() != ".yaml" || !is_of_map(file.string(), kMapTags);
  });
  for (const fs::path& file : older) {
    fs::remove(file, failed);
    if (failed) {
      return system_error("remove " + file.string(), failed.value());
    }
  }
  if (!older.empty()) {
    complain("removed " + std::to_string(older.size()) +
             " of an earlier map from " + for_one_line(folder) + "\n");
  }
  return Ok{};
}

Result<> ShutdownCommand::write_findings(const ShutdownAsk& ask,
                                         ShutdownMap& map) const {
  TRY(remove_older_findings(output_.folder()));
  return write_stop_findings(output_, ask, map);
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
  if (auto ready = output_.ready(); !ready) {
    return tell(ready.error());
  }
  std::error_code failed;
  ask_.cwd = fs::current_path(failed);
  ask_.steps = static_cast<std::size_t>(steps_);
  ask_.asked.faults = ask_.faults;
  ask_.asked.url_named = !ask_.url.empty();
  if (auto target = parse_target(ask_.url); target && !ask_.url.empty()) {
    ask_.asked.port = target->port;
  }
  ProgressLine<StopOutcome> progress(surroundings);
  ShutdownSource source(ask_, progress);
  Deed deed = shutdown_deed();
  Session::Options session{surroundings.environment, FAULTRIG_VERSION};
  session.patience = kStopPatience;
  auto start = std::chrono::steady_clock::now();
  Pool pool(source, jobs_,
            [&](int socket) { return work(socket, session, deed); });
  auto signal = progress.run(pool, *signals);
  if (!signal || source.cannot()) {
    return tell(signal ? *source.cannot() : signal.error());
  }
  ShutdownMap map = source.map(*signal != 0);
  map.took = std::chrono::steady_clock::now() - start;
  Result<> written =
      output_.folder().empty() ? Ok{} : write_findings(source.asked(), map);
  Result<> told =
      output_.tell([&](const std::string& form) { return text_in(form, map); });
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
