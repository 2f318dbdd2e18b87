// Completions are asked by the shells that they are for, as when somebody
// presses TAB. The gate has these shells; a guest, or whoever builds by hand,
// may not.
#include <gtest/gtest.h>

#include "tests/kernel/command_folder.h"

namespace faultrig {
namespace {

constexpr const char* kTyped =
    "'faultrig ju' 'faultrig run --shar' 'faultrig explain run --al' "
    "'faultrig run --report js' 'faultrig sweep --report sa' "
    "'faultrig run -j 2 fol' 'faultrig run --evidence fol'";

class Completed : public CommandFolder {
 protected:
  bool there(const std::string& shell) const {
    return sh("command -v " + shell).status.text() == "exited 0";
  }
};

TEST_F(Completed, ByBash) {
  write("folder/is_one", "");
  write("ask.bash",
        "source ./it\nfor line in \"$@\"; do\n  COMP_WORDS=($line)\n"
        "  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n  _faultrig\n"
        "  echo \"${COMPREPLY[@]}\"\ndone\n"
        "COMP_WORDS=(faultrig run --color '') COMP_CWORD=3; _faultrig\n"
        "echo \"${COMPREPLY[@]}\"\n");
  Outcome told = sh("\"$faultrig\" completion bash >it; bash ask.bash " +
                    std::string(kTyped));
  // Files are bash's own.
  EXPECT_EQ(told.out,
            "judge\n--shard\n--all\njson\nsarif\n\n\nauto always never\n")
      << told.err;
}

TEST_F(Completed, ByZsh) {
  if (!there("zsh")) {
    GTEST_SKIP() << "needs zsh";
  }
  write("folder/_faultrig", sh("\"$faultrig\" completion zsh").out);
  // A zsh of its own is typed into; ^X shows what became of the line.
  write("ask.zsh",
        "zmodload zsh/zpty || exit\nzpty typed zsh -f -i\n"
        "zpty -w typed 'PS1= TERM=dumb fpath=($PWD/folder $fpath)'\n"
        "zpty -w typed 'autoload -Uz compinit && compinit -u -D'\n"
        "zpty -w typed 'seen() { print -r -- \"$BUFFER\" >>seen; BUFFER=; "
        "print seen-$((++n)); }; zle -N seen; bindkey \"^X\" seen'\n"
        "for line in \"$@\"; do\n"
        "  zpty -w -n typed \"$line\"$'\\t\\x18'\n"
        "  zpty -r typed told \"*seen-$((++n))*\"\ndone\ncat seen\n");
  Outcome told = sh("zsh -f ask.zsh " + std::string(kTyped));
  EXPECT_EQ(told.out,
            "faultrig judge \nfaultrig run --shard \n"
            "faultrig explain run --all \nfaultrig run --report json \n"
            "faultrig sweep --report sarif \nfaultrig run -j 2 folder/\n"
            "faultrig run --evidence folder/\n")
      << told.err;
}

TEST_F(Completed, ByFish) {
  if (!there("fish")) {
    GTEST_SKIP() << "needs fish";
  }
  write("folder/is_one", "");
  Outcome told =
      sh("export HOME=\"$PWD\"; \"$faultrig\" completion fish >it; fish "
         "--no-config -c 'source it; for line in $argv; complete -C $line | "
         "string replace -r \"\\t.*\" \"\"; end' " +
         std::string(kTyped) + " 'faultrig run --color '");
  EXPECT_EQ(told.out,
            "judge\n--shard\n--all\njson\nsarif\nfolder/\nfolder/\n"
            "always\nauto\nnever\n")
      << told.err;
  EXPECT_EQ(told.err, "");
}

}  // namespace
}  // namespace faultrig
