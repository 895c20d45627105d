using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Records of tracepoints by the kernel's types, where the format file is not at hand: <c>struct trace_event_raw_NAME</c>.</summary>
internal static class RecordTypes
{
    /// <summary>The fields; null if the kernel's types do not describe the record.</summary>
    public static IReadOnlyList<TracepointField>? Find(HookReference hook, ProbeTarget target)
    {
        if (target.Types is null)
            return null;
        if (hook.Scope == "syscalls")
            return FindSyscall(hook, target);
        // Without a prototype there is no such tracepoint, whatever structs there are.
        if (target.Names.FindTracepoint(hook.Target) is null
            || target.Names.FindType($"trace_event_raw_{hook.Target}", BtfKind.Struct) is not { } record)
        {
            return null;
        }

        var fields = new List<TracepointField>();
        BtfType type = record.Resolved;
        for (int i = 0; i < type.Count; i++)
        {
            BtfMember member = type.Member(i);
            TypeRef of = record.To(member.TypeId);
            int offset = (int)(member.BitOffset / 8);
            if (member.Name is "ent" or "__data" || member.BitFieldSize != 0)
                continue;
            if (member.Name.StartsWith("__data_loc_", StringComparison.Ordinal))
            {
                fields.Add(new(member.Name["__data_loc_".Length..], "char", offset, 4, false, 0, TracepointDataLocation.FromRecord));
                continue;
            }

            BtfType resolved = of.Resolved;
            if (resolved.Kind == BtfKind.Array)
            {
                TypeRef element = of.To(resolved.Array.ElementTypeId);
                int size = (int)of.Types.SizeOf(element.Id);
                fields.Add(new(member.Name, element.IsChar ? "char" : element.Name, offset, size * (int)resolved.Array.Count,
                    ContextValues.ScalarOf(element)?.IsSigned ?? false, (int)resolved.Array.Count));
            }
            else if (ContextValues.ScalarOf(of) is { } scalar)
            {
                fields.Add(new(member.Name, of.Name, offset, scalar.Size, scalar.IsSigned, 0));
            }
            else if (resolved.IsComposite)
            {
                fields.Add(new(member.Name, of.Name, offset, (int)resolved.Size, false, (int)resolved.Size));
            }
        }

        return fields;
    }

    /// <summary>A number in a record. The verifier takes aligned loads of the context only, and arrays of bytes need not be aligned.</summary>
    public static TypedExpression Read(int offset, ProbeType type) => offset % type.Size == 0
        ? new ContextRead(offset, type.Size, type)
        : new MemoryRead(new ContextAddress(new ConstantExpression(offset, ProbeType.U64)), 0, MemoryAccess.Kernel, type);

    // struct syscall_trace_enter and _exit (kernel/trace/trace.h): the entry of 8 bytes, the number, then the arguments or the result.
    private static List<TracepointField>? FindSyscall(HookReference hook, ProbeTarget target)
    {
        const string Enter = "sys_enter_", Exit = "sys_exit_";
        bool isEnter = hook.Target.StartsWith(Enter, StringComparison.Ordinal);
        if (!isEnter && !hook.Target.StartsWith(Exit, StringComparison.Ordinal))
            return null;
        string name = hook.Target[(isEnter ? Enter : Exit).Length..];
        if (target.Names.FindFunction($"__x64_sys_{name}") is null && target.Names.FindFunction($"__arm64_sys_{name}") is null
            && target.Names.FindFunction($"__se_sys_{name}") is null)
        {
            return null;
        }

        if (!isEnter)
            return [new("__syscall_nr", "int", 8, 4, true, 0), new("ret", "long", 16, 8, true, 0)];

        // The body of the call has the parameters under their own names, unless the compiler made it part of another function.
        TypeRef? body = target.Names.FindFunction($"__do_sys_{name}") ?? target.Names.FindFunction($"__se_sys_{name}");
        if (body is not { } prototype)
            return null;
        var fields = new List<TracepointField> { new("__syscall_nr", "int", 8, 4, true, 0) };
        BtfType type = prototype.Types[prototype.Id];
        for (int i = 0; i < type.Count; i++)
            fields.Add(new(type.Parameter(i).Name, prototype.To(type.Parameter(i).TypeId).Name, 16 + (i * 8), 8, false, 0));
        return fields;
    }
}
