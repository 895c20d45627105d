namespace EbpfReceiver.ProbeLanguage;

/// <summary>The per-CPU map for large objects: a word that says whether it is in use, then the objects.</summary>
internal static class ScratchLayout
{
    public const string MapName = "scratch";
    public const int Busy = 0;
    public const int FirstObject = 8;
}
