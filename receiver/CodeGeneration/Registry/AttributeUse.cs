namespace EbpfReceiver.CodeGeneration.Registry;

/// <summary>An attribute of a metric, span, event or entity.</summary>
/// <param name="Attribute">The attribute.</param>
/// <param name="Requirement">required, conditionally_required, recommended or opt_in; for entities identifying or descriptive.</param>
/// <param name="Condition">When it is there; null unless it is conditionally required.</param>
public sealed record AttributeUse(RegistryAttribute Attribute, string Requirement, string? Condition);
