// Which calls a fault selects follows from the language; whether it acted on
// them from their results: generated faults use errors and numbers that nothing
// else here gives, so each says by whom it was given.
#include <algorithm>
#include <cerrno>
#include <csignal>

#include "tests/adversary/oracle.h"

namespace faultrig::adversary {

namespace {

constexpr double kLatestTimer = 0.9;  // of a delay: nothing is earlier

struct Progress {
  long matches = 0;
  long trigger_matches = 0;
  bool active = false;
};

// Of a record's calls: how many a fault may have acted on, since none before it
// in the list surely did; and how many it surely did.
struct Share {
  long selected = 0;
  long sure = 0;
  bool maybe = false;
};

class Walk {
 public:
  Walk(const Scene& scene, const World& world) : scene_(scene), world_(world) {
    progress_.resize(scene.faults.size());
    effects_.of.resize(scene.faults.size());
    for (std::size_t i = 0; i < scene.faults.size(); ++i) {
      Trigger::Kind kind = scene.faults[i].when.kind;
      progress_[i].active =
          kind != Trigger::Kind::call && kind != Trigger::Kind::listening;
    }
  }

  Effects run() {
    for (const Call& call : world_.calls) {
      take(call);
    }
    for (std::size_t i = 0; i < scene_.faults.size(); ++i) {
      Trigger::Kind kind = scene_.faults[i].when.kind;
      if (scene_.faults[i].injector == "signal" &&
          kind != Trigger::Kind::call && kind != Trigger::Kind::listening) {
        effects_.of[i] += sent(scene_.faults[i]);
      }
    }
    return effects_;
  }

 private:
  void take(const Call& call) {
    std::vector<Share> shares(scene_.faults.size());
    long picked = 0;
    for (long i = 0; i < call.times; ++i) {
      bool pulled = pull_triggers(call);
      std::vector<std::size_t> selected = select(call, shares);
      picked += pulled || !selected.empty() ? 1 : 0;
      effects_.calls_selected += static_cast<long>(selected.size());
      if (selected.size() > 1) {
        effects_.traits.insert("two faults want one call");
      }
    }
    effects_.picked.push_back(listens(call) ? call.times : picked);
    Range all;
    long before = 0;    // wanted by faults further up
    bool full = false;  // a full table may have answered before
    for (std::size_t i = 0; i < shares.size(); ++i) {
      const Fault& fault = scene_.faults[i];
      if (fault.injector == "fds") {
        effects_.of[i] += refused(call, before);
        full = true;
      } else if (fault.injector == "syscall" && shares[i].selected > 0) {
        long other = full ? call.came(-EMFILE) : 0;
        shares[i].sure = std::max(0L, shares[i].sure - other);
        Range range = acted(fault, call, shares[i]);
        effects_.of[i] += range;
        all += range;
        before += shares[i].selected;
      }
    }
    effects_.on.push_back(
        {std::min(all.low, call.times), std::min(all.high, call.times)});
  }

  bool pull_triggers(const Call& call) {
    bool seen = false;
    for (std::size_t i = 0; i < scene_.faults.size(); ++i) {
      const Fault& fault = scene_.faults[i];
      Progress& progress = progress_[i];
      bool waits = fault.when.kind == Trigger::Kind::call &&
                   fits(fault.when.choice, call, true);
      if (!waits) {
        continue;
      }
      ++progress.trigger_matches;
      bool fires =
          fault.when.nth.value_or(Nth{}).selects(progress.trigger_matches);
      if (fires && !progress.active) {
        progress.active = true;
        seen = true;
        effects_.traits.insert("trigger by call");
        if (fault.injector == "signal") {
          effects_.of[i] += Range{1, fault.times};
        }
      }
    }
    return seen;
  }

  // The first that succeeded, and that was really made.
  bool listens(const Call& call) {
    bool heard = false;
    for (std::size_t i = 0; i < scene_.faults.size(); ++i) {
      bool waits = scene_.faults[i].when.kind == Trigger::Kind::listening &&
                   !progress_[i].active;
      bool made = call.came(0) > 0 || !call.done;  // it may have been its last
      long port = scene_.faults[i].when.port;
      bool there = port == 0 || port == call.port;
      if (waits && call.name == "listen" && made && there) {
        progress_[i].active = true;
        heard = true;
        effects_.traits.insert("trigger by listening");
        if (scene_.faults[i].injector == "signal") {
          effects_.of[i] += Range{1, scene_.faults[i].times};
        }
      }
    }
    return heard;
  }

  std::vector<std::size_t> select(const Call& call,
                                  std::vector<Share>& shares) {
    std::vector<std::size_t> selected;
    for (std::size_t i = 0; i < scene_.faults.size(); ++i) {
      const Fault& fault = scene_.faults[i];
      Progress& progress = progress_[i];
      if (fault.injector != "syscall" || !progress.active ||
          !fits(fault.choice, call, true)) {
        continue;
      }
      ++progress.matches;
      if (!fits_first(fault.choice, call)) {
        effects_.traits.insert("a second path");
      }
      if (fault.nth && !fault.nth->selects(progress.matches)) {
        continue;
      }
      selected.push_back(i);
      shares[i].maybe = fault.chance > 0 || fault.when.late();
    }
    // The first that acts is the only one.
    for (std::size_t i : selected) {
      ++shares[i].selected;
      if (!shares[i].maybe) {
        shares[i].sure += i == selected.front() ? 1 : 0;
        break;
      }
    }
    return selected;
  }

  void complain(const Fault& fault, const Call& call, const std::string& what) {
    effects_.wrongs.push_back(what + ": " + fault.choice.calls.front() + ", " +
                              call.name + " gave " +
                              std::to_string(call.result));
  }

  Range acted(const Fault& fault, const Call& call, const Share& share) {
    switch (fault.doing) {
      case Doing::error:
      case Doing::returns: {
        long result = fault.doing == Doing::error ? -fault.value : fault.value;
        long count = call.came(result);
        if (call.done && count < share.sure) {
          complain(fault, call, "no effect");
        }
        return {std::min(count, share.selected),
                std::min(count, share.selected)};
      }
      case Doing::shortened:
        return shortened(fault, call, share);
      case Doing::delay:
        return delayed(fault, call, share);
      case Doing::signal:
        return signalled(fault, call, share);
    }
    return {};
  }

  Range shortened(const Fault& fault, const Call& call, const Share& share) {
    bool cannot = !may_be_short(call.name) || call.asked <= fault.value;
    if (cannot || call.result != fault.value) {
      effects_.traits.insert("calls that cannot be short");
    }
    if (cannot || call.times > 1) {
      return {0, cannot ? 0 : share.selected};
    }
    if (call.result < 0 || call.result > fault.value) {
      if (call.result > fault.value && share.sure == 1 &&
          call.result < act_strange) {
        complain(fault, call, "not short");
      }
      return {0, 0};
    }
    bool writes =
        call.name.find("write") != std::string::npos || call.name == "sendto";
    bool full = call.result == fault.value && writes;
    return {full ? 1 : 0, 1};
  }

  static Range delayed(const Fault& fault, const Call& call,
                       const Share& share) {
    if (call.times > 1) {
      return {share.sure, share.selected};
    }
    double least = static_cast<double>(fault.value) * 1e6 * kLatestTimer;
    if (call.done && static_cast<double>(call.nanoseconds) < least) {
      return {0, 0};
    }
    if (!call.done) {
      return {0, 1};  // it was killed meanwhile
    }
    return {share.sure, 1};
  }

  Range signalled(const Fault& fault, const Call& call, const Share& share) {
    auto signal = static_cast<int>(fault.value);
    auto caught = call.caught.find(signal);
    if (caught != call.caught.end()) {
      return call.times == 1 ? Range{1, 1} : Range{1, share.selected};
    }
    if (is_lethal(scene_, signal)) {
      long killed = std::min(call.killed + (call.done ? 0 : 1), share.selected);
      return {std::min(killed, share.sure), killed};
    }
    bool told =
        std::find(scene_.acts.begin(), scene_.acts.end(),
                  "catch," + std::to_string(signal)) != scene_.acts.end();
    if (told && call.done && share.sure > 0) {
      complain(fault, call, "no signal");
      return {0, 0};
    }
    return {share.sure, share.selected};
  }

  // The kernel's own refusals, where no fault before this one acted on the call
  // and let it run.
  static Range refused(const Call& call, long before) {
    if (!meets_limit(call.name)) {
      return {};
    }
    long count = call.came(-EMFILE);
    return {std::max(0L, count - before), count};
  }

  Range sent(const Fault& fault) {
    auto signal = static_cast<int>(fault.value);
    if (fault.when.kind == Trigger::Kind::start) {
      effects_.traits.insert("a signal at the start");
      return {1, 1};
    }
    auto caught = world_.caught.find(signal);
    bool arrived = caught != world_.caught.end() ||
                   (!world_.code && is_lethal(scene_, signal));
    return {arrived ? 1 : 0, fault.times};
  }

  const Scene& scene_;
  const World& world_;
  std::vector<Progress> progress_;
  Effects effects_;
};

}  // namespace

bool fits(const Choice& choice, const Call& call, bool spares_stdio) {
  bool named = choice.calls.empty();
  for (const std::string& name : choice.calls) {
    std::vector<std::string> calls = calls_named(name);
    named = named ||
            std::find(calls.begin(), calls.end(), call.name) != calls.end();
  }
  bool kind = choice.fd.empty() ? !(spares_stdio && is_on_stdio_alone(call))
                                : call.on(choice.fd);
  bool path =
      choice.path.empty() || std::any_of(call.paths.begin(), call.paths.end(),
                                         [&](const std::string& one) {
                                           return glob_fits(choice.path, one);
                                         });
  return named && kind && path;
}

bool fits_first(const Choice& choice, const Call& call) {
  auto first = call.paths.begin();
  auto end = first + static_cast<std::ptrdiff_t>(call.first_paths);
  return choice.path.empty() || call.paths.empty() ||
         std::any_of(first, end, [&](const std::string& one) {
           return glob_fits(choice.path, one);
         });
}

bool is_on_stdio_alone(const Call& call) {
  return !call.kinds.empty() &&
         std::all_of(call.kinds.begin(), call.kinds.end(),
                     [](const std::string& kind) { return kind == "stdio"; });
}

// What execve(2) resets is lethal for a moment.
bool is_lethal(const Scene& scene, int signal) {
  auto has = [&](const char* act) {
    return std::find(scene.acts.begin(), scene.acts.end(),
                     act + std::to_string(signal)) != scene.acts.end();
  };
  bool harmless = signal == SIGURG || signal == SIGWINCH;
  bool anew = std::find(scene.acts.begin(), scene.acts.end(), "become") !=
              scene.acts.end();
  return !harmless && (anew || !has("catch,")) && !has("ignore,");
}

Effects effects_in(const Scene& scene, const World& world) {
  return Walk(scene, world).run();
}

}  // namespace faultrig::adversary
