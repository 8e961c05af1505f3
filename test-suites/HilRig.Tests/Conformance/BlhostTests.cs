using System.ComponentModel;
using System.Diagnostics;
using HilRig.Agent;
using HilRig.Tests.SystemTests;
using NUnit.Framework;

namespace HilRig.Tests.Conformance;

/// <summary>NXP's own host against the virtual board, where the machine has it: the board must please more than our client.</summary>
public class BlhostTests
{
    [Test]
    public async Task Blhost_erases_writes_and_reads_back()
    {
        SkipWithoutBlhost();
        using var board = await TestBoard.StartAsync();
        var (image, copy) = (Path.Combine(board.Folder, "image.bin"), Path.Combine(board.Folder, "copy.bin"));
        var bytes = new byte[4096];
        new Random(20).NextBytes(bytes);
        await File.WriteAllBytesAsync(image, bytes);

        Assert.That(await BlhostAsync(board, "get-property", "1"), Does.Contain("0x4b020000").IgnoreCase);
        await BlhostAsync(board, "flash-erase-region", "0x1000A000", "0x2000");
        await BlhostAsync(board, "write-memory", "0x1000A000", image);
        await BlhostAsync(board, "read-memory", "0x1000A000", "4096", copy);
        Assert.That((await File.ReadAllBytesAsync(copy)).AsSpan().SequenceEqual(bytes));
    }

    private static void SkipWithoutBlhost()
    {
        if (SearchPath.Find("blhost") is null)
            Assert.Ignore("blhost is not on the PATH: NXP's host tool is proprietary (C++) or comes with `pip install spsdk`");
    }

    private static async Task<string> BlhostAsync(TestBoard board, params string[] command)
    {
        var start = new ProcessStartInfo("blhost", ["-p", $"{board.Serial},57600", "--", .. command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new Win32Exception("blhost does not start");
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, $"blhost {string.Join(' ', command)}:\n{output}{await error}");
        return output;
    }
}
