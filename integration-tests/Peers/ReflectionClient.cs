using EbpfReceiver.IntegrationTests.Processes;

namespace EbpfReceiver.IntegrationTests.Peers;

/// <summary>clients/reflect.js: a gRPC client of another maker, which knows services by reflection alone.</summary>
internal static class ReflectionClient
{
    public static string List(string address) => Run(address, "list");

    public static string Describe(string address, string service) => Run(address, "describe", service);

    public static string Call(string address, string service, string method, string request, int seconds = 3) =>
        Run(address, "call", service, method, request, $"{seconds}");

    /// <summary>Runs one of the scripts of clients/ with the packages of the cache.</summary>
    public static CommandResult Script(string script, params IEnumerable<string> arguments)
    {
        Command.Run(Path.Combine(Repository.Root, "integration-tests", "clients", "fetch.sh"), [], TimeSpan.FromMinutes(5)).EnsureSuccess();
        return Command.Run("node", [script, .. arguments], TimeSpan.FromMinutes(3), Path.Combine(Repository.Cache, "clients")).EnsureSuccess();
    }

    private static string Run(params IEnumerable<string> arguments) => Script("reflect.js", arguments).Output;
}
