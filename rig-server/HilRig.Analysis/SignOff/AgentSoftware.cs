using System.Security.Cryptography;
using System.Text;
using HilRig.Model.Runs;

namespace HilRig.Analysis.SignOff;

/// <summary>What an agent ran with, as its runs told.</summary>
/// <param name="Digest">SHA-256 of the versions, a line each: one digest is one software.</param>
/// <param name="Versions">Of the agent, its runtime, system, pyOCD and packages, by name.</param>
public sealed record AgentSoftware(string Agent, string Digest, IReadOnlyDictionary<string, string> Versions)
{
    /// <summary>Each software of each agent once; an agent that was updated on the way stands there twice.</summary>
    public static IReadOnlyList<AgentSoftware> Of(IEnumerable<RunStarted> runs) =>
    [
        .. runs.Select(run => new AgentSoftware(run.Agent, DigestOf(run.Versions), new SortedDictionary<string, string>(run.Versions.ToDictionary(), StringComparer.Ordinal)))
            .DistinctBy(software => (software.Agent, software.Digest))
            .OrderBy(software => software.Agent, StringComparer.Ordinal).ThenBy(software => software.Digest, StringComparer.Ordinal),
    ];

    public static string DigestOf(IReadOnlyDictionary<string, string> versions) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Concat(versions.OrderBy(version => version.Key, StringComparer.Ordinal).Select(version => $"{version.Key}={version.Value}\n")))));
}
