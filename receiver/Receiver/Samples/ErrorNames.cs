namespace EbpfReceiver.Samples;

/// <summary>Names of errors as error.type has them.</summary>
internal static class ErrorNames
{
    /// <summary>The name of an errno that a socket can end with (asm-generic/errno.h); <c>_OTHER</c> for others.</summary>
    public static ReadOnlySpan<byte> OfErrno(int errno) => errno switch
    {
        1 => "EPERM"u8,
        4 => "EINTR"u8,
        5 => "EIO"u8,
        11 => "EAGAIN"u8,
        12 => "ENOMEM"u8,
        13 => "EACCES"u8,
        22 => "EINVAL"u8,
        32 => "EPIPE"u8,
        71 => "EPROTO"u8,
        90 => "EMSGSIZE"u8,
        92 => "ENOPROTOOPT"u8,
        95 => "EOPNOTSUPP"u8,
        97 => "EAFNOSUPPORT"u8,
        98 => "EADDRINUSE"u8,
        99 => "EADDRNOTAVAIL"u8,
        100 => "ENETDOWN"u8,
        101 => "ENETUNREACH"u8,
        102 => "ENETRESET"u8,
        103 => "ECONNABORTED"u8,
        104 => "ECONNRESET"u8,
        105 => "ENOBUFS"u8,
        106 => "EISCONN"u8,
        107 => "ENOTCONN"u8,
        108 => "ESHUTDOWN"u8,
        110 => "ETIMEDOUT"u8,
        111 => "ECONNREFUSED"u8,
        112 => "EHOSTDOWN"u8,
        113 => "EHOSTUNREACH"u8,
        114 => "EALREADY"u8,
        115 => "EINPROGRESS"u8,
        125 => "ECANCELED"u8,
        _ => "_OTHER"u8,
    };

    /// <summary>The name of what getaddrinfo(3) returned in glibc and musl; <c>_OTHER</c> for what it never returns.</summary>
    public static ReadOnlySpan<byte> OfGetaddrinfo(int result) => result switch
    {
        -1 => "EAI_BADFLAGS"u8,
        -2 => "EAI_NONAME"u8,
        -3 => "EAI_AGAIN"u8,
        -4 => "EAI_FAIL"u8,
        -5 => "EAI_NODATA"u8,
        -6 => "EAI_FAMILY"u8,
        -7 => "EAI_SOCKTYPE"u8,
        -8 => "EAI_SERVICE"u8,
        -9 => "EAI_ADDRFAMILY"u8,
        -10 => "EAI_MEMORY"u8,
        -11 => "EAI_SYSTEM"u8,
        -12 => "EAI_OVERFLOW"u8,
        -101 => "EAI_CANCELED"u8,
        _ => "_OTHER"u8,
    };
}
