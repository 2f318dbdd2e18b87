#include "harness/parse/quarantine_reader.h"

#include <array>
#include <string>

#include "harness/parse/section_reader.h"

namespace faultrig {

namespace {

const Section& quarantine_section() {
  static const Section kSection{
      .name = "quarantine",
      .summary = "a scenario that is run and told, and is not red",
      .fields = {{.key = "scenario",
                  .kind = Kind::text,
                  .summary = "its name, or a glob over names",
                  .required = true,
                  .filled = true},
                 {.key = "until",
                  .kind = Kind::text,
                  .summary = "the last day of it, as 2024-12-31",
                  .required = true,
                  .filled = true},
                 {.key = "because",
                  .kind = Kind::text,
                  .summary = "why, and who mends it",
                  .required = true,
                  .filled = true}}};
  return kSection;
}

// Of a month in its year; February of every fourth year.
int days_of(int year, int month) {
  static constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30,
                                             31, 31, 30, 31, 30, 31};
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays.at(static_cast<std::size_t>(month - 1)) +
         (month == 2 && leap ? 1 : 0);
}

// 2024-12-31: days written so are in the order of their texts.
bool is_day(const std::string& text) {
  static constexpr std::string_view kForm = "dddd-dd-dd";
  if (text.size() != kForm.size()) {
    return false;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool digit = text[i] >= '0' && text[i] <= '9';
    if (kForm[i] == 'd' ? !digit : text[i] != kForm[i]) {
      return false;
    }
  }
  int month = std::stoi(text.substr(5, 2));
  int day = std::stoi(text.substr(8));
  return month >= 1 && month <= 12 && day >= 1 &&
         day <= days_of(std::stoi(text.substr(0, 4)), month);
}

Quarantined read_one(const YamlNode& node, Complaints& complaints) {
  Params params = read_section(quarantine_section(), node, complaints);
  Quarantined out;
  out.scenario = params.get_or<std::string>("scenario", "");
  out.until = params.get_or<std::string>("until", "");
  out.because = params.get_or<std::string>("because", "");
  const YamlNode* until = child(node, "until");
  if (until != nullptr && !out.until.empty() && !is_day(out.until)) {
    complaints.add(until->spot, "expected a day, such as 2024-12-31");
  }
  const YamlNode* because = child(node, "because");
  if (because != nullptr &&
      out.because.find_first_not_of(" \t\n") == std::string::npos) {
    complaints.add(because->spot, "expected a reason");
  }
  return out;
}

}  // namespace

ReadQuarantine read_quarantine(std::string_view text) {
  return read_rows(text, "quarantine", "`quarantine`, with a list", read_one);
}

}  // namespace faultrig
