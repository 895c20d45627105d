namespace EbpfReceiver.ProbeLanguage;

/// <summary>An operand of the intermediate representation.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Register">Number of the virtual register.</param>
/// <param name="Value">The constant, or the offset (from the end of the stack: negative).</param>
/// <param name="Map">Name of the map.</param>
internal readonly record struct IrOperand(IrOperandKind Kind, int Register = -1, long Value = 0, string? Map = null)
{
    public static IrOperand Of(int register) => new(IrOperandKind.Register, register);

    public static IrOperand Stack(int offset) => new(IrOperandKind.Stack, Value: offset);

    public static IrOperand Constant(int value) => new(IrOperandKind.Constant, Value: value);

    public static IrOperand RegisterOffset(int register, int offset) =>
        offset == 0 ? Of(register) : new(IrOperandKind.RegisterOffset, register, offset);

    public static IrOperand MapNamed(string map) => new(IrOperandKind.Map, Map: map);

    public static IrOperand MapValue(string map, int offset = 0) => new(IrOperandKind.MapValue, Value: offset, Map: map);

    public static IrOperand Slot(int offset) => new(IrOperandKind.Slot, Value: offset);

    /// <summary>Whether it reads a virtual register.</summary>
    public bool UsesRegister => Kind is IrOperandKind.Register or IrOperandKind.RegisterOffset;
}
