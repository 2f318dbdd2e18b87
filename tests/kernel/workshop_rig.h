#pragma once

#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/os/cgroup.h"
#include "harness/os/shim_processes.h"
#include "tests/kernel/command_folder.h"
#include "tests/kernel/patience.h"
#include "tests/kernel/web_client.h"

namespace faultrig {

inline const std::string kQuickLesson = R"(---
title: A shell <b>ends</b>
workload:
  command: [sh, -c, "echo '</script>'; exit 3"]
ask:
  - {question: 'What does it exit with?', of: shell, answers: [0, 3], right: 3}
lost_at: shell
---
It ends.

## Why

It was told to.
)";

class WorkshopServer : public CommandFolder {
 protected:
  void SetUp() override {
    tag_ = "33" + std::to_string(getpid());  // no other sleep is that long
    write("lessons/01-quick.md", kQuickLesson);
    write("lessons/02-sleeps.md",
          "---\ntitle: It sleeps\nworkload:\n  command: [sleep, '" + tag_ +
              "']\n  deadline: 100s\nask:\n  - {question: 'How does it end?', "
              "of: command, answers: [0, 3], right: 0}\n---\nIt sleeps.\n\n"
              "## Why\n\nIt was told to.\n");
  }

  void TearDown() override {
    if (server_) {
      kill(server_->pid(), SIGKILL);
      (void)server_->end();
    }
  }

  void start() {
    server_.emplace(std::vector<std::string>{faultrig_program(), "workshop",
                                             "--lessons", "lessons"},
                    folder());
    std::string said = server_->await("Ctrl-C");
    std::size_t from = said.find("127.0.0.1:") + 10;
    port_ = std::atoi(said.c_str() + from);
    std::size_t path = said.find('/', from);
    path_ = said.substr(path, said.find('\n') - path);
    for (int pid : descendants_of(server_->pid())) {
      owners_.insert(pid);
    }
    owners_.insert(server_->pid());
  }

  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }

  std::string head(const std::string& method, const std::string& path) const {
    return method + " " + path_ + path + " HTTP/1.1\r\nHost: " + host() +
           "\r\n";
  }

  // The answer to one request, whole.
  std::string ask(const std::string& request) const {
    WebClient client(port_);
    client.say(request);
    return client.rest();
  }

  std::string ask(const std::string& method, const std::string& path) const {
    return ask(head(method, path) + "Connection: close\r\n\r\n");
  }

  WebClient events() const {
    WebClient client(port_);
    client.say(head("GET", "events") + "\r\n");
    (void)client.await(": hello");
    return client;
  }

  Outcome end(int signal) {
    kill(server_->pid(), signal);
    Outcome outcome = server_->end();
    server_.reset();
    return outcome;
  }

  bool sleeps() const {
    for (int pid : descendants_of(1)) {
      if (command_of(pid).ends_with("sleep " + tag_)) {
        return true;
      }
    }
    return false;
  }

  // Folders and groups that are named after a process of the server's.
  std::vector<std::string> leftovers() const {
    CgroupPlaces places = find_cgroup_places();
    std::vector<std::string> out;
    for (const std::string& place :
         {std::string("/dev/shm"), std::string("/tmp"), std::string("/var/tmp"),
          places.memory, places.kill}) {
      std::error_code failed;
      for (std::filesystem::directory_iterator at(place, failed), last;
           !failed && at != last; at.increment(failed)) {
        if (is_owned(at->path().filename().string())) {
          out.push_back(at->path().string());
        }
      }
    }
    return out;
  }

  // As owner_name() has it: `faultrig-NAMESPACE-PID-...`.
  bool is_owned(const std::string& name) const {
    std::size_t at = name.find('-', std::string("faultrig-").size());
    return name.starts_with("faultrig-") && at != std::string::npos &&
           owners_.contains(std::atoi(name.c_str() + at + 1));
  }

  std::optional<Program> server_;
  std::set<int> owners_;
  int port_ = 0;
  std::string path_;
  std::string tag_;
};

}  // namespace faultrig
