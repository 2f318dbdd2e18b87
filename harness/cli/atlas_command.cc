// `faultrig atlas`: every cause, provoked here and now. Worker k of N takes
// every Nth cause, so that no word is needed between them; a worker that dies
// costs its remaining rows, and says so.
#include <poll.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <map>
#include <optional>
#include <utility>

#include "harness/base/text.h"
#include "harness/cli/atlas_row.h"
#include "harness/cli/cause_table.h"
#include "harness/cli/commands.h"
#include "harness/os/signals.h"
#include "harness/os/worker.h"
#include "harness/report/atlas_text.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

constexpr int kNothingRan = 77;

Result<fs::path> find_catalogue(const Options& options) {
  std::vector<fs::path> places{"scenarios"};
  if (!options.paths.empty()) {
    places = {options.paths.front()};
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

class Atlas {
 public:
  Atlas(const std::vector<Cause>& causes, std::vector<const Cause*> rows,
        fs::path catalogue, const Options& options,
        const Surroundings& surroundings)
      : causes_(causes),
        chosen_(std::move(rows)),
        catalogue_(std::move(catalogue)),
        options_(options),
        environment_(surroundings.environment),
        rows_(chosen_.size()) {}

  // The signal that ended it, or 0.
  Result<int> draw(const Fd& signals) {
    auto count = std::min<std::size_t>(static_cast<std::size_t>(options_.jobs),
                                       chosen_.size());
    for (std::size_t k = 0; k < count; ++k) {
      TRY_ASSIGN(Worker worker, Worker::start([this, k, count](int socket) {
                   return work(socket, k, count);
                 }));
      seats_.push_back({std::move(worker), k});
    }
    while (std::any_of(seats_.begin(), seats_.end(), [](const Seat& seat) {
      return seat.worker.has_value();
    })) {
      if (auto signal = wait(signals)) {
        for (Seat& seat : seats_) {
          seat.worker.reset();
        }
        return *signal;
      }
    }
    return 0;
  }

  std::vector<AtlasRow> rows() const {
    std::vector<AtlasRow> out;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      AtlasRow lost;
      lost.cause = chosen_[i]->id;
      lost.skipped = "a worker of faultrig ended early";
      out.push_back(rows_[i].value_or(lost));
    }
    return out;
  }

 private:
  struct Seat {
    std::optional<Worker> worker;
    std::size_t next = 0;  // the row that it is at
  };

  int work(int socket, std::size_t first, std::size_t step) const {
    Session::Options asked;
    asked.environment = environment_;
    asked.version = FAULTRIG_VERSION;
    asked.stop_fd = socket;
    auto session = Session::open(std::move(asked));
    Explainer explainer(causes_);
    for (std::size_t i = first; i < chosen_.size(); i += step) {
      AtlasRow row;
      if (session) {
        row = atlas_row(*session, *chosen_[i], catalogue_, explainer);
      } else {
        row.cause = chosen_[i]->id;
        row.skipped = session.error().what;
      }
      if (!send_text(socket, atlas_row_line(row))) {
        break;
      }
    }
    return 0;
  }

  std::optional<int> wait(const Fd& signals) {
    std::vector<pollfd> waits{{signals.get(), POLLIN, 0}};
    std::vector<Seat*> busy;
    for (Seat& seat : seats_) {
      if (seat.worker) {
        waits.push_back({seat.worker->fd(), POLLIN, 0});
        busy.push_back(&seat);
      }
    }
    if (poll(waits.data(), waits.size(), -1) < 0) {
      return std::nullopt;
    }
    while (auto signal = next_signal(signals)) {
      if (*signal != SIGCHLD) {
        return signal;
      }
    }
    for (std::size_t i = 0; i < busy.size(); ++i) {
      if (waits[i + 1].revents != 0) {
        take(*busy[i]);
      }
    }
    return std::nullopt;
  }

  void take(Seat& seat) {
    auto text = receive_text(seat.worker->fd());
    auto row = text && *text ? parse_atlas_row_line(**text)
                             : Result<AtlasRow>(internal_error("no row"));
    if (!row) {
      seat.worker.reset();
      return;
    }
    rows_[seat.next] = std::move(*row);
    seat.next += seats_.size();
    show_ready();
    if (seat.next >= rows_.size()) {
      seat.worker.reset();
    }
  }

  // In the order of the table, as far as it goes without a gap.
  void show_ready() {
    bool text = !options_.json && !options_.markdown && !options_.precision;
    for (; shown_ < rows_.size() && rows_[shown_]; ++shown_) {
      if (text) {
        print(atlas_line(*rows_[shown_]));
      }
    }
  }

  const std::vector<Cause>& causes_;
  std::vector<const Cause*> chosen_;
  fs::path catalogue_;
  const Options& options_;
  std::vector<std::string> environment_;
  std::vector<std::optional<AtlasRow>> rows_;
  std::vector<Seat> seats_;
  std::size_t shown_ = 0;
};

void print_page(const std::vector<AtlasRow>& rows, const Options& options) {
  if (options.json) {
    print(atlas_json(rows));
  } else if (options.precision) {
    print(precision_page(rows));
  } else if (options.markdown) {
    print(atlas_page(rows));
  } else {
    print(atlas_legend());
  }
}

// Rows that could not be had are told on stderr where the page leaves them out.
int exit_code_for(const std::vector<AtlasRow>& rows, bool page) {
  std::size_t skipped = 0;
  for (const AtlasRow& row : rows) {
    if (!row.skipped.empty()) {
      ++skipped;
      complain(page ? "faultrig: " + row.cause +
                          " skipped: " + for_one_line(row.skipped) + "\n"
                    : "");
    }
  }
  return skipped == rows.size() ? kNothingRan : 0;
}

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
  std::vector<const Cause*> rows = chosen(*causes, options.only);
  if (rows.empty()) {
    complain("faultrig: no cause matches\n");
    return kUsage;
  }
  auto signals = take_ending_signals();
  if (!signals) {
    return tell(signals.error());
  }
  bool page = options.json || options.markdown || options.precision;
  if (!page) {
    print(atlas_head());
  }
  Atlas atlas(*causes, std::move(rows), *catalogue, options, surroundings);
  auto signal = atlas.draw(*signals);
  if (!signal) {
    return tell(signal.error());
  }
  if (*signal != 0) {
    complain("faultrig: interrupted; cleaned up\n");
    return 128 + *signal;
  }
  print_page(atlas.rows(), options);
  return exit_code_for(atlas.rows(), page);
}

}  // namespace faultrig
