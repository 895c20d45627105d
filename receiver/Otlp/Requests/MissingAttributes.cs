namespace EbpfReceiver.Otlp;

/// <summary>The attributes to put into resources, and which of them the resource at hand has not got.</summary>
internal ref struct MissingAttributes
{
    private readonly ReadOnlySpan<byte> _resource;
    private readonly Attribute[] _attributes;
    private readonly int _count;
    private readonly ResourceOrigin _origin = new();

    private MissingAttributes(ReadOnlySpan<byte> resource, Attribute[] attributes, int count)
    {
        _resource = resource;
        _attributes = attributes;
        _count = count;
    }

    /// <summary>Takes the attributes of an encoded Resource.</summary>
    public static bool TryParse(ReadOnlySpan<byte> resource, out MissingAttributes attributes)
    {
        attributes = default;
        var found = new Attribute[16];
        int count = 0;
        var fields = new ProtobufReader(resource);
        while (fields.Next())
        {
            if (!fields.Is(CommonFields.Resource.Attributes))
                continue;
            if (!TryFindKey(fields.Bytes, out ReadOnlySpan<byte> key, out _))
                return false;
            if (count == found.Length)
                Array.Resize(ref found, count * 2);
            int content = fields.Position - fields.Bytes.Length;
            int keyStart = key.IsEmpty ? content : content + OffsetOf(fields.Bytes, key);
            found[count++] = new Attribute(fields.FieldStart, fields.Position, keyStart, key.Length);
        }
        attributes = new MissingAttributes(resource, found, count);
        return !fields.Malformed;
    }

    /// <summary>Profiles may name a key by its place in the dictionary's string table: looks up the places of our keys.</summary>
    public readonly void FindInDictionary(ReadOnlySpan<byte> request)
    {
        var outer = new ProtobufReader(request);
        while (outer.Next())
        {
            if (!outer.Is(RequestFields.Dictionary))
                continue;
            long index = 0;
            var dictionary = new ProtobufReader(outer.Bytes);
            while (dictionary.Next())
            {
                if (!dictionary.Is(ProfilesFields.Dictionary.StringTable))
                    continue;
                _origin.Learn(dictionary.Bytes, index);
                for (int i = 0; i < _count; i++)
                {
                    if (dictionary.Bytes.SequenceEqual(KeyOf(_attributes[i])))
                        _attributes[i].StringIndex = index;
                }
                index++;
            }
        }
    }

    /// <summary>All are missing again.</summary>
    public readonly void Reset()
    {
        for (int i = 0; i < _count; i++)
            _attributes[i].Present = false;
    }

    /// <summary>
    /// Those that the resource has are not missing; none is if the resource says that it is about something else than ours
    /// (<see cref="ResourceOrigin"/>). False when the resource is malformed.
    /// </summary>
    public readonly bool TryRemoveThoseIn(ReadOnlySpan<byte> resource)
    {
        bool elsewhere = false;
        var fields = new ProtobufReader(resource);
        while (fields.Next())
        {
            if (!fields.Is(CommonFields.Resource.Attributes))
                continue;
            if (!TryFindKey(fields.Bytes, out ReadOnlySpan<byte> key, out long stringIndex))
                return false;
            bool same = false;
            for (int i = 0; i < _count; i++)
            {
                ref Attribute attribute = ref _attributes[i];
                if (key.IsEmpty ? stringIndex <= 0 || stringIndex != attribute.StringIndex : !key.SequenceEqual(KeyOf(attribute)))
                    continue;
                attribute.Present = true;
                same |= SameValue(fields.Bytes, attribute);
            }
            elsewhere |= !same && (key.IsEmpty ? _origin.Has(stringIndex) : ResourceOrigin.IsKey(key));
        }
        for (int i = 0; elsewhere && i < _count; i++)
            _attributes[i].Present = true;
        return !fields.Malformed;
    }

    public readonly void Write(ProtobufWriter output)
    {
        for (int i = 0; i < _count; i++)
        {
            ref readonly Attribute attribute = ref _attributes[i];
            if (!attribute.Present)
                output.WriteRaw(_resource[attribute.Start..attribute.End]);
        }
    }

    private readonly ReadOnlySpan<byte> KeyOf(in Attribute attribute) => _resource.Slice(attribute.KeyStart, attribute.KeyLength);

    private readonly bool SameValue(ReadOnlySpan<byte> keyValue, in Attribute attribute)
    {
        var ours = new ProtobufReader(_resource[attribute.Start..attribute.End]);
        return ours.Next() && ValueIn(keyValue).SequenceEqual(ValueIn(ours.Bytes));
    }

    /// <summary>The encoded AnyValue of a KeyValue. One that refers to a dictionary equals none that does not, which errs on the safe side.</summary>
    private static ReadOnlySpan<byte> ValueIn(ReadOnlySpan<byte> keyValue)
    {
        ReadOnlySpan<byte> value = default;
        var fields = new ProtobufReader(keyValue);
        while (fields.Next())
        {
            if (fields.Is(CommonFields.KeyValue.Value))
                value = fields.Bytes;
        }
        return value;
    }

    private static bool TryFindKey(ReadOnlySpan<byte> keyValue, out ReadOnlySpan<byte> key, out long stringIndex)
    {
        key = default;
        stringIndex = 0;
        var fields = new ProtobufReader(keyValue);
        while (fields.Next())
        {
            if (fields.Is(CommonFields.KeyValue.Key))
                key = fields.Bytes;
            else if (fields is { Field: CommonFields.KeyValue.KeyStrindex, WireType: WireType.Varint })
                stringIndex = (int)fields.Number;
        }
        return !fields.Malformed;
    }

    private static int OffsetOf(ReadOnlySpan<byte> outer, ReadOnlySpan<byte> inner)
    {
        outer.Overlaps(inner, out int offset);
        return offset;
    }

    /// <summary>One attribute: its field and key as ranges of the resource.</summary>
    private struct Attribute(int start, int end, int keyStart, int keyLength)
    {
        public readonly int Start = start;
        public readonly int End = end;
        public readonly int KeyStart = keyStart;
        public readonly int KeyLength = keyLength;
        public long StringIndex = -1;
        public bool Present;
    }
}
