namespace EbpfReceiver.ProbeLanguage;

/// <summary>A built-in value.</summary>
/// <param name="Builtin">Which.</param>
/// <param name="Type">Its type, as <see cref="Builtin"/> says.</param>
public sealed record BuiltinExpression(Builtin Builtin, ProbeType Type) : TypedExpression(Type);
