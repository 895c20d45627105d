namespace EbpfReceiver.Otlp;

/// <summary>
/// Completes the resources of a request that came from elsewhere: attributes that a resource does not have are put
/// in, and all else is copied as it is. Items are skipped over, not decoded.
/// </summary>
public static class ResourceSplicer
{
    /// <summary>
    /// Makes a batch of the request, with the attributes of <paramref name="resource"/> in each of its resources where the key
    /// is not there yet. An entry without a resource gets one. A resource that names another host, process, container or pod than
    /// <paramref name="resource"/> stays as it is: the sender only passes it on. Once the request would pass
    /// <see cref="Signals.MaxRequestBytes"/>, the entries that follow stay as they are.
    /// </summary>
    /// <param name="signal">Which request message the bytes are.</param>
    /// <param name="request">The encoded request.</param>
    /// <param name="resource">The encoded Resource whose attributes to put in (<see cref="EncodedResource.Bytes"/>); may be empty.</param>
    /// <param name="batch">The completed request; the caller has the reference. Null when the result is false.</param>
    /// <returns>False when the bytes are malformed as far as they were walked.</returns>
    public static bool TryComplete(Signal signal, ReadOnlySpan<byte> request, ReadOnlySpan<byte> resource, out Batch? batch) =>
        TryComplete(signal, request, resource, out batch, out _);

    /// <summary>
    /// As the other, without the items that the protocol calls invalid: spans whose trace id or span id has the wrong length or is all
    /// zero, and data points of histograms whose buckets do not fit their bounds.
    /// </summary>
    /// <param name="signal">Which request message the bytes are.</param>
    /// <param name="request">The encoded request.</param>
    /// <param name="resource">The encoded Resource whose attributes to put in; may be empty.</param>
    /// <param name="batch">The completed request; null when the result is false.</param>
    /// <param name="rejected">Items that were left out.</param>
    /// <returns>False when the bytes are malformed as far as they were walked.</returns>
    public static bool TryCompleteValid(
        Signal signal, ReadOnlySpan<byte> request, ReadOnlySpan<byte> resource, out Batch? batch, out int rejected)
    {
        if (!TryComplete(signal, request, resource, out batch, out rejected))
            return false;
        if (rejected == 0)
            return true;
        batch!.Release();
        batch = null;
        using var valid = new ProtobufWriter(request.Length + 256);
        return InvalidItems.TryRemove(signal, request, valid) && TryComplete(signal, valid.Written, resource, out batch);
    }

    private static bool TryComplete(
        Signal signal, ReadOnlySpan<byte> request, ReadOnlySpan<byte> resource, out Batch? batch, out int invalid)
    {
        batch = null;
        invalid = 0;
        if (!MissingAttributes.TryParse(resource, out MissingAttributes added))
            return false;
        if (signal == Signal.Profiles)
            added.FindInDictionary(request);
        using var output = new ProtobufWriter(request.Length + resource.Length + 256);
        var count = new ItemCount();
        var outer = new ProtobufReader(request);
        while (outer.Next())
        {
            ReadOnlySpan<byte> field = request[outer.FieldStart..outer.Position];
            if (!outer.Is(RequestFields.Resources))
            {
                output.WriteRaw(field);
                continue;
            }
            if (!RequestItems.TryCountResource(signal, outer.Bytes, ref count))
                return false;
            int rest = request.Length - outer.FieldStart;
            if (resource.IsEmpty || output.Position + rest + resource.Length + 16 > Signals.MaxRequestBytes)
                output.WriteRaw(field);
            else if (!TryWriteEntry(output, outer.Bytes, ref added))
                return false;
        }
        if (outer.Malformed)
            return false;
        int length = output.Position;
        batch = Batch.Own(signal, count.Items, output.Detach(0), length);
        invalid = count.Invalid;
        return true;
    }

    private static bool TryWriteEntry(ProtobufWriter output, ReadOnlySpan<byte> entry, ref MissingAttributes added)
    {
        added.Reset();
        bool found = false;
        var look = new ProtobufReader(entry);
        while (look.Next())
        {
            if (!look.Is(RequestFields.PerResource.Resource))
                continue;
            found = true;
            if (!added.TryRemoveThoseIn(look.Bytes))
                return false;
        }

        int start = output.BeginPadded(Tag.Length(RequestFields.Resources));
        if (!found)
            WriteResource(output, [], added);
        bool first = true;
        var copy = new ProtobufReader(entry);
        while (copy.Next())
        {
            if (first && copy.Is(RequestFields.PerResource.Resource))
            {
                WriteResource(output, copy.Bytes, added);
                first = false;
            }
            else
            {
                output.WriteRaw(entry[copy.FieldStart..copy.Position]);
            }
        }
        output.EndMinimal(start);
        return true;
    }

    private static void WriteResource(ProtobufWriter output, ReadOnlySpan<byte> resource, in MissingAttributes added)
    {
        int start = output.BeginPadded(Tag.Length(RequestFields.PerResource.Resource));
        output.WriteRaw(resource);
        added.Write(output);
        output.EndMinimal(start);
    }
}
