using HilRig.VirtualBoard;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard.Faults;

/// <summary>Boards with one fault armed.</summary>
internal static class FaultyBoard
{
    private const string Sound = "";

    /// <summary>Boards of the running test; a test without waits stays on its thread.</summary>
    [ThreadStatic]
    private static List<(string Fault, BoardUnderTest Board)>? made;

    public static IReadOnlyList<(string Fault, BoardUnderTest Board)> Made => made ??= [];

    public static void Forget() => made = [];

    public static BoardUnderTest Board(string fault, byte[]? application = null, byte[]? bootloader = null)
    {
        var faults = fault == Sound ? Array.Empty<string>() : [fault];
        var board = new BoardUnderTest(application: application, bootloader: bootloader, options: new BoardOptions { Name = "kv58-t", Seed = 7, Faults = faults });
        (made ??= []).Add((fault.Split(':')[0], board));
        return board;
    }

    /// <summary>A board with nothing wrong, for what people do to it.</summary>
    public static BoardUnderTest SoundBoard(byte[]? application = null, byte[]? bootloader = null) => Board(Sound, application, bootloader);

    public static KbootHost Connect(BoardUnderTest board)
    {
        var host = new KbootHost(board);
        Assert.That(host.Ping(), Is.True, "connect");
        return host;
    }
}
