// The kernel does what a message of netlink(7) orders before send(2) comes
// back, so that its answers are there when they are read.
#include "harness/os/shim_network.h"

#include <fcntl.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace faultrig {

namespace {

// A message is answered in little more than its own size.
constexpr std::size_t kAnswers = std::size_t{16} * 1024;

int netlink(int family) {
  return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, family);
}

int order_routes(std::string_view orders) {
  if (orders.empty()) {
    return 0;
  }
  int routes = netlink(NETLINK_ROUTE);
  int failed = routes < 0 ? errno : send_orders(routes, orders);
  close(routes);
  return failed;
}

int errno_in(const nlmsghdr* answer) {
  return answer->nlmsg_type == NLMSG_ERROR
             ? -static_cast<const nlmsgerr*>(NLMSG_DATA(answer))->error
             : 0;
}

}  // namespace

int make_network() {
  if (unshare(CLONE_NEWNET) != 0) {
    return errno;
  }
  int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq loopback{};
  loopback.ifr_name[0] = 'l';
  loopback.ifr_name[1] = 'o';
  loopback.ifr_flags = IFF_UP;
  int failed =
      socket >= 0 && ioctl(socket, SIOCSIFFLAGS, &loopback) == 0 ? 0 : errno;
  close(socket);
  return failed;
}

int send_orders(int socket, std::string_view orders) {
  if (send(socket, orders.data(), orders.size(), MSG_DONTWAIT) !=
      static_cast<ssize_t>(orders.size())) {
    return errno;
  }
  alignas(nlmsghdr) char answers[kAnswers];
  int failed = 0;
  ssize_t got = 0;
  while ((got = recv(socket, answers, sizeof answers, MSG_DONTWAIT)) > 0) {
    auto left = static_cast<unsigned>(got);
    for (auto* answer = reinterpret_cast<nlmsghdr*>(answers);
         NLMSG_OK(answer, left); answer = NLMSG_NEXT(answer, left)) {
      failed = failed != 0 ? failed : errno_in(answer);
    }
  }
  return failed;
}

int rule_network(const RuleNetwork& step, NetworkFds& made) {
  // A kernel without IPv6 has nothing to order.
  int failed = order_routes(step.routes);
  (void)order_routes(step.routes6);
  if (failed == 0 && step.filtered) {
    made[0] = netlink(NETLINK_NETFILTER);
    failed = made[0] < 0          ? errno
             : step.rules.empty() ? 0
                                  : send_orders(made[0], step.rules);
  }
  if (failed != 0) {
    return failed;
  }
  made[1] = open("/proc/self/net/snmp", O_RDONLY | O_CLOEXEC);
  failed = made[1] < 0 ? errno : 0;
  made[2] = open("/proc/self/net/snmp6", O_RDONLY | O_CLOEXEC);
  return failed;
}

}  // namespace faultrig
