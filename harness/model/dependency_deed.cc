#include "harness/model/dependency_deed.h"

#include <algorithm>
#include <array>

#include "harness/base/units.h"
#include "harness/base/whole_number.h"

namespace faultrig {

namespace {

using Mode = DependencyMode;
using Number = std::optional<std::int64_t>;

Number no_number(std::string_view text) {
  return text.empty() ? Number(0) : Number();
}

Number time_number(std::string_view text) {
  auto time = parse_duration(text);
  return time && time->count() > 0 ? Number(time->count()) : Number();
}

Number size_number(std::string_view text) {
  auto size = parse_bytes(text);
  return size && size->count > 0
             ? Number(static_cast<std::int64_t>(size->count))
             : Number();
}

Number count_number(std::string_view text) {
  auto number = whole_number<std::int64_t>(text);
  return number && *number >= 0 ? number : Number();
}

Number status_number(std::string_view text) {
  Number status = count_number(text);
  return status && *status >= 200 && *status <= 599 ? status : Number();
}

std::string time_text(std::int64_t number) {
  return format_duration(std::chrono::nanoseconds(number));
}

std::string size_text(std::int64_t number) {
  return format_bytes({static_cast<std::uint64_t>(number)});
}

struct Row {
  std::string_view name;
  Number (*read)(std::string_view);
  std::string (*text)(std::int64_t);  // null: it takes none
};
std::string plain_text(std::int64_t number) { return std::to_string(number); }

// By DependencyMode.
constexpr std::array<Row, 8> kRows{{{"refuse", no_number, nullptr},
                                    {"hang", no_number, nullptr},
                                    {"reset", no_number, nullptr},
                                    {"slow", time_number, time_text},
                                    {"bandwidth", size_number, size_text},
                                    {"cut", size_number, size_text},
                                    {"answer", status_number, plain_text},
                                    {"connections", count_number, plain_text}}};

const Row& row_of(Mode mode) {
  return kRows.at(static_cast<std::size_t>(mode));
}

}  // namespace

std::string DependencyDeed::text() const {
  const Row& row = row_of(mode);
  std::string name(row.name);
  return row.text == nullptr ? name : name + " " + row.text(number);
}

std::string DependencyDeed::yaml() const {
  const Row& row = row_of(mode);
  std::string name(row.name);
  if (row.text == nullptr) {
    return "does: " + name;
  }
  std::string said = row.text(number);
  return name + ": " + (mode == Mode::answer ? "{status: " + said + "}" : said);
}

std::optional<DependencyDeed> dependency_deed(std::string_view mode,
                                              std::string_view number) {
  const auto* row =
      std::find_if(kRows.begin(), kRows.end(),
                   [&](const Row& one) { return one.name == mode; });
  Number read = row == kRows.end() ? Number() : row->read(number);
  return read ? std::optional(DependencyDeed{
                    static_cast<Mode>(row - kRows.begin()), *read})
              : std::nullopt;
}

bool is_late(DependencyMode mode) {
  return mode == Mode::slow || mode == Mode::bandwidth;
}

}  // namespace faultrig
