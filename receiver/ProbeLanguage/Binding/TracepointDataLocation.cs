namespace EbpfReceiver.ProbeLanguage;

/// <summary>Where the bytes of a tracepoint's field are.</summary>
internal enum TracepointDataLocation
{
    /// <summary>In the field.</summary>
    Inline,

    /// <summary>__data_loc: the lower 16 bits of the field are an offset from the start of the record.</summary>
    FromRecord,

    /// <summary>__rel_loc: the lower 16 bits of the field are an offset from the end of the field.</summary>
    FromField,
}
