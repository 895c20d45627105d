namespace EbpfReceiver.Bpf.Tests;

/// <summary>A field of a generated struct.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Declaration">Its declaration in C.</param>
/// <param name="Index">Of an array, an element in it.</param>
/// <param name="IsNumber">Whether the compiler says of it if it is signed.</param>
/// <param name="IsLoadable">Whether it fits a register.</param>
/// <param name="IsBitField">Whether it is a bit field.</param>
internal readonly record struct GeneratedField(
    string Name, string Declaration, string Index, bool IsNumber, bool IsLoadable, bool IsBitField);
