using System.Globalization;
using NUnit.Framework;

namespace HilRig.Tests;

/// <summary>How far tests go that can go on for ever.</summary>
public static class Extent
{
    /// <summary>Set by <c>HILRIG_FULL=1</c>: every case instead of a sample.</summary>
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("HILRIG_FULL") == "1";

    /// <summary>Another each time, printed; <c>HILRIG_SEED</c> brings one back.</summary>
    public static int Seed()
    {
        var seed = Environment.GetEnvironmentVariable("HILRIG_SEED") is { } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : TestContext.CurrentContext.Random.Next();
        TestContext.Out.WriteLine($"HILRIG_SEED={seed}");
        return seed;
    }
}
