// Both ends of a loopback connection are in one dump, and what one end has sent
// is at the other end already: the kernel delivers it before send(2) returns. A
// socket without an inode belongs to no process: before accept(2) not yet,
// after close(2) no more, and its state tells which. Bytes that are not
// acknowledged prove nothing: an acknowledgement may be late (TCP_QUICKACK in
// tcp(7)). Of TLS what comes first at our end may be a ticket, and no answer.
// Bytes are read in their order: where more of them are unread than follow a
// request, its own end is among them.
#include "harness/load/whereabouts.h"

#include <netinet/tcp.h>

#include <map>
#include <utility>

namespace faultrig {

namespace {

using Ends = std::pair<InetAddress, InetAddress>;
using Table = std::map<Ends, const InetSocket*>;
using Step = OpenConnection::Step;

Table table_of(const std::vector<InetSocket>& dump) {
  Table table;
  for (const InetSocket& socket : dump) {
    table[{socket.local, socket.remote}] = &socket;
  }
  return table;
}

const InetSocket* find(const Table& table, const InetAddress& local,
                       const InetAddress& remote) {
  auto found = table.find({local, remote});
  return found == table.end() ? nullptr : found->second;
}

bool is_open(const InetSocket* socket) {
  return socket != nullptr &&
         (socket->state == TCP_ESTABLISHED || socket->state == TCP_CLOSE_WAIT);
}

bool is_connecting(const InetSocket* socket) {
  return socket != nullptr &&
         (socket->state == TCP_SYN_SENT || socket->state == TCP_ESTABLISHED);
}

// Bytes that wait to be read at an end whose other one may have closed: its FIN
// is counted as one (inet_csk_diag_fill in the kernel's tcp_diag.c).
bool has_bytes(const InetSocket* socket) {
  return socket != nullptr &&
         socket->received > (socket->state == TCP_CLOSE_WAIT ? 1U : 0U);
}

InFlight where_is(const OpenConnection& one, const InetSocket* ours,
                  const InetSocket* theirs) {
  Step step = one.step;
  bool answered = step == Step::asked && !one.mixed && has_bytes(ours);
  if (step == Step::answering || answered) {
    return InFlight::answering;
  }
  if (theirs == nullptr || theirs->state == TCP_SYN_RECV) {
    return is_connecting(ours) ? InFlight::backlog : InFlight::gone;
  }
  if (!is_open(theirs)) {
    return InFlight::gone;
  }
  if (theirs->inode == 0) {
    return InFlight::backlog;
  }
  if (step == Step::quiet) {
    return InFlight::idle;
  }
  if (step == Step::sending) {
    return InFlight::half_sent;
  }
  if (theirs->received <= one.behind) {
    return InFlight::read_unanswered;
  }
  return theirs->received - one.behind < one.asked ? InFlight::partly_read
                                                   : InFlight::sent_unread;
}

}  // namespace

std::set<std::uint64_t> other_ends(
    const std::vector<OpenConnection>& connections,
    const std::vector<InetSocket>& dump) {
  Table table = table_of(dump);
  std::set<std::uint64_t> inodes;
  for (const OpenConnection& one : connections) {
    const InetSocket* theirs = find(table, one.remote, one.local);
    if (one.local.port != 0 && theirs != nullptr && theirs->inode != 0) {
      inodes.insert(theirs->inode);
    }
  }
  return inodes;
}

std::vector<MarkedConnection> whereabouts(
    const std::vector<OpenConnection>& connections,
    const std::vector<InetSocket>& dump, const std::set<std::uint64_t>* held) {
  Table table = table_of(dump);
  std::vector<MarkedConnection> marked;
  for (const OpenConnection& one : connections) {
    MarkedConnection mark{one.load, one.n, one.connection, InFlight::backlog};
    if (one.local.port != 0) {
      const InetSocket* theirs = find(table, one.remote, one.local);
      mark.where = where_is(one, find(table, one.local, one.remote), theirs);
      bool strange = held != nullptr && theirs != nullptr &&
                     theirs->inode != 0 && !held->contains(theirs->inode);
      mark.where = strange ? InFlight::strange : mark.where;
    }
    marked.push_back(std::move(mark));
  }
  return marked;
}

}  // namespace faultrig
