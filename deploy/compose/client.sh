#!/bin/sh
# Asks the web server, over HTTP, over TLS, and where nobody listens, every second.
while :; do
	curl -s -o /dev/null http://web.demo:18080/
	curl -sk -o /dev/null https://web.demo:18443/
	curl -s -o /dev/null http://web.demo:18081/
	sleep 1
done
