// Prints one table. Ratios, each from pairs taken alternately in this run:
// machines are shared, and absolute times say little.
#include <sys/utsname.h>

#include <cstdio>
#include <cstring>

#include "bench/bench.h"

int main(int argc, char** argv) {
  struct Part {
    const char* name;
    void (*run)();
  };
  constexpr Part kParts[] = {{"launch", faultrig::bench::launch},
                             {"calls", faultrig::bench::calls},
                             {"exactness", faultrig::bench::exactness},
                             {"flood", faultrig::bench::flood},
                             {"throughput", faultrig::bench::throughput},
                             {"world", faultrig::bench::world},
                             {"looks", faultrig::bench::looks},
                             {"profiles", faultrig::bench::profiles},
                             {"spans", faultrig::bench::spans},
                             {"witness", faultrig::bench::witness}};
  std::printf("| %-52s | %12s | %-9s |\n|---|---|---|\n", "what", "measured",
              "aim");
  for (const Part& part : kParts) {
    bool wanted = argc < 2;
    for (int i = 1; i < argc; ++i) {
      wanted = wanted || std::strcmp(argv[i], part.name) == 0;
    }
    if (wanted) {
      part.run();
    }
  }
  return 0;
}
