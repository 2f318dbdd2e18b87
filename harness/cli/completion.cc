// Completions and the manual page are made from what the commands declare, so
// that none of them knows an option that is not there, or lacks one that is.
#include "harness/cli/completion.h"

#include <fmt/format.h>

#include "harness/base/text.h"

namespace faultrig {

namespace {

std::string names_of(const std::vector<CommandPage>& pages) {
  std::vector<std::string> names;
  names.reserve(pages.size());
  for (const CommandPage& page : pages) {
    names.push_back(page.name);
  }
  return join(names, " ");
}

// What is no word of an option is completed as the name of a file.
std::string bash_text(const std::vector<CommandPage>& pages) {
  std::string out =
      "_faultrig() {\n"
      "  local current=${COMP_WORDS[COMP_CWORD]} words= values=\n"
      "  case ${COMP_WORDS[1]} in\n";
  for (const CommandPage& page : pages) {
    std::vector<std::string> words;
    for (const OptionPage& option : page.options) {
      words.insert(words.end(), option.names.begin(), option.names.end());
    }
    out += fmt::format("    {}) words='{}' ;;\n", page.name, join(words, " "));
  }
  out +=
      "  esac\n"
      "  case ${COMP_WORDS[1]}:${COMP_WORDS[COMP_CWORD - 1]} in\n";
  for (const CommandPage& page : pages) {
    for (const OptionPage& option : page.options) {
      for (const std::string& name : option.names) {
        out += option.words.empty()
                   ? ""
                   : fmt::format("    {}:{}) values='{}' ;;\n", page.name, name,
                                 join(option.words, " "));
      }
    }
  }
  return out + fmt::format(
                   "  esac\n"
                   "  COMPREPLY=()\n"
                   "  if ((COMP_CWORD == 1)); then\n"
                   "    words='{} --help --version'\n"
                   "  elif [[ -n $values ]]; then\n"
                   "    words=$values\n"
                   "  elif [[ $current != -* ]]; then\n"
                   "    return\n"
                   "  fi\n"
                   "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- "
                   "\"$current\")\n"
                   "}}\n"
                   "complete -o default -F _faultrig faultrig\n",
                   names_of(pages));
}

// For a text within single quotes.
std::string quoted(const std::string& text, std::string_view special) {
  std::string out;
  for (char letter : text) {
    if (letter == '\'') {
      out += "'\\''";
      continue;
    }
    out += special.find(letter) == special.npos ? "" : "\\";
    out += letter;
  }
  return out;
}

std::string zsh_value(const OptionPage& option) {
  return !option.takes_value    ? ""
         : option.words.empty() ? ":value:_files"
                                : ":value:(" + join(option.words, " ") + ")";
}

std::string zsh_option(const OptionPage& option) {
  std::string out;
  for (const std::string& name : option.names) {
    out += fmt::format(" '*{}[{}]{}'", name, quoted(option.help, "[]:\\"),
                       zsh_value(option));
  }
  return out;
}

std::string zsh_text(const std::vector<CommandPage>& pages) {
  std::string out =
      "#compdef faultrig\n_faultrig() {\n  local -a commands\n  commands=(\n";
  for (const CommandPage& page : pages) {
    out += fmt::format("    '{}:{}'\n", page.name, quoted(page.summary, ":\\"));
  }
  out +=
      "  )\n  if (( CURRENT == 2 )); then\n    _describe command commands\n"
      "    return\n  fi\n  local command=$words[2]\n  shift words\n"
      "  (( CURRENT-- ))\n  case $command in\n";
  for (const CommandPage& page : pages) {
    out += fmt::format("    {}) _arguments", page.name);
    for (const OptionPage& option : page.options) {
      out += zsh_option(option);
    }
    out += " '*:file:_files' ;;\n";
  }
  return out +
         "  esac\n}\n"
         // Found on fpath, the whole file is run as the function, for the first
         // TAB: that one is to be answered as well.
         "if [[ $funcstack[1] == _faultrig ]]; then\n  _faultrig \"$@\"\nelse\n"
         "  compdef _faultrig faultrig\nfi\n";
}

std::string fish_value(const OptionPage& option) {
  return !option.takes_value    ? ""
         : option.words.empty() ? " -r"
                                : " -x -a '" + join(option.words, " ") + "'";
}

// An option is that of the command, whatever word comes behind it.
std::string fish_text(const std::vector<CommandPage>& pages) {
  std::string out =
      "function __faultrig_does\n  set -l words (commandline -opc)\n"
      "  test \"$words[2]\" = $argv[1]\nend\n";
  for (const CommandPage& page : pages) {
    out += fmt::format(
        "complete -c faultrig -n __fish_use_subcommand -f -a {} -d '{}'\n",
        page.name, quoted(page.summary, "\\"));
    for (const OptionPage& option : page.options) {
      if (option.names.empty()) {
        continue;
      }
      out += fmt::format("complete -c faultrig -n '__faultrig_does {}'",
                         page.name);
      for (const std::string& name : option.names) {
        bool is_long = name.starts_with("--");
        out += (is_long ? " -l " : " -s ") + name.substr(is_long ? 2 : 1);
      }
      out += fmt::format("{} -d '{}'\n", fish_value(option),
                         quoted(option.help, "\\"));
    }
  }
  return out;
}

// A line that begins with `.` or `'` is a request to man(7), and a plain `-` is
// no minus that could be copied.
std::string roff(const std::string& text) {
  std::string out;
  for (char letter : text) {
    bool special = letter == '\\' || letter == '-';
    out += letter == '\\' ? "\\e" : special ? "\\-" : std::string(1, letter);
  }
  bool request = out.starts_with('.') || out.starts_with('\'');
  return (request ? "\\&" : "") + out;
}

std::string command_manual(const CommandPage& page) {
  std::string out = fmt::format(".SS \"faultrig {}\"\n{}.\n", roff(page.name),
                                roff(page.summary));
  for (const OptionPage& option : page.options) {
    std::vector<std::string> names = option.names;
    std::string head = names.empty() ? option.value : join(names, ", ");
    out += fmt::format(".TP\n.B {}\n{}\n", roff(head), roff(option.help));
  }
  return out + ".PP\nExample:\n.PP\n.nf\n" + roff(page.example) + "\n.fi\n";
}

}  // namespace

std::string completion_text(std::string_view shell,
                            const std::vector<CommandPage>& pages) {
  return shell == "bash"   ? bash_text(pages)
         : shell == "zsh"  ? zsh_text(pages)
         : shell == "fish" ? fish_text(pages)
                           : "";
}

std::string manual_text(const std::vector<CommandPage>& pages) {
  std::string out =
      ".TH FAULTRIG 1 \"\" \"faultrig " FAULTRIG_VERSION
      "\" \"User Commands\"\n"
      ".SH NAME\nfaultrig \\- break Go tests on purpose, tell what happened\n"
      ".SH SYNOPSIS\n.B faultrig\n.I COMMAND\n[\\fIOPTION\\fR]...\n"
      ".SH DESCRIPTION\nfaultrig runs Go tests and services with faults that "
      "scenarios name, and tells from evidence what came of them.\n"
      ".SH COMMANDS\n";
  for (const CommandPage& page : pages) {
    out += command_manual(page);
  }
  return out +
         ".SH \"EXIT STATUS\"\n0 all passed, 1 some failed, 2 a mistake in a "
         "scenario or on the command line, 3 inconclusive or an error of "
         "faultrig, 77 nothing could run here or was run, 130 or 143 "
         "interrupted.\n"
         ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nset and not empty: no colours.\n"
         ".TP\n.B CI\nset and not empty: no line of progress is drawn.\n"
         ".TP\n.B GITHUB_STEP_SUMMARY\nthe page of \\-\\-report github is "
         "added to that file.\n";
}

}  // namespace faultrig
