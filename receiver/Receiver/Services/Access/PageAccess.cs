namespace EbpfReceiver.Services.Access;

/// <summary>Marks a page, which is served by the listeners for pages only.</summary>
/// <param name="IsOpen">Whether it needs no token even where others do.</param>
internal sealed record PageAccess(bool IsOpen);
