// strace(1), 4.x to 6.x. A call and its result are divided by `) = `, before
// which older ones have blanks up to column 40; a text among the arguments may
// hold the same, so the last one counts. Where strace and what it traces print
// on one terminal, a line of theirs stands in the middle: `write(2, "x\n", 2x`,
// and then `) = 2`.
#include "harness/replay/call_line.h"

#include <algorithm>
#include <cctype>
#include <string>

#include "harness/base/whole_number.h"

namespace faultrig {

namespace {

using Kind = CallLine::Kind;
using Clock = CallLine::Clock;

constexpr std::int64_t kSecond = 1000000;
// Seconds: an epoch has more, and nothing else does.
constexpr std::int64_t kLeastEpoch = 100000000;

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

bool is_name(char letter) {
  return (letter >= 'a' && letter <= 'z') || letter == '_' || is_digit(letter);
}

void skip_blanks(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
}

template <typename Is>
std::string_view take_while(std::string_view& rest, Is is) {
  const auto* end = std::find_if_not(rest.begin(), rest.end(), is);
  std::string_view taken =
      rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  rest.remove_prefix(taken.size());
  return taken;
}

bool take(std::string_view& rest, std::string_view word) {
  bool there = rest.starts_with(word);
  rest.remove_prefix(there ? word.size() : 0);
  return there;
}

// `123<comm>`, as -Y has it.
void skip_comm(std::string_view& rest) {
  std::size_t end = rest.starts_with("<") ? rest.find('>') : rest.npos;
  rest.remove_prefix(end == rest.npos ? 0 : end + 1);
}

void take_pid(std::string_view& rest, CallLine& line) {
  std::string_view ahead = rest;
  bool bracket = take(ahead, "[pid");
  skip_blanks(ahead);
  auto number = whole_number<std::int64_t>(take_while(ahead, is_digit));
  skip_comm(ahead);
  bool ends = bracket ? take(ahead, "]") : ahead.starts_with(" ");
  if (number && ends) {
    line.pid = *number;
    rest = ahead;
    skip_blanks(rest);
  }
}

// `.734345`, in microseconds; 0: there is none.
std::int64_t take_fraction(std::string_view& rest) {
  if (!take(rest, ".")) {
    return 0;
  }
  std::string digits(take_while(rest, is_digit).substr(0, 6));
  digits.resize(6, '0');
  return whole_number<std::int64_t>(digits).value_or(0);
}

// `17:16:20`, `1795799780`, `0`.
bool take_time(std::string_view& rest, CallLine& line) {
  std::string_view ahead = rest;
  std::int64_t seconds = 0;
  int parts = 0;
  do {
    auto part = whole_number<std::int32_t>(take_while(ahead, is_digit));
    if (!part) {
      return false;
    }
    seconds = seconds * 60 + *part;
    ++parts;
  } while (parts < 3 && take(ahead, ":"));
  bool fraction = ahead.starts_with(".");
  std::int64_t micros = take_fraction(ahead);
  bool known =
      parts == 3 || (parts == 1 && (fraction || seconds > kLeastEpoch));
  if (!known || !ahead.starts_with(" ")) {
    return false;
  }
  line.clock = parts == 3              ? Clock::day
               : seconds > kLeastEpoch ? Clock::epoch
                                       : Clock::step;
  line.at = seconds * kSecond + micros;
  rest = ahead;
  skip_blanks(rest);
  return true;
}

// `(+     0.000123)`, `[00007f2a8c]`, `[ 257]`.
void skip_asides(std::string_view& rest) {
  for (auto [from, to] : {std::pair("(+", ')'), std::pair("[", ']')}) {
    std::size_t end = rest.starts_with(from) ? rest.find(to) : rest.npos;
    rest.remove_prefix(end == rest.npos ? 0 : end + 1);
    skip_blanks(rest);
  }
}

void read_aside(std::string_view rest, CallLine& line) {
  line.kind = Kind::aside;
  if (take(rest, "strace: Process ") && rest.ends_with(" attached")) {
    line.pid = whole_number<std::int64_t>(take_while(rest, is_digit));
    line.kind = line.pid ? Kind::attached : Kind::aside;
  }
}

void read_end(std::string_view rest, CallLine& line) {
  line.kind = Kind::aside;
  if (take(rest, "exited with ")) {
    auto status = whole_number<int>(take_while(rest, is_digit));
    line.kind = status ? Kind::exited : Kind::unread;
    line.status = status.value_or(0);
  } else if (take(rest, "killed by ")) {
    line.kind = Kind::killed;
    line.signal = rest.substr(0, rest.find(' '));
  }
}

void read_signal(std::string_view rest, CallLine& line) {
  line.kind = Kind::aside;
  if (rest.starts_with("SIG")) {
    line.kind = Kind::signal;
    line.signal = rest.substr(0, rest.find(' '));
    std::size_t open = rest.find('{');
    std::size_t close = rest.rfind('}');
    if (open != rest.npos && close != rest.npos && open < close) {
      line.details = rest.substr(open + 1, close - open - 1);
    }
  }
}

// Where the brackets close, before ` = `; npos: they do not.
std::size_t end_of_arguments(std::string_view rest) {
  for (std::size_t at = rest.rfind(" = "); at != rest.npos && at > 0;
       at = rest.rfind(" = ", at - 1)) {
    std::size_t before = rest.find_last_not_of(' ', at);
    if (before != rest.npos && rest[before] == ')') {
      return before;
    }
  }
  return rest.npos;
}

bool is_error(std::string_view word) {
  return word.size() > 1 && word[0] == 'E' &&
         std::all_of(word.begin(), word.end(), [](char letter) {
           return (letter >= 'A' && letter <= 'Z') || is_digit(letter);
         });
}

// `-1 EMFILE (Too many open files) (INJECTED) <0.000012>`
void read_result(std::string_view rest, CallLine& line) {
  skip_blanks(rest);
  line.result = rest.substr(0, rest.find(' '));
  rest.remove_prefix(line.result.size());
  skip_blanks(rest);
  std::string_view word = rest.substr(0, rest.find(' '));
  line.error = is_error(word) ? word : "";
  line.injected = rest.find("(INJECTED)") != rest.npos;
}

void read_resumed(std::string_view rest, CallLine& line) {
  line.call = take_while(rest, is_name);
  std::size_t end = rest.find('>');
  line.kind = end == rest.npos ? Kind::aside : Kind::resumed;
  line.arguments = end == rest.npos ? "" : rest.substr(end + 1);
}

// The rest of a call, in whose line somebody else wrote: `) = 2`, `, 88) = 4`,
// ` => {...`.
bool goes_on(std::string_view rest) {
  bool closes = rest.starts_with(")");
  bool more = rest.starts_with(", ") || rest.starts_with("=> {");
  std::size_t end = closes || more ? end_of_arguments(rest) : rest.npos;
  return end != rest.npos && (more || end == 0);
}

void read_call(std::string_view rest, CallLine& line) {
  std::string_view name = take_while(rest, is_name);
  if (name.empty() || is_digit(name[0]) || !take(rest, "(")) {
    return;
  }
  line.call = name;
  read_call_rest(rest, line);
}

}  // namespace

void read_call_rest(std::string_view rest, CallLine& line) {
  std::size_t unfinished = rest.rfind("<unfinished ...>");
  // A text in it may look like the end of a call.
  std::size_t end =
      rest.ends_with("<unfinished ...>") ? rest.npos : end_of_arguments(rest);
  if (end == rest.npos) {
    line.kind = Kind::begun;
    line.arguments = rest.substr(0, unfinished);
    return;
  }
  line.kind = Kind::call;
  line.arguments = rest.substr(0, end);
  read_result(rest.substr(rest.find('=', end) + 1), line);
}

CallLine read_call_line(std::string_view text) {
  CallLine line;
  std::string_view rest = text;
  while (!rest.empty() && (rest.back() == '\r' || rest.back() == ' ')) {
    rest.remove_suffix(1);
  }
  if (rest.starts_with("strace: ") || rest.starts_with(" > ")) {
    read_aside(rest, line);
    return line;
  }
  skip_blanks(rest);
  std::string_view before = rest;
  take_pid(rest, line);
  take_time(rest, line);
  skip_asides(rest);
  bool alone = rest == before;
  if (take(rest, "+++ ")) {
    read_end(rest, line);
  } else if (take(rest, "--- ")) {
    read_signal(rest, line);
  } else if (take(rest, "<... ")) {
    read_resumed(rest, line);
  } else if (alone && goes_on(rest)) {
    line.kind = Kind::resumed;
    line.arguments = rest;
  } else if (alone && rest == "<unfinished ...>") {
    line.kind = Kind::aside;
  } else {
    read_call(rest, line);
  }
  return line;
}

}  // namespace faultrig
