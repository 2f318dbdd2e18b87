// A value is masked wherever it stands, not only where it was set: workloads
// print their environment. Short values are left alone in free text, where
// they would hit what is no secret.
#include "harness/store/secrets.h"

#include <algorithm>
#include <array>
#include <utility>

#include "harness/base/text.h"

namespace faultrig {

namespace {

constexpr std::size_t kShortest = 6;
constexpr std::size_t kShortestInherited = 8;

void replace_all(std::string& text, const std::string& value) {
  std::size_t at = text.find(value);
  if (at == std::string::npos) {
    return;
  }
  std::string out;
  std::size_t done = 0;
  for (; at != std::string::npos; at = text.find(value, done)) {
    out.append(text, done, at - done);
    out += Mask::kMasked;
    done = at + value.size();
  }
  out.append(text, done);
  text = std::move(out);
}

std::string_view without_blanks(std::string_view line) {
  std::size_t start = line.find_first_not_of(" \t\r");
  std::size_t end = line.find_last_not_of(" \t\r");
  return start == line.npos ? "" : line.substr(start, end + 1 - start);
}

// As Go's %q and encoding/json write it within quotes: `go test -json` puts
// what a test printed into events.
std::string escaped(std::string_view line, bool html) {
  static constexpr std::string_view kHtml = "<>&";
  std::string out;
  for (char byte : line) {
    if (html && kHtml.find(byte) != kHtml.npos) {
      out += byte == '<' ? "\\u003c" : byte == '>' ? "\\u003e" : "\\u0026";
    } else if (byte == '\t') {
      out += "\\t";
    } else {
      out += byte == '"' || byte == '\\' ? "\\" : "";
      out += byte;
    }
  }
  return out;
}

// Programs print a longer value line by line, indented or in quotes.
void add_lines(std::vector<std::string>& values, std::string_view value,
               std::size_t shortest) {
  for (std::string_view line : lines_of(value)) {
    line = without_blanks(line);
    if (line.size() < shortest) {
      continue;
    }
    std::string plain(line);
    for (std::string form :
         {plain, escaped(line, false), escaped(line, true)}) {
      if (std::find(values.begin(), values.end(), form) == values.end()) {
        values.push_back(std::move(form));
      }
    }
  }
}

bool is_name_byte(char byte) {
  return byte == '_' || (byte >= '0' && byte <= '9') ||
         (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

// The end of a YAML scalar that starts at `at`: quoted, or plain up to the end
// of its line or flow.
std::size_t end_of_scalar(std::string_view text, std::size_t at) {
  char quote = text[at];
  if (quote != '\'' && quote != '"') {
    std::size_t end = text.find_first_of(",}\n", at);
    return std::min(end, text.size());
  }
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    bool escapes = quote == '"' ? text[i] == '\\' : text.substr(i, 2) == "''";
    if (escapes) {
      ++i;
    } else if (text[i] == quote) {
      return i + 1;
    }
  }
  return text.size();
}

// Where the value of `name` starts, at or behind `from`; npos: nowhere.
std::size_t value_of(std::string_view text, const std::string& name,
                     std::size_t from) {
  for (std::size_t at = text.find(name, from); at != std::string_view::npos;
       at = text.find(name, at + 1)) {
    bool whole = at == 0 || !is_name_byte(text[at - 1]);
    std::size_t end = text.find_first_not_of("'\" ", at + name.size());
    if (whole && end != std::string_view::npos && text[end] == ':') {
      std::size_t value = text.find_first_not_of(' ', end + 1);
      bool here = value != std::string_view::npos && text[value] != '\n';
      return here ? value : std::string_view::npos;
    }
  }
  return std::string_view::npos;
}

}  // namespace

bool names_secret(std::string_view name) {
  static constexpr std::array<std::string_view, 7> kWords{
      "TOKEN",      "SECRET",     "PASSWORD", "PASSWD",
      "PASSPHRASE", "CREDENTIAL", "KEY"};
  std::string upper(name);
  for (char& byte : upper) {
    byte =
        byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 'a' + 'A') : byte;
  }
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
    return upper.find(word) != std::string::npos;
  });
}

Mask::Mask(const Workload& workload,
           const std::vector<std::string>& environment, std::string_view yaml) {
  for (const auto& [name, value] : workload.env) {
    if (!names_secret(name)) {
      continue;
    }
    names_.push_back(name);
    add_lines(values_, value, kShortest);
  }
  for (const std::string& entry : environment) {
    std::size_t equals = std::min(entry.find('='), entry.size());
    std::string value = entry.substr(std::min(equals + 1, entry.size()));
    if (names_secret(entry.substr(0, equals)) &&
        value.size() >= kShortestInherited &&
        yaml.find(value) == std::string_view::npos) {
      add_lines(values_, value, kShortestInherited);
    }
  }
  std::sort(values_.begin(), values_.end(),
            [](const std::string& a, const std::string& b) {
              return a.size() > b.size();
            });
}

std::string Mask::text(std::string text) const {
  for (const std::string& value : values_) {
    replace_all(text, value);
  }
  return text;
}

std::string Mask::yaml(std::string yaml) const {
  yaml = text(std::move(yaml));
  for (const std::string& name : names_) {
    std::size_t at = value_of(yaml, name, 0);
    while (at != std::string::npos) {
      yaml.replace(at, end_of_scalar(yaml, at) - at, kMasked);
      at = value_of(yaml, name, at);
    }
  }
  return yaml;
}

Evidence::Parts Mask::parts(Evidence::Parts parts) const {
  if (values_.empty()) {
    return parts;
  }
  std::vector<std::string> none;
  for (Observation& seen : parts.trace) {
    seen.text = text(std::move(seen.text));
    seen.path = text(std::move(seen.path));
    seen.unread = text(std::move(seen.unread));
    for (std::string& name : seen.names) {
      name = text(std::move(name));
    }
    for (std::string& peer : seen.peers ? *seen.peers : none) {
      peer = text(std::move(peer));
    }
  }
  for (std::string& name : parts.fault_names) {
    name = text(std::move(name));
  }
  parts.out = text(std::move(parts.out));
  parts.err = text(std::move(parts.err));
  parts.golden_trouble = text(std::move(parts.golden_trouble));
  for (auto& [name, content] : parts.files) {
    content = text(std::move(content));
  }
  return parts;
}

Judgement Mask::judgement(Judgement judgement) const {
  for (Finding& finding : judgement.findings) {
    finding.because = text(std::move(finding.because));
    finding.expected = text(std::move(finding.expected));
  }
  for (JudgedEnd& end : judgement.ends) {
    end.program = text(std::move(end.program));
  }
  for (JudgedFault& fault : judgement.faults) {
    fault.name = text(std::move(fault.name));
  }
  for (JudgedHang& hang : judgement.printed.hanging) {
    hang.where = text(std::move(hang.where));
  }
  judgement.printed.out = text(std::move(judgement.printed.out));
  judgement.printed.err = text(std::move(judgement.printed.err));
  judgement.observed = text(std::move(judgement.observed));
  judgement.scenario = text(std::move(judgement.scenario));
  return judgement;
}

}  // namespace faultrig
