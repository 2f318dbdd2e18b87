#include "harness/model/values.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace faultrig {

namespace {

// Takes a number from 1 off the front of `text`; nothing if there is none.
std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t number = 0;
  auto [end, failed] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || number < 1) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

// The part behind `F` or `F..L`: nothing, `+`, or `+S`.
bool take_step(std::string_view text, Nth& nth) {
  if (text.empty()) {
    return true;
  }
  if (text.front() != '+') {
    return false;
  }
  text.remove_prefix(1);
  if (text.empty()) {
    return true;
  }
  auto step = take_number(text);
  nth.step = step.value_or(1);
  return step && text.empty();
}

}  // namespace

bool NumberTest::holds(std::int64_t value) const {
  switch (op) {
    case Operator::equal:
      return value == number;
    case Operator::at_least:
      return value >= number;
    case Operator::at_most:
      return value <= number;
    case Operator::unequal:
      return value != number;
    case Operator::one_of:
      return value == number ||
             std::find(others.begin(), others.end(), value) != others.end();
  }
  return false;
}

bool NumberTest::is_settled(std::int64_t low, std::int64_t high) const {
  if (op == Operator::at_least || op == Operator::at_most) {
    return holds(low) == holds(high);
  }
  auto between = [&](std::int64_t value) {
    return low <= value && value <= high;
  };
  return low == high || !(between(number) ||
                          std::any_of(others.begin(), others.end(), between));
}

std::string NumberTest::text() const {
  switch (op) {
    case Operator::equal:
      break;
    case Operator::at_least:
      return "at least " + std::to_string(number);
    case Operator::at_most:
      return "at most " + std::to_string(number);
    case Operator::unequal:
      return "not " + std::to_string(number);
    case Operator::one_of:
      break;
  }
  std::string text = std::to_string(number);
  for (std::int64_t other : others) {
    text += " or " + std::to_string(other);
  }
  return text;
}

bool Nth::selects(std::int64_t number) const {
  if (number < first || (last && number > *last)) {
    return false;
  }
  return (number - first) % step == 0;
}

std::string Nth::text() const {
  std::string out = std::to_string(first);
  if (last && *last != first) {
    out += ".." + std::to_string(*last);
  }
  if (step != 1) {
    return out + "+" + std::to_string(step);
  }
  return last ? out : out + "+";
}

// In `F..L+` the plus says nothing new, so it is refused there.
std::optional<Nth> parse_nth(std::string_view text) {
  Nth nth;
  auto first = take_number(text);
  if (!first) {
    return std::nullopt;
  }
  nth.first = *first;
  nth.last = *first;
  if (text.starts_with("..")) {
    text.remove_prefix(2);
    nth.last = take_number(text);
    if (!nth.last || *nth.last < nth.first || text == "+") {
      return std::nullopt;
    }
  } else if (text.starts_with('+')) {
    nth.last = std::nullopt;
  }
  return take_step(text, nth) ? std::optional(nth) : std::nullopt;
}

void Params::set(const std::string& key, Value value, Place place) {
  entries_.insert_or_assign(key, Entry{std::move(value), place});
}

bool Params::written(const std::string& key) const {
  return place(key).line > 0;
}

Place Params::place(const std::string& key) const {
  auto entry = entries_.find(key);
  return entry == entries_.end() ? Place{} : entry->second.place;
}

}  // namespace faultrig
