#pragma once

#include <string>
#include <vector>

#include "harness/cli/catalogue.h"
#include "harness/cli/options.h"
#include "harness/model/verdict.h"
#include "harness/run/runner.h"

namespace faultrig {

// What a worker is asked: the golden run of an entry's workload, or the entry
// itself with what its golden run gave.
struct Job {
  bool golden = false;
  std::size_t entry = 0;
  int repeat = 0;
  GoldenResult result;
};

// What it answers.
struct JobOutcome {
  // golden: how it went, or why this entry cannot run here.
  GoldenResult golden;
  std::string skip;
  // otherwise:
  Judgement judgement;
};

std::string job_text(const Job& job);
Result<Job> parse_job(const std::string& text);
std::string outcome_text(const Job& job, const JobOutcome& outcome);
Result<JobOutcome> parse_outcome(const Job& job, const std::string& text);

// The body of a worker process: does jobs from `socket` until it closes. Gives
// the exit code. Each job is answered, errors included.
int work(int socket, const std::vector<Entry>& entries, const Options& options,
         const std::vector<std::string>& environment);

}  // namespace faultrig
