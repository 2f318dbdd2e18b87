// No symbol is needed, for `go test` leaves them out. The list of all
// goroutines (runtime.allgs) is named by the instructions of the one function
// that adds to it, and by what lies beside: that function also keeps its
// address and its length elsewhere (allgptr, allglen). Go's words for why one
// waits are an array that begins the same way in every version. Where a
// goroutine has what was measured by the debugging information of one build of
// each version.
#include "harness/gostack/go_runtime.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>

#include "harness/gostack/words.h"

namespace faultrig {

namespace {

constexpr std::uint64_t kMostSearched = 512ULL << 20;
constexpr std::uint64_t kNewest = 26;

// src/runtime/runtime2.go, g.
constexpr std::array<GoroutineLayout, 5> kLayouts{
    {{18, 112, 120, 144, 152, 168, 176, 232, 0, 296, 312},
     {21, 112, 120, 144, 152, 168, 176, 208, 272, 280, 296},
     {23, 112, 120, 152, 160, 176, 184, 216, 280, 288, 304},
     {25, 104, 112, 144, 152, 168, 176, 208, 272, 280, 296},
     {26, 104, 112, 144, 152, 168, 176, 208, 280, 288, 304}}};

// `go1.26.8`, `devel go1.27-0a1b2c`; 0: no number.
std::uint64_t number_of(const std::string& version) {
  std::size_t at = version.find("go1.");
  std::uint64_t number = 0;
  if (at != std::string::npos) {
    std::from_chars(version.data() + at + 4, version.data() + version.size(),
                    number);
  }
  return number;
}

GoroutineLayout layout_of(std::uint64_t number) {
  GoroutineLayout out = kLayouts.back();
  for (const GoroutineLayout& one : kLayouts) {
    if (number >= one.since) {
      out = one;
    }
  }
  return out;
}

std::set<std::uint64_t> named_by(const GoCode& code, GoCode::Range function) {
  constexpr std::uint64_t kMost = 16 << 10;
  std::uint64_t size = std::min(function.end - function.begin, kMost);
  std::string bytes(size, '\0');
  bytes.resize(code.image().read(function.begin, bytes.data(), size));
  std::set<std::uint64_t> out;
  for (std::uint64_t at = 0; at + 4 <= bytes.size(); ++at) {
    auto distance = static_cast<std::int32_t>(half_at(bytes, at));
    std::uint64_t target =
        function.begin + at + 4 +
        static_cast<std::uint64_t>(static_cast<std::int64_t>(distance));
    if (target % 8 == 0 && code.image().is_written(target)) {
      out.insert(target);
    }
  }
  return out;
}

// A slice whose first word and whose length are kept once more.
bool is_list(const std::set<std::uint64_t>& named, const Memory& process,
             std::uint64_t bias, std::uint64_t at) {
  auto slice = process.bytes(bias + at, 24);
  if (!slice || word_at(*slice, 0) == 0 || word_at(*slice, 8) == 0 ||
      word_at(*slice, 8) > word_at(*slice, 16)) {
    return false;
  }
  auto kept_elsewhere = [&](std::uint64_t value) {
    return std::any_of(named.begin(), named.end(), [&](std::uint64_t other) {
      return (other < at || other >= at + 24) &&
             process.word(bias + other) == value;
    });
  };
  return kept_elsewhere(word_at(*slice, 0)) &&
         kept_elsewhere(word_at(*slice, 8));
}

std::uint64_t find_list(const GoCode& code, const Memory& process,
                        std::uint64_t bias) {
  constexpr int kTries = 16;  // it grows while we look
  auto adds = code.function_named("runtime.allgadd");
  std::set<std::uint64_t> named =
      adds ? named_by(code, *adds) : std::set<std::uint64_t>();
  for (int i = 0; i < kTries; ++i) {
    for (std::uint64_t at : named) {
      if (is_list(named, process, bias, at)) {
        return at;
      }
    }
  }
  return 0;
}

// A word of Go's for a reason; nothing: it is none.
std::optional<std::string> word_of(const Memory& process, std::uint64_t at,
                                   std::uint64_t size) {
  constexpr std::uint64_t kLongest = 64;
  auto text =
      size > 0 && size <= kLongest ? process.bytes(at, size) : std::nullopt;
  bool sound = text && std::all_of(text->begin(), text->end(),
                                   [](char c) { return c >= ' ' && c <= '~'; });
  return sound ? text : std::nullopt;
}

// From its first element on, which is the empty string.
std::vector<std::string> reasons_at(const Memory& process, std::uint64_t at) {
  constexpr std::size_t kMost = 96;
  std::vector<std::string> out{""};
  std::string all(kMost * 16, '\0');
  all.resize(process.read(at, all.data(), all.size()));
  while (out.size() < kMost) {
    std::uint64_t element = out.size() * 16;
    auto text =
        word_of(process, word_at(all, element), word_at(all, element + 8));
    if (!text) {
      break;
    }
    out.push_back(*text);
  }
  bool sound =
      out.size() > 2 && out[1] == "GC assist marking" && out[2] == "IO wait";
  return sound ? out : std::vector<std::string>();
}

std::vector<std::string> reasons_within(const Memory& process,
                                        std::uint64_t from,
                                        std::uint64_t size) {
  constexpr std::uint64_t kFirst = 17;  // GC assist marking
  constexpr std::uint64_t kSecond = 7;  // IO wait
  std::vector<std::string> out;
  // The last words seen: nothing, 0, ?, 17, ?, 7.
  std::array<std::uint64_t, 6> last{};
  each_word(process, from, size, [&](std::uint64_t word, std::uint64_t at) {
    std::rotate(last.begin(), last.begin() + 1, last.end());
    last.back() = word;
    if (word == kSecond && last[3] == kFirst && last[1] == 0) {
      out = reasons_at(process, at - 40);
    }
    return !out.empty();
  });
  return out;
}

std::vector<std::string> find_reasons(const ElfImage& image,
                                      const Memory& process,
                                      std::uint64_t bias) {
  std::vector<std::string> out;
  for (bool writable : {true, false}) {
    for (const ElfImage::Segment& one : image.segments()) {
      if (out.empty() && one.writable == writable && !one.executable) {
        out = reasons_within(process, bias + one.address,
                             std::min(one.file_size, kMostSearched));
      }
    }
  }
  return out;
}

// src/debug/buildinfo/buildinfo.go: a text with its length before it, at 32.
std::string version_at(const ElfImage& image, std::uint64_t at) {
  constexpr std::uint64_t kLongest = 127;  // of one byte
  constexpr std::uint8_t kInline = 2;
  auto head = image.bytes(at, 33);
  if (!head || head->substr(1, 13) != " Go buildinf:" ||
      (byte_at(*head, 15) & kInline) == 0 || byte_at(*head, 32) > kLongest) {
    return "";
  }
  return image.bytes(at + 33, byte_at(*head, 32)).value_or("");
}

}  // namespace

std::string go_version(const ElfImage& image) {
  constexpr std::uint64_t kBuildInfo = 0x697562206f4720ff;  // `\xff Go bui`
  if (const ElfImage::Section* section = image.section(".go.buildinfo")) {
    return version_at(image, section->address);
  }
  std::string out;
  for (const ElfImage::Segment& one : image.segments()) {
    if (out.empty() && !one.executable) {
      each_word(image, one.address, std::min(one.file_size, kMostSearched),
                [&](std::uint64_t word, std::uint64_t at) {
                  out = word == kBuildInfo ? version_at(image, at) : "";
                  return !out.empty();
                });
    }
  }
  return out;
}

Result<GoRuntime> find_runtime(const GoCode& code, const Memory& process,
                               std::uint64_t bias) {
  GoRuntime out;
  out.version = go_version(code.image());
  std::uint64_t number = number_of(out.version);
  out.layout = layout_of(number == 0 ? kNewest : number);
  out.measured = number >= kLayouts.front().since && number <= kNewest;
  out.all = find_list(code, process, bias);
  if (out.all == 0) {
    return unsupported_error("its list of goroutines was not found");
  }
  out.reasons = find_reasons(code.image(), process, bias);
  if (out.reasons.empty()) {
    return unsupported_error("its words for why they wait were not found");
  }
  return out;
}

}  // namespace faultrig
