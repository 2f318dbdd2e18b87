// `faultrig atlas`: every cause, provoked here and now.
#include <filesystem>

#include "harness/base/text.h"
#include "harness/campaign/atlas_source.h"
#include "harness/campaign/cause_table.h"
#include "harness/campaign/pool.h"
#include "harness/cli/commands.h"
#include "harness/os/signals.h"
#include "harness/report/atlas_text.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

constexpr int kNothingRan = 77;

Result<fs::path> find_catalogue(const Options& options) {
  std::vector<fs::path> places{"scenarios"};
  if (!options.selection.paths.empty()) {
    places = {options.selection.paths.front()};
  } else {
    std::error_code failed;
    fs::path program = fs::read_symlink("/proc/self/exe", failed);
    places.push_back(program.parent_path().parent_path() /
                     "share/faultrig/scenarios");
  }
  for (const fs::path& place : places) {
    std::error_code failed;
    if (fs::is_directory(place, failed)) {
      return fs::absolute(place);
    }
  }
  return usage_error("no scenarios at " + places.front().string() +
                     "; faultrig atlas PATH names their folder");
}

// General causes are symptoms: their scenarios are those of what they may be.
std::vector<const Cause*> chosen(const std::vector<Cause>& causes,
                                 const std::string& only) {
  std::vector<const Cause*> out;
  for (const Cause& cause : causes) {
    if (!cause.general && (only.empty() || glob_match(only, cause.id))) {
      out.push_back(&cause);
    }
  }
  return out;
}

// A row on a terminal as soon as it is there, a page when all are.
class AtlasPage : public Sink<AtlasRow> {
 public:
  explicit AtlasPage(const Options& options) : options_(options) {
    print(whole() ? "" : atlas_head());
  }

  void result(const AtlasRow& row) override {
    rows_.push_back(row);
    print(whole() ? "" : atlas_line(row));
  }

  // Gives the exit code. Rows that could not be had are told on stderr where
  // the page leaves them out.
  int end() const {
    print(text());
    std::size_t skipped = 0;
    for (const AtlasRow& row : rows_) {
      if (!row.skipped.empty()) {
        ++skipped;
        complain(whole() ? "faultrig: " + row.cause +
                               " skipped: " + for_one_line(row.skipped) + "\n"
                         : "");
      }
    }
    return skipped == rows_.size() ? kNothingRan : 0;
  }

 private:
  bool whole() const {
    return options_.json || options_.markdown || options_.precision;
  }

  std::string text() const {
    return options_.json        ? atlas_json(rows_)
           : options_.precision ? precision_page(rows_)
           : options_.markdown  ? atlas_page(rows_)
                                : atlas_legend();
  }

  const Options& options_;
  std::vector<AtlasRow> rows_;
};

}  // namespace

int atlas_command(const Options& options, const Surroundings& surroundings) {
  if (!options.score.empty()) {
    return score_command(options);
  }
  auto causes = cause_table();
  if (!causes) {
    return tell(causes.error());
  }
  auto catalogue = find_catalogue(options);
  if (!catalogue) {
    return tell(catalogue.error());
  }
  std::vector<const Cause*> rows = chosen(*causes, options.selection.only);
  if (rows.empty()) {
    complain("faultrig: no cause matches\n");
    return kUsage;
  }
  auto signals = take_ending_signals();
  if (!signals) {
    return tell(signals.error());
  }
  AtlasPage page(options);
  AtlasSource source(rows, page);
  Deed deed = atlas_deed(rows, *causes, *catalogue);
  Session::Options session;
  session.environment = surroundings.environment;
  session.version = FAULTRIG_VERSION;
  Pool pool(source, options.jobs,
            [&](int socket) { return work(socket, session, deed); });
  auto signal = pool.run(*signals);
  if (!signal) {
    return tell(signal.error());
  }
  return *signal == 0 ? page.end() : tell_interrupted(*signal, pool.all_gone());
}

}  // namespace faultrig
