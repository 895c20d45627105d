namespace EbpfReceiver.Otlp;

/// <summary>
/// Offers each batch to every outlet that takes its signal. Any thread may publish, also while outlets are exchanged: publishing takes no
/// lock, and sees either the outlets before an exchange or those after it.
/// </summary>
public sealed class Fanout
{
    private readonly long[] _published = new long[Signals.Count];
    private readonly Lock _gate = new();
    private readonly List<IOutlet> _ended = [];
    private Routes _routes;

    /// <param name="outlets">The ways out to begin with.</param>
    public Fanout(IReadOnlyList<IOutlet> outlets) => _routes = new Routes([.. outlets]);

    /// <summary>The ways out that batches are offered to now.</summary>
    public IReadOnlyList<IOutlet> Outlets => Volatile.Read(ref _routes).Outlets;

    /// <summary>
    /// Those whose statistics tell what became of the items, each name once: the ways out of now, and the last of each name that is no
    /// more.
    /// </summary>
    public IReadOnlyList<IOutlet> Accounts
    {
        get
        {
            lock (_gate) return _ended.Count == 0 ? Outlets : [.. Outlets, .. _ended];
        }
    }

    /// <summary>Items of a signal that were published.</summary>
    public long Published(Signal signal) => Interlocked.Read(ref _published[(int)signal]);

    /// <summary>
    /// Offers the batch to each outlet and takes over the caller's reference: the caller must not touch the batch
    /// afterwards. An outlet that refuses it has its items counted as <see cref="DropCause.QueueFull"/>.
    /// </summary>
    public void Publish(Batch batch)
    {
        CountPublished(batch);
        Routes routes = Enter();
        foreach (IOutlet outlet in routes.Of(batch.Signal))
        {
            if (!TryOffer(outlet, batch))
                outlet.Statistics.CountDropped(batch.Signal, DropCause.QueueFull, batch.Items);
        }
        routes.Leave();
        batch.Release();
    }

    /// <summary>
    /// The same for a sender who is told what came of it. If no outlet with a queue has room, the batch is offered to nobody and counted
    /// nowhere: the sender has it, and sends it again.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="cancellationToken">The sender does not wait any longer; the batch is published all the same.</param>
    public Publication PublishTold(Batch batch, CancellationToken cancellationToken)
    {
        Routes routes = Enter();
        IOutlet[] outlets = routes.Of(batch.Signal);
        List<Task>? storing = null;
        bool isTaken = OfferToQueues(outlets, batch);
        if (isTaken)
        {
            CountPublished(batch);
            foreach (IOutlet outlet in outlets)
            {
                if (!HasQueue(outlet) && !TryOffer(outlet, batch))
                    outlet.Statistics.CountDropped(batch.Signal, DropCause.QueueFull, batch.Items);
                Task stored = outlet.StoredAsync(cancellationToken);
                if (!stored.IsCompletedSuccessfully)
                    (storing ??= []).Add(stored);
            }
        }
        routes.Leave();
        batch.Release();
        return new Publication(isTaken, storing is null ? Task.CompletedTask : Task.WhenAll(storing));
    }

    /// <summary>
    /// Puts outlets in the place of others, all at once: each batch is offered to the ones or to the others. When it returns, nothing is
    /// offered to those that left, and they can be stopped without a batch finding them closed. An outlet that has the name of one
    /// before it goes on with its counters.
    /// </summary>
    /// <param name="leaving">Outlets of now; others are ignored.</param>
    /// <param name="entering">Outlets that can take batches already.</param>
    public void Exchange(IReadOnlyCollection<IOutlet> leaving, IReadOnlyCollection<IOutlet> entering)
    {
        Routes before;
        lock (_gate)
        {
            before = _routes;
            foreach (IOutlet outlet in entering)
            {
                IOutlet? predecessor = leaving.Concat(_ended).FirstOrDefault(o => o.Name == outlet.Name);
                if (predecessor is not null)
                    outlet.Statistics.Continue(predecessor.Statistics);
            }
            _ended.RemoveAll(o => entering.Any(e => e.Name == o.Name));
            _ended.AddRange(before.Outlets.Where(o => leaving.Contains(o) && !entering.Any(e => e.Name == o.Name)));
            Volatile.Write(ref _routes, new Routes([.. before.Outlets.Where(o => !leaving.Contains(o)), .. entering]));
        }

        // A matter of microseconds, unless a thread that publishes has lost its CPU or waits for room in an outlet that is told to wait.
        var wait = new SpinWait();
        while (before.IsInUse)
            wait.SpinOnce();
    }

    /// <summary>Offers the batch to the outlets with a queue, and counts it if one of them took it, or if there is none.</summary>
    /// <returns>False: there are some, and none of them has room.</returns>
    private static bool OfferToQueues(IOutlet[] outlets, Batch batch)
    {
        List<IOutlet>? refused = null;
        bool isTaken = false;
        foreach (IOutlet outlet in outlets)
        {
            if (!HasQueue(outlet))
                continue;
            if (TryOffer(outlet, batch))
                isTaken = true;
            else
                (refused ??= []).Add(outlet);
        }
        if (refused is null)
            return true;
        foreach (IOutlet outlet in refused)
        {
            if (isTaken)
                outlet.Statistics.CountDropped(batch.Signal, DropCause.QueueFull, batch.Items);
            else
                outlet.Statistics.CountOffered(batch.Signal, -batch.Items);
        }
        return isTaken;
    }

    private static bool HasQueue(IOutlet outlet) => outlet.Statistics.QueueCapacity > 0;

    /// <summary>Offers a batch, of which the caller keeps its own reference.</summary>
    private static bool TryOffer(IOutlet outlet, Batch batch)
    {
        outlet.Statistics.CountOffered(batch.Signal, batch.Items);
        if (outlet.TryAccept(batch.Retain()))
            return true;
        batch.Release();
        return false;
    }

    private void CountPublished(Batch batch) => Interlocked.Add(ref _published[(int)batch.Signal], batch.Items);

    private Routes Enter()
    {
        while (true)
        {
            Routes routes = Volatile.Read(ref _routes);
            routes.Enter();
            // An exchange between the two lines may have seen nobody inside.
            if (ReferenceEquals(routes, Volatile.Read(ref _routes)))
                return routes;
            routes.Leave();
        }
    }

    /// <summary>A set of outlets, never changed, and how many threads go by it now.</summary>
    private sealed class Routes
    {
        private readonly IOutlet[][] _bySignal = new IOutlet[Signals.Count][];
        private int _users;

        public Routes(IOutlet[] outlets)
        {
            Outlets = outlets;
            for (int signal = 0; signal < Signals.Count; signal++)
                _bySignal[signal] = Array.FindAll(outlets, o => o.Takes((Signal)signal));
        }

        public IOutlet[] Outlets { get; }

        public bool IsInUse => Volatile.Read(ref _users) != 0;

        public IOutlet[] Of(Signal signal) => _bySignal[(int)signal];

        public void Enter() => Interlocked.Increment(ref _users);

        public void Leave() => Interlocked.Decrement(ref _users);
    }
}
