#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/load/listeners.h"
#include "harness/load/news.h"
#include "harness/load/probe.h"
#include "harness/load/target.h"
#include "harness/model/service.h"

namespace faultrig {

// Finds out when a service is ready, and at which of its listeners. One that is
// ready when somebody else says so is only looked for its port, then.
class Readiness {
 public:
  // `tell` is called once, with ServiceReady or NeverReady.
  Readiness(Reactor& reactor, InetSockets& sockets, const Service& service,
            std::function<void(const DriverNews&)> tell);
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;
  ~Readiness();

  // `output`, `file`: it is ready, somebody says.
  void be_ready() { said_ready_ = true; }
  // Is there no doubt at which listener of several a load is to be?
  bool is_certain(const Listeners& listeners) const;
  // Asks each which it is; tells ServiceReady once more, of the one to talk to.
  void ask_which();
  // Looks at what is listened on now; asks there what is to be asked.
  void look(const Listeners& listeners);
  bool is_told() const { return told_; }
  // The listener to talk to when ServiceReady was told; nothing: it has none.
  const std::optional<InetSocket>& chosen() const { return chosen_; }

 private:
  using Candidates = std::vector<InetSocket>;
  void ask_all(const std::string& path);
  void ask();
  void decide();
  void decide_listening();
  void decide_tcp();
  void decide_http();
  void decide_serving();
  void decide_told();
  bool is_known(const InetSocket& listener, const Probe& probe) const;
  void note_silence();
  void note_failure(const InetSocket& at, const Probe& probe);
  void tell_ready(const InetSocket* at, Speech speech);
  void tell_never(const Listeners& listeners);
  std::string why_not(const Listeners& listeners) const;
  void tidy();
  Probe* probe_of(const InetSocket& listener);

  Reactor& reactor_;
  InetSockets& sockets_;
  Ready ready_;
  bool has_load_;
  std::int64_t deadline_ns_;
  std::function<void(const DriverNews&)> tell_;
  bool said_ready_ = false;
  bool told_ = false;
  std::string last_;  // what the last answer lacked
  Candidates candidates_;
  std::vector<std::string> addresses_;
  std::optional<InetSocket> chosen_;
  std::map<InetAddress, std::unique_ptr<Probe>> probes_;
  std::set<InetAddress> silent_;  // those of them that read and say nothing
};

}  // namespace faultrig
