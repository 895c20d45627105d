namespace EbpfReceiver.ProbeLanguage;

/// <summary>Names of types that expressions know without a kernel's help.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<string, (int Bytes, bool Signed)> Integers = new(StringComparer.Ordinal)
    {
        ["u8"] = (1, false),
        ["u16"] = (2, false),
        ["u32"] = (4, false),
        ["u64"] = (8, false),
        ["i8"] = (1, true),
        ["i16"] = (2, true),
        ["i32"] = (4, true),
        ["i64"] = (8, true),
        ["s8"] = (1, true),
        ["s16"] = (2, true),
        ["s32"] = (4, true),
        ["s64"] = (8, true),
        ["uint8"] = (1, false),
        ["uint16"] = (2, false),
        ["uint32"] = (4, false),
        ["uint64"] = (8, false),
        ["int8"] = (1, true),
        ["int16"] = (2, true),
        ["int32"] = (4, true),
        ["int64"] = (8, true),
        ["uint8_t"] = (1, false),
        ["uint16_t"] = (2, false),
        ["uint32_t"] = (4, false),
        ["uint64_t"] = (8, false),
        ["int8_t"] = (1, true),
        ["int16_t"] = (2, true),
        ["int32_t"] = (4, true),
        ["int64_t"] = (8, true),
        ["size_t"] = (8, false),
        ["ssize_t"] = (8, true),
        ["uintptr_t"] = (8, false),
        ["pid_t"] = (4, true),
        ["loff_t"] = (8, true),
        ["off_t"] = (8, true),
        ["char"] = (1, true),
        ["unsigned char"] = (1, false),
        ["signed char"] = (1, true),
        ["short"] = (2, true),
        ["unsigned short"] = (2, false),
        ["int"] = (4, true),
        ["unsigned int"] = (4, false),
        ["unsigned"] = (4, false),
        ["signed"] = (4, true),
        ["signed int"] = (4, true),
        ["long"] = (8, true),
        ["unsigned long"] = (8, false),
        ["long long"] = (8, true),
        ["unsigned long long"] = (8, false),
        ["long int"] = (8, true),
        ["unsigned long int"] = (8, false),
    };

    private static readonly HashSet<string> Words =
        new(["unsigned", "signed", "char", "short", "int", "long"], StringComparer.Ordinal);

    /// <summary>Whether a word alone begins a type.</summary>
    public static bool IsKnown(string word) => Words.Contains(word) || Integers.ContainsKey(word) || word is "bool" or "ip4" or "ip6" or "void";

    /// <summary>Whether a word is one of those of which C makes its types.</summary>
    public static bool IsWordOfC(string word) => Words.Contains(word);

    /// <summary>Width and sign of an integer type.</summary>
    public static bool TryInteger(string name, out int bytes, out bool signed)
    {
        bool found = Integers.TryGetValue(name, out var integer);
        (bytes, signed) = integer;
        return found;
    }
}
