# wait_for_trace PID: until `ebpf-receiver trace --json`, which says nothing before its end, has attached all there is to attach: it has
# programs, and for three seconds each of its threads slept whenever it was looked at.
wait_for_trace() {
    restful=0
    while [ $restful -lt 3 ]; do
        sleep 1
        kill -0 "$1" || return 1
        if ls -l /proc/"$1"/fd 2> /dev/null | grep -q bpf-prog && ! cat /proc/"$1"/task/*/stat | sed 's/.*) //' | grep -qv '^S'; then
            restful=$((restful + 1))
        else
            restful=0
        fi
    done
}
