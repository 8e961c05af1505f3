using HilRig.Agent.Bootloader;
using HilRig.Agent.Images;
using HilRig.Agent.Bootloader.Recipes;
using HilRig.Kboot;
using HilRig.Tests.Agent.Places;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Bootloader;

/// <summary>
/// Packets bent at random in both directions between the client and the virtual board: only named exceptions come out, in
/// bounded time, a success means the right content, and the session works again once the line does.
/// 10 million bent packets with <c>HILRIG_FULL=1</c>, else a sample.
/// </summary>
public class FuzzTests
{
    private const uint Address = 0x1000_A000;

    /// <summary>Nothing the client does on a broken line takes longer: an erase-all's deadline and its aftermath.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Bent_packets_in_both_directions_end_in_named_outcomes_and_never_in_false_success()
    {
        var seed = TestContext.CurrentContext.Random.Next();
        var target = Campaign.IsFull ? 10_000_000L : 1_500L;
        TestContext.Out.WriteLine($"seed {seed}, {target} bent packets");
        var outcomes = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var bent = 0L;
        for (var round = 0; bent < target; round++)
            bent += await RoundAsync(new Random(seed + round), outcomes);
        TestContext.Out.WriteLine(string.Join(" · ", outcomes.Select(pair => $"{pair.Value} {pair.Key}")));
        Assert.That(outcomes.Keys, Is.SupersetOf(new[] { "silence", "success" }), "the line was bent, and not always");
    }

    /// <summary>One board, one client, some twenty commands on a bad line, then an update on a good one.</summary>
    private static async Task<long> RoundAsync(Random random, SortedDictionary<string, long> outcomes)
    {
        var time = new ManualTime();
        using var link = new BoardLink(time);
        await using var client = new BootloaderClient(link, new BootloaderTimeouts(), time);
        var mutation = new PacketMutation(random, rate: random.NextDouble() * 0.3);
        link.ToDevice = mutation.Bend;
        link.ToHost = mutation.Bend;
        for (var command = 0; command < 20; command++)
        {
            var began = time.GetTimestamp();
            var outcome = await OutcomeAsync(() => AnyCommandAsync(client, link, random));
            Assert.That(time.GetElapsedTime(began), Is.LessThan(Bound), outcome);
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        link.ToDevice = BoardLink.Undisturbed;
        link.ToHost = BoardLink.Undisturbed;
        link.HoldInBootloader();
        await client.ResynchroniseAsync(default);
        var data = Bytes(random, 1024);
        await new KinetisFlashToolRecipe().RunAsync(client, new Image("after", [new ImageSegment(Address, data)]), SamplePlace.WithPower.Board.Map, default);
        Assert.That(link.ReadFlash(Address, data.Length).AsSpan().SequenceEqual(data), "the update on the mended line");
        return mutation.Count;
    }

    private static async Task AnyCommandAsync(BootloaderClient client, BoardLink link, Random random)
    {
        switch (random.Next(7))
        {
            case 0:
                await client.PingAsync(default);
                break;
            case 1:
                await client.GetPropertyAsync((PropertyTag)random.Next(0x20), 0, default);
                break;
            case 2:
                await client.FlashEraseRegionAsync(Address, 0x2000, default);
                Assert.That(link.ReadFlash(Address, 0x2000).AsSpan().IndexOfAnyExcept((byte)0xFF), Is.Negative, "an erase that claims success");
                break;
            case 3:
                var expected = link.ReadFlash(Address, 512);
                Assert.That((await client.ReadMemoryAsync(Address, 512, default)).AsSpan().SequenceEqual(expected), "a read that claims success");
                break;
            case 4:
                await client.FillMemoryAsync(0x2001_0000, 256, 0x5AA4_5AA5, default);
                break;
            case 5:
                await client.ResetAsync(default);
                break;
            default:
                await client.FlashEraseRegionAsync(Address, 0x2000, default);
                var data = Bytes(random, random.Next(1, 600));
                await client.WriteMemoryAsync(Address, data, default);
                Assert.That(link.ReadFlash(Address, data.Length).AsSpan().SequenceEqual(data), "a write that claims success");
                break;
        }
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
