using System.CommandLine;
using System.Text.Json;
using HilRig.Model;
using HilRig.Model.Rig;
using HilRig.Model.Runs;

namespace HilRig.Cli.Lab;

/// <summary><c>hilrig doctor</c>: the server's side of what would spoil a night; <c>agent doctor</c> is the other.</summary>
internal static class DoctorCommand
{
    /// <summary>Leases and schedules go by the server's clock, people by their own.</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(5);

    public static Command Create() => LabVerb.Create(
        "doctor", "Look at the server: folder, disk, database, clock, doors, agents and boards, each with its remedy. Exit code 3 where something is broken",
        async (parsed, server, output, cancellationToken) =>
        {
            var findings = await FindAsync(server, TimeProvider.System, cancellationToken);
            LabVerb.Print(parsed, output, JsonSerializer.SerializeToElement(findings, RunJson.Options), (_, _) => findings.Select(finding => finding.InWords));
            return findings.Any(finding => finding.Health is Health.Broken) ? ExitCode.RigError : ExitCode.Pass;
        });

    private static async Task<IReadOnlyList<Finding>> FindAsync(LabServer server, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var examination = (await server.GetAsync("/api/v1/doctor", cancellationToken)).Deserialize<Examination>(RunJson.Options)!;
            var skew = (examination.At - time.GetUtcNow()).Duration();
            var clock = skew <= MostSkew
                ? Finding.Well("clock", $"within {MostSkew.TotalSeconds:0} s of this machine's")
                : Finding.Doubtful("clock", $"{skew.TotalSeconds:0} s away from this machine's", "let both keep time by NTP (`timedatectl set-ntp true`)");
            return [Finding.Well("server", "answers"), clock, .. examination.Findings];
        }
        catch (IOException exception)
        {
            return [Finding.Broken("server", exception.Message, "start it (`./rig server`, or `systemctl start hilrig`)")];
        }
    }
}
