#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "harness/base/fd.h"
#include "harness/os/inet_sockets.h"
#include "harness/run/dns_book.h"
#include "harness/run/dns_door.h"

namespace faultrig {

// One socket of the workload's that was led to a door, and the resolver that
// it meant. Book and door must outlive it.
class DnsFlow {
 public:
  // Where it came from.
  struct Origin {
    DnsAsker asker;
    int number = -1;            // by which its process knew the socket
    std::uint64_t cookie = 0;   // of the socket
    InetAddress bound;          // where that is bound
    std::string resolver = {};  // a sockaddr
  };
  DnsFlow(DnsBook& book, DnsDoor& door, Origin origin);

  const DnsAsker& asker() const { return origin_.asker; }
  std::uint64_t cookie() const { return origin_.cookie; }
  // Whose messages from its address are: its own, or a stranger's. Where the
  // kernel cannot tell, and where its socket has been closed meanwhile, its
  // own.
  bool is_its_own() const;
  // It has asked this.
  void asks(const DnsDoor::Came& came);
  // It is told this: an answer to that question, or, without one, to none.
  void tell(const std::string& message, const std::string& question);
  // Nobody can tell what came of a question: why. Once.
  void doubt(const std::string& why);

  // Our socket to its resolver: makes it (0 or the errno), sends (0 or the
  // errno), and passes on what has come there.
  int open();
  bool is_open() const { return static_cast<bool>(ahead_); }
  int fd() const { return ahead_.get(); }
  int send(const std::string& message);
  enum class Heard { none, last_answer, refusal };
  Heard receive();
  bool is_owed() const { return !owed_.empty(); }
  // How many answers are lost by that.
  std::size_t close();
  // When it was used last, as its user counts.
  void use(std::uint64_t now) { used_ = now; }
  std::uint64_t used() const { return used_; }
  // Its resolver refuses: so does the kernel on its own socket, which is led to
  // a door of its own for that.
  void refuse();
  // None: it was never refused.
  DnsDoor* own_door() const { return own_door_.get(); }
  void close_own_door() { own_door_.reset(); }
  // Has its socket been closed, as far as the kernel tells?
  bool is_closed() const;
  // What was sent to be refused came through: it has to be refused again.
  bool is_to_be_refused(const std::string& message) const;

 private:
  DnsDoor& door() const { return own_door_ ? *own_door_ : door_; }
  bool refuse_on(Fd socket);
  bool make_own_door(const Fd& socket);
  bool say_to_shut_door(Fd socket);

  DnsBook& book_;
  DnsDoor& door_;
  std::unique_ptr<DnsDoor> own_door_;
  Origin origin_;
  std::string host_;    // its resolver's
  std::string client_;  // the sockaddr from which it asked
  Fd ahead_;
  // The questions on their way, and those that have a good answer, by their
  // ids.
  std::map<std::string, std::string> owed_;
  std::map<std::string, std::string> settled_;
  std::string token_;  // what was sent to be refused
  bool doubted_ = false;
  std::uint64_t used_ = 0;
};

// Of `127.0.0.1:53` or `[::1]:53`.
std::string host_of_address(const std::string& address);

}  // namespace faultrig
