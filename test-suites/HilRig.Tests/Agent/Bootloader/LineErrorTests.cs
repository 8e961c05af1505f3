using HilRig.Agent.Bootloader;
using HilRig.Agent.Serial;
using HilRig.Kboot;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Bootloader;

/// <summary>What the serial driver counts beside what the client sees.</summary>
public class LineErrorTests
{
    [Test]
    public async Task What_the_driver_counts_during_a_command_is_an_irregularity_of_the_link()
    {
        var time = new ManualTime();
        using var link = new BoardLink(time) { LineErrors = new SerialLineErrors(Framing: 5, Overruns: 1, Parity: 0, Breaks: 2, BufferOverruns: 0) };
        await using var client = new BootloaderClient(link, new BootloaderTimeouts(), time);
        var before = client.Counters;

        link.LineErrors = new SerialLineErrors(Framing: 7, Overruns: 1, Parity: 0, Breaks: 2, BufferOverruns: 3);
        await client.GetPropertyAsync(PropertyTag.BootloaderVersion, 0, default);

        var during = client.Counters - before;
        Assert.That(during.Line, Is.EqualTo(new SerialLineErrors(Framing: 2, Overruns: 0, Parity: 0, Breaks: 0, BufferOverruns: 3)));
        Assert.That(during.Irregularities, Is.EqualTo(5), "what was there before counts for nobody");
    }

    [Test]
    public async Task A_driver_that_does_not_count_is_no_driver_that_counted_nothing()
    {
        var time = new ManualTime();
        using var link = new BoardLink(time);
        await using var client = new BootloaderClient(link, new BootloaderTimeouts(), time);
        var before = client.Counters;
        await client.PingAsync(default);
        Assert.That((client.Counters - before).Line, Is.Null);
    }

    [Test]
    public void A_replugged_adapter_counts_from_0_again()
    {
        var later = new SerialLineErrors(Framing: 1, Overruns: 0, Parity: 0, Breaks: 0, BufferOverruns: 4);
        var earlier = new SerialLineErrors(Framing: 9, Overruns: 0, Parity: 0, Breaks: 0, BufferOverruns: 3);
        Assert.That(later - earlier, Is.EqualTo(new SerialLineErrors(Framing: 1, Overruns: 0, Parity: 0, Breaks: 0, BufferOverruns: 1)));
    }
}
