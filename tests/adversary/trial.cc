// Tries scenes, sorts what disagrees, and makes it small: whatever can be left
// out without the mistake going away is.
#include "tests/adversary/trial.h"

#include <algorithm>
#include <map>

namespace faultrig::adversary {

namespace {

// From the most telling on.
constexpr const char* kTraits[] = {
    "a signal at the start",
    "more than 100,000 calls",
    "calls of a static rule",
    "calls on an fd asked for",
    "a second path",
    "peeks",
    "descriptors",
    "calls on stdio",
    "two faults want one call",
    "calls that no fault selects",
    "calls that cannot be short",
    "trigger by call",
    "trigger by listening",
    "a file that is gone",
    "two descriptors",
    "execve",
    "symbolic links",
    "paths below a descriptor",
    "two paths",
    "an optional fault",
};

constexpr int kMostRounds = 40;

using Scenes = std::vector<Scene>;

// Where a child's acts end: they go together.
std::size_t block_end(const std::vector<std::string>& acts, std::size_t at) {
  std::size_t end = at;
  while (acts[at] == "(" && end < acts.size() && acts[end] != ")") {
    ++end;
  }
  return end + 1;
}

void drop_acts(const Scene& scene, Scenes& out) {
  for (std::size_t i = 0; i < scene.acts.size(); ++i) {
    if (scene.acts[i] == ")") {
      continue;
    }
    Scene less = scene;
    auto begin = less.acts.begin() + static_cast<std::ptrdiff_t>(i);
    auto end = less.acts.begin() +
               static_cast<std::ptrdiff_t>(block_end(scene.acts, i));
    less.acts.erase(begin, end);
    out.push_back(less);
  }
}

// `5*fsync,0` to `2*fsync,0` to `fsync,0`.
void do_less_often(const Scene& scene, Scenes& out) {
  for (std::size_t i = 0; i < scene.acts.size(); ++i) {
    std::size_t mark = scene.acts[i].find_first_of("*|&");
    if (mark == std::string::npos) {
      continue;
    }
    Scene once = scene;
    once.acts[i] = scene.acts[i].substr(mark + 1);
    out.push_back(once);
    if (scene.acts[i].substr(0, mark) != "2") {
      Scene twice = scene;
      twice.acts[i] = "2" + scene.acts[i].substr(mark);
      out.push_back(twice);
    }
  }
}

template <typename Change>
void change_fault(const Scene& scene, std::size_t index, Scenes& out,
                  Change change) {
  Scene changed = scene;
  change(changed.faults[index]);
  out.push_back(changed);
}

void simplify_choice(Choice& choice) {
  if (!choice.fd.empty()) {
    choice.fd.clear();
  } else if (!choice.path.empty()) {
    choice.path.clear();
  } else if (choice.calls.size() > 1) {
    choice.calls.pop_back();
  }
}

bool is_plain(const Choice& choice) {
  return choice.fd.empty() && choice.path.empty() && choice.calls.size() < 2;
}

void simplify_faults(const Scene& scene, Scenes& out) {
  for (std::size_t i = 0; i < scene.faults.size(); ++i) {
    const Fault& fault = scene.faults[i];
    if (scene.faults.size() > 1) {
      Scene less = scene;
      less.faults.erase(less.faults.begin() + static_cast<std::ptrdiff_t>(i));
      out.push_back(less);
    }
    if (fault.nth) {
      change_fault(scene, i, out, [](Fault& one) { one.nth.reset(); });
      change_fault(scene, i, out, [](Fault& one) { one.nth = Nth{}; });
    }
    if (fault.optional) {
      change_fault(scene, i, out, [](Fault& one) { one.optional = false; });
    }
    if (fault.chance > 0) {
      change_fault(scene, i, out, [](Fault& one) { one.chance = 0; });
    }
    if (fault.when.kind != Trigger::Kind::start && !fault.when.late() &&
        fault.injector == "syscall") {
      change_fault(scene, i, out, [](Fault& one) { one.when = {}; });
    }
    if (!is_plain(fault.choice)) {
      change_fault(scene, i, out,
                   [](Fault& one) { simplify_choice(one.choice); });
      change_fault(scene, i, out, [](Fault& one) { one.choice.path.clear(); });
    }
    if (!is_plain(fault.when.choice)) {
      change_fault(scene, i, out,
                   [](Fault& one) { simplify_choice(one.when.choice); });
    }
  }
}

void simplify_expectations(const Scene& scene, Scenes& out) {
  for (std::size_t i = 0; i < scene.expect.size(); ++i) {
    auto at = static_cast<std::ptrdiff_t>(i);
    if (scene.expect.size() > 1) {
      Scene less = scene;
      less.expect.erase(less.expect.begin() + at);
      out.push_back(less);
    }
    const Expectation& expected = scene.expect[i];
    if (expected.sequence.size() > 1) {
      for (std::size_t j = 0; j < expected.sequence.size(); ++j) {
        Scene less = scene;
        auto& sequence = less.expect[i].sequence;
        sequence.erase(sequence.begin() + static_cast<std::ptrdiff_t>(j));
        out.push_back(less);
      }
    }
    if (expected.sequence.size() > 0 && expected.number) {
      Scene less = scene;
      less.expect[i].number.reset();
      less.expect[i].pattern = {};
      out.push_back(less);
    }
    if (!is_plain(expected.pattern.choice)) {
      Scene less = scene;
      simplify_choice(less.expect[i].pattern.choice);
      out.push_back(less);
    }
  }
  if (scene.golden) {
    Scene less = scene;
    less.golden = false;
    out.push_back(less);
  }
}

Scenes smaller(const Scene& scene) {
  Scenes out;
  simplify_faults(scene, out);
  simplify_expectations(scene, out);
  drop_acts(scene, out);
  do_less_often(scene, out);
  std::string same = text_of(scene);
  std::erase_if(out, [&](const Scene& one) { return text_of(one) == same; });
  return out;
}

}  // namespace

bool Trial::agrees() const {
  return opinion.right.count(said.verdict) > 0 && opinion.wrongs.empty();
}

std::string Trial::mistake() const {
  if (agrees()) {
    return "";
  }
  if (opinion.right.count(said.verdict) > 0) {
    const std::string& wrong = opinion.wrongs.front();
    return wrong.substr(0, wrong.find(':'));
  }
  bool order = said.verdict == "fail" && opinion.fails_too &&
               opinion.right.count("inconclusive") > 0;
  if (order) {
    return "fail of nothing";
  }
  static const std::map<std::string, std::string> kMistakes = {
      {"pass", "false pass"},
      {"fail", "false fail"},
      {"inconclusive", "false void"}};
  auto known = kMistakes.find(said.verdict);
  return known == kMistakes.end() ? said.verdict : known->second;
}

std::string Trial::met() const {
  for (const char* one : kTraits) {
    if (opinion.traits.count(one) > 0) {
      return one;
    }
  }
  return "something else";
}

std::string text_of(const Scene& scene) {
  return yaml_of(scene, {"@ACTS@"}, "@HOME@");
}

std::vector<Trial> try_all(const std::vector<Scene>& scenes,
                           const Setup& setup) {
  if (scenes.empty()) {
    return {};
  }
  std::vector<std::string> texts;
  texts.reserve(scenes.size());
  for (const Scene& scene : scenes) {
    texts.push_back(text_of(scene));
  }
  Batch batch(scenes.size());
  std::vector<Said> said = batch.run(texts, setup);
  auto times = static_cast<std::size_t>(setup.repeat);
  std::vector<Trial> out;
  for (std::size_t i = 0; i < said.size(); ++i) {
    std::size_t scene = i / times;
    Trial trial{scenes[scene], {}, said[i]};
    trial.opinion =
        opinion_on(scenes[scene], {batch.slot(scene), batch.home(scene),
                                   setup.acts, static_cast<int>(i % times)});
    if (said[i].verdict == "refused") {
      trial.opinion.wrongs.clear();  // nothing ran
    }
    out.push_back(std::move(trial));
  }
  return out;
}

Trial shrunk(const Trial& trial, const Setup& setup) {
  Trial best = trial;
  if (is_crowd(trial.scene)) {
    return best;
  }
  for (int round = 0; round < kMostRounds; ++round) {
    Scenes candidates = smaller(best.scene);
    if (candidates.empty()) {
      break;
    }
    std::vector<Trial> tried = try_all(candidates, setup);
    auto found = std::find_if(
        tried.begin(), tried.end(),
        [&](const Trial& one) { return one.mistake() == trial.mistake(); });
    if (found == tried.end()) {
      break;
    }
    best = *found;
  }
  return best;
}

std::vector<int> seen_again(const std::vector<Trial>& trials, int tries,
                            const Setup& setup) {
  Scenes same;
  for (const Trial& trial : trials) {
    same.insert(same.end(), static_cast<std::size_t>(tries), trial.scene);
  }
  std::vector<int> again(trials.size());
  std::vector<Trial> tried = try_all(same, setup);
  for (std::size_t i = 0; i < tried.size(); ++i) {
    again[i / static_cast<std::size_t>(tries * setup.repeat)] +=
        tried[i].agrees() ? 0 : 1;
  }
  return again;
}

}  // namespace faultrig::adversary
