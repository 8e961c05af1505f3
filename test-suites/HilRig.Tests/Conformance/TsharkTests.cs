using System.Diagnostics;
using HilRig.Agent;
using HilRig.Agent.Bootloader;
using HilRig.Kboot;
using HilRig.Tests.Agent.Bootloader;
using NUnit.Framework;

namespace HilRig.Tests.Conformance;

/// <summary>Wireshark's own reader on a link trace, where the machine has it.</summary>
public class TsharkTests
{
    [Test]
    public async Task Wireshark_opens_a_trace_with_times_directions_words_and_bytes()
    {
        var time = new ManualTime();
        using var link = new BoardLink(time);
        await using var client = new BootloaderClient(link, new BootloaderTimeouts(), time);
        await client.PingAsync(default);
        await client.GetPropertyAsync(PropertyTag.BootloaderVersion, 0, default);
        var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.pcapng");
        TraceExport.WriteFile(client.Trace, file);

        var rows = await TsharkAsync("-r", file, "-T", "fields", "-E", "separator=|", "-e", "frame.number", "-e", "frame.packet_flags_direction", "-e", "frame.comment", "-e", "data");
        File.Delete(file);

        Assert.That(rows, Has.Length.EqualTo(client.Trace.Snapshot().Count));
        Assert.That(rows[0], Is.EqualTo("1|0x00000002|ping|000000005aa6"), "outbound");
        Assert.That(rows[1], Is.EqualTo("2|0x00000001|ping response P1.2.0 options 0x0000|010000005aa7000201500000aaea"), "inbound");
    }

    private static async Task<string[]> TsharkAsync(params string[] arguments)
    {
        if (SearchPath.Find("tshark") is null)
            Assert.Ignore("tshark is not on the PATH (Debian: apt-get install tshark); TraceExportTests walk the file's blocks themselves");
        using var process = Process.Start(new ProcessStartInfo("tshark", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, await error);
        return output.TrimEnd('\n').Split('\n');
    }
}
