#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/run/session.h"

namespace faultrig::bench {

// Milliseconds that `deed` takes.
double time_of(const std::function<void()>& deed);
double median(std::vector<double> numbers);

// Starts argv by vfork(2) and waits for it; stdout and stderr to /dev/null
// unless `out` is wanted. Gives stdout.
std::string spawn(const std::vector<std::string>& argv, bool keep_output);

// A program that runs until this object is gone; its stdout is ours to read.
class Running {
 public:
  explicit Running(const std::vector<std::string>& argv);
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running();

  int pid() const { return pid_; }
  // The number on its first line; 0: it has none.
  int number() const;

 private:
  int pid_ = -1;
  Fd out_;
};

// The plan of a scenario given as text, and one run of it; gives its stdout.
Plan plan_of(const std::string& yaml);
std::string run_once(Session& session, const Plan& plan);
Session open_session(bool pool_groups);

// Where the programs of this benchmark are.
std::string beside_us(const std::string& name);
bool installed(const std::string& program);

// One row of the table.
void row(const std::string& what, const std::string& value,
         const std::string& aim);
std::string ratio_text(double ratio);

// Each prints its rows.
void launch();      // one run over vfork+exec+wait
void calls();       // intercepted calls, beside strace
void exactness();   // nth over four threads
void flood();       // a test that prints 1 GiB
void profiles();    // of Go's own, of tests
void spans();       // received from a test
void throughput();  // runs a second
void looks();       // at the goroutines of a program that goes on
void world();       // faults of the world before they strike
void witness();     // one more package under `go test -exec`

}  // namespace faultrig::bench
