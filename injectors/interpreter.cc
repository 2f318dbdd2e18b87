// Breaks the -exec program of `go test`, in each way that a path, a script or a
// rights problem can (execve(2), ERRORS). Files are made below the run's own
// folder. Kinds that never run are proved by the kernel's answer to execve(2),
// as go tells it: `fork/exec PATH: ...`, of a path that no other run has. A
// busy one is proved by the calls that try it. Kinds that run tell us
// themselves before they misbehave, or when they had a status to swallow. The
// surprise: go exits 1 for all of them, and for some with the test binary never
// started.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "harness/base/fd.h"
#include "harness/base/names.h"
#include "harness/inject/injector.h"
#include "harness/inject/run.h"
#include "harness/os/machine.h"

namespace faultrig {

namespace {

const Section& section() {
  static const Section kSection{
      .name = "interpreter",
      .summary = "breaks the -exec program of go test",
      .fields = {{.key = "broken",
                  .kind = Kind::choice,
                  .summary = "in which way",
                  .required = true,
                  .choices = {"missing", "not_executable", "bad_shebang",
                              "wrong_format", "directory", "busy", "exits",
                              "killed", "swallows_status", "denied"}},
                 {.key = "code",
                  .kind = Kind::integer,
                  .summary = "broken: exits: with this exit code, 0 to 255",
                  .fallback = "255"},
                 {.key = "by",
                  .kind = Kind::signal,
                  .summary = "broken: killed: by this signal",
                  .fallback = "SIGKILL"}},
  };
  return kSection;
}

using Path = std::filesystem::path;

// An ELF header that promises a machine nobody has.
std::string strange_elf() {
  std::string header(
      "\x7f"
      "ELF\x02\x01\x01",
      7);
  header.resize(64, '\0');
  header[16] = 2;       // ET_EXEC
  header[18] = '\x7e';  // e_machine: none of ours
  header[19] = '\x7e';
  header[20] = 1;
  return header;
}

class InterpreterInjector final : public Injector {
 public:
  explicit InterpreterInjector(const FaultSpec& spec) {
    const Params& params = spec.fault.params;
    broken_.fault = spec.id;
    broken_.kind = params.get<std::string>("broken");
    broken_.code = static_cast<int>(params.get<std::int64_t>("code"));
    broken_.signal = static_cast<int>(params.get<std::int64_t>("by"));
  }

  Result<> prepare(Launch& launch) const override {
    if (launch.interpreter) {
      return usage_error("go test has one -exec program to break");
    }
    launch.interpreter = broken_;
    if (broken_.kind == "busy") {
      // Newer versions of go try a busy program again without a word.
      launch.links[Link::go].rules.push_back(attempts());
    }
    return Ok{};
  }

  Result<> install(Run& run) override {
    Path program = run.scratch() / "broken-interpreter";
    run.use_exec_program(program);
    TRY(make_program(run, program));
    return Ok{};
  }

  void disarm() noexcept override { busy_.reset(); }

 private:
  // Each execve(2) of the program, which must fail while we hold it open.
  CallRule attempts() const {
    CallRule rule;
    rule.fault = broken_.fault;
    rule.calls = {"execve"};
    rule.path = "*/broken-interpreter";
    rule.nth = Nth{1, 100, 1};
    return rule;
  }

  Result<> make_program(const Run& run, const Path& program) {
    const std::string& kind = broken_.kind;
    if (kind == "missing") {
      return Ok{};
    }
    if (kind == "directory") {
      return make_folder(program.string(), 0755);
    }
    if (kind == "denied") {
      return make_denied(run, program);
    }
    unsigned mode = kind == "not_executable" ? 0644 : 0755;
    TRY(write_program(program.string(), content(run), mode));
    if (kind == "busy") {
      // ETXTBSY for as long as somebody holds it open for writing.
      TRY_ASSIGN(busy_, open_file(AT_FDCWD, program.string(), O_WRONLY));
      if (!is_busy(program.string())) {
        return unsupported_error(
            "this kernel runs a program that is open for writing");
      }
    }
    return Ok{};
  }

  // Root may search any folder: for root the run's folder is mounted noexec in
  // go's own mount namespace (by the launch); others lose a folder's x bit.
  Result<> make_denied(Run const& run, const Path& program) {
    if (geteuid() == 0) {
      return write_program(program.string(), "#!/bin/sh\nexec \"$@\"\n", 0755);
    }
    Path folder = run.scratch() / "locked";
    TRY(make_folder(folder.string(), 0700));
    TRY(write_program((folder / "program").string(), "#!/bin/sh\n", 0755));
    std::error_code failed;
    std::filesystem::create_symlink(folder / "program", program, failed);
    if (!failed) {
      std::filesystem::permissions(folder, std::filesystem::perms::none,
                                   failed);
    }
    return failed ? system_error("lock " + folder.string(), failed.value())
                  : Result<>(Ok{});
  }

  std::string content(const Run& run) const {
    const std::string& kind = broken_.kind;
    std::string script = "#!/bin/sh\n";
    if (kind == "bad_shebang") {
      return "#!" + (run.scratch() / "no-such-interpreter").string() + "\n";
    }
    if (kind == "wrong_format") {
      return strange_elf();
    }
    if (kind == "busy" || kind == "not_executable") {
      return script + "exec \"$@\"\n";
    }
    std::string announce = run.announce_line(broken_.fault) + "\n";
    if (kind == "swallows_status") {
      // A status of 0 is not swallowed.
      return script + run.witness_line() + "\n[ $? -eq 0 ] || " + announce +
             "exit 0\n";
    }
    script += announce;
    if (kind == "exits") {
      return script + "exit " + std::to_string(broken_.code) + "\n";
    }
    return script + "kill -" + std::to_string(broken_.signal) + " $$\n";
  }

  BrokenProgram broken_;
  Fd busy_;
};

Result<std::unique_ptr<Injector>> make(const FaultSpec& spec) {
  const Params& params = spec.fault.params;
  const auto& kind = params.get<std::string>("broken");
  std::int64_t code = params.get<std::int64_t>("code");
  if (code < 0 || code > 255) {
    return usage_error("code is not an exit code, 0 to 255");
  }
  if (params.written("code") && kind != "exits") {
    return usage_error("code goes with broken: exits");
  }
  if (params.written("by") && kind != "killed") {
    return usage_error("by goes with broken: killed");
  }
  if (spec.fault.when.when != Trigger::When::start) {
    return usage_error("the -exec program is broken from the start or never");
  }
  return std::unique_ptr<Injector>(std::make_unique<InterpreterInjector>(spec));
}

}  // namespace

const InjectorType& interpreter_injector() {
  static const InjectorType kType{
      &section(),
      "go told that it could not start the broken program, or called execve(2) "
      "on it while it was busy, or the program told that it ran, or that it "
      "swallowed a status",
      make};
  return kType;
}

}  // namespace faultrig
