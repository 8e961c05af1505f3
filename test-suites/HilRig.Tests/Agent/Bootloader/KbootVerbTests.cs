using HilRig.Tests.SystemTests;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Bootloader;

/// <summary>The <c>kboot</c> verb as a process, on a virtual board behind a real pseudo-terminal.</summary>
public class KbootVerbTests
{
    private TestBoard board = null!;

    [SetUp]
    public async Task StartAsync() => board = await TestBoard.StartAsync();

    [TearDown]
    public void End() => board.Dispose();

    [Test]
    public async Task Info_tells_all_properties_in_words()
    {
        var (code, output) = await KbootAsync("info");
        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Contain("K2.0.0").And.Contain("1048576 bytes").And.Contain("0x10000000-0x10005FFF").And.Contain("not in this build").And.Contain("P1.2.0"));
    }

    [Test]
    public async Task What_is_written_can_be_read_back_and_the_trace_tells_how()
    {
        var (image, copy, trace) = (InFolder("image.bin"), InFolder("copy.bin"), InFolder("trace.jsonl"));
        var bytes = new byte[5000];
        new Random(5).NextBytes(bytes);
        await File.WriteAllBytesAsync(image, bytes);

        Assert.That((await KbootAsync("write", "0x1000A000", image, "--erase", "--verify")).Output, Does.Contain("5000 bytes written and read back"));
        Assert.That((await KbootAsync("read", "0x1000A000", "5000", copy, "--trace", trace)).Code, Is.Zero);
        Assert.That((await File.ReadAllBytesAsync(copy)).AsSpan().SequenceEqual(bytes));
        Assert.That(await File.ReadAllTextAsync(trace), Does.Contain("read-memory flags=0 [0x1000A000, 0x1388]"));
        Assert.That((await KbootAsync("reset")).Code, Is.Zero);
    }

    [Test]
    public async Task A_refusal_by_the_board_ends_with_1_and_says_what_helps()
    {
        var (code, output) = await KbootAsync("erase", "0x10000000", "0x2000");
        Assert.That((code, output), Is.EqualTo((1,
            "FlashEraseRegion ended with status 10200 kStatusMemoryRangeInvalid: The range is in no memory of the map, or touches what the bootloader reserves for itself (property 0xC).")));
    }

    [Test]
    public async Task An_image_over_the_bootloader_is_refused_before_a_byte_of_it_is_sent()
    {
        await File.WriteAllBytesAsync(InFolder("image.bin"), new byte[100]);
        var (code, output) = await KbootAsync("write", "0x10004000", InFolder("image.bin"));
        Assert.That(code, Is.EqualTo(2));
        Assert.That(output, Does.Contain("overlaps the bootloader at 0x10000000-0x10005FFF"));
    }

    [Test]
    public async Task A_missing_port_ends_with_3_in_one_line()
    {
        using var child = Child.Start("hilrig-agent", "kboot", "--port", "/dev/ttyMissing7", "info");
        Assert.That(await child.ExitAsync(), Is.EqualTo(3));
        Assert.That(child.Output, Is.EqualTo("serial port /dev/ttyMissing7: does not exist; connect the board or correct serial.device"));
    }

    private string InFolder(string name) => Path.Combine(board.Folder, name);

    private async Task<(int Code, string Output)> KbootAsync(params string[] arguments)
    {
        using var child = Child.Start("hilrig-agent", ["kboot", "--port", board.Serial, .. arguments]);
        var code = await child.ExitAsync();
        return (code, child.Output);
    }
}
