using HilRig.Agent.Bootloader;
using HilRig.Agent.Images;
using HilRig.Agent.Bootloader.Recipes;
using HilRig.Kboot;
using HilRig.Tests.Agent.Places;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Bootloader;

/// <summary>
/// Packets bent at random in both directions between the client and the virtual board: only named exceptions come out, in
/// bounded time, a success means the right content, and the session works again once the line does. (What is pending is
/// bounded by its type: <c>ReceiveBuffer</c> is 1 KB for good.) 10 million bent packets with <c>HILRIG_FULL=1</c>, else a sample.
/// </summary>
public class FuzzTests
{
    private const uint Address = 0x1000_A000;
    private const uint Ram = 0x2001_0000;
    private const int CommandsPerBoard = 100;

    /// <summary>Nothing the client does on a broken line takes longer: an erase-all's deadline and its aftermath.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Bent_packets_in_both_directions_end_in_named_outcomes_and_never_in_false_success()
    {
        var seed = Extent.Seed();
        var target = Extent.IsFull ? 10_000_000L : 40_000L;
        TestContext.Out.WriteLine($"{target} bent packets");
        var outcomes = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var bent = 0L;
        for (var board = 0; bent < target; board++)
            bent += await BoardAsync(unchecked(seed + board), outcomes);
        TestContext.Out.WriteLine(string.Join(" · ", outcomes.Select(pair => $"{pair.Value} {pair.Key}")));
        Assert.That(outcomes.Keys, Is.SupersetOf(new[] { "silence", "success" }), "the line was bent, and not always");
    }

    /// <summary>One board and one client. What breaks a promise is printed with the seed that brings it back and the line's last packets.</summary>
    private static async Task<long> BoardAsync(int seed, SortedDictionary<string, long> outcomes)
    {
        var random = new Random(seed);
        var time = new ManualTime();
        using var link = new BoardLink(time);
        await using var client = new BootloaderClient(link, new BootloaderTimeouts(), time);
        var mutation = new PacketMutation(random, rate: random.NextDouble() * 0.3);
        try
        {
            (link.ToDevice, link.ToHost) = (mutation.Bend, mutation.Bend);
            for (var command = 0; command < CommandsPerBoard; command++)
                await CommandAsync(client, link, random, time, outcomes);
            (link.ToDevice, link.ToHost) = (BoardLink.Undisturbed, BoardLink.Undisturbed);
            await UpdateAsync(client, link, random);
        }
        catch (Exception)
        {
            TestContext.Out.WriteLine($"HILRIG_SEED={seed}\n{string.Join('\n', client.Trace.ToLines(60))}");
            throw;
        }
        return mutation.Count;
    }

    private static async Task CommandAsync(BootloaderClient client, BoardLink link, Random random, ManualTime time, SortedDictionary<string, long> outcomes)
    {
        var began = time.GetTimestamp();
        var outcome = await OutcomeAsync(() => AnyCommandAsync(client, link, random));
        Assert.That(time.GetElapsedTime(began), Is.LessThan(Bound), outcome);
        outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
    }

    /// <summary>On a line that works again, so must the session.</summary>
    private static async Task UpdateAsync(BootloaderClient client, BoardLink link, Random random)
    {
        link.HoldInBootloader();
        await client.ResynchroniseAsync(default);
        var data = Bytes(random, 1024);
        await new KinetisFlashToolRecipe().RunAsync(client, new Image("after", [new ImageSegment(Address, data)]), SamplePlace.WithPower.Board.Map, default);
        Assert.That(link.ReadFlash(Address, data.Length).AsSpan().SequenceEqual(data), "the update on the mended line");
    }

    /// <summary>Any command, and what its success promises. False success is a defect of the client, whatever the line did.</summary>
    private static async Task AnyCommandAsync(BootloaderClient client, BoardLink link, Random random)
    {
        switch (random.Next(10))
        {
            case 0:
                await client.PingAsync(default);
                break;
            case 1:
                await client.GetPropertyAsync((PropertyTag)random.Next(0x20), 0, default);
                break;
            case 2:
                await client.FlashEraseRegionAsync(Address, 0x2000, default);
                Assert.That(link.ReadFlash(Address, 0x2000).AsSpan().IndexOfAnyExcept((byte)0xFF) < 0, "an erase that claims success");
                break;
            case 3 or 4:
                // Compared with what lies there afterwards: resynchronising may end a dead write, which programs what it had.
                var read = await client.ReadMemoryAsync(Address, random.Next(1, 600), default);
                Assert.That(read.AsSpan().SequenceEqual(link.ReadFlash(Address, read.Length)), "a read that claims success");
                break;
            case 5:
                await client.FillMemoryAsync(Ram, 256, 0x5AA4_5AA5, default);
                Assert.That(link.ReadRam(Ram, 256).AsSpan().IndexOfAnyExcept((byte)0xA5, (byte)0x5A, (byte)0xA4) < 0, "a fill that claims success");
                break;
            case 6:
                await client.ResetAsync(default);
                break;
            case 7:
                await client.FlashEraseRegionAsync(Address, 0x2000, default);
                await WriteAsync(client, Address, link.ReadFlash, random);
                break;
            default:
                await WriteAsync(client, Ram, link.ReadRam, random);
                break;
        }
    }

    private static async Task WriteAsync(BootloaderClient client, uint address, Func<uint, int, byte[]> see, Random random)
    {
        var data = Bytes(random, random.Next(1, 600));
        await client.WriteMemoryAsync(address, data, default);
        Assert.That(see(address, data.Length).AsSpan().SequenceEqual(data), "a write that claims success");
    }

    private static async Task<string> OutcomeAsync(Func<Task> command)
    {
        try
        {
            await command();
            return "success";
        }
        catch (BootloaderStatusException)
        {
            return "status";
        }
        catch (LinkSilenceException)
        {
            return "silence";
        }
        catch (LinkProtocolException)
        {
            return "protocol";
        }
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
