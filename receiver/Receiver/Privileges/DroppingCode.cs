using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace EbpfReceiver.Privileges;

/// <summary>
/// The handler of the signal by which each thread drops its own capabilities: capset(2) is for the calling thread only, and managed code
/// must not run in a signal handler. It calls prctl(PR_CAPBSET_DROP) for all 64 capabilities, then capset, and notes an error.
/// It touches no memory but its stack and what it is given, and leaves errno alone.
/// </summary>
internal static class DroppingCode
{
    /// <summary>
    /// What the handler works on: struct __user_cap_header_struct, two struct __user_cap_data_struct, and at this offset the last error of
    /// capset, negative; 0 if there was none.
    /// </summary>
    public const int ErrorOffset = 32;

    /// <summary>Bytes that the handler works on.</summary>
    public const int DataLength = 40;

    private const int X64AddressOffset = 6;
    private const int Arm64AddressOffset = 0x48;

    private static ReadOnlySpan<byte> X64 =>
    [
        0xF3, 0x0F, 0x1E, 0xFA,                                     //    endbr64
        0x49, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0,                         //    movabs r8, DATA
        0x31, 0xF6,                                                 //    xor esi, esi
        0xB8, 157, 0x00, 0x00, 0x00,                                // 1: mov eax, __NR_prctl
        0xBF, 24, 0x00, 0x00, 0x00,                                 //    mov edi, PR_CAPBSET_DROP
        0x31, 0xD2,                                                 //    xor edx, edx
        0x0F, 0x05,                                                 //    syscall
        0xFF, 0xC6,                                                 //    inc esi
        0x83, 0xFE, 64,                                             //    cmp esi, 64
        0x75, 0xEB,                                                 //    jne 1b
        0xB8, 126, 0x00, 0x00, 0x00,                                //    mov eax, __NR_capset
        0x4C, 0x89, 0xC7,                                           //    mov rdi, r8
        0x49, 0x8D, 0x70, 0x08,                                     //    lea rsi, [r8 + 8]
        0x0F, 0x05,                                                 //    syscall
        0x85, 0xC0,                                                 //    test eax, eax
        0x74, 0x04,                                                 //    je 2f
        0x41, 0x89, 0x40, ErrorOffset,                              //    mov [r8 + 32], eax
        0xC3,                                                       // 2: ret
    ];

    private static ReadOnlySpan<uint> Arm64 =>
    [
        0x58000249,     //    ldr x9, DATA
        0xD280000B,     //    mov x11, #0
        0xD28014E8,     // 1: mov x8, #__NR_prctl (167)
        0xD2800300,     //    mov x0, #PR_CAPBSET_DROP (24)
        0xAA0B03E1,     //    mov x1, x11
        0xD2800002,     //    mov x2, #0
        0xD4000001,     //    svc #0
        0x9100056B,     //    add x11, x11, #1
        0xF101017F,     //    cmp x11, #64
        0x54FFFF21,     //    b.ne 1b
        0xD2800B68,     //    mov x8, #__NR_capset (91)
        0xAA0903E0,     //    mov x0, x9
        0x91002121,     //    add x1, x9, #8
        0xD4000001,     //    svc #0
        0x34000040,     //    cbz w0, 2f
        0xB9002120,     //    str w0, [x9, #32]
        0xD65F03C0,     // 2: ret
        0xD503201F,     //    nop
        0, 0,           //    DATA
    ];

    /// <summary>The handler's bytes for this architecture.</summary>
    /// <param name="data">The address of what it works on.</param>
    /// <exception cref="PrivilegeException">There are none for this architecture.</exception>
    public static byte[] Write(nint data) => Write(data, RuntimeInformation.ProcessArchitecture);

    internal static byte[] Write(nint data, Architecture architecture)
    {
        (byte[] code, int at) = architecture switch
        {
            Architecture.X64 => (X64.ToArray(), X64AddressOffset),
            Architecture.Arm64 => (MemoryMarshal.AsBytes(Arm64).ToArray(), Arm64AddressOffset),
            var other => throw new PrivilegeException($"there is no signal handler for {other}"),
        };
        BinaryPrimitives.WriteInt64LittleEndian(code.AsSpan(at), data);
        return code;
    }
}
