using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard.Probe;

/// <summary>The real pyOCD against the debug port.</summary>
public class PyOcdTests
{
    private ServedChip board;

    [SetUp]
    public void Serve() => board = new ServedChip();

    [TearDown]
    public async Task Stop() => await board.DisposeAsync();

    [Test]
    public async Task It_connects_and_finds_a_running_core()
    {
        var output = await PyOcd.CommandAsync(board.Port, ["-v"], ["status", "show cores"]);
        Assert.That(output, Does.Contain("Running").And.Contain("Cortex-M7 r1p0").And.Contain("8 hardware breakpoints, 1 literal comparators")
            .And.Contain("4 hardware watchpoints").And.Contain("FPv5-SP-D16-M"));
    }
}
