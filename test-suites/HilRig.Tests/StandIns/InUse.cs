using System.Reflection;

namespace HilRig.Tests.StandIns;

/// <summary>Which of package and stand-in the agent was built with, as its assembly says.</summary>
internal static class InUse
{
    private static readonly Dictionary<string, string?> Metadata = Assembly.Load("hilrig-agent")
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .ToDictionary(attribute => attribute.Key, attribute => attribute.Value);

    public static string Of(string package) => Metadata[$"HilRig.{package}"] ?? "";

    public static bool IsStandIn(string package) => Of(package) == "stand-in";
}
