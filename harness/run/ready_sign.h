#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "harness/model/service.h"
#include "harness/run/file_looks.h"

namespace re2 {
class RE2;
}

namespace faultrig {

// What shows that a service is ready and nobody sees on the network: a line
// that it prints, a file that is there.
class ReadySign {
 public:
  // `folder`: where it runs. Borrows `ready`. A file that is there already is
  // none of its own.
  ReadySign(const Ready& ready, std::filesystem::path folder);
  ReadySign(const ReadySign&) = delete;
  ReadySign& operator=(const ReadySign&) = delete;
  ~ReadySign();

  // `output`, `file`; empty: neither.
  std::string_view name() const {
    return is_a_line() ? "output" : is_a_file() ? "file" : "";
  }
  bool is_a_line() const { return pattern_ != nullptr; }
  bool is_a_file() const;
  bool is(std::string_view line) const;
  // Is a file there now that was not there before, or has it been written
  // since?
  bool is_there() const;

 private:
  const Ready& ready_;
  std::filesystem::path folder_;
  FileStates before_;  // of a file, when nothing had been started
  std::unique_ptr<re2::RE2> pattern_;  // of a line
};

}  // namespace faultrig
