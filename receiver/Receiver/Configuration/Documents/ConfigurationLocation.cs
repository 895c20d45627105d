namespace EbpfReceiver.Configuration;

/// <summary>Where a value was written.</summary>
/// <param name="Source">A file's path as it was given, or the name of a variable, or <c>--set key</c>.</param>
/// <param name="Line">From 1; 0 where the source has no lines.</param>
/// <param name="Column">From 1; 0 where the source has no lines.</param>
public readonly record struct ConfigurationLocation(string Source, int Line = 0, int Column = 0)
{
    /// <summary><c>file:line:column</c>, as editors and terminals make a link of it.</summary>
    public override string ToString() => Line == 0 ? Source : $"{Source}:{Line}:{Column}";
}
