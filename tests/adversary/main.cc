// Makes scenarios at random, has faultrig judge them, and compares each verdict
// with what the performer of the calls told. Exits 1 where they differ.
//
//   adversary [--seed N] [--count N] [--seconds N] [--keep DIR]
//             [--faultrig PATH] [--corpus DIR] [--jobs N] [--show SEED]
//             [--known TRAIT,...] [--shrink N]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

#include "tests/adversary/trial.h"
#include "tests/source_dir.h"

namespace faultrig::adversary {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBatch = 200;
constexpr std::size_t kEachRepeated = 10;  // of so many batches, one
constexpr int kTries = 3;
constexpr std::uint64_t kScenesOfASeed = 1'000'000;

struct Options {
  std::uint64_t seed = 0;
  long count = 1000;
  long seconds = 0;  // 0: as long as it takes
  std::string keep;
  std::string corpus;
  std::string known;  // what is met by mistakes that do not fail, by commas
  long show = -1;
  std::size_t shrink = 1;  // so many of each kind of mistake are made small
  Setup setup;
};

double now() {
  return std::chrono::duration<double>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Each commit is tried with scenes of its own.
std::uint64_t commits() {
  std::string line = "git -C '" + source_dir() + "' rev-list --count HEAD";
  FILE* pipe = popen((line + " 2>/dev/null").c_str(), "r");
  unsigned long long count = 0;
  bool read = pipe != nullptr && std::fscanf(pipe, "%llu", &count) == 1;
  if (pipe != nullptr) {
    pclose(pipe);
  }
  return read ? count : 1;
}

Options options_of(int argc, char** argv) {
  Options out;
  fs::path here = fs::read_symlink("/proc/self/exe").parent_path();
  out.setup.faultrig = (here / "faultrig").string();
  out.setup.acts = (here / "adversary_acts").string();
  std::map<std::string, std::string> given;
  for (int i = 1; i + 1 < argc; i += 2) {
    given[argv[i]] = argv[i + 1];
  }
  if (argc % 2 == 0) {
    throw std::runtime_error("each option takes a value");
  }
  auto take = [&](const char* name, auto set) {
    auto found = given.find(name);
    if (found != given.end()) {
      set(found->second);
      given.erase(found);
    }
  };
  take("--seed", [&](const auto& text) { out.seed = std::stoull(text); });
  take("--count", [&](const auto& text) { out.count = std::stol(text); });
  take("--seconds", [&](const auto& text) { out.seconds = std::stol(text); });
  take("--show", [&](const auto& text) { out.show = std::stol(text); });
  take("--shrink", [&](const auto& text) { out.shrink = std::stoul(text); });
  take("--keep", [&](const auto& text) { out.keep = text; });
  take("--known", [&](const auto& text) { out.known = text; });
  take("--corpus", [&](const auto& text) { out.corpus = text; });
  take("--jobs", [&](const auto& text) { out.setup.jobs = text; });
  take("--faultrig",
       [&](const auto& text) { out.setup.faultrig = fs::absolute(text); });
  if (!given.empty()) {
    throw std::runtime_error("unknown option " + given.begin()->first);
  }
  out.seed = out.seed == 0 ? commits() : out.seed;
  return out;
}

std::string right_of(const Trial& trial) {
  std::string right;
  for (const std::string& verdict : trial.opinion.right) {
    right += (right.empty() ? "" : " ") + verdict;
  }
  return right;
}

void print(const Trial& trial) {
  std::printf("%s\nseed %llu: %s, right is %s\n%s%s\n",
              text_of(trial.scene).c_str(),
              static_cast<unsigned long long>(trial.scene.seed),
              trial.said.verdict.c_str(), right_of(trial).c_str(),
              trial.said.because.c_str(), trial.opinion.why.c_str());
  for (const std::string& wrong : trial.opinion.wrongs) {
    std::printf("  %s\n", wrong.c_str());
  }
}

// The kept ones: a scenario each, whose first line is `# right: VERDICT...`.
long corpus_mistakes(const Options& options) {
  std::vector<std::string> texts;
  std::vector<std::string> names;
  for (const auto& file : fs::directory_iterator(options.corpus)) {
    if (file.path().extension() == ".yaml") {
      names.push_back(file.path().string());
    }
  }
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    std::ostringstream text;
    text << std::ifstream(name).rdbuf();
    texts.push_back(text.str());
  }
  if (texts.empty()) {
    throw std::runtime_error("no scenario in " + options.corpus);
  }
  Batch batch(texts.size());
  std::vector<Said> said = batch.run(texts, options.setup);
  long mistakes = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::string first = texts[i].substr(0, texts[i].find('\n')) + " ";
    if (first.find(" " + said[i].verdict + " ") == std::string::npos) {
      ++mistakes;
      std::printf("%s: %s\n%s", names[i].c_str(), said[i].verdict.c_str(),
                  said[i].because.c_str());
    }
  }
  std::printf("%zu kept scenarios, %ld wrong\n", texts.size(), mistakes);
  return mistakes;
}

void keep(const Options& options, const Trial& trial, std::size_t number) {
  if (options.keep.empty()) {
    return;
  }
  fs::create_directories(options.keep);
  std::string name = trial.mistake() + "_" + trial.met();
  std::replace_if(
      name.begin(), name.end(),
      [](unsigned char letter) { return std::isalnum(letter) == 0; }, '_');
  std::ofstream(fs::path(options.keep) /
                (name + "_" + std::to_string(number) + ".yaml"))
      << "# right: " << right_of(trial) << "\n# said: " << trial.said.verdict
      << "\n"
      << text_of(trial.scene);
}

class Tally {
 public:
  explicit Tally(const Options& options) : options_(options) {}

  void take(const std::vector<Trial>& trials) {
    std::vector<Trial> wrong;
    for (const Trial& trial : trials) {
      ++tried_;
      if (trial.agrees()) {
        ++verdicts_[trial.said.verdict];
      } else {
        wrong.push_back(trial);
      }
    }
    std::vector<int> again = seen_again(wrong, kTries, options_.setup);
    for (std::size_t i = 0; i < wrong.size(); ++i) {
      if (again[i] > 0) {
        disagree(wrong[i]);
        continue;
      }
      ++once_;
      std::printf("not seen again in %d tries:\n", kTries);
      print(wrong[i]);
    }
    std::fflush(stdout);
  }

  // But those that are known.
  long mistakes() const { return unknown_; }

  void print_table(double seconds) const {
    std::printf("\n| met | mistaken | scenarios |\n|---|---|---|\n");
    for (const auto& [met, mistakes] : counts_) {
      for (const auto& [mistake, count] : mistakes) {
        std::printf("| %s | %s | %ld |\n", met.c_str(), mistake.c_str(), count);
      }
    }
    std::printf("| all | | %ld of %ld |\n| not seen again | | %ld |\n\n",
                mistakes_, tried_, once_);
    for (const auto& [verdict, count] : verdicts_) {
      std::printf("%ld %s, ", count, verdict.c_str());
    }
    std::printf("%.0f a second\n", static_cast<double>(tried_) / seconds);
  }

 private:
  void disagree(const Trial& trial) {
    ++mistakes_;
    bool known = ("," + options_.known + ",").find("," + trial.met() + ",") !=
                 std::string::npos;
    unknown_ += known ? 0 : 1;
    ++counts_[trial.met()][trial.mistake()];
    std::size_t& kept = kept_[trial.mistake() + trial.met()];
    if (kept < options_.shrink) {
      Trial least = shrunk(trial, options_.setup);
      print(least);
      keep(options_, least, ++kept);
    }
  }

  const Options& options_;
  std::map<std::string, std::map<std::string, long>> counts_;
  std::map<std::string, std::size_t> kept_;
  std::map<std::string, long> verdicts_;
  long tried_ = 0;
  long mistakes_ = 0;
  long unknown_ = 0;
  long once_ = 0;
};

std::vector<Scene> scenes_from(std::uint64_t first, std::size_t count) {
  std::vector<Scene> out;
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(scene_of(first + i));
  }
  return out;
}

int run(const Options& options) {
  if (options.show >= 0) {
    auto seed = static_cast<std::uint64_t>(options.show);
    Trial trial = try_all({scene_of(seed)}, options.setup).front();
    print(trial);
    if (!trial.agrees()) {
      print(shrunk(trial, options.setup));
    }
    return trial.agrees() ? 0 : 1;
  }
  long mistakes = options.corpus.empty() ? 0 : corpus_mistakes(options);
  std::printf("seed %llu\n", static_cast<unsigned long long>(options.seed));
  Tally tally(options);
  double begin = now();
  auto left = static_cast<std::size_t>(options.count);
  std::uint64_t next = options.seed * kScenesOfASeed;
  double trying = 0;
  while (left > 0 && (options.seconds == 0 ||
                      now() - begin < static_cast<double>(options.seconds))) {
    std::size_t size = std::min(left, kBatch);
    double before = now();
    Setup setup = options.setup;
    setup.repeat = next / kBatch % kEachRepeated == 0 ? 2 : setup.repeat;
    std::vector<Scene> scenes = scenes_from(next, size);
    if (setup.repeat > 1) {
      // Their golden runs come in between.
      std::erase_if(scenes, has_kernel_rule);
    }
    std::vector<Trial> trials = try_all(scenes, setup);
    trying += now() - before;
    tally.take(trials);
    next += size;
    left -= size;
  }
  tally.print_table(trying);
  return mistakes + tally.mistakes() == 0 ? 0 : 1;
}

}  // namespace
}  // namespace faultrig::adversary

int main(int argc, char** argv) {
  try {
    return faultrig::adversary::run(
        faultrig::adversary::options_of(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "adversary: %s\n", error.what());
    return 2;
  }
}
