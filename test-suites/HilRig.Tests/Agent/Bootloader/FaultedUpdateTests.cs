using HilRig.Agent.Bootloader;
using HilRig.Agent.Bootloader.Recipes;
using HilRig.Agent.Images;
using HilRig.Tests.Agent.Places;
using HilRig.Tests.Architecture;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Bootloader;

/// <summary>
/// Each fault of the line and of the host, at each packet of a 2 KB update (facts: kboot §10, F11 to F22):
/// the client ends in a named outcome in bounded time, never claims success for wrong content, and can go on afterwards.
/// </summary>
public class FaultedUpdateTests
{
    private const uint Address = 0x1000_A000;
    private const int Size = 2048;

    /// <summary>The longest chain of deadlines: an erase, its abort, and resynchronising.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    private static readonly Image Image = new("random", [new ImageSegment(Address, RandomBytes(58))]);

    private static readonly FlashMap Map = SamplePlace.WithPower.Board.Map;

    [TestCaseSource(typeof(LineFaults), nameof(LineFaults.All))]
    public async Task At_every_packet_the_update_ends_in_a_named_outcome_and_never_in_false_success(LineFault fault)
    {
        var row = await StrikeAllAsync(fault, new KinetisFlashToolRecipe(), stride: 1);
        Assert.That(File.ReadAllLines(Path.Combine(Repository.Root, "docs", "kboot.md")), Has.One.EqualTo(row), "docs/kboot.md publishes this table");
    }

    /// <summary>A line that doubles packets (none does) can defeat a plain write: packets have no numbers. Reading back must catch it.</summary>
    [TestCaseSource(typeof(LineFaults), nameof(LineFaults.Doubled))]
    public Task A_doubled_packet_never_survives_reading_back(LineFault fault) =>
        StrikeAllAsync(fault, new RigRecipe(), stride: Extent.IsFull ? 1 : 3);

    [TestCaseSource(typeof(LineFaults), nameof(LineFaults.All))]
    public Task So_does_an_update_that_reads_back(LineFault fault) =>
        StrikeAllAsync(fault, new RigRecipe(), stride: Extent.IsFull ? 1 : 9);

    private static async Task<string> StrikeAllAsync(LineFault fault, IUpdateRecipe recipe, int stride)
    {
        var packets = await CountPacketsAsync(recipe);
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0; index < (fault.StrikesHost ? packets.FromHost : packets.FromDevice); index += stride)
        {
            var outcome = await StrikeAsync(fault, recipe, index);
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }
        Assert.That(outcomes.Keys, Has.None.EqualTo("WRONG CONTENT"));
        var row = $"| {fault} | {string.Join(" · ", outcomes.Select(pair => $"{pair.Value} {pair.Key}"))} |";
        TestContext.Out.WriteLine(row);
        return row;
    }

    [Test]
    public async Task An_undisturbed_update_is_clean_to_the_last_counter()
    {
        var time = new ManualTime();
        using var link = new BoardLink(time);
        await using var client = new BootloaderClient(link, new BootloaderTimeouts(), time);
        await client.PingAsync(default);
        await new RigRecipe().RunAsync(client, Image, Map, default);
        Assert.That(client.Counters.Irregularities, Is.Zero);
        Assert.That(link.ReadFlash(Address, Size), Is.EqualTo(Image.Segments[0].Bytes.ToArray()));
    }

    private static async Task<(int FromHost, int FromDevice)> CountPacketsAsync(IUpdateRecipe recipe)
    {
        var time = new ManualTime();
        using var link = new BoardLink(time);
        await using var client = new BootloaderClient(link, new BootloaderTimeouts(), time);
        await client.PingAsync(default);
        await recipe.RunAsync(client, Image, Map, default);
        return link.Packets;
    }

    private static async Task<string> StrikeAsync(LineFault fault, IUpdateRecipe recipe, int index)
    {
        var time = new ManualTime();
        using var link = new BoardLink(time);
        fault.Install(link, index);
        await using var client = new BootloaderClient(link, new BootloaderTimeouts(), time);

        var began = time.GetTimestamp();
        var outcome = await OutcomeAsync(client, recipe);
        Assert.That(time.GetElapsedTime(began), Is.LessThan(Bound), $"{fault} at packet {index}: {outcome}");
        if (outcome.StartsWith("success", StringComparison.Ordinal) && !link.ReadFlash(Address, Size).AsSpan().SequenceEqual(Image.Segments[0].Bytes.Span))
            return "WRONG CONTENT";

        link.ToDevice = BoardLink.Undisturbed;
        link.ToHost = BoardLink.Undisturbed;
        link.Pass(fault.Lasts);
        if (fault.KillsHost)
        {
            await using var successor = new BootloaderClient(link, new BootloaderTimeouts(), time);
            return outcome + await NextUpdateAsync(link, successor, $"{fault} at packet {index} after {outcome}");
        }
        if (fault.StartsApplication)
            link.HoldInBootloader();
        return outcome + await NextUpdateAsync(link, client, $"{fault} at packet {index} after {outcome}");
    }

    /// <summary>
    /// Updates again, undisturbed. After a success whose last ACK got lost, or after a reset that the client cannot know of,
    /// the device takes no notice of the next command: that one fails by name, and the one after it works.
    /// </summary>
    private static async Task<string> NextUpdateAsync(BoardLink link, BootloaderClient client, string after)
    {
        var next = await OutcomeAsync(client, new KinetisFlashToolRecipe(), ping: false);
        var isLost = next is "silence" or "protocol" && after.Contains("success", StringComparison.Ordinal);
        if (isLost)
            next = await OutcomeAsync(client, new KinetisFlashToolRecipe(), ping: false);
        Assert.That(next, Does.StartWith("success"), $"{after}:\n{string.Join('\n', client.Trace.ToLines(12))}");
        Assert.That(link.ReadFlash(Address, Size), Is.EqualTo(Image.Segments[0].Bytes.ToArray()), after);
        return isLost ? ", next command lost" : "";
    }

    private static async Task<string> OutcomeAsync(BootloaderClient client, IUpdateRecipe recipe, bool ping = true)
    {
        try
        {
            if (ping)
                await client.PingAsync(default);
            await recipe.RunAsync(client, Image, Map, default);
            return client.Counters.Irregularities > 0 ? "success, marginal" : "success";
        }
        catch (BootloaderStatusException error)
        {
            return $"status {(uint)error.Status}";
        }
        catch (LinkSilenceException)
        {
            return "silence";
        }
        catch (LinkProtocolException)
        {
            return "protocol";
        }
        catch (ReadBackException)
        {
            return "read-back differs";
        }
    }

    private static byte[] RandomBytes(int seed)
    {
        var bytes = new byte[Size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
