// The messages and their fields are those of profile.proto of google/pprof.
// Its strings, functions and locations stand behind the samples that name them:
// so samples are kept as bytes, and read when all else is known. A location has
// a line for each function that was inlined there, the innermost first. In Go's
// files all values of a sample are of the same events, such as how many and how
// long.
#include "harness/profile/pprof_file.h"

#include <algorithm>
#include <array>
#include <exception>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include <protozero/pbf_reader.hpp>

#include "harness/profile/gunzip.h"

namespace faultrig {

namespace {

using protozero::pbf_reader;
using protozero::pbf_wire_type;

constexpr std::size_t kMostSamples = 1'000'000;
constexpr std::size_t kMostPlaces = 1'000'000;
constexpr std::size_t kMostDepth = 512;
constexpr std::size_t kMostFrames = 8'000'000;
constexpr std::size_t kMostValues = 16;
constexpr std::size_t kLongestName = 1024;

// Stays in this file, as what protozero throws.
struct Refused {
  const char* why = "";
};
[[noreturn]] void refuse(const char* why) { throw Refused{why}; }

bool is_number(const pbf_reader& field) {
  return field.wire_type() == pbf_wire_type::varint;
}

bool is_bytes(const pbf_reader& field) {
  return field.wire_type() == pbf_wire_type::length_delimited;
}

std::string_view bytes_of(pbf_reader& field) {
  auto view = field.get_view();
  return {view.data(), view.size()};
}

pbf_reader message_of(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}

// The numbers of a repeated field, packed or one by one, up to `most`.
void add_numbers(pbf_reader& field, std::size_t most,
                 std::vector<std::uint64_t>& out) {
  if (is_number(field)) {
    std::uint64_t number = field.get_uint64();
    if (out.size() < most) {
      out.push_back(number);
    }
    return;
  }
  if (!is_bytes(field)) {
    field.skip();
    return;
  }
  for (std::uint64_t number : field.get_packed_uint64()) {
    if (out.size() >= most) {
      return;
    }
    out.push_back(number);
  }
}

// A message whose fields are numbers: those of the fields 1 to 8, the last of
// each; 0: not there.
struct Numbers {
  std::array<std::uint64_t, 9> field{};
};
Numbers numbers_in(std::string_view message) {
  Numbers out;
  pbf_reader reader = message_of(message);
  while (reader.next()) {
    if (is_number(reader) && reader.tag() < out.field.size()) {
      std::size_t tag = reader.tag();
      out.field[tag] = reader.get_uint64();
    } else {
      reader.skip();
    }
  }
  return out;
}

struct ValueType {
  std::uint64_t type = 0;  // numbers of strings
  std::uint64_t unit = 0;
};

// What the file says, by its own numbers.
struct Raw {
  std::vector<std::string_view> strings;
  std::vector<ValueType> types;
  std::vector<std::string_view> samples;
  std::map<std::uint64_t, std::vector<std::uint64_t>> locations;  // functions
  std::map<std::uint64_t, Numbers> functions;
  ValueType period_type;
  std::uint64_t period = 0;
  std::uint64_t lasted = 0;
  std::uint64_t usual = 0;  // the type that is the default, a string

  std::string_view text(std::uint64_t string) const {
    if (string >= strings.size()) {
      refuse("it names a string that it has not");
    }
    return strings[string];
  }
};

ValueType type_in(std::string_view message) {
  Numbers numbers = numbers_in(message);
  return {numbers.field[1], numbers.field[2]};
}

void add_location(std::string_view message, Raw& raw) {
  std::uint64_t id = 0;
  std::vector<std::uint64_t> functions;
  pbf_reader reader = message_of(message);
  while (reader.next()) {
    if (reader.tag() == 1 && is_number(reader)) {
      id = reader.get_uint64();
    } else if (reader.tag() == 4 && is_bytes(reader)) {
      std::uint64_t function = numbers_in(bytes_of(reader)).field[1];
      if (functions.size() < kMostDepth) {
        functions.push_back(function);
      }
    } else {
      reader.skip();
    }
  }
  raw.locations.emplace(id, std::move(functions));
}

void add_bytes(std::uint32_t tag, std::string_view bytes, Raw& raw) {
  switch (tag) {
    case 1:
      raw.types.push_back(type_in(bytes));
      break;
    case 2:
      raw.samples.push_back(bytes);
      break;
    case 4:
      add_location(bytes, raw);
      break;
    case 5: {
      Numbers function = numbers_in(bytes);
      raw.functions.emplace(function.field[1], function);
      break;
    }
    case 6:
      raw.strings.push_back(bytes);
      break;
    case 11:
      raw.period_type = type_in(bytes);
      break;
    default:
      break;
  }
}

void add_number(std::uint32_t tag, std::uint64_t number, Raw& raw) {
  switch (tag) {
    case 10:
      raw.lasted = number;
      break;
    case 12:
      raw.period = number;
      break;
    case 14:
      raw.usual = number;
      break;
    default:
      break;
  }
}

Raw raw_of(std::string_view file) {
  Raw raw;
  pbf_reader reader = message_of(file);
  while (reader.next()) {
    std::uint32_t tag = reader.tag();
    if (is_bytes(reader)) {
      add_bytes(tag, bytes_of(reader), raw);
    } else if (is_number(reader)) {
      add_number(tag, reader.get_uint64(), raw);
    } else {
      reader.skip();
    }
    if (raw.samples.size() > kMostSamples) {
      refuse("it has more than 1,000,000 samples");
    }
    if (raw.types.size() > kMostValues) {
      refuse("it counts more than 16 things");
    }
    if (raw.functions.size() > kMostPlaces ||
        raw.locations.size() > kMostPlaces) {
      refuse("it has more than 1,000,000 functions or locations");
    }
  }
  if (raw.types.empty() || raw.strings.empty()) {
    refuse("it is no profile: it does not say what it counts");
  }
  return raw;
}

std::uint64_t below_sign(std::uint64_t number) {
  return std::min<std::uint64_t>(number,
                                 std::numeric_limits<std::int64_t>::max());
}

std::int64_t sum(std::int64_t one, std::int64_t other) {
  std::int64_t out = 0;
  return __builtin_add_overflow(one, other, &out)
             ? std::numeric_limits<std::int64_t>::max()
             : out;
}

class Reading {
 public:
  explicit Reading(const Raw& raw) : raw_(raw) {
    out_.functions.emplace_back(kUnknownFunction);
  }

  Profile read() {
    std::size_t which = raw_.types.size() - 1;
    for (std::size_t i = 0; raw_.usual != 0 && i < raw_.types.size(); ++i) {
      which =
          raw_.text(raw_.types[i].type) == raw_.text(raw_.usual) ? i : which;
    }
    out_.type = raw_.text(raw_.types[which].type);
    out_.unit = raw_.text(raw_.types[which].unit);
    bool drawn =
        raw_.period > 1 && raw_.text(raw_.period_type.unit) == out_.unit;
    out_.each = drawn ? static_cast<std::int64_t>(below_sign(raw_.period)) : 0;
    out_.lasted = std::chrono::nanoseconds(below_sign(raw_.lasted));
    for (std::string_view sample : raw_.samples) {
      add_sample(sample, which);
    }
    take_stacks();
    return std::move(out_);
  }

 private:
  void add_sample(std::string_view sample, std::size_t which) {
    std::vector<std::uint64_t> locations;
    std::vector<std::uint64_t> values;
    pbf_reader reader = message_of(sample);
    while (reader.next()) {
      if (reader.tag() == 1) {
        add_numbers(reader, kMostDepth, locations);
      } else if (reader.tag() == 2) {
        add_numbers(reader, kMostValues, values);
      } else {
        reader.skip();
      }
    }
    if (which >= values.size()) {
      refuse("a sample has fewer values than it says");
    }
    auto value = static_cast<std::int64_t>(values[which]);
    if (value <= 0) {
      return;
    }
    std::vector<std::size_t> functions = functions_of(locations);
    auto [found, fresh] = stacks_.try_emplace(std::move(functions), 0);
    frames_ += fresh ? found->first.size() : 0;
    if (frames_ > kMostFrames) {
      refuse("its stacks are too many and too deep");
    }
    found->second = sum(found->second, value);
    out_.total = sum(out_.total, value);
  }

  std::vector<std::size_t> functions_of(
      const std::vector<std::uint64_t>& locations) {
    std::vector<std::size_t> out;
    for (std::uint64_t id : locations) {
      auto location = raw_.locations.find(id);
      if (location == raw_.locations.end()) {
        refuse("it names a location that it has not");
      }
      if (location->second.empty()) {
        out.push_back(0);
      }
      for (std::uint64_t function : location->second) {
        if (out.size() == kMostDepth) {
          return out;
        }
        out.push_back(index_of(function));
      }
    }
    return out;
  }

  std::size_t index_of(std::uint64_t id) {
    auto [known, fresh] = indices_.try_emplace(id, out_.functions.size());
    if (fresh) {
      auto function = raw_.functions.find(id);
      if (function == raw_.functions.end()) {
        refuse("it names a function that it has not");
      }
      std::string_view name =
          raw_.text(function->second.field[2]).substr(0, kLongestName);
      named_ += name.size();
      if (named_ > kLargestProfile) {
        refuse("its names are too long");
      }
      out_.functions.emplace_back(name.empty() ? kUnknownFunction : name);
    }
    return known->second;
  }

  void take_stacks() {
    out_.stacks.reserve(stacks_.size());
    for (const auto& [functions, value] : stacks_) {
      out_.stacks.push_back({functions, value});
    }
    std::stable_sort(out_.stacks.begin(), out_.stacks.end(),
                     [](const Profile::Stack& one, const Profile::Stack& two) {
                       return one.value > two.value;
                     });
  }

  const Raw& raw_;
  Profile out_;
  std::map<std::uint64_t, std::size_t> indices_;  // of functions, by their id
  std::map<std::vector<std::size_t>, std::int64_t> stacks_;
  std::size_t frames_ = 0;
  std::size_t named_ = 0;  // bytes
};

}  // namespace

Result<Profile> read_profile(std::string_view file) {
  if (file.empty()) {
    return usage_error("it is empty");
  }
  TRY_ASSIGN(std::string bytes, gunzip(file, kLargestProfile));
  try {
    Raw raw = raw_of(bytes);
    return Reading(raw).read();
  } catch (const Refused& refused) {
    return usage_error(refused.why);
  } catch (const std::exception&) {
    return usage_error("it is cut or damaged: it is no profile.proto");
  }
}

}  // namespace faultrig
