// The deed: looks a name up as C does, with getaddrinfo(3), at a resolver on
// loopback that is not there. The port stands in no file: resolv.conf(5) has
// none, the state of the C library's resolver has.
package c_looks_up

/*
#cgo LDFLAGS: -lresolv
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

// All in one call, on one thread: the state is the thread's.
static void look_up(const char* name, int port, int family) {
  res_init();
  _res.nscount = 1;
  _res.retrans = 1;
  _res.retry = 1;
  _res.options &= ~(RES_DNSRCH | RES_DEFNAMES);
  _res.nsaddr_list[0].sin_family = AF_INET;
  _res.nsaddr_list[0].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  _res.nsaddr_list[0].sin_port = htons((unsigned short)port);
  struct addrinfo wanted;
  memset(&wanted, 0, sizeof wanted);
  wanted.ai_family = family == 4 ? AF_INET : family == 6 ? AF_INET6 : AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  struct addrinfo* found = NULL;
  int error = getaddrinfo(name, NULL, &wanted, &found);
  if (error != 0) {
    printf("C says: %s\n", gai_strerror(error));
  }
  for (struct addrinfo* one = found; error == 0 && one; one = one->ai_next) {
    char text[NI_MAXHOST];
    getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof text, NULL, 0,
                NI_NUMERICHOST);
    printf("C found: %s\n", text);
  }
  if (error == 0) {
    freeaddrinfo(found);
  }
  fflush(stdout);
}
*/
import "C"

func lookUp(name string, port, family int) {
	C.look_up(C.CString(name), C.int(port), C.int(family))
}
