// The only file that includes CLI11, which takes seconds to compile: what
// Arguments declares, and the line that is read by it.
#include "harness/cli/command_line.h"

#include <algorithm>
#include <utility>

#include <CLI/CLI.hpp>

#include "harness/base/columns.h"
#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/cli/arguments.h"
#include "harness/cli/printing.h"

namespace faultrig {

namespace {

constexpr std::size_t kHelpColumn = 24;

// CLI11 leaves long lines to the terminal, which knows no columns.
class Pages : public CLI::Formatter {
 public:
  Pages() { column_width(kHelpColumn); }

  std::string make_option(const CLI::Option* option,
                          bool is_positional) const override {
    return row(make_option_name(option, is_positional) + sorted_options(option),
               make_option_desc(option));
  }

  std::string make_subcommand(const CLI::App* sub) const override {
    return row(sub->get_display_name(true), sub->get_description());
  }

 private:
  // CLI11 names what an option excludes in the order of their addresses.
  std::string sorted_options(const CLI::Option* option) const {
    static constexpr std::string_view kExcludes = " Excludes:";
    std::string text = make_option_opts(option);
    text.resize(std::min(text.size(), text.find(kExcludes)));
    std::vector<std::string> names;
    for (const CLI::Option* other : option->get_excludes()) {
      names.push_back(other->get_name());
    }
    std::sort(names.begin(), names.end());
    return names.empty()
               ? text
               : text + std::string(kExcludes) + " " + join(names, " ");
  }

  static std::string row(const std::string& name, const std::string& text) {
    std::string head = "  " + name;
    return head.size() < kHelpColumn
               ? wrapped(head, text, kHelpColumn)
               : head + "\n" + wrapped("", text, kHelpColumn);
  }
};

void throw_if(const std::string& wrong, const std::string& name,
              const std::string& text) {
  if (!wrong.empty()) {
    throw CLI::ValidationError(name + " " + text, wrong);
  }
}

CLI::Range checked(Arguments::Range range) { return {range.least, range.most}; }

// `command` is the one that was chosen, if any.
Answer mistake(const std::string& what, const std::string& command) {
  return {"faultrig: " + what + "\ntry: faultrig " +
              (command.empty() ? "" : command + " ") + "--help\n",
          true, kUsage};
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> out;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      out.push_back("--" + name);
    }
  }
  return out;
}

// CLI11 names what is left over from the last to the first.
std::string not_expected(const std::vector<std::string>& words,
                         const CLI::App& app) {
  std::string out = words.size() > 1
                        ? "The following arguments were not expected: "
                        : "The following argument was not expected: ";
  out += join(words, " ");
  for (const std::string& word : words) {
    std::string near =
        word.starts_with("--")
            ? suggestion(word.substr(0, word.find('=')), option_names(app))
            : "";
    if (!near.empty()) {
      return out + near;
    }
  }
  return out;
}

// `runn` -> run.
std::string near_command(const std::vector<std::string>& arguments,
                         const std::vector<CommandType>& types) {
  std::vector<std::string> names;
  names.reserve(types.size());
  for (const CommandType& type : types) {
    names.emplace_back(type.name);
  }
  for (const std::string& word : arguments) {
    if (!word.starts_with('-')) {
      bool known = std::find(names.begin(), names.end(), word) != names.end();
      return known ? ""
                   : "unknown command '" + word + "'" + suggestion(word, names);
    }
  }
  return "";
}

// The commands that can be chosen, declared to CLI11.
class Menu {
 public:
  explicit Menu(const std::vector<CommandType>& types) : types_(types) {
    app_.formatter(std::make_shared<Pages>());
    app_.description(
        "faultrig: breaks Go tests on purpose, tells what happened");
    app_.set_version_flag("--version", "faultrig " FAULTRIG_VERSION);
    app_.require_subcommand(1);
    app_.footer(
        "Exit codes: 0 all passed, 1 some failed, 2 usage or scenario error,\n"
        "3 inconclusive or an error of ours, 77 nothing could run here or was "
        "run.\n"
        "Example: faultrig run scenarios --tag workshop");
    for (const CommandType& type : types) {
      add(type);
    }
  }

  CommandLine read(const std::vector<std::string>& all) {
    std::vector<std::string> arguments = without_program(all);
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    try {
      app_.parse(reversed);
    } catch (const CLI::CallForHelp&) {
      auto chosen = app_.get_subcommands();
      return answered({chosen.empty() ? app_.help() : help_of(*chosen[0])});
    } catch (const CLI::CallForVersion& version) {
      return answered({std::string(version.what()) + "\n"});
    } catch (const CLI::ExtrasError& wrong) {
      return refused(arguments, wrong.what(), app_.remaining(true));
    } catch (const CLI::ParseError& wrong) {
      return refused(arguments, wrong.what(), {});
    }
    std::string name = app_.get_subcommands().front()->get_name();
    Choice& choice = named(name);
    std::string wrong = choice.command->wrong();
    return wrong.empty() ? CommandLine{std::move(choice.command), color_, {}}
                         : answered(mistake(wrong, name));
  }

  std::vector<CommandPage> pages() {
    std::vector<CommandPage> out;
    for (const CommandType& type : types_) {
      const CLI::App* sub = app_.get_subcommand(std::string(type.name));
      CommandPage page{std::string(type.name),
                       std::string(type.summary),
                       std::string(type.example),
                       {}};
      for (const CLI::Option* option : sub->get_options()) {
        page.options.push_back(page_of(*option));
        const auto& offers = named(page.name).offers;
        auto offer = offers.find(option->get_name());
        if (offer != offers.end()) {
          page.options.back().words = offer->second;
        }
      }
      out.push_back(std::move(page));
    }
    return out;
  }

 private:
  struct Choice {
    std::string name;
    std::unique_ptr<Command> command;
    Arguments::Behind behind;
    std::map<std::string, std::vector<std::string>> offers;  // as of Arguments
  };

  // The library knows of no program behind dashes.
  std::string help_of(const CLI::App& sub) {
    std::string help = sub.help("faultrig");
    const std::string& usage = named(sub.get_name()).behind.usage;
    std::size_t line = help.find("\nUsage: ");
    if (!usage.empty() && line != std::string::npos) {
      help.insert(help.find('\n', line + 1), " " + usage);
    }
    return help;
  }

  static OptionPage page_of(const CLI::Option& option) {
    OptionPage out;
    for (const std::string& name : option.get_snames()) {
      out.names.push_back("-" + name);
    }
    for (const std::string& name : option.get_lnames()) {
      out.names.push_back("--" + name);
    }
    out.value = option.get_positional() ? option.get_name(true) : "";
    out.help = option.get_description();
    out.takes_value = option.get_items_expected_max() > 0;
    return out;
  }

  static CommandLine answered(Answer answer) {
    return {nullptr, "auto", std::move(answer)};
  }

  // `extras`: words that no option or positional has taken.
  CommandLine refused(const std::vector<std::string>& arguments,
                      const std::string& why,
                      const std::vector<std::string>& extras) const {
    std::string unknown = near_command(arguments, types_);
    auto chosen = app_.get_subcommands();
    if (!unknown.empty() || chosen.empty()) {
      return answered(mistake(unknown.empty() ? why : unknown, ""));
    }
    const CLI::App& sub = *chosen.front();
    return answered(mistake(extras.empty() ? why : not_expected(extras, sub),
                            sub.get_name()));
  }

  void add(const CommandType& type) {
    CLI::App* sub =
        app_.add_subcommand(std::string(type.name), std::string(type.summary));
    sub->footer("Example: " + std::string(type.example));
    Arguments arguments(*sub);
    arguments.read(
        "--color",
        [this](const std::string& text) {
          color_ = text;
          bool known = text == "auto" || text == "always" || text == "never";
          return known ? "" : "expected auto, always or never";
        },
        "auto, always or never");
    arguments.offer("--color", {"auto", "always", "never"});
    std::unique_ptr<Command> command = type.make();
    command->declare(arguments);
    choices_.push_back({std::string(type.name), std::move(command),
                        arguments.behind(), arguments.offers()});
  }

  Choice& named(const std::string& name) {
    return *std::find_if(
        choices_.begin(), choices_.end(),
        [&](const Choice& choice) { return choice.name == name; });
  }

  // What stands behind the first `--` of `witness` is not ours to read.
  std::vector<std::string> without_program(
      const std::vector<std::string>& all) const {
    for (const Choice& choice : choices_) {
      auto mark = std::find(all.begin(), all.end(), "--");
      bool chosen = !all.empty() && all.front() == choice.name;
      if (chosen && choice.behind.into != nullptr && mark != all.end()) {
        choice.behind.into->assign(mark + 1, all.end());
        return {all.begin(), mark};
      }
    }
    return all;
  }

  const std::vector<CommandType>& types_;
  CLI::App app_{"", "faultrig"};
  std::vector<Choice> choices_;
  std::string color_ = "auto";
};

}  // namespace

void Arguments::flag(const char* names, bool& into, const char* help) {
  app_.add_flag(names, into, help);
}

void Arguments::word(const char* names, std::string& into, const char* help) {
  app_.add_option(names, into, help)->check([](const std::string& value) {
    return std::string(value.empty() ? "expected a value, not an empty one"
                                     : "");
  });
}

void Arguments::words(const char* names, std::vector<std::string>& into,
                      const char* help) {
  app_.add_option(names, into, help)->allow_extra_args(false);
}

void Arguments::rest(const char* name, std::vector<std::string>& into,
                     Count count, const char* help) {
  app_.add_option(name, into, help)->required(count == Count::at_least_one);
}

void Arguments::number(const char* names, int& into, Range range,
                       const char* help) {
  app_.add_option(names, into, help)->check(checked(range));
}

void Arguments::number(const char* names, std::uint64_t& into,
                       const char* help) {
  app_.add_option(names, into, help);
}

void Arguments::number(const char* names, std::optional<std::uint64_t>& into,
                       Range range, const char* help) {
  app_.add_option(names, into, help)->check(checked(range));
}

void Arguments::number_or(const char* variable, const char* names, int& into,
                          Range range, const char* help) {
  app_.add_option(names, into, help)->envname(variable)->check(checked(range));
}

void Arguments::size(const char* names, const char* such_as,
                     const std::function<bool(Bytes)>& take, const char* help) {
  read(
      names,
      [take, such_as](const std::string& text) {
        auto size = parse_bytes(text);
        return size && take(*size)
                   ? std::string()
                   : std::string("expected a size such as ") + such_as;
      },
      help);
}

void Arguments::read(const char* names, const Take& take,
                     const std::string& help) {
  app_.add_option_function<std::string>(
      names,
      [take, name = std::string(names)](const std::string& text) {
        throw_if(take(text), name, text);
      },
      help);
}

void Arguments::read_each(const char* names, const Take& take,
                          const std::string& help) {
  app_.add_option_function<std::vector<std::string>>(
          names,
          [take,
           name = std::string(names)](const std::vector<std::string>& texts) {
            for (const std::string& text : texts) {
              throw_if(take(text), name, text);
            }
          },
          help)
      ->allow_extra_args(false);
}

void Arguments::one_of(std::initializer_list<const char*> names) {
  for (const auto* one = names.begin(); one != names.end(); ++one) {
    for (const auto* other = one + 1; other != names.end(); ++other) {
      app_.get_option(*one)->excludes(app_.get_option(*other));
    }
  }
}

std::vector<CommandPage> command_pages(const std::vector<CommandType>& types) {
  return Menu(types).pages();
}

CommandLine read_command_line(const std::vector<std::string>& arguments,
                              const std::vector<CommandType>& types) {
  return Menu(types).read(arguments);
}

}  // namespace faultrig
