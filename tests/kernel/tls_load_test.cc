// Requests over TLS: real servers, real sockets.
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/os/scratch.h"
#include "tests/kernel/patience.h"
#include "tests/kernel/service_rig.h"

namespace faultrig {
namespace {

using testing::HasSubstr;

Load over_tls(const std::string& path = "/") {
  Load load;
  load.path = path;
  load.tls = true;
  load.rate = 0.001;  // one
  return load;
}

Ready ready_over_tls() {
  return {.kind = Ready::Kind::http, .text = "/", .tls = true};
}

TEST(TlsLoad, IsAnsweredWhoseverTheCertificateIs) {
  Load load = over_tls();
  load.rate = 0;  // a closed loop
  Server server("tls");
  Drive drive(server, service_with(load));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  RequestRecord first = drive.await_request(1);
  EXPECT_EQ(first.end, RequestEnd::answered);
  EXPECT_EQ(first.status, 200);
  EXPECT_TRUE(first.delivered);
  EXPECT_LE(first.connected_ns, first.sent_ns);
  RequestRecord third = drive.await_request(3);
  EXPECT_EQ(third.end, RequestEnd::answered);
  EXPECT_TRUE(third.reused);
}

TEST(TlsLoad, ShowsThatAServiceIsReady) {
  Server server("tls");
  Drive drive(server, service_with(over_tls(), ready_over_tls()));
  EXPECT_EQ(drive.await<ServiceReady>().speech, Speech::http);
}

TEST(TlsLoad, NeverTakesPlainTextForTls) {
  Server server("hello");
  Service service = service_with(over_tls(), ready_over_tls());
  service.ready_within = std::chrono::milliseconds(200) * slowness();
  Drive drive(server, service);
  EXPECT_THAT(drive.await<NeverReady>().why, HasSubstr("speaks no TLS"));
  Drive second(server, service_with(over_tls(), {.kind = Ready::Kind::tcp}));
  second.await<ServiceReady>();
  second.driver().begin_load();
  RequestRecord record = second.await_request(1);
  EXPECT_EQ(record.end, RequestEnd::refused);
  EXPECT_EQ(record.os_errno, EPROTO);
  EXPECT_EQ(record.connected_ns, 0);
}

TEST(TlsLoad, TellsWhatTheServerHasReadThoughTicketsWaitForUs) {
  Server server("tls");
  Drive drive(server, service_with(over_tls("/wait")));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  drive.mark_until(InFlight::read_unanswered);
  server.tell(SIGUSR1);
  EXPECT_EQ(drive.await_request(1).end, RequestEnd::answered);
}

TEST(TlsLoad, TellsARequestThatAStoppedServerHasNotRead) {
  Load load = over_tls();
  load.rate = 0;  // a closed loop
  Server server("tls");
  Drive drive(server, service_with(load));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  drive.await_request(10);
  // One that was stopped in the midst of an answer is let go on.
  EXPECT_TRUE(eventually([&] {
    server.stop();
    bool unread = false;
    for (int i = 0; i < 20 && !unread; ++i) {
      unread = drive.stands_at() == InFlight::sent_unread;
    }
    server.go_on();
    return unread;
  }));
}

// A module of the machine's OpenSSL is none for the one that we bring.
TEST(TlsLoad, AsksNothingOfTheMachinesOpenSsl) {
  TempDir folder = make_scratch(owner_name() + ".openssl").value();
  std::string file = folder.path() / "openssl.cnf";
  std::ofstream(file) << "openssl_conf = all\nconfig_diagnostics = 1\n"
                         "[all]\nproviders = these\n[these]\nown = one\n"
                         "[one]\nmodule = /nowhere.so\nactivate = 1\n";
  setenv("OPENSSL_CONF", file.c_str(), 1);
  Server server("tls");
  Drive drive(server, service_with(over_tls(), ready_over_tls()));
  unsetenv("OPENSSL_CONF");
  EXPECT_EQ(drive.await<ServiceReady>().speech, Speech::http);
}

// The body of HTTP/1.0 ends with its connection, but TLS says when that is.
TEST(TlsLoad, TellsAnAnswerWhoseTlsWasCut) {
  Server server("tls_cuts");
  Drive drive(server, service_with(over_tls(), {.kind = Ready::Kind::tcp}));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  RequestRecord record = drive.await_request(1);
  EXPECT_EQ(record.end, RequestEnd::cut);
  EXPECT_EQ(record.os_errno, EPROTO);
  EXPECT_FALSE(record.complete);
}

TEST(TlsLoad, IsOverWhenTheServerIsKilledInItsAnswer) {
  Server server("tls");
  Drive drive(server, service_with(over_tls("/wait")));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  drive.mark_until(InFlight::read_unanswered);
  server.kill();
  EXPECT_EQ(drive.await_request(1).end, RequestEnd::reset);
}

}  // namespace
}  // namespace faultrig
