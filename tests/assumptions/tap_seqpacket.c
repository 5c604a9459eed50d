/* SPDX-License-Identifier: BSD-2-Clause
 *
 * tap_seqpacket - a SEQPACKET pair can stand in for a program's tap: its end reads, writes and
 * polls frames as one does, and the other end learns when it is closed.
 */
#include "prove.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

static int pair[2]; /* the program's, the engine's */
static uint8_t frame[70000], got[70000];

static short ready(int fd)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN | POLLOUT};

	REQUIRE(poll(&poll_fd, 1, 0) >= 0);
	return poll_fd.revents;
}

static void frames_keep_their_ends(void)
{
	struct iovec iov[2] = {{frame, 10}, {frame + 100, 50}};

	REQUIRE(write(pair[0], frame, 60) == 60 && write(pair[0], frame, 1514) == 1514);
	PROVE(read(pair[1], got, sizeof(got)) == 60, "one write is one frame");
	PROVE(read(pair[1], got, 100) == 100, "a short read gets a frame's beginning");
	PROVE(recv(pair[1], got, sizeof(got), MSG_DONTWAIT) < 0 && errno == EAGAIN,
	      "and its rest is gone");
	REQUIRE(writev(pair[0], iov, 2) == 60);
	PROVE(readv(pair[1], (struct iovec[]){{got, 20}, {got + 1000, 1000}}, 2) == 60 &&
		      got[1000] == frame[110],
	      "pieces of memory make one frame");
	REQUIRE(write(pair[1], frame, 65550) == 65550);
	PROVE(read(pair[0], got, sizeof(got)) == 65550,
	      "a frame may be of 64 KiB and more");
}

static void polling(void)
{
	PROVE(ready(pair[0]) == POLLOUT, "an empty one is writable only");
	REQUIRE(write(pair[1], frame, 60) == 60);
	PROVE(ready(pair[0]) == (POLLIN | POLLOUT), "one with a frame is readable");
	REQUIRE(read(pair[0], got, sizeof(got)) == 60);
}

static void a_full_one(void)
{
	unsigned n = 0;

	while (send(pair[1], frame, 1500, MSG_DONTWAIT) == 1500)
		n++;
	PROVE(errno == EAGAIN && n >= 20, "a full one takes no more, and says EAGAIN");
	while (recv(pair[0], got, sizeof(got), MSG_DONTWAIT) == 1500)
		n--;
	PROVE(n == 0, "what it took is delivered");
}

static void many_at_once(void)
{
	struct iovec iov[3] = {{frame, 60}, {frame, 61}, {frame, 62}};
	struct iovec to[3] = {{got, 1000}, {got, 1000}, {got, 1000}};
	struct mmsghdr out[3] = {}, in[3] = {};

	for (int i = 0; i < 3; i++) {
		out[i].msg_hdr = (struct msghdr){.msg_iov = &iov[i], .msg_iovlen = 1};
		in[i].msg_hdr = (struct msghdr){.msg_iov = &to[i], .msg_iovlen = 1};
	}
	PROVE(sendmmsg(pair[1], out, 3, MSG_DONTWAIT) == 3,
	      "several are sent with one call");
	PROVE(recvmmsg(pair[0], in, 3, MSG_DONTWAIT, NULL) == 3 && in[2].msg_len == 62,
	      "and received with one");
}

static void the_end(void)
{
	REQUIRE(write(pair[0], frame, 60) == 60);
	close(pair[0]);
	PROVE(ready(pair[1]) & POLLHUP, "poll reports that the program closed its end");
	PROVE(recv(pair[1], got, sizeof(got), 0) == 60,
	      "its last frames are still there");
	PROVE(recv(pair[1], got, sizeof(got), 0) == 0, "and then the end");
	PROVE(send(pair[1], frame, 60, MSG_NOSIGNAL) < 0 && errno == EPIPE,
	      "what is sent to it is refused");
}

int main(void)
{
	prove_begin();
	for (size_t i = 0; i < sizeof(frame); i++)
		frame[i] = (uint8_t)i;
	REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
	frames_keep_their_ends();
	polling();
	a_full_one();
	many_at_once();
	the_end();
	return prove_end();
}
