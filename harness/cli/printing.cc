#include "harness/cli/printing.h"

#include <cerrno>
#include <cstdio>
#include <memory>

namespace faultrig {

namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { (void)std::fclose(file); }
};

}  // namespace

bool print(const std::string& text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
         std::fflush(stdout) == 0;
}

void complain(const std::string& text) {
  (void)std::fwrite(text.data(), 1, text.size(), stderr);
  (void)std::fflush(stderr);
}

Result<> write_text(const std::string& path, const std::string& text) {
  errno = 0;
  std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "we"));
  bool written = file && std::fwrite(text.data(), 1, text.size(), file.get()) ==
                             text.size();
  // What the disk did not take may show as late as here.
  if (!written || std::fclose(file.release()) != 0) {
    return Error{ErrorKind::system,
                 system_error("write the report " + path, errno).what, errno};
  }
  return Ok{};
}

int tell(const Error& error) {
  complain("faultrig: " + error.what + "\n");
  return error.kind == ErrorKind::usage ? kUsage : kTrouble;
}

int tell_interrupted(int signal, bool all_gone) {
  complain(all_gone ? "faultrig: interrupted; cleaned up\n"
                    : "faultrig: interrupted; some of what was started cannot "
                      "be killed and lives on\n");
  return 128 + signal;
}

}  // namespace faultrig
