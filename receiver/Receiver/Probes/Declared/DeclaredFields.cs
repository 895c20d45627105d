using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Probes.Declared;

/// <summary>Makes the fields of an emitter.</summary>
internal static class DeclaredFields
{
    /// <summary>The fields of a key or a sample.</summary>
    /// <param name="probe">The probe: its expressions tell which field is the process.</param>
    /// <param name="emitter">Index of the emitter.</param>
    /// <param name="fields">Where they are.</param>
    /// <param name="redacts">Whether texts are redacted.</param>
    public static DeclaredField[] Of(BoundProbe probe, int emitter, IReadOnlyList<KeyField> fields, bool redacts)
    {
        var result = new DeclaredField[fields.Count];
        for (int i = 0; i < result.Length; i++)
            result[i] = new DeclaredField(fields[i], IsProcessId(probe, emitter, IndexOf(probe.Emitters[emitter], fields[i].Attribute)), redacts);
        return result;
    }

    private static int IndexOf(BoundEmitter emitter, BoundAttribute attribute)
    {
        for (int i = 0; i < emitter.Attributes.Count; i++)
        {
            BoundAttribute candidate = emitter.Attributes[i];
            if (ReferenceEquals(candidate, attribute) || (candidate.Name == attribute.Name && candidate.Type == attribute.Type)) return i;
        }

        return -1;
    }

    /// <summary>Whether all programs that emit it take it from the thread that runs.</summary>
    private static bool IsProcessId(BoundProbe probe, int emitter, int attribute)
    {
        bool any = false;
        foreach (BoundProgram program in probe.Hooks.SelectMany(h => h.Alternatives).SelectMany(a => a.Programs))
        {
            foreach (BoundEmission emission in program.Emissions)
            {
                if (emission.Emitter != emitter) continue;
                if (attribute < 0 || Inner(emission.Attributes[attribute]) is not BuiltinExpression { Builtin: Builtin.ProcessId }) return false;
                any = true;
            }
        }

        return any;
    }

    private static TypedExpression Inner(TypedExpression expression) => expression is CastExpression cast ? Inner(cast.Operand) : expression;
}
