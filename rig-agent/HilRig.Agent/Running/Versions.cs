using System.Reflection;
using System.Runtime.InteropServices;

namespace HilRig.Agent.Running;

/// <summary>Versions of what takes part in a run, recorded with it.</summary>
public static class Versions
{
    public static string Agent { get; } = typeof(Versions).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    public static IReadOnlyDictionary<string, string> Present { get; } = Collect();

    private static Dictionary<string, string> Collect()
    {
        var versions = new Dictionary<string, string>
        {
            ["agent"] = Agent,
            ["runtime"] = RuntimeInformation.FrameworkDescription,
            ["system"] = RuntimeInformation.OSDescription,
            ["pyocd"] = Probe.PyOcdProgram.Version,
        };
        foreach (var metadata in typeof(Versions).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>())
        {
            if (metadata.Key.StartsWith("HilRig.", StringComparison.Ordinal))
                versions[metadata.Key["HilRig.".Length..]] = metadata.Value ?? "";
        }
        return versions;
    }
}
