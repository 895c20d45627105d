using System.Numerics;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Finds what a mistyped name was probably meant to be.</summary>
public static class NearestNames
{
    private const int MaxLength = 64;

    /// <summary>Up to so many candidates with few edits (insert, delete, replace, swap of neighbours) for their length, nearest first.</summary>
    public static IReadOnlyList<string> Find(string name, IEnumerable<string> candidates, int most = 3)
    {
        var found = new List<(int Distance, string Name)>();
        string wanted = Folded(name);
        foreach (string candidate in candidates)
        {
            if (candidate.Length is 0 or > MaxLength)
                continue;
            string folded = Folded(candidate);
            int allowed = Math.Max(1, Math.Max(wanted.Length, folded.Length) / 3);
            int distance = Math.Abs(wanted.Length - folded.Length) <= allowed ? Distance(wanted, folded) : int.MaxValue;

            // "dev" for "sk_dev", "filename" for "name": what contains the other is meant more often than chance has it.
            if (distance > allowed && wanted.Length >= 3 && folded.Length >= 3 && (folded.Contains(wanted) || wanted.Contains(folded)))
                distance = allowed + Math.Abs(wanted.Length - folded.Length);
            else if (distance > allowed)
                continue;
            if (!found.Exists(f => f.Name == candidate))
                found.Add((distance, candidate));
        }

        return [.. found.OrderBy(f => f.Distance).ThenBy(f => f.Name, StringComparer.Ordinal).Take(most).Select(f => f.Name)];
    }

    /// <summary>
    /// The same among tens of thousands of names, as a kernel has functions: fewer edits are allowed, and what can't be near is passed over by
    /// the letters that it has, so that a name that is missing costs a millisecond and not a second.
    /// </summary>
    public static string SuggestAmongMany(string name, IEnumerable<string> candidates)
    {
        string wanted = Folded(name);
        ulong letters = Letters(wanted);
        int allowed = Math.Clamp(wanted.Length / 4, 1, 2);
        return Suggest(name, candidates.Where(c => Math.Abs(c.Length - wanted.Length) <= allowed
            && BitOperations.PopCount(Letters(c) ^ letters) <= 2 * allowed && Distance(wanted, Folded(c)) <= allowed));
    }

    /// <summary>A half sentence that names them, as <c>; did you mean a or b?</c>; empty if there are none.</summary>
    public static string Suggest(string name, IEnumerable<string> candidates) => Find(name, candidates) switch
    {
        [] => "",
        [var one] => $"; did you mean {one}?",
        [var one, var two] => $"; did you mean {one} or {two}?",
        var all => $"; did you mean {string.Join(", ", all.Take(all.Count - 1))} or {all[^1]}?",
    };

    private static ulong Letters(string name)
    {
        ulong result = 0;
        foreach (char c in name)
            result |= 1UL << ((c | 0x20) & 63);
        return result;
    }

    private static string Folded(string name) => (name.Length > MaxLength ? name[..MaxLength] : name).ToLowerInvariant().Replace('-', '_');

    // Optimal string alignment with three rows.
    private static int Distance(string a, string b)
    {
        int[] older = new int[b.Length + 1], previous = new int[b.Length + 1], current = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
            previous[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = a[i - 1] == b[j - 1] ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    current[j] = Math.Min(current[j], older[j - 2] + 1);
            }

            (older, previous, current) = (previous, current, older);
        }

        return previous[b.Length];
    }
}
