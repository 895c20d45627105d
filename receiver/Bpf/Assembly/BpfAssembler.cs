namespace EbpfReceiver.Bpf;

/// <summary>
/// Writes BPF instructions one after the other. Jumps go to labels, maps are named; both are resolved by <see cref="Build"/> and by the
/// loader. Nothing is checked that the verifier checks, but what can't be encoded is refused.
/// </summary>
public sealed class BpfAssembler
{
    private const byte ClassLoad = 1, ClassStoreImmediate = 2, ClassStore = 3, ClassAlu32 = 4, ClassJump = 5, ClassAlu64 = 7;
    private const byte FromRegister = 0x08;
    private const byte Memory = 0x60, Atomic = 0xc0;
    private const int Unmarked = -1;

    private readonly List<BpfInstruction> _code = [];
    private readonly List<MapReference> _maps = [];
    private readonly List<CodeLine> _lines = [];
    private readonly List<int> _labels = [];
    private readonly List<(int Instruction, BpfLabel Label)> _jumps = [];

    /// <summary>Instructions written so far.</summary>
    public int Count => _code.Count;

    /// <summary>A new label; where it is, <see cref="Mark"/> says.</summary>
    public BpfLabel DefineLabel()
    {
        _labels.Add(Unmarked);
        return new(_labels.Count - 1);
    }

    /// <summary>The label is at the next instruction.</summary>
    /// <exception cref="InvalidOperationException">It is marked already.</exception>
    public void Mark(BpfLabel label)
    {
        if (_labels[label.Index] != Unmarked)
            throw new InvalidOperationException($"Label {label.Index} is marked twice.");
        _labels[label.Index] = _code.Count;
    }

    /// <summary>What follows comes from a source line.</summary>
    public void Line(string file, int line, int column, string text)
    {
        // The kernel takes one line for an instruction.
        if (_lines.Count > 0 && _lines[^1].Instruction == _code.Count)
            _lines.RemoveAt(_lines.Count - 1);
        _lines.Add(new(_code.Count, file, line, column, text));
    }

    /// <summary>dst = value, in the fewest instructions.</summary>
    public void LoadConstant(BpfRegister dst, long value)
    {
        if (value == (int)value)
            Alu(AluOperation.Move, dst, (int)value);
        else if (value == (uint)value)
            Alu32(AluOperation.Move, dst, (int)value);
        else
            Wide(dst, 0, (int)value, (int)(value >> 32));
    }

    /// <summary>dst = the map, as helpers take it.</summary>
    public void LoadMap(BpfRegister dst, string map)
    {
        _maps.Add(new(_code.Count, map, -1));
        Wide(dst, InstructionView.PseudoMapFd, 0, 0);
    }

    /// <summary>dst = an address in the first value of an array map (since 5.2).</summary>
    public void LoadMapValue(BpfRegister dst, string map, int offset)
    {
        _maps.Add(new(_code.Count, map, offset));
        Wide(dst, InstructionView.PseudoMapValue, 0, offset);
    }

    /// <summary>dst = dst operation src, 64 bits.</summary>
    public void Alu(AluOperation operation, BpfRegister dst, BpfRegister src) =>
        Add((byte)((byte)operation | FromRegister | ClassAlu64), dst, src, 0, 0);

    /// <summary>dst = dst operation value, 64 bits; the value is sign-extended.</summary>
    public void Alu(AluOperation operation, BpfRegister dst, int value) => Add((byte)((byte)operation | ClassAlu64), dst, 0, 0, value);

    /// <summary>dst = dst operation src, 32 bits; the upper half of dst becomes 0.</summary>
    public void Alu32(AluOperation operation, BpfRegister dst, BpfRegister src) =>
        Add((byte)((byte)operation | FromRegister | ClassAlu32), dst, src, 0, 0);

    /// <summary>dst = dst operation value, 32 bits; the upper half of dst becomes 0.</summary>
    public void Alu32(AluOperation operation, BpfRegister dst, int value) => Add((byte)((byte)operation | ClassAlu32), dst, 0, 0, value);

    /// <summary>dst = its lowest bytes as a big-endian number.</summary>
    /// <param name="dst">The register.</param>
    /// <param name="size">2, 4 or 8.</param>
    public void ToBigEndian(BpfRegister dst, int size) =>
        Add((byte)AluOperation.Swap | FromRegister | ClassAlu32, dst, 0, 0, size * 8);

    /// <summary>dst = *(address + offset), zero-extended.</summary>
    public void Load(BpfRegister dst, BpfRegister address, int offset, int size) =>
        Add((byte)(Memory | Width(size) | ClassLoad), dst, address, Displacement(offset), 0);

    /// <summary>*(address + offset) = src</summary>
    public void Store(BpfRegister address, int offset, BpfRegister src, int size) =>
        Add((byte)(Memory | Width(size) | ClassStore), address, src, Displacement(offset), 0);

    /// <summary>*(address + offset) = value; for 8 bytes the value is sign-extended.</summary>
    public void Store(BpfRegister address, int offset, int value, int size) =>
        Add((byte)(Memory | Width(size) | ClassStoreImmediate), address, 0, Displacement(offset), value);

    /// <summary>*(address + offset) += src, as one step for all CPUs.</summary>
    /// <param name="address">Address.</param>
    /// <param name="offset">Bytes from it.</param>
    /// <param name="src">What is added.</param>
    /// <param name="size">4 or 8.</param>
    public void AtomicAdd(BpfRegister address, int offset, BpfRegister src, int size) =>
        Add((byte)(Atomic | Width(size) | ClassStore), address, src, Displacement(offset), 0);

    /// <summary>Goes on at a label.</summary>
    public void Jump(BpfLabel target)
    {
        _jumps.Add((_code.Count, target));
        Add(BpfInstruction.Jump, 0, 0, 0, 0);
    }

    /// <summary>Goes on at a label if dst and src compare so, in 64 bits.</summary>
    public void JumpIf(JumpCondition condition, BpfRegister dst, BpfRegister src, BpfLabel target)
    {
        _jumps.Add((_code.Count, target));
        Add((byte)((byte)condition | FromRegister | ClassJump), dst, src, 0, 0);
    }

    /// <summary>Goes on at a label if dst and the sign-extended value compare so, in 64 bits.</summary>
    public void JumpIf(JumpCondition condition, BpfRegister dst, int value, BpfLabel target)
    {
        _jumps.Add((_code.Count, target));
        Add((byte)((byte)condition | ClassJump), dst, 0, 0, value);
    }

    /// <summary>Calls a helper.</summary>
    public void Call(BpfHelper helper) => Add(BpfInstruction.Call, 0, 0, 0, (int)helper);

    /// <summary>Ends the program with what R0 holds.</summary>
    public void Exit() => Add(BpfInstruction.Exit, 0, 0, 0, 0);

    /// <summary>The code as it is now.</summary>
    /// <exception cref="BpfException">A jump is longer than 32,767 instructions.</exception>
    /// <exception cref="InvalidOperationException">A label is jumped to and not marked.</exception>
    public AssembledCode Build()
    {
        var code = new byte[_code.Count * BpfInstruction.Size];
        for (var i = 0; i < _code.Count; i++)
            _code[i].Encode(code.AsSpan(i * BpfInstruction.Size));
        foreach (var (instruction, label) in _jumps)
        {
            var target = _labels[label.Index];
            if (target == Unmarked)
                throw new InvalidOperationException($"Instruction {instruction} jumps to label {label.Index}, which is nowhere.");
            var distance = target - instruction - 1;
            if (distance != (short)distance)
                throw new BpfException($"A jump over {Math.Abs(distance)} instructions is longer than BPF allows ({short.MaxValue}).");
            (_code[instruction] with { Offset = (short)distance }).Encode(code.AsSpan(instruction * BpfInstruction.Size));
        }
        return new(code, [.. _maps], [.. _lines]);
    }

    private void Wide(BpfRegister dst, byte source, int low, int high)
    {
        Add(BpfInstruction.WideLoad, dst, (BpfRegister)source, 0, low);
        Add(0, 0, 0, 0, high);
    }

    private void Add(byte opcode, BpfRegister dst, BpfRegister src, short offset, int immediate) =>
        _code.Add(new(opcode, (byte)dst, (byte)src, offset, immediate));

    private static byte Width(int size) => size switch
    {
        1 => 0x10,
        2 => 0x08,
        4 => 0x00,
        8 => 0x18,
        _ => throw new ArgumentOutOfRangeException(nameof(size), size, "Memory is accessed in 1, 2, 4 or 8 bytes."),
    };

    private static short Displacement(int offset) => offset == (short)offset
        ? (short)offset
        : throw new BpfException($"An offset of {offset} bytes is further than a BPF instruction reaches ({short.MaxValue}).");
}
