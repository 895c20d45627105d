using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage.Tests;

/// <summary>Bound probes as the binder makes them, in few words.</summary>
internal static class TestProbes
{
    public static readonly SourceText Line = new(new SourceLocation("probes/test.yaml", 7, 5), "    where: test");

    /// <summary>Argument n of a raw tracepoint.</summary>
    public static ContextRead Argument(int index, ProbeType? type = null) => new(index * 8, 8, type ?? ProbeType.U64);

    public static BuiltinExpression Pid => new(Builtin.ProcessId, ProbeType.U32);

    public static BuiltinExpression Comm => new(Builtin.ThreadName, ProbeType.Text(16));

    public static ConstantExpression Number(long value, ProbeType? type = null) => new(value, type ?? ProbeType.U64);

    public static BinaryExpression Compare(BinaryOperator operation, TypedExpression left, TypedExpression right) =>
        new(operation, left, right, ProbeType.Boolean);

    public static BoundAttribute Attribute(string name, ProbeType type) => new(name, type, []);

    public static BoundEmitter Emitter(EmitterKind kind, params BoundAttribute[] attributes) =>
        new() { Kind = kind, Name = "test.value", Attributes = attributes, Source = Line };

    public static BoundEmission Emission(int emitter, TypedExpression? value, params TypedExpression[] attributes) =>
        new(emitter, attributes, value, null, Line);

    public static BoundProgram Program(
        ProgramKind kind = ProgramKind.RawTracepoint, string target = "sys_enter", params BoundEmission[] emissions) =>
        new() { Kind = kind, Target = target, Source = Line, Emissions = emissions };

    public static BoundHook Hook(HookRole role, string name, BoundProgram program) => new(name, role, [new("raw_tp", [program])]);

    public static BoundProbe Single(BoundProgram program, params BoundEmitter[] emitters) =>
        new() { Name = "test", Hooks = [Hook(HookRole.Single, "hit", program)], Emitters = emitters };

    public static BoundProbe Pair(BoundProgram start, BoundProgram end, ProbeType[] captures, params BoundEmitter[] emitters) => new()
    {
        Name = "test",
        Hooks = [Hook(HookRole.Start, "start", start), Hook(HookRole.End, "end", end)],
        Emitters = emitters,
        CaptureTypes = captures,
    };

    public const string HitProgram = "hit__raw_tp";
}
