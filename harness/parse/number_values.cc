// Numbers are read by rules of our own: yaml-cpp takes `010` for 8, `0x1F`
// for 31, and a number in quotes for one.

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include "harness/base/names.h"
#include "harness/base/units.h"
#include "harness/base/whole_number.h"
#include "harness/parse/value_kinds.h"
#include "harness/parse/value_reader.h"

namespace faultrig {

namespace {

bool all_digits(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Complains about a number in quotes.
bool is_quoted_number(const YamlNode& node, Complaints& complaints) {
  std::string_view digits = node.scalar;
  digits.remove_prefix(digits.starts_with('-') ? 1 : 0);
  if (!node.quoted || !all_digits(digits)) {
    return false;
  }
  complaints.add(node.spot, "a number is written without quotes");
  return true;
}

struct CountForm {
  std::string_view key;
  NumberTest::Operator op;
};

constexpr std::array<CountForm, 3> kCountForms{
    {{"at_least", NumberTest::Operator::at_least},
     {"at_most", NumberTest::Operator::at_most},
     {"not", NumberTest::Operator::unequal}}};

}  // namespace

std::optional<std::int64_t> decimal(std::string_view text) {
  std::string_view digits = text;
  digits.remove_prefix(text.starts_with('-') ? 1 : 0);
  if (!all_digits(digits) || (digits.size() > 1 && digits[0] == '0')) {
    return std::nullopt;
  }
  return whole_number<std::int64_t>(text);
}

MaybeValue read_integer(const Field& field, const YamlNode& node,
                        Complaints& complaints) {
  if (is_quoted_number(node, complaints)) {
    return std::nullopt;
  }
  auto number = node.plain() ? decimal(node.scalar) : std::nullopt;
  if (!number) {
    return refuse(field, node, complaints);
  }
  if (field.least && *number < *field.least) {
    complaints.add(node.spot, std::string(field.key) + " must be at least " +
                                  std::to_string(*field.least));
    return std::nullopt;
  }
  return *number;
}

MaybeValue read_port(const Field& field, const YamlNode& node,
                     Complaints& complaints) {
  constexpr std::int64_t kHighest = 65535;
  if (node.plain() && node.scalar == "true") {
    return std::int64_t{0};
  }
  auto number = node.plain() ? decimal(node.scalar) : std::nullopt;
  if (!number || *number < 1 || *number > kHighest) {
    return refuse(field, node, complaints);
  }
  return *number;
}

namespace {

// `[0, 143]`: one of these.
MaybeValue read_choice_of_numbers(const Field& field, const YamlNode& node,
                                  Complaints& complaints) {
  NumberTest test{NumberTest::Operator::one_of, 0, {}};
  std::vector<std::int64_t> numbers;
  for (const YamlNode& element : node.children) {
    auto value = element.plain() ? decimal(element.scalar) : std::nullopt;
    if (!value || *value < 0) {
      return refuse(field, element, complaints);
    }
    numbers.push_back(*value);
  }
  if (numbers.empty()) {
    complaints.add(node.spot, std::string(field.key) + " lists no number");
    return std::nullopt;
  }
  test.number = numbers.front();
  test.others.assign(numbers.begin() + 1, numbers.end());
  return test;
}

}  // namespace

MaybeValue read_count(const Field& field, const YamlNode& node,
                      Complaints& complaints) {
  if (node.is(NodeKind::list)) {
    return read_choice_of_numbers(field, node, complaints);
  }
  NumberTest test;
  const YamlNode* number = &node;
  if (is_count_map(node)) {
    number = &node.children[0];
    test.op = std::find_if(kCountForms.begin(), kCountForms.end(),
                           [&](const CountForm& form) {
                             return form.key == number->key;
                           })
                  ->op;
  } else if (node.is(NodeKind::scalar) && node.scalar == "none") {
    return test;
  }
  if (node.is(NodeKind::map) && number == &node && node.children.size() == 1) {
    const std::vector<std::string> forms{"at_least", "at_most", "not"};
    const std::string& key = node.children[0].key;
    complaints.add(node.children[0].key_spot,
                   "unknown key " + quote_of(key) + suggestion(key, forms));
    return std::nullopt;
  }
  if (is_quoted_number(*number, complaints)) {
    return std::nullopt;
  }
  auto value = number->plain() ? decimal(number->scalar) : std::nullopt;
  if (!value || *value < 0) {
    return refuse(field, *number, complaints);
  }
  test.number = *value;
  return test;
}

MaybeValue read_size(const Field& field, const YamlNode& node,
                     Complaints& complaints) {
  if (is_quoted_number(node, complaints)) {
    return std::nullopt;
  }
  auto bytes =
      node.is(NodeKind::scalar) ? parse_bytes(node.scalar) : std::nullopt;
  return bytes ? MaybeValue(*bytes) : refuse(field, node, complaints);
}

namespace {

MaybeValue read_time(const Field& field, const YamlNode& node,
                     Complaints& complaints, decltype(parse_step)& parse) {
  auto time = node.is(NodeKind::scalar) ? parse(node.scalar) : std::nullopt;
  return time ? MaybeValue(*time) : refuse(field, node, complaints);
}

}  // namespace

MaybeValue read_duration(const Field& field, const YamlNode& node,
                         Complaints& complaints) {
  return read_time(field, node, complaints, parse_duration);
}

MaybeValue read_step(const Field& field, const YamlNode& node,
                     Complaints& complaints) {
  return read_time(field, node, complaints, parse_step);
}

MaybeValue read_boolean(const Field& field, const YamlNode& node,
                        Complaints& complaints) {
  if (!node.plain() || (node.scalar != "true" && node.scalar != "false")) {
    return refuse(field, node, complaints);
  }
  return node.scalar == "true";
}

namespace {

// Digits, with a dot among them or not; nothing for anything else.
std::optional<double> plain_fraction(std::string_view digits) {
  constexpr std::size_t kLongest = 20;
  std::size_t dot = std::min(digits.find('.'), digits.size());
  bool sound = digits.size() <= kLongest && all_digits(digits.substr(0, dot)) &&
               (dot == digits.size() || all_digits(digits.substr(dot + 1)));
  double number = 0;
  if (sound) {
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
  }
  return sound ? std::optional(number) : std::nullopt;
}

}  // namespace

MaybeValue read_percent(const Field& field, const YamlNode& node,
                        Complaints& complaints) {
  std::string_view text = node.scalar;
  bool whole = node.is(NodeKind::scalar) && text.ends_with('%');
  auto share =
      whole ? plain_fraction(text.substr(0, text.size() - 1)) : std::nullopt;
  return share && *share <= 100 ? MaybeValue(*share / 100)
                                : refuse(field, node, complaints);
}

namespace {

// Is this `{at_least: ...}` or `{at_most: ...}`?
bool is_bound(const YamlNode& node) {
  return is_count_map(node) && node.children[0].key != "not";
}

NumberTest bound_of(const YamlNode& node, std::int64_t number) {
  bool least = node.children[0].key == "at_least";
  return {
      least ? NumberTest::Operator::at_least : NumberTest::Operator::at_most,
      number};
}

}  // namespace

MaybeValue read_share(const Field& field, const YamlNode& node,
                      Complaints& complaints) {
  if (!is_bound(node)) {
    return refuse(field, node, complaints);
  }
  const YamlNode& bound = node.children[0];
  auto part = bound.plain() && bound.scalar.find('.') != bound.scalar.npos
                  ? plain_fraction(bound.scalar)
                  : std::nullopt;
  auto percent = part && *part <= 1 ? MaybeValue(*part)
                                    : read_percent(field, bound, complaints);
  auto* share = percent ? std::get_if<double>(&*percent) : nullptr;
  if (share == nullptr) {
    return std::nullopt;
  }
  return bound_of(node, std::llround(*share * 10000));
}

MaybeValue read_time_bound(const Field& field, const YamlNode& node,
                           Complaints& complaints) {
  if (!is_bound(node)) {
    return refuse(field, node, complaints);
  }
  auto time = read_duration(field, node.children[0], complaints);
  auto* bound = time ? std::get_if<std::chrono::nanoseconds>(&*time) : nullptr;
  return bound == nullptr ? MaybeValue(std::nullopt)
                          : MaybeValue(bound_of(node, bound->count()));
}

MaybeValue read_rate(const Field& field, const YamlNode& node,
                     Complaints& complaints) {
  std::string_view text = node.scalar;
  bool whole = node.is(NodeKind::scalar) && text.ends_with("/s");
  auto rate =
      whole ? plain_fraction(text.substr(0, text.size() - 2)) : std::nullopt;
  return rate && *rate > 0 ? MaybeValue(*rate)
                           : refuse(field, node, complaints);
}

MaybeValue read_nth(const Field& field, const YamlNode& node,
                    Complaints& complaints) {
  auto nth = node.is(NodeKind::scalar) ? parse_nth(node.scalar) : std::nullopt;
  return nth ? MaybeValue(*nth) : refuse(field, node, complaints);
}

bool is_count_map(const YamlNode& node) {
  return node.is(NodeKind::map) && node.children.size() == 1 &&
         std::any_of(kCountForms.begin(), kCountForms.end(),
                     [&](const CountForm& form) {
                       return form.key == node.children[0].key;
                     });
}

}  // namespace faultrig
