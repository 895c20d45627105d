namespace EbpfReceiver.ProbeLanguage;

/// <summary>What one program gives to one emitter.</summary>
/// <param name="Emitter">Index into <see cref="BoundProbe.Emitters"/>.</param>
/// <param name="Attributes">The attributes' values, in the order and of the types of <see cref="BoundEmitter.Attributes"/>.</param>
/// <param name="Value">The measured value, an integer; null where a hit counts 1, and for spans and logs.</param>
/// <param name="When">A boolean that must hold for it; null: always.</param>
/// <param name="Source">The line it is written in.</param>
public sealed record BoundEmission(
    int Emitter, IReadOnlyList<TypedExpression> Attributes, TypedExpression? Value, TypedExpression? When, SourceText Source);
