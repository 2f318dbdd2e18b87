#include "harness/load/whereabouts.h"

#include <netinet/tcp.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultrig {
namespace {

using Step = OpenConnection::Step;

const InetAddress kServer = loopback_v4(8080);
const InetAddress kClient = loopback_v4(40000);

OpenConnection ours(Step step) {
  return {"load", 1, 1, kClient, kServer, step};
}

InetSocket client_end(int state = TCP_ESTABLISHED) {
  return {.local = kClient, .remote = kServer, .state = state, .inode = 7};
}

// As the server's process has accepted it.
InetSocket server_end(std::uint32_t received = 0, int state = TCP_ESTABLISHED) {
  return {.local = kServer,
          .remote = kClient,
          .state = state,
          .inode = 8,
          .received = received};
}

InFlight where(Step step, const std::vector<InetSocket>& dump) {
  return whereabouts({ours(step)}, dump).at(0).where;
}

TEST(Whereabouts, TellWhetherTheServerHasReadARequest) {
  EXPECT_EQ(where(Step::asked, {client_end(), server_end(90)}),
            InFlight::sent_unread);
  EXPECT_EQ(where(Step::asked, {client_end(), server_end()}),
            InFlight::read_unanswered);
}

// A server that has read the first line only has taken the request.
TEST(Whereabouts, TellARequestOfWhichAPartWasRead) {
  OpenConnection asked = ours(Step::asked);
  asked.asked = 90;
  EXPECT_EQ(whereabouts({asked}, {client_end(), server_end(74)}).at(0).where,
            InFlight::partly_read);
  EXPECT_EQ(whereabouts({asked}, {client_end(), server_end(90)}).at(0).where,
            InFlight::sent_unread);
}

// The kernel counts a FIN among what waits to be read.
TEST(Whereabouts, TakeTheEndOfAConnectionForNoAnswer) {
  InetSocket closed = client_end(TCP_CLOSE_WAIT);
  closed.received = 1;
  InetSocket gone = server_end(0, TCP_FIN_WAIT2);
  EXPECT_EQ(where(Step::asked, {closed, gone}), InFlight::gone);
  closed.received = 91;
  EXPECT_EQ(where(Step::asked, {closed, gone}), InFlight::answering);
}

// Another process listens at the same port, and has taken it.
TEST(Whereabouts, TellWhatAStrangerHas) {
  const std::vector<InetSocket> dump{client_end(), server_end()};
  const std::vector<OpenConnection> open{ours(Step::asked)};
  EXPECT_EQ(other_ends(open, dump), std::set<std::uint64_t>{8});
  std::set<std::uint64_t> held;
  EXPECT_EQ(whereabouts(open, dump, &held).at(0).where, InFlight::strange);
  held = {8};
  EXPECT_EQ(whereabouts(open, dump, &held).at(0).where,
            InFlight::read_unanswered);
}

TEST(Whereabouts, DoNotTakeALateAcknowledgementForAnUnreadRequest) {
  InetSocket client = client_end();
  client.unacked = 90;
  EXPECT_EQ(where(Step::asked, {client, server_end()}),
            InFlight::read_unanswered);
}

TEST(Whereabouts, AreTheBacklogWhereNoProcessHasTheOtherEnd) {
  InetSocket waiting = server_end(90);
  waiting.inode = 0;
  for (Step step : {Step::quiet, Step::sending, Step::asked}) {
    EXPECT_EQ(where(step, {client_end(), waiting}), InFlight::backlog);
    // The queue is full: the handshake has only ended on our side.
    EXPECT_EQ(where(step, {client_end(), server_end(0, TCP_SYN_RECV)}),
              InFlight::backlog);
    EXPECT_EQ(where(step, {client_end()}), InFlight::backlog);
  }
  EXPECT_EQ(where(Step::asked, {client_end(TCP_SYN_SENT)}), InFlight::backlog);
}

TEST(Whereabouts, AreGoneWhereTheServerHasClosed) {
  InetSocket closed = server_end(0, TCP_FIN_WAIT2);
  closed.inode = 0;
  EXPECT_EQ(where(Step::asked, {client_end(TCP_CLOSE_WAIT), closed}),
            InFlight::gone);
  EXPECT_EQ(where(Step::asked, {}), InFlight::gone);
  EXPECT_EQ(where(Step::quiet, {client_end(TCP_CLOSE_WAIT)}), InFlight::gone);
}

TEST(Whereabouts, TellAnAnswerThatIsOnOurSideUnread) {
  InetSocket client = client_end();
  client.received = 5;
  EXPECT_EQ(where(Step::asked, {client, server_end()}), InFlight::answering);
  EXPECT_EQ(where(Step::answering, {client_end(), server_end()}),
            InFlight::answering);
}

TEST(Whereabouts, DoNotTakeATicketOfTlsForAnAnswer) {
  OpenConnection mixed = ours(Step::asked);
  mixed.mixed = true;
  InetSocket client = client_end();
  client.received = 5;
  EXPECT_EQ(whereabouts({mixed}, {client, server_end()}).at(0).where,
            InFlight::read_unanswered);
  EXPECT_EQ(whereabouts({mixed}, {client, server_end(90)}).at(0).where,
            InFlight::sent_unread);
}

TEST(Whereabouts, TellHalfARequestFromNone) {
  EXPECT_EQ(where(Step::sending, {client_end(), server_end()}),
            InFlight::half_sent);
  EXPECT_EQ(where(Step::quiet, {client_end(), server_end()}), InFlight::idle);
}

TEST(Whereabouts, AreTheBacklogBeforeThereIsAnAddress) {
  OpenConnection connecting = ours(Step::sending);
  connecting.local = {};
  EXPECT_EQ(whereabouts({connecting}, {}).at(0).where, InFlight::backlog);
}

TEST(Whereabouts, AreOfTheSameConnectionAndNoOther) {
  InetSocket other = server_end();
  other.remote.port = 40001;
  EXPECT_EQ(where(Step::asked, {client_end(), other}), InFlight::backlog);
}

}  // namespace
}  // namespace faultrig
