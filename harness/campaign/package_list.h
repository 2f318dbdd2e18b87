#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/campaign/task_source.h"
#include "harness/campaign/worker_body.h"

namespace faultrig {

// A Go package, found.
struct FoundPackage {
  std::string what;  // as it was named, or its import path
  std::filesystem::path dir;
  bool has_tests = true;  // or nobody knows
};

// What go list prints of packages, read: `word` is what it was asked about.
// Usage: nothing matches, or a package that was named cannot be found.
Result<std::vector<FoundPackage>> read_packages(const std::string& word,
                                                std::string_view listed);

// Finds the packages that words mean, as go list does: folders, import paths,
// patterns with `...`.
class PackageList : public TaskSource {
 public:
  // `flags` are those of go test.
  PackageList(std::filesystem::path here, std::vector<std::string> words,
              std::vector<std::string> flags);

  std::optional<Task> next() override;
  void learned(const Task& task, const Result<std::string>& answer) override;
  void take_back(const Task& task) override;
  std::size_t left() const override;

  // In the order of the words, each folder once. An error if one word means
  // nothing, or go failed.
  Result<std::vector<FoundPackage>> packages() const;

 private:
  bool is_folder(const std::string& word) const;
  Result<std::vector<FoundPackage>> found(std::size_t word) const;

  std::filesystem::path here_;
  std::vector<std::string> words_;
  std::vector<std::string> flags_;
  std::set<std::size_t> open_;  // words nobody was asked about
  std::map<std::size_t, Result<std::string>> answers_;
};

// Asks go list what an order asks.
Deed package_deed();

}  // namespace faultrig
