// Profiles that a run has kept, or of anybody, as pictures.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/folder_paths.h"
#include "harness/base/text.h"
#include "harness/cli/arguments.h"
#include "harness/cli/command.h"
#include "harness/cli/printing.h"
#include "harness/cli/report_target.h"
#include "harness/profile/pprof_file.h"
#include "harness/report/flame.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".pb.gz";

// `profiles/store.test/cpu` of `profiles/store.test/cpu.pb.gz`.
std::string without_ending(const std::string& file) {
  return file.ends_with(kEnding) ? file.substr(0, file.size() - kEnding.size())
                                 : file;
}

// The profiles below a folder, sorted; a file is itself.
Result<std::vector<std::string>> profiles_at(const std::string& named) {
  std::error_code failed;
  if (!fs::is_directory(named, failed)) {
    return std::vector<std::string>{named};
  }
  TRY_ASSIGN(auto files, paths_below(named, kEnding));
  return std::vector<std::string>(files.begin(), files.end());
}

class FlameCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.rest("PATH", named_, Arguments::Count::at_least_one,
                   "folders below which there are profiles (*.pb.gz), as "
                   "run --evidence keeps them; or a profile of pprof");
  }

  int run(const Surroundings&) override {
    int code = 0;
    for (const std::string& named : named_) {
      auto files = profiles_at(named);
      if (!files) {
        code = std::max(code, tell(files.error()));
        continue;
      }
      if (files->empty()) {
        complain("faultrig: no profile (*.pb.gz) below " + for_one_line(named) +
                 ": a run keeps them with --evidence, where its scenario has "
                 "`observe: [profile: [cpu]]`\n");
        code = kTrouble;
      }
      for (const std::string& file : *files) {
        auto drawn = draw(file);
        code = drawn ? code : std::max(code, tell(drawn.error()));
      }
    }
    return code;
  }

 private:
  // What it is that is wrong with these bytes does not say whose they are.
  static Result<Profile> profile_of(const std::string& file) {
    TRY_ASSIGN(std::string bytes, read_regular_file(file, kLargestProfile));
    auto profile = read_profile(bytes);
    if (!profile) {
      return usage_error(for_one_line(file) + ": " + profile.error().what);
    }
    return profile;
  }

  // Whose folder it is may have put a link, or a pipe, where a picture goes.
  static Result<> write_beside(const std::string& file,
                               const std::string& text) {
    std::error_code failed;
    fs::file_status status = fs::symlink_status(file, failed);
    if (fs::exists(status) && !fs::is_regular_file(status)) {
      return usage_error(for_one_line(file) +
                         " is there, and no file: it is not written over");
    }
    return write_text(file, text);
  }

  static Result<> draw(const std::string& file) {
    TRY_ASSIGN(Profile profile, profile_of(file));
    std::string name = without_ending(file);
    TRY(write_beside(name + ".folded", folded_stacks(profile)));
    TRY(write_beside(name + ".svg", flame_svg(profile, name)));
    std::string line = for_one_line(name) + ".svg  " +
                       for_one_line(valid_utf8(spent_text(profile))) + "\n";
    return print(line) ? Result<>(Ok{})
                       : internal_error("cannot write to stdout");
  }

  std::vector<std::string> named_;
};

}  // namespace

CommandType flame_command() {
  return command_type<FlameCommand>(
      "flame", "flame graphs (SVG) and folded stacks of profiles",
      "faultrig run --evidence out slow.yaml && faultrig flame out\n"
      "Beside each profile x.pb.gz it writes x.svg and x.folded. Exit codes: "
      "0, 2 what is no profile, 3 there is none, or it cannot be written.");
}

}  // namespace faultrig
