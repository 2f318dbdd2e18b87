#include "harness/cli/job.h"

#include <algorithm>
#include <chrono>
#include <sstream>

#include "harness/base/units.h"
#include "harness/cli/keep.h"
#include "harness/judge/expectation.h"
#include "harness/os/worker.h"
#include "harness/report/evidence_file.h"
#include "harness/report/judgement_line.h"
#include "harness/report/plan_text.h"
#include "harness/report/secrets.h"

namespace faultrig {

namespace {

using Clock = std::chrono::steady_clock;

Judgement verdict_of_error(const Plan& plan, const Error& error) {
  Judgement out;
  out.scenario = plan.scenario.name;
  out.file = plan.scenario.file.string();
  bool cannot = error.kind == ErrorKind::unsupported;
  out.verdict = cannot ? Verdict::skipped : Verdict::error;
  Finding finding;
  finding.verdict = out.verdict;
  finding.because = error.what;
  out.findings.push_back(finding);
  return out;
}

class Workshop {
 public:
  Workshop(Session& session, const std::vector<Entry>& entries,
           const Options& options)
      : session_(session), entries_(entries), options_(options) {}

  JobOutcome work(const Job& job) {
    const Entry& entry = entries_[job.entry];
    JobOutcome out;
    if (auto missing = session_.missing_for(entry.plan)) {
      out.skip = *missing;
      out.judgement = verdict_of_error(entry.plan, unsupported_error(*missing));
    } else if (job.golden) {
      auto golden = run_golden(session_, entry.plan);
      out.golden =
          golden ? *golden : GoldenResult{Golden::bad, golden.error().what};
    } else {
      out.judgement = run(entry, job);
    }
    out.judgement.repeat = job.repeat;
    return out;
  }

 private:
  Judgement run(const Entry& entry, const Job& job) {
    auto start = Clock::now();
    Mask mask(entry.plan.scenario.workload, session_.options().environment,
              entry.yaml);
    auto evidence = run_plan(session_, entry.plan, job.result);
    if (evidence && !mask.empty()) {
      evidence = Evidence(mask.parts(evidence->parts()));
    }
    auto scenario = masked_scenario(entry, mask);
    Judgement out;
    if (evidence) {
      out = judge(scenario ? *scenario : entry.plan.scenario, *evidence);
    } else {
      Error error = evidence.error();
      error.what = mask.text(error.what);
      out = verdict_of_error(entry.plan, error);
    }
    out.scenario = entry.plan.scenario.name;
    out.file = entry.plan.scenario.file.string();
    out.took = Clock::now() - start;
    if (!evidence || options_.evidence.empty()) {
      return out;
    }
    if (scenario) {
      keep(entry, job, *evidence, out);
    } else {
      not_kept(scenario.error(), out);
    }
    return out;
  }

  // What is kept is what was judged.
  static Result<Scenario> masked_scenario(const Entry& entry,
                                          const Mask& mask) {
    const Scenario& given = entry.plan.scenario;
    std::string yaml = mask.yaml(entry.yaml);
    if (yaml == entry.yaml) {
      return given;
    }
    auto masked = scenario_from(yaml, given.name, given.file);
    for (const std::string& name : mask.names()) {
      if (!masked || masked->workload.env[name] != Mask::kMasked) {
        return usage_error("the value of " + name +
                           " cannot be masked: write it behind its name, on "
                           "one line");
      }
    }
    return masked;
  }

  // Evidence that cannot be kept (a full disk) is an error of its own; the
  // verdict that was reached is told all the same.
  void keep(const Entry& entry, const Job& job, const Evidence& evidence,
            Judgement& out) {
    std::string below = entry.folder;
    if (job.repeat > 0) {
      below += "/repeat-" + std::to_string(job.repeat);
    }
    Mask mask(entry.plan.scenario.workload, session_.options().environment,
              entry.yaml);
    KeptTexts texts{mask.yaml(entry.yaml), mask.text(plan_text(entry.plan))};
    auto folder = open_kept_below(options_.evidence, below);
    Result<> written =
        folder ? keep_evidence(*folder, evidence, entry.plan.scenario, texts)
               : folder.error();
    if (written) {
      out.evidence = folder->path.string();
      return;
    }
    not_kept(written.error(), out);
  }

  static void not_kept(const Error& error, Judgement& out) {
    Finding finding;
    finding.verdict = Verdict::error;
    finding.because = "evidence not kept (the run itself: " +
                      std::string(verdict_name(out.verdict)) +
                      "): " + error.what;
    out.findings.push_back(finding);
    out.verdict = worse(out.verdict, Verdict::error);
  }

  Session& session_;
  const std::vector<Entry>& entries_;
  const Options& options_;
};

// First line: words; the rest: free text.
struct Framed {
  std::vector<std::int64_t> words;
  std::string rest;
};

std::string frame(const Framed& framed) {
  std::string out;
  for (std::int64_t word : framed.words) {
    out += std::to_string(word) + " ";
  }
  return out + "\n" + framed.rest;
}

Framed unframe(const std::string& text) {
  std::size_t end = std::min(text.find('\n'), text.size());
  Framed out;
  std::istringstream words(text.substr(0, end));
  for (std::int64_t word = 0; words >> word;) {
    out.words.push_back(word);
  }
  out.rest = end < text.size() ? text.substr(end + 1) : "";
  return out;
}

Golden golden_from(std::int64_t number) {
  return number == 1 ? Golden::good : number == 2 ? Golden::bad : Golden::none;
}

Session::Options session_options(const Options& options, int socket,
                                 const std::vector<std::string>& environment) {
  Session::Options out;
  out.environment = environment;
  out.version = FAULTRIG_VERSION;
  out.keep_output = parse_bytes(options.keep_output)->count;
  out.stop_fd = socket;
  return out;
}

}  // namespace

std::string job_text(const Job& job) {
  return frame({{job.golden ? 1 : 0, static_cast<std::int64_t>(job.entry),
                 job.repeat, static_cast<int>(job.result.golden)},
                job.result.trouble});
}

Result<Job> parse_job(const std::string& text) {
  Framed framed = unframe(text);
  if (framed.words.size() != 4) {
    return internal_error("a job is malformed");
  }
  return Job{framed.words[0] == 1,
             static_cast<std::size_t>(framed.words[1]),
             static_cast<int>(framed.words[2]),
             {golden_from(framed.words[3]), framed.rest}};
}

std::string outcome_text(const Job& job, const JobOutcome& outcome) {
  if (!job.golden) {
    return judgement_line(outcome.judgement);
  }
  bool skipped = !outcome.skip.empty();
  return frame({{skipped ? 1 : 0, static_cast<int>(outcome.golden.golden)},
                skipped ? outcome.skip : outcome.golden.trouble});
}

Result<JobOutcome> parse_outcome(const Job& job, const std::string& text) {
  JobOutcome out;
  if (!job.golden) {
    TRY_ASSIGN(out.judgement, parse_judgement_line(text));
    return out;
  }
  Framed framed = unframe(text);
  if (framed.words.size() != 2) {
    return internal_error("an outcome is malformed");
  }
  if (framed.words[0] == 1) {
    out.skip = framed.rest;
  } else {
    out.golden = {golden_from(framed.words[1]), framed.rest};
  }
  return out;
}

int work(int socket, const std::vector<Entry>& entries, const Options& options,
         const std::vector<std::string>& environment) {
  auto session = Session::open(session_options(options, socket, environment));
  while (true) {
    if (session && !session->healthy()) {
      session = internal_error("the shim is gone");  // cleans up
      session = Session::open(session_options(options, socket, environment));
    }
    await_text(socket);
    // A job may still wait in the socket of a parent that has hung up.
    auto text = session && session->stopped()
                    ? Result(std::optional<std::string>())
                    : receive_text(socket);
    if (!text || !*text) {
      return 0;
    }
    auto job = parse_job(**text);
    if (!job || job->entry >= entries.size()) {
      return 3;
    }
    JobOutcome outcome;
    if (session) {
      outcome = Workshop(*session, entries, options).work(*job);
    } else {
      outcome.golden = {Golden::bad, session.error().what};
      outcome.judgement =
          verdict_of_error(entries[job->entry].plan, session.error());
    }
    if (!send_text(socket, outcome_text(*job, outcome))) {
      return 0;
    }
  }
}

}  // namespace faultrig
