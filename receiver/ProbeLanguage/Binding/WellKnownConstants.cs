namespace EbpfReceiver.ProbeLanguage;

/// <summary>Macros of the kernel's interface that its types do not have, for they are no enumerators; the same on x86-64 and arm64.</summary>
/// <remarks>Sources: include/linux/socket.h, include/uapi/asm-generic/fcntl.h, include/uapi/linux/{stat,sched,if_ether}.h, include/linux/sched.h.</remarks>
internal static class WellKnownConstants
{
    private static readonly Dictionary<string, long> Values = Read("""
        NULL=0 AF_UNSPEC=0 AF_UNIX=1 AF_LOCAL=1 AF_INET=2 AF_INET6=10 AF_NETLINK=16 AF_PACKET=17 AF_VSOCK=40
        PF_INET=2 PF_INET6=10
        SOCK_STREAM=1 SOCK_DGRAM=2 SOCK_RAW=3
        IPPROTO_ICMP=1 IPPROTO_TCP=6 IPPROTO_UDP=17 IPPROTO_ICMPV6=58
        O_RDONLY=0 O_WRONLY=1 O_RDWR=2 O_ACCMODE=3 O_CREAT=64 O_EXCL=128 O_NOCTTY=256 O_TRUNC=512 O_APPEND=1024 O_NONBLOCK=2048 O_CLOEXEC=524288
        S_IFMT=61440 S_IFSOCK=49152 S_IFLNK=40960 S_IFREG=32768 S_IFBLK=24576 S_IFDIR=16384 S_IFCHR=8192 S_IFIFO=4096
        AT_FDCWD=-100
        SIGHUP=1 SIGINT=2 SIGQUIT=3 SIGILL=4 SIGTRAP=5 SIGABRT=6 SIGBUS=7 SIGFPE=8 SIGKILL=9 SIGUSR1=10 SIGSEGV=11 SIGUSR2=12 SIGPIPE=13
        SIGALRM=14 SIGTERM=15 SIGCHLD=17 SIGCONT=18 SIGSTOP=19 SIGTSTP=20
        PROT_READ=1 PROT_WRITE=2 PROT_EXEC=4 MAP_SHARED=1 MAP_PRIVATE=2 MAP_ANONYMOUS=32
        CLONE_VM=256 CLONE_FS=512 CLONE_FILES=1024 CLONE_THREAD=65536 CLONE_NEWNS=131072 CLONE_NEWPID=536870912 CLONE_NEWNET=1073741824
        TASK_RUNNING=0 TASK_INTERRUPTIBLE=1 TASK_UNINTERRUPTIBLE=2 TASK_STOPPED=4
        PF_EXITING=4 PF_KTHREAD=2097152
        ETH_P_IP=2048 ETH_P_IPV6=34525 ETH_P_ARP=2054
        TCP_ESTABLISHED=1 TCP_SYN_SENT=2 TCP_SYN_RECV=3 TCP_FIN_WAIT1=4 TCP_FIN_WAIT2=5 TCP_TIME_WAIT=6 TCP_CLOSE=7 TCP_CLOSE_WAIT=8
        TCP_LAST_ACK=9 TCP_LISTEN=10 TCP_CLOSING=11 TCP_NEW_SYN_RECV=12
        EPERM=1 ENOENT=2 ESRCH=3 EINTR=4 EIO=5 ENXIO=6 E2BIG=7 ENOEXEC=8 EBADF=9 ECHILD=10 EAGAIN=11 EWOULDBLOCK=11 ENOMEM=12 EACCES=13
        EFAULT=14 EBUSY=16 EEXIST=17 EXDEV=18 ENODEV=19 ENOTDIR=20 EISDIR=21 EINVAL=22 ENFILE=23 EMFILE=24 ENOTTY=25 EFBIG=27 ENOSPC=28
        ESPIPE=29 EROFS=30 EMLINK=31 EPIPE=32 ERANGE=34 ENAMETOOLONG=36 ENOSYS=38 ENOTEMPTY=39 ELOOP=40 ENODATA=61 EPROTO=71 EOVERFLOW=75
        ENOTSOCK=88 EMSGSIZE=90 EOPNOTSUPP=95 EADDRINUSE=98 EADDRNOTAVAIL=99 ENETDOWN=100 ENETUNREACH=101 ECONNABORTED=103 ECONNRESET=104
        ENOBUFS=105 EISCONN=106 ENOTCONN=107 ETIMEDOUT=110 ECONNREFUSED=111 EHOSTDOWN=112 EHOSTUNREACH=113 EALREADY=114 EINPROGRESS=115
        ESTALE=116 EDQUOT=122 ECANCELED=125
        """);

    /// <summary>The names.</summary>
    public static IEnumerable<string> Names => Values.Keys;

    public static bool TryGet(string name, out long value) => Values.TryGetValue(name, out value);

    private static Dictionary<string, long> Read(string text)
    {
        var result = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (string word in text.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = word.IndexOf('=');
            result[word[..equals]] = long.Parse(word.AsSpan(equals + 1), System.Globalization.CultureInfo.InvariantCulture);
        }

        return result;
    }
}
