#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "harness/base/fd.h"
#include "harness/os/inet_sockets.h"
#include "harness/run/byte_pace.h"
#include "harness/run/byte_queue.h"
#include "harness/run/crowd.h"
#include "harness/run/dependency_book.h"
#include "harness/run/dns_frames.h"
#include "harness/run/http_requests.h"
#include "harness/run/loop.h"

namespace faultrig {

// One connection of the workload to a dependency, as two of ours, and what
// faults do to what goes through. Ends as either side ends it.
class ProxiedStream : public std::enable_shared_from_this<ProxiedStream> {
 public:
  // `server`: connect(2) has been called for it.
  ProxiedStream(Crowd& crowd, Loop& loop, DependencyBook& book,
                DependencyUse use, Fd server);
  ProxiedStream(const ProxiedStream&) = delete;
  ProxiedStream& operator=(const ProxiedStream&) = delete;
  ~ProxiedStream();

  DependencyUse& use() { return use_; }
  // Called once when it has ended; may let go of it.
  void on_end(std::function<void()> over) { over_ = std::move(over); }
  // That connect(2) goes on: calls `settled` once, when the server's side
  // stands or never will (errno).
  void await_server(std::function<void(int error)> settled);
  // That connect(2) is over.
  void server_settled(int error);
  // The workload's side, from now on. `sockets`: of its network, where it is
  // of TCP.
  void attach(Fd client, std::shared_ptr<InetSockets> sockets);
  // Has the workload not closed it yet?
  bool is_open() const;

  // This fault has begun: what it does to a connection that stands.
  void begin(std::size_t fault);
  // A fault has ended, or its time has come: lets go what may go.
  void pump();
  // Ends both sides with a reset.
  void reset();

 private:
  using Mode = DependencyMode;
  // One of its two sides.
  struct Side {
    Fd socket;
    ByteQueue out;           // to it
    bool ready = false;      // it is connected
    bool ended = false;      // it sends nothing more
    bool told_end = false;   // nor do we
    bool blocked = false;    // it takes no more now
    int watched = 0;         // events
    std::uint64_t sent = 0;  // of an answer, while `cut` is active
    BytePace pace;           // of `bandwidth`
    std::shared_ptr<InetSockets> sockets;  // of its network; none: not known
  };
  void on_client(short events);
  void on_server(short events);
  void read_from(Side& side, Side& to);
  void took(std::string bytes, Side& from, Side& to);
  void lead_requests();
  bool holds();
  void send_to(Side& side, Side& from);
  std::uint64_t bound(Side& side, std::optional<std::size_t> cuts,
                      ByteQueue::Time now);
  void keep_pace(Side& side, const ByteQueue::Sent& sent, ByteQueue::Time now);
  void cut(std::size_t fault);
  void break_off(std::size_t fault);
  void wake_at(ByteQueue::Time time);
  void look_for_end();
  void watch(Side& side, Side& other);

  Crowd& crowd_;
  Loop& loop_;
  DependencyBook& book_;
  DependencyUse use_;
  Side client_;
  Side server_;
  std::function<void(int)> settled_;
  std::function<void()> over_;
  std::optional<HttpRequests> requests_;  // where one may be answered
  DnsStream names_{use_.names, {use_.to, use_.pid}};
  ByteQueue::Time asked_{};  // when it sent something last
  int server_error_ = 0;
  bool cut_ = false;
  bool done_ = false;
  std::optional<ByteQueue::Time> wakes_;
};

}  // namespace faultrig
