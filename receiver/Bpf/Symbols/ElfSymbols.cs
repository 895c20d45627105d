using System.Globalization;

namespace EbpfReceiver.Bpf;

/// <summary>Finds where in a file the code of a function begins, which is what uprobes are placed by.</summary>
public static class ElfSymbols
{
    /// <summary>
    /// The file offset of a function: looked for among the dynamic symbols, then among all, then in the file's separate debug file
    /// (by its build-id below /usr/lib/debug/.build-id, or by .gnu_debuglink).
    /// </summary>
    /// <param name="path">An executable or a library, 64-bit.</param>
    /// <param name="symbol">
    /// Its name; <c>name@VERSION</c> asks for one version, else the default one is taken; <c>name+0x10</c> for an instruction in it.
    /// </param>
    /// <returns>Offset in bytes from the start of the file, by the executable segment that holds the function.</returns>
    /// <exception cref="BpfException">The file can't be read, or does not define the function; the message says which.</exception>
    /// <exception cref="BpfFormatException">The file is malformed.</exception>
    public static ulong Resolve(string path, string symbol)
        => TryResolve(path, symbol, out var offset, out var problem) ? offset : throw new BpfException(problem);

    /// <summary>As <see cref="Resolve"/>, for functions that a file may do without.</summary>
    /// <param name="path">An executable or a library, 64-bit.</param>
    /// <param name="symbol">Its name, <c>name@VERSION</c>, <c>name+0x10</c>.</param>
    /// <param name="fileOffset">Offset in bytes from the start of the file; 0 if it is not defined there.</param>
    /// <param name="problem">A sentence that says why there is no offset; empty if there is one.</param>
    /// <returns>False if the file does not define the function.</returns>
    /// <exception cref="BpfException">The file can't be read, or defines the function more than once.</exception>
    /// <exception cref="BpfFormatException">The file is malformed.</exception>
    public static bool TryResolve(string path, string symbol, out ulong fileOffset, out string problem)
    {
        ArgumentException.ThrowIfNullOrEmpty(symbol);
        using var file = ImageFile.Open(path);
        var within = SymbolName.Parse(symbol).Offset;
        var search = new SymbolSearch(file, symbol);
        var hasSymbols = false;
        fileOffset = 0;
        var found = Find(file, search, ref hasSymbols);
        var debugProblem = "";
        // What is not stripped has nothing more to tell elsewhere.
        if (found is null && search is { IsImported: false, IsIndirect: false } && !HasAllSymbols(file)
            && DebugFile.Open(file, out debugProblem) is { } debug)
        {
            using (debug)
                found = Find(debug, search = new SymbolSearch(debug, symbol), ref hasSymbols);
        }

        if (found is not { } place)
        {
            problem = search switch
            {
                { IsIndirect: true } => $"{path} chooses {symbol} when a program starts (IFUNC), so it has no one place to probe.",
                { IsImported: true } => $"{path} only uses {symbol}; probe the library that defines it.",
                _ when !hasSymbols => $"{path} has no symbols (it is stripped){debugProblem}.",
                _ => $"{path} does not define the function {symbol}{debugProblem}.",
            };
            return false;
        }

        if (within != 0 && place.Size != 0 && within >= place.Size)
        {
            problem = string.Create(
                CultureInfo.InvariantCulture, $"{symbol} is past the end of the function, which has {place.Size} bytes in {path}.");
            return false;
        }

        problem = "";
        fileOffset = file.FileOffsetOf(place.Address + within, executable: true)
            ?? throw file.Malformed($"{symbol} is in no executable segment");
        return true;
    }

    /// <summary>The functions that a file defines whose name fits a pattern.</summary>
    /// <param name="path">An executable or a library, 64-bit.</param>
    /// <param name="pattern">'*' stands for any characters, '?' for one.</param>
    /// <returns>In order of their place; of several names of one place, the first.</returns>
    /// <exception cref="BpfException">The file can't be read.</exception>
    /// <exception cref="BpfFormatException">The file is malformed.</exception>
    public static IReadOnlyList<ElfFunction> Matching(string path, string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        using var file = ImageFile.Open(path);
        var found = new SortedDictionary<ulong, string>();
        FunctionTable.Collect(file, pattern, found);
        if (!HasAllSymbols(file) && DebugFile.Open(file, out _) is { } debug)
        {
            using (debug)
                FunctionTable.Collect(debug, pattern, found);
        }

        var functions = new List<ElfFunction>(found.Count);
        foreach (var (address, name) in found)
        {
            if (file.FileOffsetOf(address, executable: true) is { } offset)
                functions.Add(new(name, offset));
        }

        return functions;
    }

    private static bool HasAllSymbols(ImageFile file) => file.Sections.Exists(s => s.Type == ImageSection.SymbolTable);

    private static FoundSymbol? Find(ImageFile file, SymbolSearch search, ref bool hasSymbols)
    {
        foreach (var type in (ReadOnlySpan<uint>)[ImageSection.DynamicSymbolTable, ImageSection.SymbolTable])
        {
            foreach (var section in file.Sections)
            {
                if (section.Type != type)
                    continue;
                hasSymbols = true;
                if (search.In(section) is { } found)
                    return found;
            }
        }

        return null;
    }
}
