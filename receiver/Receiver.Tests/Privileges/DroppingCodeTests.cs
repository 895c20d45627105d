using System.Diagnostics;
using System.Runtime.InteropServices;
using EbpfReceiver.Privileges;

namespace EbpfReceiver.Tests.Privileges;

/// <summary>The bytes of the signal handler against those that an assembler makes.</summary>
public class DroppingCodeTests
{
    private const string X64 = """
        .intel_syntax noprefix
            endbr64
            movabs r8, 0x1122334455667788
            xor esi, esi
        1:  mov eax, 157
            mov edi, 24
            xor edx, edx
            syscall
            inc esi
            cmp esi, 64
            jne 1b
            mov eax, 126
            mov rdi, r8
            lea rsi, [r8+8]
            syscall
            test eax, eax
            je 2f
            mov [r8+32], eax
        2:  ret

        """;

    private const string Arm64 = """
            ldr x9, 4f
            mov x11, #0
        1:  mov x8, #167
            mov x0, #24
            mov x1, x11
            mov x2, #0
            svc #0
            add x11, x11, #1
            cmp x11, #64
            b.ne 1b
            mov x8, #91
            mov x0, x9
            add x1, x9, #8
            svc #0
            cbz w0, 2f
            str w0, [x9, #32]
        2:  ret
            nop
        4:  .quad 0x1122334455667788

        """;

    [Theory]
    [InlineData(Architecture.X64, "x86_64-linux-gnu", X64)]
    [InlineData(Architecture.Arm64, "aarch64-linux-gnu", Arm64)]
    public void The_bytes_are_what_an_assembler_makes(Architecture architecture, string target, string source)
    {
        string path = Path.Combine(Path.GetTempPath(), $"handler-{Guid.NewGuid():N}");
        File.WriteAllText(path + ".s", source);
        Run("clang", "-c", $"--target={target}", path + ".s", "-o", path + ".o");
        Run("llvm-objcopy", "-O", "binary", "--only-section=.text", path + ".o", path + ".bin");
        byte[] assembled = File.ReadAllBytes(path + ".bin");
        foreach (string ending in (string[])[".s", ".o", ".bin"]) File.Delete(path + ending);
        Assert.Equal(Convert.ToHexString(assembled), Convert.ToHexString(DroppingCode.Write(unchecked((nint)0x1122334455667788), architecture)));
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
