namespace EbpfReceiver.Otlp;

/// <summary>The answer to an Export request: the partial success, if any. All four signals number the fields alike.</summary>
/// <param name="Rejected">Items that were not taken.</param>
/// <param name="Message">Why, or a warning; empty when all is well.</param>
internal sealed record ExportResponse(long Rejected, string Message)
{
    public static ExportResponse Complete { get; } = new(0, "");

    /// <summary>Reads an Export*ServiceResponse; what is malformed counts as complete, since the request was taken.</summary>
    public static ExportResponse Parse(ReadOnlySpan<byte> response)
    {
        var outer = new ProtobufReader(response);
        while (outer.Next())
        {
            if (!outer.Is(RequestFields.Response.PartialSuccess))
                continue;
            long rejected = 0;
            string message = "";
            var partial = new ProtobufReader(outer.Bytes);
            while (partial.Next())
            {
                if (partial is { Field: RequestFields.PartialSuccess.Rejected, WireType: WireType.Varint })
                    rejected = (long)partial.Number;
                else if (partial.Is(RequestFields.PartialSuccess.ErrorMessage))
                    message = RpcStatusDetails.Text(partial.Bytes);
            }
            if (rejected != 0 || message.Length > 0)
                return new ExportResponse(rejected, message);
        }
        return Complete;
    }
}
