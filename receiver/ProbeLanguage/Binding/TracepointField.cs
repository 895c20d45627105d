namespace EbpfReceiver.ProbeLanguage;

/// <summary>A field of a tracepoint's record.</summary>
/// <param name="Name">Its name.</param>
/// <param name="CType">Its type as C writes it, without the brackets of an array.</param>
/// <param name="Offset">Bytes from the start of the record.</param>
/// <param name="Size">Bytes.</param>
/// <param name="IsSigned">Whether numbers are signed.</param>
/// <param name="Count">Elements of an array; 0 if it is none.</param>
/// <param name="Location">For arrays of changing length: how the field says where they are.</param>
internal sealed record TracepointField(
    string Name, string CType, int Offset, int Size, bool IsSigned, int Count, TracepointDataLocation Location = TracepointDataLocation.Inline);
