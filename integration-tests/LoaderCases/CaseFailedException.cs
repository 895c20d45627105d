namespace EbpfReceiver.LoaderCases;

/// <summary>The loader did something, and it was the wrong thing.</summary>
internal sealed class CaseFailedException(string message) : Exception(message);
