namespace EbpfReceiver.Probes.Declared;

/// <summary>
/// Decides how many hits a probe looks at: one of 2^n. Over the budget n goes up at once, as far as it takes; well below it, n goes down one step,
/// and only after some quiet seconds, so that it does not swing.
/// </summary>
internal sealed class Throttle
{
    /// <summary>One of 65536.</summary>
    public const int Maximum = 16;

    /// <summary>Half the hits more would still leave room.</summary>
    private const double Low = 0.4;

    private const int QuietSeconds = 3;

    private int _quiet;

    /// <summary>n: the probe looks at one of 2^n hits.</summary>
    public int Exponent { get; private set; }

    /// <summary>The share of hits that is looked at.</summary>
    public double Ratio => 1.0 / (1 << Exponent);

    /// <summary>A second has passed.</summary>
    /// <param name="load">What the probe took of its budget: 1 is all of it.</param>
    /// <returns>True if <see cref="Exponent"/> has changed.</returns>
    public bool Observe(double load)
    {
        int before = Exponent;
        if (load > 1)
        {
            _quiet = 0;
            // What a hit costs that is not looked at does not shrink: no more than this helps in one step.
            Exponent = Math.Min(Maximum, Exponent + Math.Max(1, (int)Math.Ceiling(Math.Log2(Math.Min(load, 1 << Maximum)))));
        }
        else if (load >= Low)
        {
            _quiet = 0;
        }
        else if (Exponent > 0 && ++_quiet >= QuietSeconds)
        {
            _quiet = 0;
            Exponent--;
        }

        return Exponent != before;
    }
}
