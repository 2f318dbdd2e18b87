#include "harness/report/replay_report.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/base/columns.h"
#include "harness/base/text.h"

namespace faultrig {

namespace {

using Json = nlohmann::ordered_json;

double share_of(const ReplayTries& tries) {
  return tries.times == 0 ? -1 : double(tries.same) / tries.times;
}

std::string counted(std::int64_t count, const std::string& one,
                    const std::string& many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

// Where strace left something out are dots.
std::string with_dots(const std::string& text) {
  std::string out;
  for (char letter : text) {
    out += letter == kLeftOut ? "..." : std::string(1, letter);
  }
  return out;
}

std::string headline(const Replayed& replayed) {
  std::string out = for_one_line(replayed.file) + ": " + replayed.kind + ", " +
                    counted(replayed.lines, "line", "lines");
  if (replayed.processes > 0) {
    out += fmt::format(", {} process{}", replayed.processes,
                       replayed.processes == 1 ? "" : "es");
  }
  const ReplayFailure& failure = replayed.failure;
  out += failure.unknown ? "; how it ended is not known\n"
                         : "; it " + failure.ended() + "\n";
  if (!failure.error_line.empty()) {
    out += "  said: " + for_one_line(with_dots(failure.error_line)) + "\n";
  }
  if (replayed.noise > 0) {
    out += "  " +
           counted(replayed.noise, "failing call is", "failing calls are") +
           " ordinary and left out\n";
  }
  for (const std::string& note : replayed.notes) {
    out += wrapped("  note: ", for_one_line(note), 8);
  }
  return out;
}

std::string tries_text(const ReplayTries& tries) {
  if (!tries.cannot.empty()) {
    return wrapped("   cannot be tried: ", for_one_line(tries.cannot), 6);
  }
  if (tries.times == 0) {
    return "";
  }
  std::string out = fmt::format("   the same failure in {} of {} runs\n",
                                tries.same, tries.times);
  for (const std::string& what : tries.differed) {
    out += wrapped("   differed: ", for_one_line(what), 6);
  }
  return out;
}

std::string candidate_text(const ReplayCandidate& candidate,
                           std::size_t number) {
  std::string out = fmt::format("{}. {} (score {})\n", number,
                                for_one_line(candidate.what), candidate.score);
  out += "   " + for_one_line(candidate.fault) + "\n";
  for (const std::string& why : candidate.because) {
    out += wrapped("   ", for_one_line(why), 3);
  }
  for (const ReplayLine& line : candidate.rests_on) {
    out += "   " + (line.file.empty() ? "" : for_one_line(line.file) + " ") +
           fmt::format("line {}: ", line.line) + for_one_line(line.text) + "\n";
  }
  out += tries_text(candidate.tries);
  return candidate.scenario.empty()
             ? out
             : out + "   " + for_one_line(candidate.scenario) + "\n";
}

std::string as_comments(const std::string& text) {
  std::string out;
  for (std::string_view line : lines_of(text)) {
    out += (line.empty() ? "#" : "# ") + std::string(line) + "\n";
  }
  return out;
}

// Its own stand above it already.
std::string without_comments(std::string_view yaml) {
  while (yaml.starts_with("#")) {
    yaml.remove_prefix(std::min(yaml.find('\n'), yaml.size() - 1) + 1);
  }
  return std::string(yaml);
}

Json line_json(const ReplayLine& line) {
  return {{"file", valid_utf8(line.file)},
          {"line", line.line},
          {"text", valid_utf8(line.text)}};
}

Json texts_json(const std::vector<std::string>& texts) {
  Json out = Json::array();
  for (const std::string& text : texts) {
    out.push_back(valid_utf8(text));
  }
  return out;
}

Json candidate_json(const ReplayCandidate& candidate) {
  Json lines = Json::array();
  for (const ReplayLine& line : candidate.rests_on) {
    lines.push_back(line_json(line));
  }
  Json out{{"what", valid_utf8(candidate.what)},
           {"fault", valid_utf8(candidate.fault)},
           {"score", candidate.score},
           {"because", texts_json(candidate.because)},
           {"rests_on", std::move(lines)},
           {"yaml", valid_utf8(candidate.yaml)},
           {"scenario", valid_utf8(candidate.scenario)}};
  const ReplayTries& tries = candidate.tries;
  if (tries.times > 0 || !tries.cannot.empty()) {
    out["tries"] = {{"times", tries.times},
                    {"same", tries.same},
                    {"differed", texts_json(tries.differed)},
                    {"cannot", valid_utf8(tries.cannot)}};
  }
  return out;
}

}  // namespace

std::size_t best_of(const Replayed& replayed) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < replayed.candidates.size(); ++i) {
    bool better = share_of(replayed.candidates[i].tries) >
                  share_of(replayed.candidates[best].tries);
    best = better ? i : best;
  }
  return best;
}

std::string replay_text(const Replayed& replayed) {
  std::string out = headline(replayed);
  if (replayed.candidates.empty()) {
    return out + (replayed.dropped > 0
                      ? "no scenario can be made of what is named in it\n"
                      : "no fault of ours is named in it\n");
  }
  for (std::size_t i = 0; i < replayed.candidates.size(); ++i) {
    out += candidate_text(replayed.candidates[i], i + 1);
  }
  return out;
}

std::string replay_scenario(const Replayed& replayed) {
  const ReplayCandidate& best = replayed.candidates[best_of(replayed)];
  bool small = !replayed.smallest.empty();
  return as_comments(replay_text(replayed)) +
         fmt::format("# the scenario of {}{}:\n", best_of(replayed) + 1,
                     small ? ", made as small as it goes" : "") +
         (small ? replayed.smallest : without_comments(best.yaml));
}

std::string replay_json(const Replayed& replayed) {
  Json candidates = Json::array();
  for (const ReplayCandidate& candidate : replayed.candidates) {
    candidates.push_back(candidate_json(candidate));
  }
  const ReplayFailure& failure = replayed.failure;
  Json out{{"file", valid_utf8(replayed.file)},
           {"kind", replayed.kind},
           {"lines", replayed.lines},
           {"unread", replayed.unread},
           {"process_count", replayed.processes},
           {"ordinary", replayed.noise},
           {"failure",
            {{"exited", failure.exited},
             {"killed_by", failure.killed_by},
             {"unknown", failure.unknown},
             {"said", valid_utf8(with_dots(failure.error_line))},
             {"top", valid_utf8(failure.top)}}},
           {"workload",
            {{"dir", valid_utf8(replayed.workload.dir)},
             {"command", texts_json(replayed.workload.command)},
             {"packages", texts_json(replayed.workload.packages)},
             {"run", valid_utf8(replayed.workload.run)}}},
           {"notes", texts_json(replayed.notes)},
           {"candidates", std::move(candidates)}};
  if (!replayed.smallest.empty()) {
    out["smallest"] = valid_utf8(replayed.smallest);
  }
  return for_json(out.dump(2)) + "\n";
}

}  // namespace faultrig
