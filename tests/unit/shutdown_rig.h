#pragma once

// Shutdown maps of made-up services.
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/campaign/frame.h"
#include "harness/campaign/shutdown_source.h"
#include "harness/report/shutdown_report.h"

namespace faultrig {

class Nowhere : public Sink<StopOutcome> {
 public:
  void progress(const std::string& what) override { shown.push_back(what); }
  void result(const StopOutcome& made) override { results.push_back(made); }
  std::vector<std::string> shown;
  std::vector<StopOutcome> results;
};

inline Recording start(const std::string& how = "http") {
  Recording out;
  out.how = how;
  out.port = 8080;
  for (const char* name : {"openat", "socket", "bind", "listen", "accept4"}) {
    out.calls.push_back({name, name[0] == 'o' ? "/etc/app.conf" : "",
                         std::chrono::milliseconds(out.calls.size())});
  }
  return out;
}

// Ends as a server does that handles the signal from listen(2) on.
inline StopOutcome late_handler(const std::string& yaml) {
  for (const char* moment : {"when: start", "nth: 1}", "nth: 2}", "nth: 3}"}) {
    if (yaml.find(moment) != std::string::npos) {
      return {StopOutcome::End::unhandled};
    }
  }
  return {StopOutcome::End::exited, 0};
}

// One that is asked for something has been, in each run.
inline StopOutcome asked(StopOutcome outcome, const std::string& yaml) {
  RequestCounts& requests = outcome.requests;
  bool loaded = yaml.find("- http") != std::string::npos;
  requests.under_way += loaded && requests.asked_before == 0 ? 1 : 0;
  return outcome;
}

class Shutdowns : public ::testing::Test {
 protected:
  Shutdowns() {
    ask.asked.command = {"./server", "--name=\"a\\b\"\n"};
    ask.cwd = "/";
  }
  // Does all that is asked for; gives the YAML of each run.
  std::vector<std::string> done(
      ShutdownSource& source,
      const std::function<StopOutcome(const std::string&)>& service,
      const Recording& recording) {
    std::vector<std::string> runs;
    while (auto task = source.next()) {
      FramedText order = *parse_frame(task->order, 3);
      runs.push_back(order.rest);
      Recording asking;
      asking.unasked = unasked(order.rest);
      source.learned(*task, order.words[0] == 1 ? recording_line(recording)
                            : order.words[0] == 2
                                ? recording_line(asking)
                                : stop_outcome_line(
                                      asked(service(order.rest), order.rest)));
    }
    return runs;
  }

  // Why it is not to be asked, when it was asked in a run of this YAML.
  std::function<std::string(const std::string&)> unasked =
      [](const std::string&) { return "it never answered HTTP within 5 s"; };
  ShutdownAsk ask;
  Nowhere sink;
};

}  // namespace faultrig
