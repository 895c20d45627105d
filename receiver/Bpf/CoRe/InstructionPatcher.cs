namespace EbpfReceiver.Bpf;

/// <summary>Writes the value of a relocation into an instruction, having made sure that the instruction is what it should be.</summary>
internal static class InstructionPatcher
{
    /// <summary>Changes the instruction at an index.</summary>
    internal static PatchOutcome Apply(Span<byte> code, int index, CoreResolution resolution, CoreRelocationKind kind)
    {
        var instruction = InstructionView.At(code, index);
        if (resolution.Target is not { } target)
            return Poison(code, index);
        var local = resolution.Local;
        switch (instruction.Class)
        {
            case InstructionClass.Arithmetic32 or InstructionClass.Arithmetic64:
                if ((instruction.Opcode & 8) != 0)
                    return PatchOutcome.Refuse("is on an arithmetic instruction without an immediate");
                if (local.IsExact && instruction.Immediate != (int)local.Value)
                    return Differs(instruction.Immediate, (int)local.Value);
                instruction.Immediate = (int)target.Value;
                return PatchOutcome.Patched;

            case InstructionClass.LoadRegister or InstructionClass.Store or InstructionClass.StoreRegister:
                if (local.IsExact && (ushort)instruction.Offset != local.Value)
                    return Differs(instruction.Offset, (long)local.Value);
                if (target.Value > (ulong)short.MaxValue)
                    return PatchOutcome.Refuse($"comes to an offset of {target.Value}, and the instruction has room for {short.MaxValue}");
                if (resolution.ForbidsAccess)
                    return Poison(code, index);
                instruction.Offset = (short)target.Value;
                return local.AccessSize != target.AccessSize && Resize(instruction, local.AccessSize, target.AccessSize) is { } problem
                    ? PatchOutcome.Refuse(problem)
                    : new PatchOutcome(null, IsPoisoned: false, IsAccess: true);

            case InstructionClass.Load:
                return ApplyWide(code, index, local, target, kind);

            default:
                return PatchOutcome.Refuse($"is on an instruction that takes no value (opcode 0x{instruction.Opcode:x2})");
        }
    }

    private static PatchOutcome ApplyWide(Span<byte> code, int index, FieldFacts local, FieldFacts target, CoreRelocationKind kind)
    {
        var low = InstructionView.At(code, index);
        if (!low.IsLoadWide || low.SourceRegister != 0 || low.Offset != 0 || (index + 2) * InstructionView.Size > code.Length)
            return PatchOutcome.Refuse($"is on a load that takes no value (opcode 0x{low.Opcode:x2})");
        var high = InstructionView.At(code, index + 1);
        if (high.Opcode != 0 || high.Registers != 0 || high.Offset != 0)
            return PatchOutcome.Refuse("is on half of a wide load");

        var was = (uint)low.Immediate | ((ulong)(uint)high.Immediate << 32);
        var value = target.Value;
        // BTF does not say of a 32-bit enum from an old compiler whether it is signed; the instruction does.
        if (kind == CoreRelocationKind.EnumValue && was != local.Value && was == (uint)local.Value)
            value = (uint)value;
        else if (local.IsExact && was != local.Value)
            return Differs((long)was, (long)local.Value);
        low.Immediate = (int)value;
        high.Immediate = (int)(value >> 32);
        return PatchOutcome.Patched;
    }

    /// <summary>Changes how many bytes a load or store takes.</summary>
    private static string? Resize(InstructionView instruction, uint was, uint now)
    {
        const int sizeMask = 0x18;
        if (SizeBits(was) != (instruction.Opcode & sizeMask))
            return $"is of a field of {was} bytes, and the instruction does not take as many";
        if (SizeBits(now) is not { } bits)
            return $"comes to a field of {now} bytes, which no instruction loads";
        instruction.Opcode = (byte)((instruction.Opcode & ~sizeMask) | bits);
        return null;
    }

    private static int? SizeBits(uint bytes) => bytes switch
    {
        8 => 0x18,
        4 => 0x00,
        2 => 0x08,
        1 => 0x10,
        _ => null,
    };

    /// <summary>Makes an instruction one that the verifier refuses by a number, but only if it can be reached.</summary>
    private static PatchOutcome Poison(Span<byte> code, int index)
    {
        var instruction = InstructionView.At(code, index);
        // Else the verifier would stumble over the second half of the wide load, with a worse message.
        if (instruction.IsLoadWide && (index + 2) * InstructionView.Size <= code.Length)
            Call(InstructionView.At(code, index + 1));
        Call(instruction);
        return PatchOutcome.Poisoned;
    }

    private static void Call(InstructionView instruction)
    {
        instruction.Opcode = InstructionView.CallOpcode;
        instruction.Registers = 0;
        instruction.Offset = 0;
        instruction.Immediate = RelocationResult.PoisonedCall;
    }

    private static PatchOutcome Differs(long found, long expected) =>
        PatchOutcome.Refuse($"should be on an instruction with the value {expected}, which has {found}");
}
