using EbpfReceiver.Configuration;
using EbpfReceiver.Privileges;

namespace EbpfReceiver.Doctor;

/// <summary>Makes all checks, from the ground up.</summary>
internal static class Examination
{
    public static async Task<DoctorReport> RunAsync(ReceiverConfiguration configuration, SystemFiles files, CancellationToken cancellationToken)
    {
        var checks = new List<Check>();
        checks.AddRange(KernelChecks.Run(files));
        checks.AddRange(PrivilegeChecks.Run(files));
        PrivilegesAfterAttach choice = configuration.Privileges.AfterAttach;
        checks.Add(PrivilegeChecks.AfterAttach(choice, PrivilegeDrop.PlanFor(choice)));

        // Where something fatal was found already, trying features and probes would only say it once more and less clearly.
        if (!checks.Any(c => c.Fatal))
        {
            checks.AddRange(FeatureChecks.Run());
            checks.AddRange(await ProbeChecks.RunAsync(configuration, cancellationToken));
        }

        checks.AddRange(await EndpointChecks.RunAsync(configuration));
        return new DoctorReport(checks);
    }
}
