#!/bin/sh
# A web server on HTTP and TLS, with a certificate of its own making.
set -e
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost -keyout /tmp/web.key -out /tmp/web.crt 2>/dev/null
# nginx overwrites its environment, where its service name is, so it starts when the receiver can see that; ten seconds at most.
for _ in 1 2 3 4 5 6 7 8 9 10; do
	if curl -sf -o /dev/null http://127.0.0.1:9464/readyz; then break; fi
	sleep 1
done
exec nginx -c /etc/demo/web.conf
