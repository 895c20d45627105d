using EbpfReceiver.Probes.Declared;
using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Tests.Probes.Declared;

public sealed class ScopeMembersTests
{
    [Fact]
    public void Executables_that_are_not_there_are_told()
    {
        List<string> absent = [];
        string self = Environment.ProcessPath!;
        HashSet<ulong> members = ScopeMembers.Of(new BoundSet("scope_binaries", BoundSetKind.Executables, [self, "/no/such/program"]), absent);
        Assert.NotEmpty(members);
        Assert.Equal(["/no/such/program"], absent);
    }

    [Fact]
    public void Cgroups_and_containers_that_are_not_there_are_told()
    {
        List<string> absent = [];
        Assert.Empty(ScopeMembers.Of(new BoundSet("scope_cgroups", BoundSetKind.Cgroups, ["/no-such.slice", "/nor/this"]), absent));
        Assert.Equal(["/no-such.slice", "/nor/this"], absent);
        absent.Clear();
        Assert.Empty(ScopeMembers.Of(new BoundSet("scope_containers", BoundSetKind.Containers, ["0123456789abcdef0123"]), absent));
        Assert.Equal(["0123456789abcdef0123"], absent);
    }
}
