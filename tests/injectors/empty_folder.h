#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace faultrig {

// A folder without a mark of ours, which ends with the test.
class EmptyFolder {
 public:
  EmptyFolder() {
    std::string name =
        std::filesystem::temp_directory_path() / "faultrig-test-XXXXXX";
    path_ = mkdtemp(name.data());
  }
  EmptyFolder(const EmptyFolder&) = delete;
  EmptyFolder& operator=(const EmptyFolder&) = delete;
  ~EmptyFolder() { std::filesystem::remove_all(path_); }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace faultrig
