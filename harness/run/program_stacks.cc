// Most of the price of a stack is paid once a program: to find its tables, and
// to decode what its instructions mean. A sweep runs one program some hundreds
// of times.
#include "harness/run/program_stacks.h"

#include <utility>

namespace faultrig {

namespace {

constexpr std::size_t kMostPrograms = 64;
constexpr std::size_t kMostSites = 50'000;

class FileMemory : public Memory {
 public:
  explicit FileMemory(std::shared_ptr<const Fd> file)
      : file_(std::move(file)) {}
  std::size_t read(std::uint64_t address, char* out,
                   std::size_t size) const override {
    return read_some(*file_, address, out, size);
  }

 private:
  std::shared_ptr<const Fd> file_;
};

}  // namespace

Result<std::shared_ptr<GoStacks>> ProgramStacks::of(int pid,
                                                    const ProgramFile& file) {
  TRY_ASSIGN(Program program, program_of(pid, file));
  return program.stacks;
}

Result<ProgramStacks::Program> ProgramStacks::program_of(
    int pid, const ProgramFile& file) {
  auto known = programs_.find(file);
  if (known != programs_.end()) {
    return known->second;
  }
  if (programs_.size() >= kMostPrograms) {
    programs_.clear();
  }
  TRY_ASSIGN(Fd opened, open_program_of(pid));
  auto shared = std::make_shared<const Fd>(std::move(opened));
  auto stacks =
      std::make_shared<GoStacks>(std::make_shared<FileMemory>(shared));
  Program program{std::move(shared), stacks,
                  std::make_shared<Goroutines>(stacks)};
  programs_[file] = program;
  return program;
}

const std::string& ProgramStacks::site_of(const std::string& call,
                                          const GoStackPtr& stack) {
  auto known = sites_.find({call, stack});
  if (known != sites_.end()) {
    return known->second;
  }
  if (sites_.size() >= kMostSites) {
    sites_.clear();
  }
  return sites_.emplace(std::pair(call, stack), faultrig::site_of(call, *stack))
      .first->second;
}

void ProgramStacks::forget_removed() {
  std::erase_if(programs_, [](const auto& entry) {
    return is_removed(*entry.second.file);
  });
}

}  // namespace faultrig
