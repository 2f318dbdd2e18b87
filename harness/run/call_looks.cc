#include "harness/run/call_looks.h"

#include <memory>
#include <string>
#include <utility>

#include "harness/os/full_table.h"
#include "harness/run/call_facts.h"

namespace faultrig {

namespace {

GoStackPtr gone_stack() {
  return std::make_shared<const GoStack>(
      GoStack{{}, "its caller had gone before its stack was read"});
}

}  // namespace

// Asked for once at most: each costs system calls.
CallView CallLooks::at(const WaitingCaller& caller) {
  CallView view;
  view.call = caller.name;
  view.files = [this, &caller,
                files =
                    std::optional<FileNames>()]() mutable -> const FileNames& {
    files = files ? std::move(files) : files_of(caller);
    return *files;
  };
  view.fd_kinds = [&caller, kinds = std::optional<FdKinds>()]() mutable {
    kinds = kinds ? kinds : fd_kinds_of(caller.call, caller.name);
    return *kinds;
  };
  view.fd_table_full = [&caller] {
    return answer_is_emfile(caller.name, caller.call);
  };
  view.stack = [this, &caller, stack = GoStackPtr()]() mutable {
    // What was read while it waited stays true, though a fault ends it since.
    stack = stack == nullptr ? stack_of(caller) : stack;
    return stack;
  };
  view.peers = [this, &caller,
                peers =
                    std::optional<PeerNames>()]() mutable -> const PeerNames& {
    peers = peers ? std::move(peers) : peers_of(caller);
    return *peers;
  };
  return view;
}

// Of stacks that are not known each is another one, and all are one way.
bool CallLooks::knows_way(const std::string& call, const GoStackPtr& stack) {
  GoStackPtr way = stack->unknown.empty() ? stack : nullptr;
  return !ways_.emplace(call, std::move(way)).second;
}

GoStackPtr CallLooks::stack_of(const WaitingCaller& caller) {
  GoStackPtr stack = stacks_.of(caller.call, caller.pid);
  return notifier_.still_waiting(caller.call.id) ? stack : gone_stack();
}

FileNames CallLooks::files_of(const WaitingCaller& caller) {
  FileNames files = paths_.of(caller.call, caller.name);
  std::string address = own_address_of(caller.call, caller.name, caller.pid);
  if (!address.empty()) {
    files.names.insert(files.names.begin(), std::move(address));
  }
  return notifier_.still_waiting(caller.call.id) ? std::move(files)
                                                 : FileNames();
}

PeerNames CallLooks::peers_of(const WaitingCaller& caller) const {
  bool asked = caller.name == "connect" || rules_.asks_peer(caller.name);
  PeerNames peers =
      asked ? faultrig::peers_of(caller.call, caller.name, caller.pid)
            : PeerNames();
  if (asked && !notifier_.still_waiting(caller.call.id)) {
    peers = PeerNames{std::nullopt, "ask its caller, which had gone"};
  }
  return peers;
}

}  // namespace faultrig
