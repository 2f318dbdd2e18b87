//go:build linux

// The deed: a client that asks epoll(7) for its socket before it connects it, as
// libuv does, over IPv6 where there is IPv6. It calls the kernel itself, since
// package net does it the other way round.
package polls_first

import (
	"fmt"
	"io"
	"net"
	"syscall"
	"testing"

	"faultrig.example/fixtures/internal/fixture"
)

func TestPollsFirst(t *testing.T) {
	listener, family := listen(t)
	defer listener.Close()
	go echo(listener)
	fd, err := syscall.Socket(family, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, 0)
	check(t, err)
	defer syscall.Close(fd)
	poll, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	check(t, err)
	defer syscall.Close(poll)
	events := syscall.EPOLLIN | syscall.EPOLLOUT | syscall.EPOLLRDHUP | -syscall.EPOLLET
	check(t, syscall.EpollCtl(poll, syscall.EPOLL_CTL_ADD, fd,
		&syscall.EpollEvent{Events: uint32(events), Fd: int32(fd)}))

	err = syscall.Connect(fd, addressOf(listener))
	if err != syscall.EINPROGRESS {
		check(t, err)
	}
	await(t, poll, syscall.EPOLLOUT)
	failed, err := syscall.GetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_ERROR)
	check(t, err)
	if failed != 0 {
		t.Fatal(syscall.Errno(failed))
	}
	_, err = syscall.Write(fd, []byte("ping"))
	check(t, err)
	await(t, poll, syscall.EPOLLIN)
	answer := make([]byte, 8)
	size, err := syscall.Read(fd, answer)
	if err != nil {
		fmt.Printf("read failed: %s\n", fixture.Errno(err))
		t.FailNow()
	}
	fmt.Printf("got %q\n", answer[:size])
}

func listen(t *testing.T) (net.Listener, int) {
	if listener, err := net.Listen("tcp6", "[::1]:0"); err == nil {
		return listener, syscall.AF_INET6
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	check(t, err)
	return listener, syscall.AF_INET
}

func addressOf(listener net.Listener) syscall.Sockaddr {
	at := listener.Addr().(*net.TCPAddr)
	if four := at.IP.To4(); four != nil {
		to := &syscall.SockaddrInet4{Port: at.Port}
		copy(to.Addr[:], four)
		return to
	}
	to := &syscall.SockaddrInet6{Port: at.Port}
	copy(to.Addr[:], at.IP)
	return to
}

// Until the kernel says so, or that it is over.
func await(t *testing.T, poll int, wanted uint32) {
	events := make([]syscall.EpollEvent, 1)
	for events[0].Events&(wanted|syscall.EPOLLERR|syscall.EPOLLHUP) == 0 {
		_, err := syscall.EpollWait(poll, events, -1)
		if err != syscall.EINTR {
			check(t, err)
		}
	}
}

func echo(listener net.Listener) {
	for {
		peer, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer peer.Close()
			io.Copy(peer, peer)
		}()
	}
}

func check(t *testing.T, err error) {
	if err != nil {
		t.Fatal(err)
	}
}
