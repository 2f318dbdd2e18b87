// strace(1), `-s`, `-y`; its texts are escaped as those of C, with octal
// numbers, or, by -x, hexadecimal ones.
#include "harness/replay/call_words.h"

#include <algorithm>
#include <array>

#include "harness/base/whole_number.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostArguments = 16;
constexpr std::size_t kMostWords = 4096;

bool is_octal(char letter) { return letter >= '0' && letter <= '7'; }

// The end of a text that begins here, behind its quote; npos: it has none.
std::size_t end_of_quotes(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return text.npos;
}

// What a backslash begins, and how many characters it takes with it.
std::size_t add_escaped(std::string_view rest, std::string& out) {
  constexpr std::string_view kLetters = "ntrfvab";
  constexpr std::string_view kMeant = "\n\t\r\f\v\a\b";
  char first = rest[0];
  if (std::size_t at = kLetters.find(first); at != kLetters.npos) {
    out += kMeant[at];
    return 1;
  }
  if (first == 'x') {
    auto byte = whole_number<unsigned>(rest.substr(1, 2), 16);
    out += byte ? static_cast<char>(*byte) : '?';
    return std::min<std::size_t>(3, rest.size());
  }
  if (!is_octal(first)) {
    out += first;
    return 1;
  }
  std::size_t size = 1;
  while (size < 3 && size < rest.size() && is_octal(rest[size])) {
    ++size;
  }
  out += static_cast<char>(
      whole_number<unsigned>(rest.substr(0, size), 8).value_or(0));
  return size;
}

std::string_view trimmed(std::string_view text) {
  std::size_t from = std::min(text.find_first_not_of(' '), text.size());
  std::size_t to = text.find_last_not_of(' ');
  return text.substr(from, to == text.npos ? 0 : to + 1 - from);
}

// What stands behind `key=`, to the end of that word: `htons(5432)`.
std::string_view value_of(std::string_view text, std::string_view key) {
  std::size_t at = text.find(key);
  return at == text.npos ? "" : text.substr(at + key.size());
}

std::string_view until(std::string_view text, char end) {
  std::size_t at = text.find(end);
  return at == text.npos ? "" : text.substr(0, at);
}

// `inet_addr("127.0.0.1")`, `inet_pton(AF_INET6, "::1", ...)`
std::string first_quoted(std::string_view text) {
  std::size_t at = text.find('"');
  std::size_t end = at == text.npos ? at : end_of_quotes(text, at);
  return end == text.npos ? ""
                          : quoted_text(text.substr(at, end - at)).value_or("");
}

}  // namespace

std::vector<std::string_view> arguments_of(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t from = 0;
  int depth = 0;
  for (std::size_t at = 0; at < text.size() && out.size() < kMostArguments;
       ++at) {
    char letter = text[at];
    if (letter == '"') {
      at = std::min(end_of_quotes(text, at), text.size()) - 1;
    } else if (std::string_view("([{<").find(letter) !=
               std::string_view::npos) {
      ++depth;
    } else if (std::string_view(")]}").find(letter) != std::string_view::npos ||
               (letter == '>' && at > 0 && text[at - 1] != '-' &&
                text[at - 1] != '=')) {
      --depth;
    } else if (letter == ',' && depth <= 0) {
      out.push_back(trimmed(text.substr(from, at - from)));
      from = at + 1;
    }
  }
  if (out.size() < kMostArguments && from < text.size()) {
    out.push_back(trimmed(text.substr(from)));
  }
  return out;
}

std::optional<std::string> quoted_text(std::string_view argument) {
  if (!argument.starts_with("\"")) {
    return std::nullopt;
  }
  std::string out;
  std::size_t at = 1;
  while (at < argument.size() && argument[at] != '"') {
    bool escaped = argument[at] == '\\' && at + 1 < argument.size();
    if (escaped) {
      at += 1 + add_escaped(argument.substr(at + 1), out);
    } else {
      out += argument[at++];
    }
  }
  bool whole = at < argument.size();
  if (!whole || argument.substr(at + 1).starts_with("...")) {
    out += kLeftOut;
  }
  return out;
}

std::optional<std::vector<std::string>> quoted_list(std::string_view argument) {
  if (!argument.starts_with("[") || !argument.ends_with("]")) {
    return std::nullopt;
  }
  std::vector<std::string> out;
  std::string_view rest = argument.substr(1, argument.size() - 2);
  while (!rest.empty() && out.size() < kMostWords) {
    std::size_t end = rest[0] == '"' ? end_of_quotes(rest, 0) : rest.npos;
    if (end == rest.npos) {
      return std::nullopt;
    }
    out.push_back(*quoted_text(rest.substr(0, end)));
    if (rest.substr(0, end).find(kLeftOut) != rest.npos) {
      return std::nullopt;
    }
    rest.remove_prefix(end);
    bool more = rest.starts_with(", ");
    if (!more && !rest.empty()) {
      return std::nullopt;  // cut
    }
    rest.remove_prefix(more ? 2 : 0);
  }
  return rest.empty() && !out.empty() ? std::optional(out) : std::nullopt;
}

ShownFd shown_fd(std::string_view argument) {
  const auto* end = std::find_if_not(
      argument.begin(), argument.end(),
      [](char letter) { return letter >= '0' && letter <= '9'; });
  auto digits = static_cast<std::size_t>(end - argument.begin());
  std::string_view rest = argument.substr(digits);
  ShownFd out;
  out.number = whole_number<int>(argument.substr(0, digits));
  bool told = rest.starts_with("<") && rest.size() > 2;
  if (!rest.empty() && !told) {
    out.number = std::nullopt;
  } else if (told) {
    std::size_t close = rest.rfind('>');
    out.shown = rest.substr(1, close == rest.npos ? close : close - 1);
  }
  return out;
}

std::string shown_peer(std::string_view arguments) {
  struct Family {
    std::string_view port;
    std::string_view address;
    std::string_view before;
    std::string_view behind;
  };
  static constexpr std::array<Family, 2> kFamilies{
      {{"sin_port=htons(", "sin_addr=", "", ":"},
       {"sin6_port=htons(", "inet_pton(AF_INET6, ", "[", "]:"}}};
  for (const Family& family : kFamilies) {
    std::string_view port = until(value_of(arguments, family.port), ')');
    std::string address = first_quoted(value_of(arguments, family.address));
    if (whole_number<std::uint16_t>(port) && !address.empty()) {
      return std::string(family.before) + address + std::string(family.behind) +
             std::string(port);
    }
  }
  std::string_view path = value_of(arguments, "sun_path=");
  return path.starts_with("\"") ? first_quoted(path) : "";
}

}  // namespace faultrig
