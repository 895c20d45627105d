namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Finds, among all that a program reads by helper, fields of one object that one call can read: a call costs more than some bytes more.
/// </summary>
internal sealed class ReadMerging
{
    private const int LongestRead = 64;
    private readonly Dictionary<(TypedExpression, MemoryAccess), List<(int Start, int End)>> _fields = [];
    private readonly Dictionary<MemoryRead, ReadCluster> _clusters = [];
    private readonly List<MemoryRead> _reads = [];
    private readonly HashSet<TypedExpression> _seen = [];

    public ReadMerging(IEnumerable<TypedExpression> roots)
    {
        foreach (var root in roots)
            Visit(root);
        foreach (var fields in _fields.Values)
            fields.Sort();
        foreach (var read in _reads)
        {
            if (ClusterAround(read) is { } cluster)
                _clusters[read] = cluster;
        }
    }

    /// <summary>The read that a field is part of; null if it is read alone.</summary>
    public ReadCluster? ClusterOf(MemoryRead read) => _clusters.GetValueOrDefault(read);

    internal static int SizeOf(MemoryRead read) => read.LoadSize > 0 ? read.LoadSize : read.Type.Size;

    private void Visit(TypedExpression expression)
    {
        if (!_seen.Add(expression))
            return;
        if (expression is MemoryRead { Access: not MemoryAccess.Direct, Type.IsScalar: true } read)
        {
            var key = (read.Address, read.Access);
            if (!_fields.TryGetValue(key, out var fields))
                _fields.Add(key, fields = []);
            var field = (read.Offset, read.Offset + SizeOf(read));
            if (!fields.Contains(field))
                fields.Add(field);
            _reads.Add(read);
        }
        foreach (var child in ExpressionTree.Children(expression))
            Visit(child);
    }

    /// <summary>Fields in order of their offsets are gathered as long as all of them fit one read.</summary>
    private ReadCluster? ClusterAround(MemoryRead read)
    {
        var fields = _fields[(read.Address, read.Access)];
        var first = 0;
        while (first < fields.Count)
        {
            var end = fields[first].End;
            var next = first + 1;
            while (next < fields.Count && Math.Max(end, fields[next].End) - fields[first].Start <= LongestRead)
                end = Math.Max(end, fields[next++].End);
            if (read.Offset >= fields[first].Start && read.Offset + SizeOf(read) <= end && read.Offset < fields[next - 1].Start + 1)
                return next - first > 1 ? new(read.Address, read.Access, fields[first].Start, end - fields[first].Start) : null;
            first = next;
        }
        return null;
    }
}
