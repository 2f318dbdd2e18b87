// Scenes as YAML, in the words of docs/reference.md.
#include "tests/adversary/scene.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

namespace faultrig::adversary {

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (char letter : text) {
    out += letter == '\'' ? "''" : std::string(1, letter);
  }
  return out + "'";
}

std::string map_of(const Fields& fields) {
  std::string out = "{";
  for (const auto& [key, value] : fields) {
    out += (out.size() > 1 ? ", " : "") + key + ": " + value;
  }
  return out + "}";
}

std::string list_of(const std::vector<std::string>& words) {
  std::string out = "[";
  for (const std::string& word : words) {
    out += (out.size() > 1 ? ", " : "") + quoted(word);
  }
  return out + "]";
}

std::string calls_text(const std::vector<std::string>& calls) {
  return calls.size() == 1 ? quoted(calls.front()) : list_of(calls);
}

void add_choice(Fields& fields, const Choice& choice) {
  if (!choice.calls.empty()) {
    fields.emplace_back("call", calls_text(choice.calls));
  }
  if (!choice.path.empty()) {
    fields.emplace_back("path", quoted(choice.path));
  }
  if (!choice.fd.empty()) {
    fields.emplace_back("fd", choice.fd);
  }
}

void add_when(Fields& fields, const Trigger& when) {
  Fields parts;
  switch (when.kind) {
    case Trigger::Kind::start:
      return;
    case Trigger::Kind::call:
      add_choice(parts, when.choice);
      if (when.nth) {
        parts.emplace_back("nth", quoted(when.nth->text()));
      }
      break;
    case Trigger::Kind::listening:
      parts.emplace_back("listening",
                         when.port == 0 ? "true" : std::to_string(when.port));
      break;
    case Trigger::Kind::after:
      parts.emplace_back("after", std::to_string(when.milliseconds) + "ms");
      break;
    case Trigger::Kind::output:
      parts.emplace_back("output", quoted(when.text));
      break;
  }
  fields.emplace_back("when", map_of(parts));
}

void add_doing(Fields& fields, const Fault& fault) {
  switch (fault.doing) {
    case Doing::error:
      fields.emplace_back("error", errno_word(static_cast<int>(fault.value)));
      break;
    case Doing::returns:
      fields.emplace_back("returns", std::to_string(fault.value));
      break;
    case Doing::shortened:
      fields.emplace_back("short", std::to_string(fault.value) + "B");
      break;
    case Doing::delay:
      fields.emplace_back("delay", std::to_string(fault.value) + "ms");
      break;
    case Doing::signal:
      fields.emplace_back("signal", signal_word(static_cast<int>(fault.value)));
      break;
  }
}

void add_call_fault(Fields& fields, const Fault& fault) {
  add_choice(fields, fault.choice);
  add_doing(fields, fault);
  if (fault.nth) {
    fields.emplace_back("nth", quoted(fault.nth->text()));
  }
  if (fault.chance > 0) {
    fields.emplace_back("chance", std::to_string(fault.chance) + "%");
  }
  if (fault.in_kernel) {
    fields.emplace_back("static", "true");
  }
}

std::string fault_text(const Fault& fault) {
  Fields fields;
  if (fault.injector == "syscall") {
    add_call_fault(fields, fault);
  } else if (fault.injector == "fds") {
    bool limit = fault.when.kind == Trigger::Kind::start;
    fields.emplace_back(limit ? "max" : "spare", std::to_string(fault.max));
  } else {
    fields.emplace_back("send", signal_word(static_cast<int>(fault.value)));
    if (fault.times > 1) {
      fields.emplace_back("times", std::to_string(fault.times));
      fields.emplace_back("every", "5ms");
    }
  }
  if (fault.optional) {
    fields.emplace_back("optional", "true");
  }
  if (!fault.name.empty()) {
    fields.emplace_back("name", fault.name);
  }
  add_when(fields, fault.when);
  return map_of({{fault.injector, map_of(fields)}});
}

void add_pattern(Fields& fields, const Pattern& pattern) {
  add_choice(fields, pattern.choice);
  if (pattern.error != 0) {
    fields.emplace_back("error", errno_word(pattern.error));
  }
}

std::string calls_expected(const Expectation& expected) {
  Fields fields;
  add_pattern(fields, expected.pattern);
  if (expected.number) {
    fields.emplace_back("count", expected.number->text());
  }
  return map_of(fields);
}

std::string sequence_expected(const Expectation& expected) {
  std::string list = "[";
  for (const Pattern& pattern : expected.sequence) {
    Fields fields;
    add_pattern(fields, pattern);
    list += (list.size() > 1 ? ", " : "") + map_of(fields);
  }
  Fields fields;
  if (expected.number) {
    add_pattern(fields, expected.pattern);
    fields.emplace_back("count", expected.number->text());
  }
  fields.emplace_back("sequence", list + "]");
  return map_of(fields);
}

std::string expectation_text(const Expectation& expected) {
  using Kind = Expectation::Kind;
  switch (expected.kind) {
    case Kind::exited:
    case Kind::shell:
      return "{command: {" +
             std::string(expected.kind == Kind::shell ? "shell" : "exited") +
             ": " + expected.number->text() + "}}";
    case Kind::killed_by:
      return "{command: {killed_by: " + signal_word(expected.signal) + "}}";
    case Kind::calls:
      return map_of({{"calls", calls_expected(expected)}});
    case Kind::sequence:
      return map_of({{"calls", sequence_expected(expected)}});
    case Kind::took_effect: {
      Fields fields{{"fault", expected.text}};
      if (expected.number) {
        fields.emplace_back("times", expected.number->text());
      }
      return map_of({{"took_effect", map_of(fields)}});
    }
    case Kind::output: {
      Fields fields{
          {expected.lacks ? "lacks" : "contains", quoted(expected.text)}};
      if (!expected.of.empty()) {
        fields.emplace_back("of", expected.of);
      }
      return map_of({{"output", map_of(fields)}});
    }
    case Kind::leftovers:
      return "{leftovers: " + expected.number->text() + "}";
  }
  return "";
}

}  // namespace

bool Nth::selects(long number) const {
  return number >= first && (!last || number <= *last) &&
         (number - first) % step == 0;
}

std::string Nth::text() const {
  std::string out = std::to_string(first);
  if (last && *last != first) {
    out += ".." + std::to_string(*last);
  }
  if (!last || step != 1) {
    out += "+";
  }
  return step != 1 ? out + std::to_string(step) : out;
}

bool Number::holds(long number) const {
  switch (op) {
    case Op::equal:
      return number == value;
    case Op::at_least:
      return number >= value;
    case Op::at_most:
      return number <= value;
    case Op::unequal:
      return number != value;
  }
  return false;
}

std::string Number::text() const {
  std::string number = std::to_string(value);
  switch (op) {
    case Op::equal:
      return number;
    case Op::at_least:
      return "{at_least: " + number + "}";
    case Op::at_most:
      return "{at_most: " + number + "}";
    case Op::unequal:
      return "{not: " + number + "}";
  }
  return number;
}

std::string errno_word(int number) {
  static const std::pair<int, const char*> kWords[] = {
      {EIO, "EIO"},       {ENOSPC, "ENOSPC"},   {EDQUOT, "EDQUOT"},
      {EROFS, "EROFS"},   {ENOMEM, "ENOMEM"},   {ETIMEDOUT, "ETIMEDOUT"},
      {ENFILE, "ENFILE"}, {ESTALE, "ESTALE"},   {EHOSTUNREACH, "EHOSTUNREACH"},
      {EMFILE, "EMFILE"}, {EUCLEAN, "EUCLEAN"}, {EINTR, "EINTR"}};
  for (const auto& [value, word] : kWords) {
    if (value == number) {
      return word;
    }
  }
  return std::to_string(number);
}

std::string signal_word(int number) {
  static const std::pair<int, const char*> kWords[] = {
      {SIGUSR1, "SIGUSR1"},  {SIGUSR2, "SIGUSR2"}, {SIGTERM, "SIGTERM"},
      {SIGKILL, "SIGKILL"},  {SIGHUP, "SIGHUP"},   {SIGURG, "SIGURG"},
      {SIGWINCH, "SIGWINCH"}};
  for (const auto& [value, word] : kWords) {
    if (value == number) {
      return word;
    }
  }
  return std::to_string(number);
}

bool is_crowd(const Scene& scene) {
  return std::any_of(scene.acts.begin(), scene.acts.end(),
                     [](const std::string& act) {
                       return act.find('*') > 3 && act.find('*') < 9;
                     });
}

bool has_kernel_rule(const Scene& scene) {
  return std::any_of(scene.faults.begin(), scene.faults.end(),
                     [](const Fault& fault) { return fault.in_kernel; });
}

bool is_filtered(const Scene& scene) {
  return std::any_of(scene.faults.begin(), scene.faults.end(),
                     [](const Fault& fault) {
                       return fault.injector != "signal" ||
                              fault.when.kind == Trigger::Kind::call ||
                              fault.when.kind == Trigger::Kind::listening;
                     }) ||
         std::any_of(scene.expect.begin(), scene.expect.end(),
                     [](const Expectation& expected) {
                       return expected.kind == Expectation::Kind::calls ||
                              expected.kind == Expectation::Kind::sequence;
                     });
}

std::string yaml_of(const Scene& scene, const std::vector<std::string>& words,
                    const std::string& folder) {
  std::vector<std::string> command = words;
  command.insert(command.end(), scene.acts.begin(), scene.acts.end());
  std::string out = scene.golden ? "" : "golden: false\n";
  out += "workload:\n  command: " + list_of(command) +
         "\n  cwd: " + quoted(folder) +
         "\n  deadline: " + (is_crowd(scene) ? "300s" : "30s") + "\nfaults:\n";
  for (const Fault& fault : scene.faults) {
    out += "  - " + fault_text(fault) + "\n";
  }
  out += "expect:\n";
  for (const Expectation& expected : scene.expect) {
    out += "  - " + expectation_text(expected) + "\n";
  }
  return out;
}

}  // namespace faultrig::adversary
