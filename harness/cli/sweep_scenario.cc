// A scenario's sweep as a map of its own: all that a report of `faultrig run`
// has no room for.
#include "harness/cli/sweep_scenario.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "harness/campaign/pool.h"
#include "harness/campaign/scenario_task.h"
#include "harness/campaign/sweep_turn.h"
#include "harness/cli/printing.h"
#include "harness/cli/progress_line.h"
#include "harness/cli/shared_options.h"
#include "harness/model/scenario_sweep.h"
#include "harness/os/signals.h"
#include "harness/report/error_coverage.h"
#include "harness/report/floors_report.h"
#include "harness/report/page.h"
#include "harness/report/shutdown_report.h"
#include "harness/report/sweep_report.h"
#include "harness/report/text.h"
#include "harness/store/evidence_file.h"
#include "harness/sweep/all_sweeps.h"
#include "harness/sweep/failed_sites.h"

namespace faultrig {

namespace {

// Of a sweep over calls all forms, of one over dependencies all but coverage,
// of the others those that all maps have.
Result<> check_forms(const Entry& entry, const MapOutput& output) {
  bool limits = entry.plan.scenario.sweep->over == ScenarioSweep::Over::limits;
  if (limits && (output.has("html") || !output.folder().empty())) {
    return usage_error(
        "--report html and --write are not for limits: faultrig floors "
        "--write keeps a guard");
  }
  using Over = ScenarioSweep::Over;
  Over over = entry.plan.scenario.sweep->over;
  bool sites = over == Over::calls || over == Over::dependencies;
  if (!sites && output.has("sarif")) {
    return usage_error(
        "--report sarif is for a sweep over calls or dependencies");
  }
  if (over != Over::calls && output.has("cover")) {
    return usage_error("--report cover is for a sweep over calls");
  }
  return Ok{};
}

class Map {
 public:
  Map(const SweepTurn& turn, const Entry& entry, std::chrono::nanoseconds took)
      : turn_(turn) {
    if (turn.sites() != nullptr) {
      SiteSweep sweep = turn.sites()->sweep();
      sweep.took = took;
      sites_ = lone_sweep(std::move(sweep));
      sites_.what = entry.plan.scenario.name;
    }
    if (turn.stops() != nullptr) {
      stops_ = turn.stops()->map(false);
      stops_.took = took;
    }
    if (turn.floors() != nullptr) {
      floors_ = turn.floors()->map();
      floors_.took = took;
    }
  }

  // Writes a scenario of each finding.
  Result<> write(const MapOutput& output) {
    if (turn_.sites() == nullptr) {
      return write_stop_findings(output, turn_.stops()->asked(), stops_);
    }
    std::size_t written = 0;
    return write_site_findings(output, turn_.site_ask().target,
                               turn_.sites()->deadline(), sites_.sweeps.front(),
                               written);
  }

  std::string text_in(const std::string& form, bool coverage) const {
    if (turn_.floors() != nullptr) {
      return form == "json" ? floors_json(floors_) : floors_text(floors_);
    }
    if (turn_.stops() != nullptr) {
      return form == "json"   ? shutdown_json(stops_)
             : form == "html" ? map_page(shutdown_json(stops_))
                              : shutdown_text(stops_);
    }
    return sweep_in(form, sites_, coverage);
  }

 private:
  const SweepTurn& turn_;
  SiteSweeps sites_;
  ShutdownMap stops_;
  FloorMap floors_;
};

Result<> tell_map(const SweepTurn& turn, const Entry& entry,
                  const ScenarioSweepAsk& ask, const MapOutput& output,
                  const Judgement& judgement) {
  if (turn.cannot()) {
    return output.tell([&](const std::string&) {
      return result_text(judgement, TextStyle());
    });
  }
  Map map(turn, entry, judgement.took);
  Result<> written = output.folder().empty() ? Ok{} : map.write(output);
  TRY(output.tell([&](const std::string& form) {
    std::string text = map.text_in(form, ask.coverage);
    return form == "text" ? text + "\n" + result_text(judgement, TextStyle())
                          : text;
  }));
  return written;
}

Judgement shown(const SweepTurn& turn, const Entry& entry,
                const Surroundings& surroundings) {
  Judgement judgement = turn.judgement();
  ScenarioFile names = shown_of(entry, surroundings.environment);
  judgement.scenario = names.name;
  judgement.file = names.file.string();
  return judgement;
}

Result<Entry> swept_entry(std::vector<Entry> entries) {
  if (entries.size() != 1) {
    return usage_error("name one scenario, not a folder of several");
  }
  Entry entry = std::move(entries.front());
  if (!entry.plan.scenario.sweep) {
    return usage_error(entry.plan.scenario.file.string() +
                       " has no sweep: faultrig run runs it");
  }
  return entry;
}

}  // namespace

std::string sweep_in(const std::string& form, const SiteSweeps& all,
                     bool coverage) {
  std::error_code failed;
  return form == "json"    ? sweep_json(all)
         : form == "html"  ? map_page(sweep_json(all))
         : form == "cover" ? cover_profile(all.covering())
         : form == "sarif"
             ? sweep_sarif(all, std::filesystem::current_path(failed).string())
             : sweep_text(all, coverage);
}

Result<std::vector<SiteSweep>> failed_below(
    const std::vector<std::string>& folders) {
  std::vector<SiteSweep> out;
  for (const std::string& named : folders) {
    auto runs = evidence_folders(named);
    if (runs.empty()) {
      return usage_error("there is no evidence below " + named);
    }
    for (const std::filesystem::path& run : runs) {
      TRY_ASSIGN(KeptEvidence kept, read_evidence(run));
      out.push_back(failed_sites(Evidence(std::move(kept.parts))));
    }
  }
  return out;
}

bool names_scenario(const std::string& word) {
  return word.ends_with(".yaml") || word.ends_with(".yml");
}

int sweep_scenario(const ScenarioSweepAsk& ask, const MapOutput& output,
                   const Surroundings& surroundings) {
  auto signals = take_ending_signals();
  if (!signals) {
    return tell(signals.error());
  }
  Selection selection;
  selection.paths = {ask.file};
  Chosen chosen = choose(selection);
  if (chosen.exit_code != 0) {
    return chosen.exit_code;
  }
  auto entry = swept_entry(std::move(chosen.entries));
  Result<> sound = entry ? check_forms(*entry, output) : entry.error();
  sound = sound ? output.spare("a scenario", ask.file) : sound;
  sound = sound ? output.ready() : sound;
  if (!sound) {
    return tell(sound.error());
  }
  std::vector<Entry> entries{std::move(*entry)};
  ProgressLine<Judgement> progress(surroundings);
  SweepTurn turn(entries.front(), 0, [&progress](const std::string& what) {
    progress.progress(what);
  });
  Session::Options session{surroundings.environment, FAULTRIG_VERSION};
  Deed deed = with_sweeps(entries, Deed());
  Pool pool(turn, ask.jobs,
            [&](int socket) { return work(socket, session, deed); });
  auto signal = progress.run(pool, *signals);
  if (!signal) {
    return tell(signal.error());
  }
  if (*signal != 0) {
    return tell_interrupted(*signal, pool.all_gone());
  }
  Judgement judgement = shown(turn, entries.front(), surroundings);
  auto told = tell_map(turn, entries.front(), ask, output, judgement);
  return told ? exit_code_of({judgement}) : tell(told.error());
}

}  // namespace faultrig
