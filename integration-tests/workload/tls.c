/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/* TLS connections with exactly known payloads, over the machine's libssl; the other half of workload.c. */
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char buffer[16 << 10];

static void __attribute__((noreturn)) die(const char *what)
{
	perror(what);
	ERR_print_errors_fp(stderr);
	exit(1);
}

/* Half of the bytes by the classic calls, half by those with _ex. */
static void send_all(SSL *ssl, long bytes)
{
	for (int turn = 0; bytes > 0; turn++) {
		size_t part = bytes < (long)sizeof(buffer) ? bytes : (long)sizeof(buffer), sent;

		if (turn & 1) {
			if (!SSL_write_ex(ssl, buffer, part, &sent))
				die("SSL_write_ex");
		} else {
			int result = SSL_write(ssl, buffer, part);

			if (result <= 0)
				die("SSL_write");
			sent = result;
		}
		bytes -= sent;
	}
}

static void receive_all(SSL *ssl, long bytes)
{
	for (int turn = 0; bytes > 0; turn++) {
		size_t part = bytes < (long)sizeof(buffer) ? bytes : (long)sizeof(buffer), got;

		if (turn & 1) {
			if (!SSL_read_ex(ssl, buffer, part, &got))
				die("SSL_read_ex");
		} else {
			int result = SSL_read(ssl, buffer, part);

			if (result <= 0)
				die("SSL_read");
			got = result;
		}
		bytes -= got;
	}
}

/* serve PORT CONNECTIONS RECEIVE SEND CERTIFICATE KEY | connect PORT CONNECTIONS SEND RECEIVE; IPv4 loopback */
int main(int count, char **a)
{
	int server = count == 8 && !strcmp(a[1], "serve");

	if (!server && !(count == 6 && !strcmp(a[1], "connect")))
		return 2;
	signal(SIGPIPE, SIG_IGN);
	SSL_CTX *context = SSL_CTX_new(server ? TLS_server_method() : TLS_client_method());
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(atoi(a[2])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	long connections = atol(a[3]), first = atol(a[4]), second = atol(a[5]);
	int listener = -1, on = 1;

	if (server) {
		if (SSL_CTX_use_certificate_file(context, a[6], SSL_FILETYPE_PEM) != 1 ||
		    SSL_CTX_use_PrivateKey_file(context, a[7], SSL_FILETYPE_PEM) != 1)
			die("certificate");
		listener = socket(AF_INET, SOCK_STREAM, 0);
		setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
		if (bind(listener, (void *)&address, sizeof(address)) || listen(listener, 16))
			die("listen");
		printf("{\"pid\":%d,\"listening\":%s}\n", getpid(), a[2]);
		fflush(stdout);
	}
	for (long i = 0; i < connections; i++) {
		int fd = server ? accept(listener, NULL, NULL) : socket(AF_INET, SOCK_STREAM, 0);

		if (fd < 0 || (!server && connect(fd, (void *)&address, sizeof(address))))
			die("connect");
		SSL *ssl = SSL_new(context);

		SSL_set_fd(ssl, fd);
		if ((server ? SSL_accept(ssl) : SSL_connect(ssl)) != 1)
			die("handshake");
		if (server) {
			receive_all(ssl, first);
			send_all(ssl, second);
		} else {
			send_all(ssl, first);
			receive_all(ssl, second);
		}
		SSL_shutdown(ssl);
		SSL_free(ssl);
		close(fd);
	}
	printf("{\"pid\":%d,\"handshakes\":%ld,\"written\":%ld,\"read\":%ld}\n", getpid(), connections,
	       connections * (server ? second : first), connections * (server ? first : second));
	return 0;
}
