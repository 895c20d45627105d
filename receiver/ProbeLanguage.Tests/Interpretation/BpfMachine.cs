using System.Buffers.Binary;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage.Tests.Interpretation;

/// <summary>
/// Runs BPF programs in user space, as the instruction set's document says. It is stricter than a CPU: memory that was not made, and
/// stack that was not written, can't be read.
/// </summary>
internal sealed class BpfMachine
{
    private const ulong StackTop = 0x7000_0000_0200, ContextAt = 0x6000_0000_0000, MapHandles = 0x5000_0000_0000;
    private readonly SortedList<ulong, byte[]> _memory = [];
    private readonly Dictionary<string, MachineMap> _maps = [];
    private readonly List<MachineMap> _handles = [];
    private readonly bool[] _written = new bool[512];
    private ulong _next = 0x4000_0000_0000;

    public BpfMachine(BpfObjectSpec spec)
    {
        Spec = spec;
        _memory.Add(StackTop - 512, new byte[512]);
        foreach (var map in spec.Maps.Values)
        {
            var made = new MachineMap(map);
            _maps.Add(map.Name, made);
            _handles.Add(made);
            for (var i = 0; made.IsArray && i < map.MaxEntries; i++)
                made.Set(BitConverter.GetBytes(i), Allocate(new byte[map.ValueSize]));
        }
    }

    public BpfObjectSpec Spec { get; }

    public ulong Time { get; set; } = 1_000_000;

    public ulong ProcessAndThread { get; set; } = (4321UL << 32) | 4322;

    public ulong UserAndGroup { get; set; } = (101UL << 32) | 1001;

    public ulong Cgroup { get; set; } = 77;

    public uint Random { get; set; }

    public string ThreadName { get; set; } = "nginx";

    public ulong Task { get; set; }

    public long OutputResult { get; set; }

    public List<byte[]> Samples { get; } = [];

    public int Executed { get; private set; }

    public MachineMap Map(string name) => _maps[name];

    /// <summary>Memory that programs can read; its address.</summary>
    public ulong Allocate(byte[] bytes)
    {
        var at = _next;
        _memory.Add(at, bytes);
        _next += ((ulong)bytes.Length + 0x1fff) & ~0xfffUL;
        return at;
    }

    public byte[] Bytes(ulong address) => _memory[address];

    public ulong Run(string program, ReadOnlySpan<byte> context)
    {
        var linked = ProgramLinker.Link(Spec, Spec.Program(program), null);
        foreach (var map in linked.Maps)
            ProgramReferences.Patch(linked.Instructions, map, _handles.IndexOf(_maps[map.MapName]));
        _memory[ContextAt] = context.ToArray();
        Array.Clear(_written);
        var code = linked.Instructions;
        var r = new ulong[11];
        r[1] = ContextAt;
        r[10] = StackTop;
        for (var at = 0; ;)
        {
            Executed++;
            var i = BpfInstruction.Decode(code.AsSpan(at * 8));
            at++;
            switch (i.Class)
            {
                case 0:
                    var high = BpfInstruction.Decode(code.AsSpan(at++ * 8)).Immediate;
                    r[i.Destination] = i.Source switch
                    {
                        1 => MapHandles + (ulong)i.Immediate,
                        2 => _handles[i.Immediate].Lookup(new byte[4]) + (ulong)high,
                        _ => (uint)i.Immediate | ((ulong)(uint)high << 32),
                    };
                    break;
                case 1:
                    r[i.Destination] = Load(r[i.Source] + (ulong)(long)i.Offset, Size(i));
                    break;
                case 2:
                    Store(r[i.Destination] + (ulong)(long)i.Offset, (ulong)(long)i.Immediate, Size(i));
                    break;
                case 3 when (i.Opcode & 0xe0) == 0xc0:
                    var place = r[i.Destination] + (ulong)(long)i.Offset;
                    Store(place, Load(place, Size(i)) + r[i.Source], Size(i));
                    break;
                case 3:
                    Store(r[i.Destination] + (ulong)(long)i.Offset, r[i.Source], Size(i));
                    break;
                case 4 or 7:
                    r[i.Destination] = Alu(i, r[i.Destination], (i.Opcode & 8) != 0 ? r[i.Source] : (ulong)(long)i.Immediate);
                    break;
                default:
                    if (i.Opcode == BpfInstruction.Exit)
                        return r[0];
                    if (i.Opcode == BpfInstruction.Call)
                        Call(i.Immediate, r);
                    else if (i.Opcode == BpfInstruction.Jump || Holds(i, r[i.Destination], (i.Opcode & 8) != 0 ? r[i.Source] : (ulong)(long)i.Immediate))
                        at += i.Offset;
                    break;
            }
        }
    }

    private static int Size(BpfInstruction i) => (i.Opcode & 0x18) switch { 0x10 => 1, 0x08 => 2, 0x00 => 4, _ => 8 };

    private static ulong Alu(BpfInstruction i, ulong a, ulong b)
    {
        if ((i.Opcode & 0xf0) == 0xd0)
        {
            return i.Immediate switch
            {
                16 => BinaryPrimitives.ReverseEndianness((ushort)a),
                32 => BinaryPrimitives.ReverseEndianness((uint)a),
                _ => BinaryPrimitives.ReverseEndianness(a),
            };
        }
        var narrow = i.Class == 4;
        if (narrow)
            (a, b) = ((uint)a, (uint)b);
        var mask = narrow ? 31 : 63;
        var result = (AluOperation)(i.Opcode & 0xf0) switch
        {
            AluOperation.Add => a + b,
            AluOperation.Subtract => a - b,
            AluOperation.Multiply => a * b,
            AluOperation.Divide => b == 0 ? 0 : a / b,
            AluOperation.Modulo => b == 0 ? a : a % b,
            AluOperation.Or => a | b,
            AluOperation.And => a & b,
            AluOperation.ExclusiveOr => a ^ b,
            AluOperation.ShiftLeft => a << ((int)b & mask),
            AluOperation.ShiftRight => a >> ((int)b & mask),
            AluOperation.ArithmeticShiftRight => narrow ? (ulong)((int)a >> ((int)b & mask)) : (ulong)((long)a >> ((int)b & mask)),
            AluOperation.Negate => 0 - a,
            _ => b,
        };
        return narrow ? (uint)result : result;
    }

    private static bool Holds(BpfInstruction i, ulong a, ulong b) => (JumpCondition)(i.Opcode & 0xf0) switch
    {
        JumpCondition.Equal => a == b,
        JumpCondition.NotEqual => a != b,
        JumpCondition.Above => a > b,
        JumpCondition.AboveOrEqual => a >= b,
        JumpCondition.Below => a < b,
        JumpCondition.BelowOrEqual => a <= b,
        JumpCondition.AnyBit => (a & b) != 0,
        JumpCondition.Greater => (long)a > (long)b,
        JumpCondition.GreaterOrEqual => (long)a >= (long)b,
        JumpCondition.Less => (long)a < (long)b,
        _ => (long)a <= (long)b,
    };

    private void Call(int helper, ulong[] r)
    {
        var map = r[1] - MapHandles < (ulong)_handles.Count ? _handles[(int)(r[1] - MapHandles)] : null;
        ulong result = 0;
        switch ((BpfHelper)helper)
        {
            case BpfHelper.MapLookup:
                result = map!.Lookup(Read(r[2], (int)map.Spec.KeySize));
                break;
            case BpfHelper.MapUpdate:
                result = (ulong)Update(map!, Read(r[2], (int)map!.Spec.KeySize), Read(r[3], (int)map.Spec.ValueSize), r[4]);
                break;
            case BpfHelper.MapDelete:
                result = map!.Remove(Read(r[2], (int)map.Spec.KeySize)) ? 0 : unchecked((ulong)-2);
                break;
            case BpfHelper.MonotonicTime:
                result = Time;
                break;
            case BpfHelper.Random:
                result = Random;
                break;
            case BpfHelper.CurrentCpu:
                result = 1;
                break;
            case BpfHelper.CurrentProcessAndThread:
                result = ProcessAndThread;
                break;
            case BpfHelper.CurrentUserAndGroup:
                result = UserAndGroup;
                break;
            case BpfHelper.CurrentCgroup:
                result = Cgroup;
                break;
            case BpfHelper.CurrentTask:
                result = Task;
                break;
            case BpfHelper.CurrentThreadName:
                var name = new byte[(int)r[2]];
                System.Text.Encoding.UTF8.GetBytes(ThreadName, name);
                Write(r[1], name);
                break;
            case BpfHelper.ReadKernel or BpfHelper.ReadUser:
                Write(r[1], TryRead(r[3], (int)r[2]) ?? new byte[(int)r[2]]);
                break;
            case BpfHelper.ReadKernelText or BpfHelper.ReadUserText:
                ReadText(r[1], (int)r[2], r[3]);
                break;
            case BpfHelper.PerfEventOutput:
                if (OutputResult == 0)
                    Samples.Add(Read(r[4], (int)r[5]));
                result = (ulong)OutputResult;
                break;
            default:
                throw new InvalidOperationException($"helper {helper}");
        }
        r[0] = result;
        for (var i = 1; i < 6; i++)
            r[i] = 0xdead_dead_dead_dead;
    }

    private long Update(MachineMap map, byte[] key, byte[] value, ulong flags)
    {
        var exists = map.Lookup(key) != 0;
        if (flags == 1 && exists)
            return -17;
        if (!exists && map.Count >= map.Spec.MaxEntries)
            return -7;
        map.Set(key, Allocate(value));
        return 0;
    }

    private void ReadText(ulong to, int size, ulong from)
    {
        for (var i = 0; i < size; i++)
        {
            if (TryRead(from + (ulong)i, 1) is not { } character)
            {
                Write(to, new byte[size]);
                return;
            }
            Write(to + (ulong)i, i == size - 1 ? [0] : character);
            if (character[0] == 0)
                return;
        }
    }

    private byte[]? TryRead(ulong address, int size)
    {
        foreach (var (start, bytes) in _memory)
        {
            if (address >= start && address - start + (ulong)size <= (ulong)bytes.Length)
                return bytes.AsSpan((int)(address - start), size).ToArray();
        }
        return null;
    }

    private byte[] Read(ulong address, int size)
    {
        for (var i = 0; address >= StackTop - 512 && address < StackTop && i < size; i++)
        {
            if (!_written[(int)(address - (StackTop - 512)) + i])
                throw new InvalidOperationException($"The stack at {(long)(address - StackTop) + i} was not written.");
        }
        return TryRead(address, size) ?? throw new InvalidOperationException($"There is no memory at {address:x}, {size} bytes.");
    }

    private void Write(ulong address, ReadOnlySpan<byte> value)
    {
        foreach (var (start, bytes) in _memory)
        {
            if (address < start || address - start + (ulong)value.Length > (ulong)bytes.Length)
                continue;
            value.CopyTo(bytes.AsSpan((int)(address - start)));
            if (start == StackTop - 512)
                Array.Fill(_written, true, (int)(address - start), value.Length);
            return;
        }
        throw new InvalidOperationException($"There is no memory at {address:x}, {value.Length} bytes.");
    }

    private ulong Load(ulong address, int size)
    {
        // A load through a typed pointer that fails gives 0.
        var bytes = address < 0x4000_0000_0000 ? TryRead(address, size) ?? new byte[8] : Read(address, size);
        if (address >= StackTop - 512 && address < StackTop && address % (ulong)size != 0)
            throw new InvalidOperationException("An unaligned load from the stack.");
        var wide = new byte[8];
        bytes.AsSpan(0, size).CopyTo(wide);
        return BitConverter.ToUInt64(wide);
    }

    private void Store(ulong address, ulong value, int size)
    {
        if (address >= StackTop - 512 && address < StackTop && address % (ulong)size != 0)
            throw new InvalidOperationException("An unaligned store to the stack.");
        Write(address, BitConverter.GetBytes(value).AsSpan(0, size));
    }
}
