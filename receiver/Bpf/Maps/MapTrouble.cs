using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>
/// What an errno of a map operation means for this kind of map (kernel/bpf/{syscall,hashtab,arraymap,lpm_trie}.c), as a sentence.
/// </summary>
internal static class MapTrouble
{
    public static BpfSyscallException Of(BpfMap map, BpfCommand command, long result)
        => new($"bpf({NameOf(command)})", (int)-result, $"{Doing(command)} map {map.Name}", Remedy(map, command, Syscall.ErrorOf(result)));

    private static string NameOf(BpfCommand command) => command switch
    {
        BpfCommand.MapLookupElement => "BPF_MAP_LOOKUP_ELEM",
        BpfCommand.MapUpdateElement => "BPF_MAP_UPDATE_ELEM",
        BpfCommand.MapDeleteElement => "BPF_MAP_DELETE_ELEM",
        BpfCommand.MapGetNextKey => "BPF_MAP_GET_NEXT_KEY",
        BpfCommand.MapLookupAndDeleteElement => "BPF_MAP_LOOKUP_AND_DELETE_ELEM",
        BpfCommand.MapFreeze => "BPF_MAP_FREEZE",
        BpfCommand.MapLookupBatch => "BPF_MAP_LOOKUP_BATCH",
        BpfCommand.MapLookupAndDeleteBatch => "BPF_MAP_LOOKUP_AND_DELETE_BATCH",
        BpfCommand.MapUpdateBatch => "BPF_MAP_UPDATE_BATCH",
        BpfCommand.MapDeleteBatch => "BPF_MAP_DELETE_BATCH",
        BpfCommand.ObjectPin => "BPF_OBJ_PIN",
        BpfCommand.ObjectGetInfo => "BPF_OBJ_GET_INFO_BY_FD",
        _ => command.ToString(),
    };

    private static string Doing(BpfCommand command) => command switch
    {
        BpfCommand.MapUpdateElement or BpfCommand.MapUpdateBatch => "updating",
        BpfCommand.MapDeleteElement or BpfCommand.MapDeleteBatch => "deleting from",
        BpfCommand.MapLookupAndDeleteElement or BpfCommand.MapLookupAndDeleteBatch => "taking from",
        BpfCommand.MapFreeze => "freezing",
        BpfCommand.ObjectPin => "pinning",
        BpfCommand.ObjectGetInfo => "asking about",
        _ => "reading",
    };

    private static string? Remedy(BpfMap map, BpfCommand command, Errno error)
    {
        var updates = command is BpfCommand.MapUpdateElement or BpfCommand.MapUpdateBatch;
        switch (error)
        {
            case Errno.E2BIG when updates && map.IsIndexed:
                return $"Its indices go from 0 to {map.MaxEntries - 1}.";
            case Errno.E2BIG or Errno.ENOSPC when updates:
                return $"The map is full: it holds at most {map.MaxEntries} entries. Make it with more (MapSpec.MaxEntries).";
            case Errno.ENOSPC:
                return "One bucket of the hash has more entries than there is room for: give room for more.";
            case Errno.EPERM when updates || command is BpfCommand.MapDeleteElement or BpfCommand.MapDeleteBatch:
                return "User space may not change it: it is frozen, or was made or opened read-only.";
            case Errno.EPERM when command == BpfCommand.MapFreeze:
                return "It is frozen already, or user space may not write it; freezing takes CAP_BPF.";
            case Errno.EPERM:
                return "User space may not do that with it: it was made or opened write-only, or with rights that are too narrow.";
            case Errno.EBUSY when command == BpfCommand.MapFreeze:
                return "It is mapped for writing, or being changed: end that first.";
            case Errno.EBUSY:
                return "The bucket is being changed by a program on this CPU: try again.";
            case Errno.ENOMEM:
                return "The kernel has no memory for the entry, or the memory limit of the cgroup is reached.";
            case Errno.EINVAL when updates && map.Type is BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps:
                return "What is put in has to be a map of the same kind and sizes as the template.";
            case Errno.EINVAL when updates && map.Type == BpfMapType.LpmTrie:
                return "The length of the prefix may be longer than the key, or the map was made without BPF_F_NO_PREALLOC.";
            case Errno.EINVAL when updates && map.Type == BpfMapType.ProgramArray:
                return "All programs of a program array have to be of one kind.";
            case Errno.EINVAL or Errno.ENOTSUPP or Errno.EOPNOTSUPP:
                return $"This kernel does not do that with a map of the kind {map.Type}.";
            default:
                return null;
        }
    }
}
