namespace HilRig.BoardTests;

/// <summary>The source tree that these tests were built from.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find();

    public static string Sequences => Path.Combine(Root, "test-suites", "sequences");

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "HilRig.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"no HilRig.sln above {AppContext.BaseDirectory}");
        return folder;
    }
}
