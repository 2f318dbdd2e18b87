#include <string>

#include <gtest/gtest.h>

#include "harness/parse/scenario_reader.h"
#include "tests/unit/scenario_readings.h"

namespace faultrig {
namespace {

const std::string kAsk = "\nexpect: [{output: {contains: a}}]\n";

Scenario read_good(const std::string& workload, const std::string& rest = "") {
  return good("workload: {" + workload + "}\n" + rest + kAsk.substr(1));
}

Service service_of(const std::string& service) {
  return *read_good("service: {" + service + "}").workload.service;
}

std::string complaint_about(const std::string& workload) {
  return complaints_of("workload: {" + workload + "}" + kAsk);
}

TEST(ServiceReader, AServiceIsAWorkloadOfItsOwn) {
  Workload workload =
      read_good(
          "service: {command: [./server, --addr, ':0'], env: {A: b}, "
          "ready_within: 3s, grace: 2s, network: shared}")
          .workload;
  EXPECT_EQ(workload.command,
            (std::vector<std::string>{"./server", "--addr", ":0"}));
  EXPECT_EQ(workload.env.at("A"), "b");
  EXPECT_EQ(workload.main_link(), Link::service);
  EXPECT_EQ(workload.service->ready_within, std::chrono::seconds(3));
  EXPECT_EQ(workload.service->grace, std::chrono::seconds(2));
  EXPECT_FALSE(workload.service->own_network);
  EXPECT_TRUE(service_of("command: [a]").own_network);
  EXPECT_EQ(complaint_about("command: [a], service: {command: [b]}"),
            "1:26 'service' beside 'command': workload takes exactly one of "
            "go_test, command, service\n");
  EXPECT_EQ(complaint_about("service: {command: []}"),
            "1:31 command must begin with a program\n");
  EXPECT_EQ(complaint_about("service: {go_build: {package: -toolexec=/x}}"),
            "1:42 '-toolexec=/x' is a flag, not a package: write it below "
            "'flags'\n");
}

TEST(ServiceReader, ItsGraceIsNotCutShortByADeadlineThatNobodyWrote) {
  auto deadline = [](const std::string& service, const std::string& more = "") {
    return read_good("service: {command: [a]" + service + "}" + more)
        .workload.deadline;
  };
  EXPECT_EQ(deadline(""), std::chrono::seconds(60));
  EXPECT_EQ(deadline(", grace: 90s"), std::chrono::seconds(140));
  EXPECT_EQ(deadline(", grace: 90s, ready_within: 2m"),
            std::chrono::seconds(250));
  EXPECT_EQ(deadline(", grace: 90s", ", deadline: 30s"),
            std::chrono::seconds(30));
}

TEST(ServiceReader, ItIsReadyByOneSign) {
  auto ready = [](const std::string& text) {
    return service_of("command: [a], ready: {" + text + "}").ready;
  };
  EXPECT_EQ(service_of("command: [a]").ready.kind, Ready::Kind::serving);
  Ready http = ready("http: ':8080/healthz', status: 204");
  EXPECT_EQ(http.kind, Ready::Kind::http);
  EXPECT_EQ(http.port, 8080);
  EXPECT_EQ(http.text, "/healthz");
  EXPECT_EQ(http.status, 204);
  EXPECT_EQ(http.host, "");
  EXPECT_EQ(ready("http: 'http://api.test:81/'").host, "api.test:81");
  EXPECT_EQ(ready("http: 'http://localhost:81'").port, 81);
  EXPECT_EQ(ready("http: 'http://localhost:81'").text, "/");
  EXPECT_EQ(ready("tcp: 5432").port, 5432);
  EXPECT_EQ(ready("listening: true").kind, Ready::Kind::listening);
  EXPECT_EQ(ready("output: ^up$").text, "^up$");
  EXPECT_EQ(ready("file: run/*.pid").kind, Ready::Kind::file);
  EXPECT_EQ(
      complaint_about("service: {command: [a], ready: {tcp: 1, status: 200}}"),
      "1:52 'status' stands only beside 'http'\n");
  for (const std::string wrong : {"a b", "https:/", "ftp:///"}) {
    EXPECT_EQ(complaint_about("service: {command: [a], ready: {http: '" +
                              wrong + "'}}"),
              "1:50 expected a path such as /healthz, :8080/healthz or "
              "https:///healthz, not '" +
                  wrong + "'\n");
  }
}

TEST(ServiceReader, HttpsIsHttpOverTls) {
  for (const auto& [url, port] : std::vector<std::pair<std::string, int>>{
           {"https:///up", 0},
           {"https://:8443/up", 8443},
           {"https://localhost:8443/up", 8443},
           {"https://localhost/up", 443}}) {
    Service service = *read_good("service: {command: [a], ready: {http: '" +
                                 url + "'}}, load: [{http: '" + url + "'}]")
                           .workload.service;
    EXPECT_TRUE(service.ready.tls) << url;
    EXPECT_EQ(service.ready.text, "/up") << url;
    EXPECT_EQ(service.ready.port, port) << url;
    EXPECT_EQ(service.ready.words().substr(0, 9), "https /up") << url;
    EXPECT_TRUE(service.load.at(0).tls) << url;
    EXPECT_EQ(service.load.at(0).path, "/up") << url;
  }
  EXPECT_FALSE(service_of("command: [a], ready: {http: /up}").ready.tls);
}

TEST(ServiceReader, LoadIsAskedOrHeldOpen) {
  std::vector<Load> loads =
      read_good(
          "service: {command: [a]}, load: [{http: {post: /items, body: x, "
          "status: 201}, rate: 20/s, connections: 4, keep_alive: false, name: "
          "writes}, {http: {get: /}}, {open: half_header, count: 5}]")
          .workload.service->load;
  ASSERT_EQ(loads.size(), 3U);
  EXPECT_EQ(loads[0].method, "POST");
  EXPECT_EQ(loads[0].path, "/items");
  EXPECT_EQ(loads[0].body, "x");
  EXPECT_EQ(loads[0].status, 201);
  EXPECT_EQ(loads[0].rate, 20);
  EXPECT_EQ(loads[0].connections, 4);
  EXPECT_FALSE(loads[0].keep_alive);
  EXPECT_EQ(loads[0].name, "writes");
  EXPECT_EQ(loads[1].name, "load");
  EXPECT_EQ(loads[1].rate, 0);
  EXPECT_EQ(loads[2].kind, Load::Kind::half_head);
  EXPECT_EQ(loads[2].connections, 5);
  EXPECT_EQ(complaint_about("command: [a], load: [{open: idle}]"),
            "1:26 only a service is asked for anything\n");
  EXPECT_EQ(complaint_about("service: {command: [a]}, load: [{open: idle, "
                            "rate: 5/s}]"),
            "1:57 'rate' says nothing beside 'open'\n");
  EXPECT_EQ(complaint_about(
                "service: {command: [a]}, load: [{http: {get: /}, rate: 5}]"),
            "1:67 expected a rate such as 100/s, not '5'\n");
}

TEST(ServiceReader, LoadSpeaksSeveralProtocols) {
  std::vector<Load> loads =
      read_good(
          "service: {command: [a], ready: {grpc: db}}, load: [{http: {post: "
          "/up, body: abc, pieces: 3, pause: 2ms, chunked: true, answer: ok}}, "
          "{http: {get: /, version: 2}, connections: 2, streams: 5}, {grpc: "
          "{call: 'https:///a.B/C', message: m, status: 5}}, {grpc: /a.B/C}, "
          "{open: grpc_stream, path: /a.B/S, count: 2, message: m}, {open: "
          "websocket, path: /ws}, {open: sse, path: /e}]")
          .workload.service->load;
  using Protocol = Load::Protocol;
  ASSERT_EQ(loads.size(), 7U);
  EXPECT_EQ(loads[0].sending.pieces, 3);
  EXPECT_EQ(loads[0].sending.pause, std::chrono::milliseconds(2));
  EXPECT_TRUE(loads[0].sending.chunked);
  EXPECT_EQ(loads[0].answer, "ok");
  EXPECT_EQ(loads[1].protocol, Protocol::http2);
  EXPECT_EQ(loads[1].streams, 5);
  EXPECT_EQ(loads[2].protocol, Protocol::grpc);
  EXPECT_TRUE(loads[2].tls);
  EXPECT_EQ(loads[2].body, "m");
  EXPECT_EQ(loads[2].status, 5);
  EXPECT_EQ(loads[3].path, "/a.B/C");
  EXPECT_EQ(loads[3].streams * loads[3].connections, 100);
  EXPECT_EQ(loads[4].kind, Load::Kind::grpc_stream);
  EXPECT_EQ(loads[4].protocol, Protocol::grpc);
  EXPECT_TRUE(loads[4].is_once());
  EXPECT_TRUE(loads[5].is_held());
  EXPECT_TRUE(loads[6].is_once());
}

TEST(ServiceReader, HealthOfGrpcIsOfOneServiceOrOfAll) {
  auto ready = [](const std::string& text) {
    return service_of("command: [a], ready: {grpc: " + text + "}").ready;
  };
  EXPECT_EQ(ready("db.Store").kind, Ready::Kind::grpc);
  EXPECT_EQ(ready("db.Store").text, "db.Store");
  EXPECT_EQ(ready("true").text, "");
  EXPECT_EQ(ready("'https:///db.Store'").text, "db.Store");
  EXPECT_TRUE(ready("'https:///db.Store'").tls);
  EXPECT_EQ(ready("':50051/'").port, 50051);
  EXPECT_EQ(ready("':50051/'").text, "");
}

TEST(ServiceReader, KeysOfOneProtocolSayNothingBesideAnother) {
  EXPECT_EQ(
      complaint_about("service: {command: [a]}, load: [{http: /, streams: 5}]"),
      "1:54 'streams' says nothing beside 'http of version 1.1'\n");
  EXPECT_EQ(complaint_about("service: {command: [a]}, load: [{open: sse, "
                            "message: x}]"),
            "1:56 'message' says nothing beside 'open of another kind than "
            "grpc_stream'\n");
}

TEST(ServiceReader, ItsLinkIsCalledService) {
  std::string service = "workload: {service: {command: [a]}}\n";
  Scenario scenario = good(service + "faults: [{memory: {max: 1GB}}]\n");
  EXPECT_EQ(scenario.faults[0].at, Link::service);
  EXPECT_EQ(complaints_of(service + "faults: [{memory: {max: 1GB, at: go}}]\n"),
            "2:34 a service has no link 'go': only 'service'\n");
}

TEST(ServiceReader, ATriggerMayHaveADelay) {
  std::string service = "workload: {service: {command: [a]}}\n";
  auto when = [&](const std::string& text) {
    return good(service + "faults: [{memory: {max: 1GB, when: " + text +
                "}}]\n")
        .faults[0]
        .when;
  };
  Trigger ready = when("{ready: true, after: 1s}");
  EXPECT_EQ(ready.when, Trigger::When::ready);
  EXPECT_EQ(ready.delay(), std::chrono::seconds(1));
  EXPECT_EQ(ready.text(), "ready, after 1s");
  EXPECT_EQ(when("{call: listen, after: 5ms}").text(),
            "call listen, after 5ms");
  EXPECT_EQ(when("{after: 5ms}").when, Trigger::When::after);
  EXPECT_EQ(complaints_of(service + "faults: [{memory: {max: 1GB, when: "
                                    "{ready: false}}}]\n"),
            "2:44 expected ready: true\n");
  EXPECT_EQ(when("{ready: true, listening: 80, after: 5ms}").text(),
            "listening 80, ready, after 5ms");
}

TEST(ServiceReader, ANumberMayBeOneOfAList) {
  Scenario scenario =
      good(kCommand +
           "expect: [{output: {contains: a}}, {command: {exited: "
           "[0, 143]}}]\n");
  const auto* exited = scenario.expect[1].params.find<NumberTest>("exited");
  ASSERT_NE(exited, nullptr);
  EXPECT_TRUE(exited->holds(0));
  EXPECT_TRUE(exited->holds(143));
  EXPECT_FALSE(exited->holds(1));
  EXPECT_EQ(exited->text(), "0 or 143");
}

}  // namespace
}  // namespace faultrig
