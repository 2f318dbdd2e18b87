// An event that is inherited by threads and children has to have a processor of
// its own, so that there is one, and a ring buffer, for each of them. Side
// notes (COMM) stand between the samples of the processor on which they
// happened: all are put in order by their time before they are told.
#include "harness/os/cpu_sampler.h"

#include <fcntl.h>
#include <linux/perf_event.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <utility>

#include "harness/base/whole_number.h"

namespace faultrig {

namespace {

constexpr std::size_t kRoom = 32;  // pages of a ring, a power of two
constexpr std::size_t kMostProcessors = 1024;

std::size_t page_size() {
  static const auto size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return size;
}

// `0-3,8` of /sys/devices/system/cpu/online.
std::vector<int> processors_in(std::string_view text) {
  std::vector<int> out;
  while (!text.empty()) {
    std::string_view part = text.substr(0, text.find_first_of(",\n"));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    std::size_t dash = part.find('-');
    auto first = whole_number<int>(part.substr(0, dash));
    auto last = dash == std::string_view::npos
                    ? first
                    : whole_number<int>(part.substr(dash + 1));
    for (int one = first.value_or(0);
         first && last && one <= *last && out.size() < kMostProcessors; ++one) {
      out.push_back(one);
    }
  }
  return out;
}

Result<std::vector<int>> online_processors() {
  TRY_ASSIGN(std::string text,
             read_file(AT_FDCWD, "/sys/devices/system/cpu/online", 4096));
  std::vector<int> out = processors_in(text);
  if (out.empty()) {
    return system_error("find the processors", ENOENT);
  }
  return out;
}

perf_event_attr settings(std::chrono::nanoseconds period, bool kernel) {
  perf_event_attr out{};
  out.size = sizeof out;
  out.type = PERF_TYPE_SOFTWARE;
  out.config = PERF_COUNT_SW_CPU_CLOCK;
  out.sample_period = static_cast<std::uint64_t>(period.count());
  out.sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CALLCHAIN;
  out.inherit = 1;
  out.exclude_kernel = kernel ? 0 : 1;
  out.exclude_hv = 1;
  out.exclude_callchain_kernel = 1;
  out.comm = 1;
  out.comm_exec = 1;
  out.sample_id_all = 1;
  out.use_clockid = 1;
  out.clockid = CLOCK_MONOTONIC;
  return out;
}

Result<Fd> open_event(perf_event_attr asked, int pid, int processor) {
  Fd event(static_cast<int>(syscall(SYS_perf_event_open, &asked, pid, processor,
                                    -1, PERF_FLAG_FD_CLOEXEC)));
  if (!event) {
    return system_error("take samples of process " + std::to_string(pid),
                        errno);
  }
  return event;
}

// A record as the kernel wrote it, whole.
struct Record {
  perf_event_header header{};
  std::uint64_t at = 0;
  std::string body;

  // Nothing is read beyond it.
  template <typename T>
  T get(std::size_t offset) const {
    T out{};
    if (offset + sizeof out <= body.size()) {
      std::memcpy(&out, body.data() + offset, sizeof out);
    }
    return out;
  }
};

// Of a sample the time stands behind pid and tid; of others at their end.
std::uint64_t time_of(const Record& record) {
  bool sample = record.header.type == PERF_RECORD_SAMPLE;
  std::size_t size = record.body.size();
  return record.get<std::uint64_t>(
      sample ? 8 : size - std::min(size, sizeof(std::uint64_t)));
}

void copy_out(const char* data, std::size_t size, std::uint64_t from, char* to,
              std::size_t count) {
  std::size_t at = from % size;
  std::size_t first = std::min(count, size - at);
  std::memcpy(to, data + at, first);
  std::memcpy(to + first, data, count - first);
}

void read_ring(void* memory, std::vector<Record>& out) {
  auto* page = static_cast<perf_event_mmap_page*>(memory);
  const char* data = static_cast<const char*>(memory) + page_size();
  std::size_t size = kRoom * page_size();
  std::uint64_t head =
      std::atomic_ref(page->data_head).load(std::memory_order_acquire);
  std::uint64_t tail = page->data_tail;
  while (head - tail >= sizeof(perf_event_header)) {
    Record record;
    copy_out(data, size, tail, reinterpret_cast<char*>(&record.header),
             sizeof record.header);
    std::size_t whole = record.header.size;
    if (whole < sizeof record.header || whole > head - tail) {
      break;
    }
    record.body.resize(whole - sizeof record.header);
    copy_out(data, size, tail + sizeof record.header, record.body.data(),
             record.body.size());
    record.at = time_of(record);
    tail += whole;
    out.push_back(std::move(record));
  }
  std::atomic_ref(page->data_tail).store(head, std::memory_order_release);
}

CpuSample sample_in(const Record& record) {
  CpuSample out;
  out.pid = record.get<std::int32_t>(0);
  out.in_kernel = (record.header.misc & PERF_RECORD_MISC_CPUMODE_MASK) ==
                  PERF_RECORD_MISC_KERNEL;
  constexpr std::size_t kChain = 24;  // behind pid, tid, time and its length
  auto count = record.get<std::uint64_t>(kChain - 8);
  for (std::uint64_t i = 0;
       i < count && kChain + (i + 1) * 8 <= record.body.size(); ++i) {
    auto one = record.get<std::uint64_t>(kChain + i * 8);
    if (one < PERF_CONTEXT_MAX) {  // else it says whose come next
      out.chain.push_back(one);
    }
  }
  return out;
}

void tell(const Record& record, const CpuSamplerEvents& events) {
  bool exec = (record.header.misc & PERF_RECORD_MISC_COMM_EXEC) != 0;
  switch (record.header.type) {
    case PERF_RECORD_SAMPLE:
      events.sample(sample_in(record));
      break;
    case PERF_RECORD_COMM:
      if (exec) {
        std::string name =
            record.body.substr(std::min<std::size_t>(8, record.body.size()));
        events.exec(record.get<std::int32_t>(0), name.c_str());
      }
      break;
    case PERF_RECORD_LOST:
      events.lost(record.get<std::uint64_t>(8));
      break;
    default:
      break;
  }
}

}  // namespace

void CpuSampler::Unmap::operator()(void* memory) const {
  munmap(memory, (kRoom + 1) * page_size());
}

Result<> CpuSampler::add(int pid, int processor,
                         std::chrono::nanoseconds period) {
  auto event = open_event(settings(period, sees_kernel_), pid, processor);
  if (!event && rings_.empty() &&
      (event.error().os_errno == EACCES || event.error().os_errno == EPERM)) {
    sees_kernel_ = false;
    event = open_event(settings(period, false), pid, processor);
  }
  if (!event) {
    return event.error();
  }
  void* memory = mmap(nullptr, (kRoom + 1) * page_size(),
                      PROT_READ | PROT_WRITE, MAP_SHARED, event->get(), 0);
  if (memory == MAP_FAILED) {
    return system_error("make room for samples (perf_event_mlock_kb)", errno);
  }
  rings_.push_back({std::move(*event), std::unique_ptr<void, Unmap>(memory)});
  return Ok{};
}

Result<CpuSampler> CpuSampler::of(int pid, std::chrono::nanoseconds period) {
  TRY_ASSIGN(std::vector<int> processors, online_processors());
  CpuSampler out;
  for (int processor : processors) {
    TRY(out.add(pid, processor, period));
  }
  return out;
}

void CpuSampler::drain(const CpuSamplerEvents& events) {
  std::vector<Record> records;
  for (const Ring& ring : rings_) {
    read_ring(ring.memory.get(), records);
  }
  std::stable_sort(
      records.begin(), records.end(),
      [](const Record& one, const Record& two) { return one.at < two.at; });
  for (const Record& record : records) {
    tell(record, events);
  }
}

Result<> try_cpu_sampler() {
  auto sampler = CpuSampler::of(getpid(), std::chrono::milliseconds(10));
  return sampler ? Result<>(Ok{}) : sampler.error();
}

}  // namespace faultrig
