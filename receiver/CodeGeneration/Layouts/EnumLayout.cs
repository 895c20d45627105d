namespace EbpfReceiver.CodeGeneration;

/// <summary>An enum.</summary>
/// <param name="CName">As C writes it.</param>
/// <param name="Name">Name in C#.</param>
/// <param name="Underlying">Type of its values in C#.</param>
/// <param name="Values">Its values by their names in C and C#.</param>
internal sealed record EnumLayout(
    string CName, string Name, string Underlying, IReadOnlyList<(string CName, string Name, string Value)> Values);
