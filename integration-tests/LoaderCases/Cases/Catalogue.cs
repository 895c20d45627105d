namespace EbpfReceiver.LoaderCases.Cases;

/// <summary>All cases, in the order in which they run.</summary>
internal static class Catalogue
{
    public static IEnumerable<LoaderCase> All { get; } =
    [
        .. KernelCases.All, .. CoreCases.All, .. DataCases.All, .. ExternCases.All, .. ModuleCases.All, .. MapCases.All, .. NestedMapCases.All, .. AttachCases.All,
        .. LinkCases.All, .. MissCases.All, .. SampleCases.All, .. HotplugCases.All, .. ProbeCases.All, .. RefusalCases.All, .. PrivilegeCases.All,
    ];
}
