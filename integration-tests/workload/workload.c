/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/*
 * Work whose numbers are known exactly, for the integration tests: each command does what it was asked,
 * checks that it happened, and prints one line of JSON. Exit code 0 says that all numbers hold.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char buffer[1 << 20] __attribute__((aligned(4096)));

static void __attribute__((noreturn)) die(const char *what)
{
	fprintf(stderr, "workload: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void __attribute__((noreturn, format(printf, 1, 2))) wrong(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	fputs("workload: ", stderr);
	vfprintf(stderr, format, list);
	fputc('\n', stderr);
	exit(1);
}

static long number(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end)
		wrong("%s is no number", text);
	return value;
}

static socklen_t address_of(const char *host, int port, struct sockaddr_storage *address)
{
	struct sockaddr_in *v4 = (void *)address;
	struct sockaddr_in6 *v6 = (void *)address;

	memset(address, 0, sizeof(*address));
	if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		return sizeof(*v4);
	}
	if (inet_pton(AF_INET6, host, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(port);
		return sizeof(*v6);
	}
	wrong("%s is no address", host);
}

static int new_socket(const struct sockaddr_storage *address)
{
	int fd = socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("socket");
	return fd;
}

static int listen_on(const char *host, int port, int backlog)
{
	struct sockaddr_storage address;
	socklen_t length = address_of(host, port, &address);
	int fd = new_socket(&address), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (void *)&address, length) || listen(fd, backlog))
		die("listen");
	return fd;
}

static void send_all(int fd, long bytes)
{
	while (bytes > 0) {
		ssize_t sent = send(fd, buffer, bytes < (long)sizeof(buffer) ? bytes : (long)sizeof(buffer), MSG_NOSIGNAL);

		if (sent < 0)
			die("send");
		bytes -= sent;
	}
}

static void send_request(int fd, const char *path)
{
	int length = snprintf(buffer, sizeof(buffer), "GET /%s HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);

	send_all(fd, length);
}

static void receive_exactly(int fd, long bytes)
{
	while (bytes > 0) {
		ssize_t got = recv(fd, buffer, bytes < (long)sizeof(buffer) ? bytes : (long)sizeof(buffer), 0);

		if (got < 0)
			die("recv");
		if (got == 0)
			wrong("%ld bytes are missing", bytes);
		bytes -= got;
	}
}

/* serve HOST PORT CONNECTIONS RECEIVE SEND: accepts, reads RECEIVE bytes, sends SEND, waits for the end, closes. */
static int serve(char **a)
{
	long connections = number(a[2]), receive = number(a[3]), send_bytes = number(a[4]);
	int listener = listen_on(a[0], number(a[1]), 1024);

	printf("{\"pid\":%d,\"listening\":%s}\n", getpid(), a[1]);
	fflush(stdout);
	for (long i = 0; i < connections; i++) {
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			die("accept");
		receive_exactly(fd, receive);
		send_all(fd, send_bytes);
		if (recv(fd, buffer, 1, 0) != 0)
			wrong("more than %ld bytes came", receive);
		close(fd);
	}
	printf("{\"pid\":%d,\"connections\":%ld,\"received\":%ld,\"sent\":%ld}\n", getpid(), connections,
	       connections * receive, connections * send_bytes);
	return 0;
}

static int open_connection(const char *host, int port)
{
	struct sockaddr_storage address;
	socklen_t length = address_of(host, port, &address);

	int fd = new_socket(&address);

	if (connect(fd, (void *)&address, length))
		die("connect");
	return fd;
}

/* connect HOST PORT CONNECTIONS SEND RECEIVE: the other side of serve. */
static int connect_many(char **a)
{
	long connections = number(a[2]), send_bytes = number(a[3]), receive = number(a[4]);

	for (long i = 0; i < connections; i++) {
		int fd = open_connection(a[0], number(a[1]));

		send_all(fd, send_bytes);
		receive_exactly(fd, receive);
		close(fd);
	}
	printf("{\"pid\":%d,\"connections\":%ld,\"received\":%ld,\"sent\":%ld}\n", getpid(), connections,
	       connections * receive, connections * send_bytes);
	return 0;
}

/* refused HOST PORT COUNT: connects to a port on which nobody listens. */
static int refused(char **a)
{
	struct sockaddr_storage address;
	socklen_t length = address_of(a[0], number(a[1]), &address);
	long count = number(a[2]);

	for (long i = 0; i < count; i++) {
		int fd = new_socket(&address);

		if (!connect(fd, (void *)&address, length) || errno != ECONNREFUSED)
			wrong("connect was not refused: %s", strerror(errno));
		close(fd);
	}
	printf("{\"pid\":%d,\"refused\":%ld}\n", getpid(), count);
	return 0;
}

/*
 * timeout HOST PORT: a listener with a full accept queue drops SYNs, so a connect gives up after TCP_SYNCNT repetitions. A backlog
 * of 1 holds two connections; one of 0 would have even the first answered by cookie or, without cookies, not at all.
 */
static int time_out(char **a)
{
	struct sockaddr_storage address;
	socklen_t length = address_of(a[0], number(a[1]), &address);
	int listener = listen_on(a[0], number(a[1]), 1), repetitions = 1;
	int fillers[] = { open_connection(a[0], number(a[1])), open_connection(a[0], number(a[1])) };
	int fd = new_socket(&address);

	/* Until the fillers' last acknowledgements are worked off, the queue has room. */
	usleep(200000);
	setsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &repetitions, sizeof(repetitions));
	if (!connect(fd, (void *)&address, length) || errno != ETIMEDOUT)
		wrong("connect did not time out: %s", strerror(errno));
	close(fd);
	close(fillers[0]);
	close(fillers[1]);
	close(listener);
	printf("{\"pid\":%d,\"timed_out\":1}\n", getpid());
	return 0;
}

/* exec COUNT CODE ARGUMENT: COUNT children that execute this program again, which exits with CODE. */
static int exec_many(char **a)
{
	long count = number(a[0]);
	char self[4096];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (length < 0)
		die("/proc/self/exe");
	self[length] = 0;
	for (long i = 0; i < count; i++) {
		char *const arguments[] = { self, "exit", a[1], a[2], NULL };
		int status;
		pid_t child = fork();

		if (child < 0)
			die("fork");
		if (child == 0) {
			execv(self, arguments);
			_exit(127);
		}
		if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != number(a[1]))
			wrong("a child ended with status %x", status);
	}
	printf("{\"pid\":%d,\"execs\":%ld}\n", getpid(), count);
	return 0;
}

/* kill COUNT SIGNAL ARGUMENT: children that execute this program and end by SIGNAL. */
static int kill_many(char **a)
{
	long count = number(a[0]);

	for (long i = 0; i < count; i++) {
		char *const arguments[] = { "/proc/self/exe", "die", a[1], a[2], NULL };
		int status;
		pid_t child = fork();

		if (child < 0)
			die("fork");
		if (child == 0) {
			execv(arguments[0], arguments);
			_exit(127);
		}
		if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status) || WTERMSIG(status) != number(a[1]))
			wrong("a child ended with status %x", status);
	}
	printf("{\"pid\":%d,\"kills\":%ld}\n", getpid(), count);
	return 0;
}

/* lookup NAME COUNT found|missing: getaddrinfo of libc. */
static int look_up(char **a)
{
	long count = number(a[1]);
	int found = !strcmp(a[2], "found"), code = 0;

	for (long i = 0; i < count; i++) {
		struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *result = NULL;

		code = getaddrinfo(a[0], NULL, &hints, &result);
		if (!code)
			freeaddrinfo(result);
		if (found != !code)
			wrong("%s: %s", a[0], gai_strerror(code));
	}
	printf("{\"pid\":%d,\"lookups\":%ld,\"code\":%d}\n", getpid(), count, code);
	return 0;
}

/* lookup-old NAME COUNT found|missing: gethostbyname of libc, which calls its reentrant form inside. */
static int look_up_old(char **a)
{
	long count = number(a[1]);
	int found = !strcmp(a[2], "found");

	for (long i = 0; i < count; i++)
		if (found != (gethostbyname(a[0]) != NULL))
			wrong("%s: h_errno %d", a[0], h_errno);
	printf("{\"pid\":%d,\"lookups\":%ld}\n", getpid(), count);
	return 0;
}

/* block PATH COUNT SIZE read|write: O_DIRECT, one request at a time, at increasing offsets. */
static int block(char **a)
{
	long count = number(a[1]), size = number(a[2]);
	int writing = !strcmp(a[3], "write");
	int fd = open(a[0], (writing ? O_WRONLY : O_RDONLY) | O_DIRECT | O_CLOEXEC);
	struct stat file;

	if (fd < 0 || fstat(fd, &file))
		die(a[0]);
	if (size > (long)sizeof(buffer))
		wrong("%ld is more than a request holds", size);
	for (long i = 0; i < count; i++) {
		ssize_t done = writing ? pwrite(fd, buffer, size, i * size) : pread(fd, buffer, size, i * size);

		if (done != size)
			die("direct I/O");
	}
	printf("{\"pid\":%d,\"requests\":%ld,\"bytes\":%ld,\"device\":%lu}\n", getpid(), count, count * size,
	       (unsigned long)(S_ISBLK(file.st_mode) ? file.st_rdev : file.st_dev));
	return 0;
}

static int to_other[2], from_other[2];

static void *answer(void *rounds)
{
	char byte;

	for (long i = 0; i < (long)rounds; i++)
		if (read(to_other[0], &byte, 1) != 1 || write(from_other[1], &byte, 1) != 1)
			die("pipe");
	return NULL;
}

/* pingpong ROUNDS: two threads on one CPU that wake each other; with the kernel's own count of their switches. */
static int ping_pong(char **a)
{
	long rounds = number(a[0]);
	struct rusage usage;
	pthread_t other;
	char byte = 0;
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	sched_setaffinity(0, sizeof(first), &first);
	if (pipe(to_other) || pipe(from_other) || pthread_create(&other, NULL, answer, (void *)rounds))
		die("pipe");
	for (long i = 0; i < rounds; i++)
		if (write(to_other[1], &byte, 1) != 1 || read(from_other[0], &byte, 1) != 1)
			die("pipe");
	pthread_join(other, NULL);
	getrusage(RUSAGE_SELF, &usage);
	printf("{\"pid\":%d,\"rounds\":%ld,\"voluntary\":%ld,\"involuntary\":%ld}\n", getpid(), rounds, usage.ru_nvcsw,
	       usage.ru_nivcsw);
	return 0;
}

/* sleep COUNT MICROSECONDS: a process that only sleeps, so that each sleep is one voluntary switch. */
static int sleep_many(char **a)
{
	struct timespec time = { .tv_sec = number(a[1]) / 1000000, .tv_nsec = number(a[1]) % 1000000 * 1000 };

	for (long i = 0; i < number(a[0]); i++)
		nanosleep(&time, NULL);
	printf("{\"pid\":%d,\"sleeps\":%s}\n", getpid(), a[0]);
	return 0;
}

/* get HOST PORT PATH: the body of an HTTP answer on standard output; fails unless the status is 200. */
static int get(char **a)
{
	struct sockaddr_storage address;
	socklen_t length = address_of(a[0], number(a[1]), &address);
	int fd = new_socket(&address), header = 1;
	size_t kept = 0;
	ssize_t got;

	if (connect(fd, (void *)&address, length))
		die("connect");
	send_request(fd, a[2]);
	while ((got = recv(fd, buffer + kept, sizeof(buffer) - kept - 1, 0)) > 0) {
		char *body;

		kept += got;
		buffer[kept] = 0;
		if (header && (body = strstr(buffer, "\r\n\r\n"))) {
			if (strncmp(buffer, "HTTP/1.", 7) || strncmp(buffer + 8, " 200", 4))
				wrong("%.30s", buffer);
			header = 0;
			fwrite(body + 4, 1, buffer + kept - body - 4, stdout);
			kept = 0;
		} else if (!header) {
			fwrite(buffer, 1, kept, stdout);
			kept = 0;
		}
	}
	if (got < 0)
		die("recv");
	return header;
}

static int exit_with(char **a) { return number(a[0]); }
static int die_by(char **a)
{
	raise(number(a[0]));
	return 1;
}

static const struct command {
	const char *name;
	int arguments;
	int (*run)(char **arguments);
} commands[] = {
	{ "serve", 5, serve },	     { "connect", 5, connect_many }, { "refused", 3, refused },
	{ "timeout", 2, time_out },  { "exec", 3, exec_many },	     { "kill", 3, kill_many },
	{ "exit", 2, exit_with },    { "die", 2, die_by },	     { "lookup", 3, look_up },
	{ "lookup-old", 3, look_up_old }, { "block", 4, block },     { "pingpong", 1, ping_pong },
	{ "sleep", 2, sleep_many },  { "get", 3, get },
};

int main(int count, char **arguments)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (count > 1 && !strcmp(arguments[1], commands[i].name) && count - 2 == commands[i].arguments)
			return commands[i].run(arguments + 2);
	fputs("workload: no such command, or other arguments than it takes; see workload.c\n", stderr);
	return 2;
}
