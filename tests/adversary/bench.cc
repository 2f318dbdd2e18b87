// Many scenarios in one go: a file and a folder each, one faultrig over all.
#include "tests/adversary/bench.h"

#include <fcntl.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

namespace faultrig::adversary {

namespace fs = std::filesystem;

namespace {

constexpr int kRefused = 2;  // faultrig's exit code: nothing was started

std::string slurp(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void replace_all(std::string& text, const std::string& from,
                 const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

fs::path new_folder() {
  std::string name =
      std::string(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") +
      "/adversary.XXXXXX";
  if (mkdtemp(name.data()) == nullptr) {
    throw std::runtime_error("cannot make " + name);
  }
  return name;
}

// What the acts find in the folder of each run.
void furnish(const fs::path& home, const std::string& program) {
  for (int run = 0; run < act_most_runs; ++run) {
    fs::path place = home / ("r" + std::to_string(run));
    fs::create_directories(place / "d");
    for (const char* name : {"a", "b", "d/e"}) {
      std::ofstream(place / name) << std::string(4096, name[0]);
    }
    fs::create_symlink("../b", place / "d/up");
    fs::create_symlink("a", place / "l");
    fs::create_symlink("d", place / "ld");
    fs::create_symlink(place / "b", place / "far");
    fs::create_symlink("nothing", place / "void");
    fs::create_symlink("loop", place / "loop");
    fs::create_symlink(program, place / "me");
  }
}

}  // namespace

Batch::Batch(std::size_t most) : folder_(new_folder()) {
  segment_ = shmget(IPC_PRIVATE, most * sizeof(act_slot), IPC_CREAT | 0600);
  void* place = segment_ < 0 ? nullptr : shmat(segment_, nullptr, 0);
  // Nobody finds it any more, but by its number, and it ends with us: shmctl(2)
  // of Linux lets the performers attach.
  if (segment_ < 0 || shmctl(segment_, IPC_RMID, nullptr) != 0) {
    throw std::runtime_error("cannot make a segment of shared memory");
  }
  slots_ = static_cast<act_slot*>(place);
}

Batch::~Batch() {
  shmdt(slots_);
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string Batch::home(std::size_t index) const {
  return (folder_ / ("w" + std::to_string(index))).string();
}

std::string Batch::yaml(std::size_t index) const {
  return (folder_ / "yaml" / (std::to_string(index) + ".yaml")).string();
}

void Batch::write(std::size_t index, std::string text,
                  const Setup& setup) const {
  furnish(home(index), setup.acts);
  replace_all(text, "'@ACTS@'",
              "'" + setup.acts + "', '" + std::to_string(segment_) + "', '" +
                  std::to_string(index) + "', '" + home(index) + "'");
  replace_all(text, "@HOME@", home(index));
  std::ofstream(yaml(index)) << text;
}

int Batch::call(const Setup& setup,
                const std::vector<std::string>& words) const {
  std::vector<std::string> all{setup.faultrig};
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char*> argv;
  argv.reserve(all.size() + 1);
  for (std::string& word : all) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  std::string said = (folder_ / "said").string();
  pid_t pid = fork();
  if (pid == 0) {
    int file = open(said.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(file, STDOUT_FILENO);
    dup2(file, STDERR_FILENO);
    execv(argv[0], argv.data());
    _exit(127);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// The files that `check` complains about: up to 20 errors at a time.
std::vector<std::string> Batch::refused(const Setup& setup) const {
  std::set<std::string> files;
  if (call(setup, {"check", (folder_ / "yaml").string()}) != kRefused) {
    return {};
  }
  std::istringstream lines(slurp(folder_ / "said"));
  for (std::string line; std::getline(lines, line);) {
    std::size_t end = line.find(".yaml:");
    std::size_t slash = line.rfind('/', end);
    if (end != std::string::npos && slash != std::string::npos) {
      files.insert(line.substr(slash + 1, end - slash - 1));
    }
  }
  return {files.begin(), files.end()};
}

std::vector<Said> Batch::run(const std::vector<std::string>& texts,
                             const Setup& setup) {
  fs::create_directories(folder_ / "yaml");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    write(i, texts[i], setup);
  }
  auto times = static_cast<std::size_t>(setup.repeat);
  std::vector<Said> out(texts.size() * times);
  std::string report = (folder_ / "report.json").string();
  auto start = [&] {
    std::vector<std::string> words{
        "run", (folder_ / "yaml").string(),  "--report", "json:" + report,
        "-j",  times > 1 ? "1" : setup.jobs, "--seed",   setup.seed};
    if (times > 1) {
      words.insert(words.end(), {"--repeat", std::to_string(times)});
    }
    return call(setup, words);
  };
  int code = start();
  for (std::size_t tries = 0; code == kRefused && tries < texts.size();
       ++tries) {
    for (const std::string& name : refused(setup)) {
      for (std::size_t i = 0; i < times; ++i) {
        Said& said = out.at(std::stoul(name) * times + i);
        said.verdict = "refused";
        said.because = slurp(folder_ / "said");
      }
      fs::remove(folder_ / "yaml" / (name + ".yaml"));
    }
    if (fs::is_empty(folder_ / "yaml")) {
      return out;
    }
    code = start();
  }
  auto json = nlohmann::json::parse(slurp(report), nullptr, false);
  if (json.is_discarded()) {
    throw std::runtime_error("faultrig exited " + std::to_string(code) +
                             " without a report: " + slurp(folder_ / "said"));
  }
  for (const auto& scenario : json.value("scenarios", nlohmann::json())) {
    auto index = std::stoul(scenario["name"].get<std::string>());
    auto repeat = scenario.value("repeat", std::size_t{1});
    Said& said = out.at(index * times + repeat - 1);
    said.verdict = scenario["verdict"];
    said.observed = scenario["observed"];
    for (const auto& finding : scenario["findings"]) {
      said.because += "  " + finding["because"].get<std::string>() + "\n";
    }
  }
  return out;
}

}  // namespace faultrig::adversary
