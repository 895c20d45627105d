using EbpfReceiver.Bpf;
using EbpfReceiver.Configuration;
using EbpfReceiver.Probes.Declared;

namespace EbpfReceiver.Probes;

/// <content>Changes of what runs while the receiver does.</content>
internal sealed partial class ProbeHost
{
    /// <summary>
    /// Puts a probe in the place of the one that has its name, or adds it. The new one is attached first; then the old one is read a
    /// last time, the new one begins to count from there, and only then the old one is detached. An old one that runs stays if the new
    /// one can't.
    /// </summary>
    /// <returns>The new probe as it is now.</returns>
    /// <exception cref="BpfException">The old one runs, and the new one can't be attached; the message says why. Nothing has
    /// changed.</exception>
    public ProbeStatus Replace(Probe probe)
    {
        var slot = new ProbeSlot(probe);
        AttachedProbe? attached = null;
        try
        {
            // The kernel takes its time to check programs: other probes are read and asked for meanwhile.
            if (IsWanted(probe)) attached = Attach(probe);
        }
        catch (BpfException e)
        {
            lock (_gate)
            {
                if (_slots.GetValueOrDefault(probe.Name)?.Attached is not null) throw;
                Fail(slot, e);
                _slots[probe.Name] = slot;
                return slot.Status();
            }
        }

        lock (_gate)
        {
            ProbeSlot? old = _slots.GetValueOrDefault(probe.Name);
            if (old?.Attached is not null && attached is not null) ThrowIfLess(probe, attached);
            if (old?.Attached is not null) collector.Remove(old.Probe);
            if (attached is not null) Settle(slot, attached);
            _slots[probe.Name] = slot;
            old?.Probe.OnReplaced(slot.AttachedAt);
            if (old is not null) Detach(old);
            return slot.Status();
        }
    }

    /// <summary>Detaches a probe and forgets it.</summary>
    /// <exception cref="UnknownProbeException">There is no probe of that name.</exception>
    public void Remove(string name)
    {
        lock (_gate)
        {
            Detach(Slot(name));
            _slots.Remove(name);
        }
    }

    /// <summary>Changes what the probe of processes says; it stays attached.</summary>
    public void Configure(ProcessProbeSettings settings)
    {
        lock (_gate)
        {
            foreach (ProbeSlot slot in _slots.Values) (slot.Probe as Process.ProcessProbe)?.Configure(settings);
        }
    }

    /// <summary>
    /// Makes what runs what a changed configuration wants: probes that it includes now are attached, those that it excludes now are
    /// detached, and those whose settings have changed are attached anew. All others go on without a gap; so do those that it says the
    /// same of as before, whatever a person did to them meanwhile.
    /// </summary>
    /// <param name="changed">The configuration.</param>
    /// <param name="remade">Built-in probes with other settings than before.</param>
    public void Configure(ProbesConfiguration changed, IReadOnlyList<Probe> remade)
    {
        lock (_gate)
        {
            ProbesConfiguration before = _configuration;
            _configuration = changed;
            foreach (Probe probe in remade)
            {
                ProbeSlot old = Slot(probe.Name);
                bool ran = old.Attached is not null;
                Detach(old);
                var slot = new ProbeSlot(probe);
                _slots[probe.Name] = slot;
                if (ran && changed.Includes(probe.Name)) Attach(slot, () => Attach(probe), required: false);
            }

            foreach (ProbeSlot slot in _slots.Values)
            {
                bool wanted = changed.Includes(slot.Probe.Name);
                if (slot.Probe is not DeclaredProbe && wanted != before.Includes(slot.Probe.Name)) Switch(slot, wanted);
            }
        }
    }

    /// <summary>Attaches or detaches a probe; returns when that is done.</summary>
    /// <exception cref="UnknownProbeException">There is no probe of that name.</exception>
    public Task<ProbeStatus> SetEnabledAsync(string name, bool enabled)
    {
        ProbeSlot slot = Slot(name);
        return Task.Run(() =>
        {
            lock (_gate)
            {
                Switch(slot, enabled);
                return slot.Status();
            }
        });
    }

    /// <summary>Attaches or detaches a probe.</summary>
    /// <exception cref="UnknownProbeException">There is no probe of that name.</exception>
    public void Switch(string name, bool enabled)
    {
        lock (_gate) Switch(Slot(name), enabled);
    }

    private void Switch(ProbeSlot slot, bool enabled)
    {
        if (slot.Probe.IsAlwaysAttached) Silence(slot, enabled);
        else if (enabled && slot.Attached is null) Attach(slot, () => Attach(slot.Probe), required: false);
        else if (!enabled) Detach(slot);
    }

    /// <summary>A probe that sees nothing does not take the place of one that does.</summary>
    private static void ThrowIfLess(Probe probe, AttachedProbe attached)
    {
        IReadOnlyList<HookStatus> missing = [.. attached.Hooks(probe).Where(h => h is { Chosen: null, Required: true })];
        if (missing.Count == 0) return;
        probe.OnDetached();
        attached.Dispose();
        throw new BpfException(string.Join(" ", missing.Select(h => HookReason.Of(h, Environment.OSVersion.Version).Text)));
    }
}
