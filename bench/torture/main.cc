// Prints one table: what was done to faultrig, what came of it, and whether
// that is good. Exits 1 if anything is not. `--brief` is what CI has time for.
#include <cstdio>
#include <cstring>

#include "bench/torture/trial.h"

int main(int argc, char** argv) {
  struct Part {
    const char* name;
    void (*run)(bool brief);
  };
  namespace torture = faultrig::torture;
  constexpr Part kParts[] = {
      {"kills", torture::kills},       {"ends", torture::ends},
      {"clock", torture::clock},       {"hostile", torture::hostile},
      {"medicine", torture::medicine}, {"runs", torture::runs},
      {"alike", torture::alike}};
  bool brief = argc > 1 && std::strcmp(argv[1], "--brief") == 0;
  int first = brief ? 2 : 1;
  std::printf("| what | seen | good |\n|---|---|---|\n");
  for (const Part& part : kParts) {
    bool wanted = argc <= first;
    for (int i = first; i < argc; ++i) {
      wanted = wanted || std::strcmp(argv[i], part.name) == 0;
    }
    if (wanted) {
      part.run(brief);
    }
  }
  return torture::bad_rows() == 0 ? 0 : 1;
}
