using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>Several links that are one to the user, as a clock on every CPU is.</summary>
internal sealed class LinkGroup(IReadOnlyList<BpfLink> links, string description, Action? afterClose = null) : BpfLink(description)
{
    private protected override FileDescriptor? Kernel => null;

    /// <summary>Makes links one by one; if one can't be made, those before it are taken away again, the last first.</summary>
    public static List<BpfLink> All<TItem>(IEnumerable<TItem> items, Func<TItem, BpfLink?> attach)
    {
        var links = new List<BpfLink>();
        try
        {
            foreach (var item in items)
            {
                if (attach(item) is { } link)
                    links.Add(link);
            }

            return links;
        }
        catch
        {
            for (var i = links.Count - 1; i >= 0; i--)
                links[i].Dispose();
            throw;
        }
    }

    private protected override void Detach()
    {
        // Each is let go, whatever becomes of the others; the first trouble is told.
        Exception? first = null;
        for (var i = links.Count - 1; i >= 0; i--)
        {
            try
            {
                links[i].Dispose();
            }
            catch (BpfException e)
            {
                first ??= e;
            }
        }

        afterClose?.Invoke();
        if (first is not null)
            throw first;
    }
}
