# What run.sh and test.sh share: installing what is missing. Sourced.
# shellcheck shell=bash

say() { printf '\033[1m%s\033[0m\n' "$*"; }
fail() { echo "error: $*" >&2; exit 1; }

as_root=()
if [ "$(id -u)" != 0 ]; then
    command -v sudo > /dev/null || fail "not root, and there is no sudo"
    as_root=(sudo)
fi

# again COMMAND...: once more after a moment if it fails. For what asks others over the network.
again() {
    "$@" && return
    echo "warning: $1 failed, trying again" >&2
    sleep 10
    "$@"
}

# Another apt may be at work on a machine that has just started; it is waited for. RUNLEVEL: a package that is a service is not to be
# started, we only want its programs.
apt_get() { "${as_root[@]}" env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"; }
apt_install() { apt_get update || echo "warning: not all package lists could be had" >&2; apt_get install -y --no-install-recommends "$@" > /dev/null; }

# install FILE:PACKAGE...: installs the packages whose file (a program on PATH, or an absolute path) is not there.
install() {
    local missing=() pair file
    for pair in "$@"; do
        file=${pair%%:*}
        case $file in
            /*) [ -e "$file" ] ;;
            *) PATH=$PATH:/usr/sbin:/sbin command -v "$file" > /dev/null ;;
        esac || missing+=("${pair#*:}")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get > /dev/null || fail "missing: ${missing[*]}; this script installs with apt only, on Debian and Ubuntu"
    say "Installing ${missing[*]}"
    again apt_install "${missing[@]}" || fail "apt can't install ${missing[*]}"
}

# The .NET SDK that the projects ask for: the machine's, the distribution's, or Microsoft's script, in this order.
dotnet_sdk() {
    local wanted=10.0
    export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
    if [ -x .cache/dotnet/dotnet ]; then export PATH=$PWD/.cache/dotnet:$PATH DOTNET_ROOT=$PWD/.cache/dotnet; fi
    if dotnet --list-sdks 2> /dev/null | grep -q "^$wanted"; then return; fi
    if apt-cache show dotnet-sdk-$wanted > /dev/null 2>&1; then
        install dotnet-sdk-missing:dotnet-sdk-$wanted
        return
    fi
    install curl:curl /etc/ssl/certs/ca-certificates.crt:ca-certificates
    say "Fetching the .NET SDK $wanted"
    mkdir -p .cache
    again curl -fsSL --retry 3 https://dot.net/v1/dotnet-install.sh -o .cache/dotnet-install.sh \
        && again bash .cache/dotnet-install.sh --channel $wanted --install-dir .cache/dotnet > /dev/null \
        || fail "the .NET SDK $wanted can't be fetched; install it as https://dot.net says and run this again"
    export PATH=$PWD/.cache/dotnet:$PATH DOTNET_ROOT=$PWD/.cache/dotnet
}
