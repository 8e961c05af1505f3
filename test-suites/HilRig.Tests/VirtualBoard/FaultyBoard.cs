using HilRig.VirtualBoard;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard;

/// <summary>Boards with one fault armed.</summary>
internal static class FaultyBoard
{
    public static BoardUnderTest Board(string fault, byte[]? application = null) =>
        new(application: application, options: new BoardOptions { Name = "kv58-t", Seed = 7, Faults = [fault] });

    public static KbootHost Connect(BoardUnderTest board)
    {
        var host = new KbootHost(board);
        Assert.That(host.Ping(), Is.True, "connect");
        return host;
    }
}
