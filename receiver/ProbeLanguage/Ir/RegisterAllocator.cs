namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Puts virtual registers into those of BPF by linear scan: what a call lies across into R6 to R9, the rest wherever there is room. What
/// does not fit lives on the stack and is loaded and stored around each use; then the scan begins again.
/// </summary>
internal static class RegisterAllocator
{
    private const int StackLimit = 512;
    private const int SlotSize = 8;
    private static readonly int[] Kept = [6, 7, 8, 9];
    private static readonly int[] Any = [0, 5, 4, 3, 2, 1, 6, 7, 8, 9];

    /// <summary>Assigns registers; the code is changed where something lives on the stack.</summary>
    /// <returns>The register of each virtual register, or null if the stack is too small.</returns>
    public static int[]? Allocate(IrBuilder program)
    {
        var depth = program.StackDepth;
        var pinned = new HashSet<int>();
        while (depth <= StackLimit)
        {
            var intervals = Liveness(program.Code, program.RegisterCount);
            if (Scan(intervals, pinned, program.RegisterCount, out var assigned) is not { } spilled)
                return assigned;
            depth += SlotSize;
            SpillRewriter.Rewrite(program, spilled, -depth, pinned);
        }
        return null;
    }

    private static List<LiveInterval> Liveness(List<IrInstruction> code, int registers)
    {
        var intervals = new LiveInterval[registers];
        for (var i = 0; i < registers; i++)
            intervals[i] = new(i);
        var calls = new List<int>();
        for (var i = 0; i < code.Count; i++)
        {
            var instruction = code[i];
            // The target is written before B is read where the two are not the same: "mov target, a; op target, b".
            var late = instruction.Operation is IrOperation.Alu or IrOperation.Alu32 ? 1 : 0;
            Read(instruction.A, 2 * i);
            Read(instruction.B, 2 * i + late);
            for (var a = 0; a < instruction.Arguments.Count; a++)
            {
                Read(instruction.Arguments[a], 2 * i);
                if (instruction.Arguments[a].Kind == IrOperandKind.Register)
                    intervals[instruction.Arguments[a].Register].Preferred = a + 1;
            }
            if (instruction.Target >= 0)
                Write(instruction, 2 * i + 1);
            if (instruction.Operation == IrOperation.Call)
                calls.Add(2 * i);
        }

        var live = new List<LiveInterval>();
        foreach (var interval in intervals)
        {
            if (interval.Start == int.MaxValue)
                continue;
            var next = calls.BinarySearch(interval.Start);
            next = next < 0 ? ~next : next;
            interval.CrossesCall = next < calls.Count && calls[next] < interval.End;
            live.Add(interval);
        }
        live.Sort(static (a, b) => (a.Start, a.Register).CompareTo((b.Start, b.Register)));
        return live;

        void Read(IrOperand operand, int position)
        {
            if (!operand.UsesRegister)
                return;
            intervals[operand.Register].End = Math.Max(intervals[operand.Register].End, position);
            intervals[operand.Register].Uses++;
        }

        void Write(IrInstruction instruction, int position)
        {
            var interval = intervals[instruction.Target];
            if (interval.Start == int.MaxValue)
            {
                interval.Start = position;
                interval.Partner = instruction.A.Kind == IrOperandKind.Register ? instruction.A.Register : -1;
                if (instruction.Operation is IrOperation.Call or IrOperation.Entry)
                    interval.Preferred = instruction.Operation == IrOperation.Call ? 0 : 1;
            }
            interval.End = Math.Max(interval.End, position);
            interval.Uses++;
        }
    }

    /// <summary>The virtual register that has to go to the stack, or null if all have a register.</summary>
    private static int? Scan(List<LiveInterval> intervals, HashSet<int> pinned, int registers, out int[] assigned)
    {
        assigned = new int[registers];
        Array.Fill(assigned, -1);
        var active = new List<LiveInterval>();
        var busy = new bool[11];
        foreach (var interval in intervals)
        {
            for (var i = active.Count - 1; i >= 0; i--)
            {
                if (active[i].End >= interval.Start)
                    continue;
                busy[assigned[active[i].Register]] = false;
                active.RemoveAt(i);
            }
            var register = Choose(interval, busy, assigned);
            if (register < 0)
                return Victim(interval, active, pinned, assigned);
            assigned[interval.Register] = register;
            busy[register] = true;
            active.Add(interval);
        }
        return null;
    }

    private static int Choose(LiveInterval interval, bool[] busy, int[] assigned)
    {
        var choice = interval.CrossesCall ? Kept : Any;
        if (interval.Partner >= 0 && assigned[interval.Partner] is >= 0 and var same && !busy[same] && Array.IndexOf(choice, same) >= 0)
            return same;
        if (interval.Preferred >= 0 && !busy[interval.Preferred] && Array.IndexOf(choice, interval.Preferred) >= 0)
            return interval.Preferred;
        foreach (var register in choice)
        {
            if (!busy[register])
                return register;
        }
        return -1;
    }

    /// <summary>Of those whose register would do: the one that is used least for the time it takes one.</summary>
    private static int Victim(LiveInterval interval, List<LiveInterval> active, HashSet<int> pinned, int[] assigned)
    {
        var victim = interval;
        foreach (var other in active)
        {
            if (pinned.Contains(other.Register) || (interval.CrossesCall && Array.IndexOf(Kept, assigned[other.Register]) < 0))
                continue;
            if (pinned.Contains(victim.Register) || Weight(other) < Weight(victim))
                victim = other;
        }
        return pinned.Contains(victim.Register)
            ? throw new InvalidOperationException("No register can be freed.")
            : victim.Register;

        static double Weight(LiveInterval interval) => (double)interval.Uses / (interval.End - interval.Start + 1);
    }
}
