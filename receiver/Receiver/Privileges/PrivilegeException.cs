namespace EbpfReceiver.Privileges;

/// <summary>Privileges could not be given up. The process must not go on as if they were.</summary>
/// <param name="message">What failed, as a sentence without its subject.</param>
internal sealed class PrivilegeException(string message) : Exception(message);
