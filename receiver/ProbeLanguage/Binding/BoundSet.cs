namespace EbpfReceiver.ProbeLanguage;

/// <summary>A set in the kernel that user space keeps up while the probe runs; its entries are u64.</summary>
/// <param name="Name">As <see cref="InSetExpression.Set"/> has it.</param>
/// <param name="Kind">What is in it.</param>
/// <param name="Entries">What was written: paths, ids.</param>
public sealed record BoundSet(string Name, BoundSetKind Kind, IReadOnlyList<string> Entries);
