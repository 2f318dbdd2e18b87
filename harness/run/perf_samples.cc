// An address means something only beside what its process ran at that time, and
// processes end: each is looked at when it is first seen, the program itself
// before its first instruction. What is no Go program is told by its name.
#include "harness/run/perf_samples.h"

#include <algorithm>
#include <utility>

#include "harness/base/text.h"
#include "harness/model/observe.h"
#include "harness/os/notify.h"
#include "harness/run/process_memory.h"

namespace faultrig {

namespace {

// 99 a second: in step with nothing that is done a hundred times a second.
constexpr std::chrono::nanoseconds kPeriod{10'101'010};
constexpr std::size_t kMostStacks = 100'000;
constexpr std::size_t kMostProcesses = 10'000;
constexpr std::string_view kFirst = "runtime.goexit";

}  // namespace

Result<> PerfSamples::begin(int pid) {
  TRY_ASSIGN(CpuSampler sampler, CpuSampler::of(pid, kPeriod));
  sees_kernel_ = sampler.sees_kernel();
  sampler_ = std::make_unique<CpuSampler>(std::move(sampler));
  return Ok{};
}

void PerfSamples::know(int pid) {
  drain();  // of its own execve(2) it is told there
  Running& running = running_[pid];
  running = {};
  identify(pid, running);
}

void PerfSamples::end() {
  drain();
  sampler_.reset();
}

void PerfSamples::drain() {
  if (!sampler_) {
    return;
  }
  CpuSamplerEvents events;
  events.sample = [this](const CpuSample& sample) { take(sample); };
  events.exec = [this](int pid, const std::string& name) {
    running_[pid] = {false, nullptr, 0, name};
  };
  events.lost = [this](std::uint64_t count) { lost_ += count; };
  sampler_->drain(events);
}

void PerfSamples::identify(int pid, Running& running) const {
  running.asked = true;
  auto file = program_file_of(pid);
  auto stacks = file ? programs_.of(pid, *file)
                     : Result<std::shared_ptr<GoStacks>>(file.error());
  if (!stacks || !(*stacks)->program().is_go()) {
    std::string path = program_of(pid);
    std::string name = path.substr(path.rfind('/') + 1);
    running.name = running.name.empty() ? name : running.name;
    return;
  }
  if ((*stacks)->program().moves()) {
    auto entry = entry_of(pid);
    if (!entry) {
      return;
    }
    running.bias = *entry - (*stacks)->program().entry();
  }
  running.stacks = *stacks;
  settled(pid, running);
}

bool PerfSamples::settled(int pid, const Running& running) {
  return running.stacks &&
         running.stacks->program().settle(ProcessMemory(pid), running.bias);
}

void PerfSamples::take(const CpuSample& sample) {
  bool stranger = !running_.contains(sample.pid);
  if ((stranger && running_.size() >= kMostProcesses) ||
      stacks_.size() >= kMostStacks) {
    ++lost_;
    return;
  }
  ++stacks_[functions_of(sample)];
}

PerfSamples::Functions PerfSamples::functions_of(const CpuSample& sample) {
  Running& running = running_[sample.pid];
  if (!running.asked) {
    identify(sample.pid, running);
  }
  Functions out;
  if (sample.in_kernel) {
    out.push_back(index_of(kKernelCode));
  }
  if (settled(sample.pid, running)) {
    add_places(running, sample, out);
  } else {
    out.push_back(index_of(running.name.empty()
                               ? kUnknownFunction
                               : "[" + valid_utf8(running.name) + "]"));
  }
  return out;
}

// Where it was is an instruction; its callers are told by where they go on, the
// instruction behind their call. One that does not lead to the first function
// of a stack has lost its way.
void PerfSamples::add_places(const Running& running, const CpuSample& sample,
                             Functions& out) {
  GoCode& code = running.stacks->program();
  bool foreign = false;
  bool whole = false;
  for (std::size_t i = 0; i < sample.chain.size(); ++i) {
    bool here = i == 0 && !sample.in_kernel;
    std::uint64_t linked = sample.chain[i] - running.bias - (here ? 0 : 1);
    if (!code.is_go_code(linked)) {
      if (!std::exchange(foreign, true)) {
        out.push_back(index_of(kForeignCode));
      }
      continue;
    }
    foreign = false;
    const CodeStep& step = code.step(linked);
    whole = step.then == CodeStep::Then::end;
    for (const CodePlace& place : step.places) {
      if (!place.wrapper && place.frame.function != kFirst) {
        out.push_back(index_of(place.frame.function));
      }
    }
  }
  if (!whole) {
    out.push_back(index_of(kUnknownFunction));
  }
}

std::size_t PerfSamples::index_of(const std::string& name) {
  auto [found, fresh] = indices_.try_emplace(name, functions_.size());
  if (fresh) {
    functions_.push_back(name);
  }
  return found->second;
}

Profile PerfSamples::profile() const {
  Profile out;
  out.type = profile_kind_name(ProfileKind::cpu);
  out.unit = "nanoseconds";
  out.each = kPeriod.count();
  out.functions = functions_;
  for (const auto& [functions, samples] : stacks_) {
    out.stacks.push_back({functions, samples * out.each});
    out.total += samples * out.each;
  }
  std::stable_sort(out.stacks.begin(), out.stacks.end(),
                   [](const Profile::Stack& one, const Profile::Stack& two) {
                     return one.value > two.value;
                   });
  return out;
}

}  // namespace faultrig
