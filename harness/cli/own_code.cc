#include "harness/cli/own_code.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "harness/base/text.h"
#include "harness/campaign/user_module.h"
#include "harness/cli/printing.h"
#include "harness/model/go_words.h"
#include "harness/os/shown_program.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

// Each step ends, whatever the module is like.
constexpr const char* kTestTime = "60s";
constexpr const char* kSweepTime = "90s";

class OwnCode {
 public:
  OwnCode(UserModule module, fs::path place, std::string self)
      : module_(std::move(module)),
        place_(std::move(place)),
        self_(std::move(self)) {}

  int look() {
    bool tested = std::any_of(
        module_.packages.begin(), module_.packages.end(),
        [](const ModulePackage& package) { return package.tested; });
    if (tested) {
      look_at_tests();
    } else {
      print("\nNo package has tests: no witness and no sweep.\n");
    }
    auto server = std::find_if(module_.packages.begin(), module_.packages.end(),
                               [](const ModulePackage& package) {
                                 return package.main && package.networks;
                               });
    if (server != module_.packages.end()) {
      look_at_server(*server);
    } else {
      print("\nNo program needs the network: no shutdown map.\n");
    }
    return code_;
  }

 private:
  void look_at_tests() {
    Words witness{self_, "witness", "--out", (place_ / "seen").string(), "--"};
    step("How did each test binary really end?",
         {"go", "test", "-count=1", "-timeout", kTestTime, exec_flag(witness),
          "./..."});
    if (failed_) {
      step("Something failed. Why?",
           {self_, "explain", (place_ / "seen").string()});
    }
    step("Calls fail, one call site after the other. What becomes of it?",
         {self_, "sweep", "-j", "2", "--budget", kSweepTime, "./..."});
  }

  void look_at_server(const ModulePackage& package) {
    std::string program = (place_ / "program").string();
    step("A program that may listen is built.",
         {"go", "build", "-o", program, package.path});
    if (!failed_) {
      step("Does it stop as it should, whenever it is told?",
           {self_, "shutdown", "-j", "2", "--steps", "12", "--times", "3",
            "--ready-within", "5s", "--grace", "5s", "--", program});
    }
  }

  // Does nothing once somebody asked us to stop, or a step could not begin.
  void step(const std::string& why, const Words& words) {
    if (code_ != 0) {
      return;
    }
    Words shown = words;
    for (std::string& word : shown) {
      for (std::size_t at = word.find(self_); at != word.npos;
           at = word.find(self_)) {
        word.replace(at, self_.size(), "faultrig");
      }
    }
    print("\n" + why + "\n\n  $ " + for_one_line(shell_line(shown)) + "\n\n");
    auto end = show_program(words, module_.root);
    if (!end) {
      code_ = tell(end.error());
      return;
    }
    failed_ = !end->status.clean();
    code_ = end->signal == 0 ? 0 : 128 + end->signal;
  }

  UserModule module_;
  fs::path place_;
  std::string self_;
  bool failed_ = false;  // the last step
  int code_ = 0;
};

}  // namespace

int look_at_own_code(const fs::path& folder, const fs::path& place,
                     const Session::Options& session) {
  std::error_code failed;
  fs::path real = fs::canonical(folder, failed);
  if (failed || !fs::is_directory(real, failed)) {
    return tell(
        usage_error("no such folder: " + for_one_line(folder.string())));
  }
  auto module = look_at_module(real, session);
  if (!module) {
    return tell(module.error());
  }
  fs::path self = fs::read_symlink("/proc/self/exe", failed);
  if (!failed) {
    fs::create_directories(place, failed);
  }
  if (failed) {
    return tell(system_error("make " + place.string(), failed.value()));
  }
  return OwnCode(std::move(*module), place, self.string()).look();
}

}  // namespace faultrig
