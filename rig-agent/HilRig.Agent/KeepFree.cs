using System.CommandLine;
using HilRig.Model;

namespace HilRig.Agent;

/// <summary>The option <c>--keep-free</c>: room that runs leave on their journals' disk.</summary>
public static class KeepFree
{
    public static Option<long> Option() => new("--keep-free")
    {
        Description = "MiB of the journals' disk that stay free: a run ends before its evidence finds no room",
        DefaultValueFactory = _ => Policies.KeepFree >> 20,
    };

    public static long Bytes(long mebibytes) =>
        mebibytes is >= 0 and < 1L << 30 ? mebibytes << 20 : throw new BadInputException($"--keep-free must be a number of MiB, 0 or more, not {mebibytes}");
}
