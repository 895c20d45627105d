namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Names of errors by their number (asm-generic/errno.h, and linux/errno.h for those that only the kernel sees between its own parts). A dash
/// stands for a number that has no name.
/// </summary>
internal static class ErrorNumberNames
{
    /// <summary>The largest number a kernel function returns as an error, negated.</summary>
    public const long Maximum = 4095;

    private const int FirstInternal = 512;

    private const string UserVisible =
        "- EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST "
        + "EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE "
        + "EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP - ENOMSG EIDRM ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH ENOCSI "
        + "EL2HLT EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT - EBFONT ENOSTR ENODATA ETIME ENOSR ENONET ENOPKG EREMOTE ENOLINK "
        + "EADV ESRMNT ECOMM EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD ELIBSCN ELIBMAX "
        + "ELIBEXEC EILSEQ ERESTART ESTRPIPE EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT "
        + "ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET "
        + "ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH "
        + "EALREADY EINPROGRESS ESTALE EUCLEAN ENOTNAM ENAVAIL EISNAM EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY "
        + "EKEYEXPIRED EKEYREVOKED EKEYREJECTED EOWNERDEAD ENOTRECOVERABLE ERFKILL EHWPOISON";

    private const string Internal =
        "ERESTARTSYS ERESTARTNOINTR ERESTARTNOHAND ENOIOCTLCMD ERESTART_RESTARTBLOCK EPROBE_DEFER EOPENSTALE ENOPARAM "
        + "EBADHANDLE ENOTSYNC EBADCOOKIE ENOTSUPP ETOOSMALL ESERVERFAULT EBADTYPE EJUKEBOX EIOCBQUEUED ERECALLCONFLICT ENOGRACE";

    private static readonly string[] Names = UserVisible.Split(' ');
    private static readonly string[] InternalNames = InternalList();

    /// <summary>The name of an error; null if there is none of that number.</summary>
    /// <param name="number">Not negative.</param>
    public static string? Of(long number)
    {
        string? name = number switch
        {
            < 0 => null,
            _ when number < Names.Length => Names[number],
            >= FirstInternal when number - FirstInternal < InternalNames.Length => InternalNames[number - FirstInternal],
            _ => null,
        };
        return name is "-" ? null : name;
    }

    /// <summary>512 to 519 are consecutive, then it goes on at 521 (linux/errno.h).</summary>
    private static string[] InternalList()
    {
        string[] names = Internal.Split(' ');
        const int First = 8;
        return [.. names[..First], "-", .. names[First..]];
    }
}
