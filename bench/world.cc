// What faults of the world cost a program before they strike: a dial that is
// redirected, a byte that is passed on, a clock that is another one, calls that
// are asked for the room they need. Beside toxiproxy and libfaketime, where
// they are installed.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "bench/bench.h"

namespace faultrig::bench {

namespace {

constexpr int kRounds = 7;

using Words = std::vector<std::string>;

double number_of(const std::string& text) {
  return std::strtod(text.c_str(), nullptr);
}

std::string list_of(const Words& argv) {
  std::string out;
  for (const std::string& word : argv) {
    out += (out.empty() ? "'" : ", '") + word + "'";
  }
  return "[" + out + "]";
}

// What the program says in another way, over what it says as it is.
void compare(const std::string& what, const Words& bare,
             const std::function<std::string()>& other) {
  std::vector<double> ratios;
  for (int i = 0; i < kRounds; ++i) {
    double plain = number_of(spawn(bare, true));
    ratios.push_back(number_of(other()) / plain);
  }
  row(what, ratio_text(median(ratios)), "");
}

// What it says below a fault.
void compare_below(const std::string& what, const Words& argv,
                   const std::string& fault) {
  Session session = open_session(true);
  Plan plan = plan_of("workload: {command: " + list_of(argv) + "}\nfaults: [" +
                      fault + "]\n");
  compare(what, argv, [&] { return run_once(session, plan); });
}

void compare_with(const std::string& what, const Words& bare,
                  const Words& other) {
  compare(what, bare, [&] { return spawn(other, true); });
}

Words go_loop(const std::string& word, const std::string& count,
              const std::string& more = "") {
  Words out{beside_us("bench_goloop"), word, count};
  if (!more.empty()) {
    out.push_back(more);
  }
  return out;
}

std::string at(int port) { return "127.0.0.1:" + std::to_string(port); }

void beside_toxiproxy(int port) {
  const std::string program = "toxiproxy-server";
  if (!installed(program)) {
    row("toxiproxy, the same", "not installed", "");
    return;
  }
  int front = Running(go_loop("serve", "")).number();  // free from now on
  std::string file = std::filesystem::temp_directory_path() / "bench-toxi.json";
  std::ofstream(file) << R"([{"name": "a", "enabled": true, "listen": ")"
                      << at(front) << R"(", "upstream": ")" << at(port)
                      << "\"}]";
  // What nobody reads of its log would hold it up.
  Running proxy({"env", "LOG_LEVEL=panic", program, "-config", file, "-port",
                 std::to_string(Running(go_loop("serve", "")).number())});
  std::this_thread::sleep_for(std::chrono::seconds(1));
  compare_with("a dial, to a port of toxiproxy's",
               go_loop("dial", "500", at(port)),
               go_loop("dial", "500", at(front)));
  compare_with("a byte, the same", go_loop("copy", "200000", at(port)),
               go_loop("copy", "200000", at(front)));
  std::filesystem::remove(file);
}

// Nobody is compared with what does nothing.
bool is_reached(const Words& fake, const std::string& program) {
  Words shifted = fake;
  shifted.insert(shifted.end(), {program, "wall"});
  return number_of(spawn(shifted, true)) -
             number_of(spawn({program, "wall"}, true)) >
         3000;
}

void beside_faketime() {
  Words loop{beside_us("bench_loop_shared"), "time", "300000"};
  compare_below("C clock_gettime, the clock an hour ahead", loop,
                "clock: {jump: 1h}");
  if (!installed("faketime")) {
    row("libfaketime, the same", "not installed", "");
    return;
  }
  Words fake{"faketime", "-f", "+1h"};
  if (!is_reached(fake, loop.front())) {
    row("libfaketime, the same", "does not reach it", "");
    return;
  }
  fake.insert(fake.end(), loop.begin(), loop.end());
  compare_with("libfaketime, the same (a Go program it does not reach)", loop,
               fake);
}

}  // namespace

void world() {
  Running server(go_loop("serve", ""));
  int port = server.number();
  // Nothing goes wrong as long as fewer are open.
  auto fault = [&](const std::string& most) {
    return "dependency: {to: " + std::to_string(port) +
           ", connections: " + most + ", optional: true}";
  };
  Words dials = go_loop("dial", "500", at(port));
  compare_below("a dial, redirected (dependency)", dials, fault("100000"));
  // Of each that has not ended yet the kernel is asked whether it is closed.
  compare_below("a dial, where one may be open", dials, fault("1"));
  compare_below("a byte, passed on (dependency)",
                go_loop("copy", "200000", at(port)), fault("100000"));
  beside_toxiproxy(port);
  compare_below("Go time.Now, the clock an hour ahead",
                go_loop("now", "300000"), "clock: {jump: 1h}");
  beside_faketime();
  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / "bench-world";
  std::filesystem::create_directory(folder);
  compare_below(
      "Go pwrite of a byte, beside disk", go_loop("pwrite", "20000", folder),
      "disk: {path: '" + folder.string() + "', size: 4MiB, optional: true}");
  std::filesystem::remove_all(folder);
}

}  // namespace faultrig::bench
