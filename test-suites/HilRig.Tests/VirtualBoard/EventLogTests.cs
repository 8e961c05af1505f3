using HilRig.Agent.Bootloader;
using HilRig.Agent.Serial;
using HilRig.Tests.SystemTests;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Kv58;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard;

/// <summary>The event log of real board processes: the same seed and the same inputs give the same bytes, with faults on and on a real clock.</summary>
public class EventLogTests
{
    private static readonly byte[] Image = FirmwareImage.BuildApplication(6144, 2, "new", dataCache: false);

    private string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("hilrig-log-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task The_same_seed_and_inputs_give_the_same_bytes_and_another_seed_gives_others()
    {
        var (first, second, other) = (await UpdateAsync("first", 5), await UpdateAsync("second", 5), await UpdateAsync("other", 6));
        Assert.That(second, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
        var text = System.Text.Encoding.ASCII.GetString(first);
        Assert.That(text, Does.Contain("status 10203").And.Contain("status 105").And.Contain("status 0 for write-memory"), "the faults struck, and not always");
    }

    /// <summary>Thirty updates of one board process; returns what it logged.</summary>
    private async Task<byte[]> UpdateAsync(string name, int seed)
    {
        var (serial, log) = (Path.Combine(folder, $"tty-{name}"), Path.Combine(folder, $"{name}.log"));
        using (var board = Child.Start("hilrig-board", ["--name", "kv58-t", "--serial", serial, "--probe-port", "0", "--power-port", "0", "--speed", "1000", "--seed", $"{seed}",
            "--log", log, "--fault", "weak-cells:p=0.1,operation=program", "--fault", "garbage-line:p=0.4,length=0x1800", "--fault", "delay:p=0.01,ms=1"]))
        {
            await board.WaitForAsync(" ready: ");
            await using var client = new BootloaderClient(SerialLinks.Open(serial, 57600, SerialDriver.Termios), new BootloaderTimeouts(), TimeProvider.System);
            await client.PingAsync(CancellationToken.None);
            for (var round = 0; round < 30; round++)
                await TryAsync(client);
            board.Interrupt();
            await board.ExitAsync();
        }
        return await File.ReadAllBytesAsync(log);
    }

    private static async Task TryAsync(BootloaderClient client)
    {
        try
        {
            await client.FlashEraseRegionAsync(KvMap.ApplicationStart, 0x2000, CancellationToken.None);
            await client.WriteMemoryAsync(KvMap.ApplicationStart, Image, CancellationToken.None);
        }
        catch (BootloaderStatusException)
        {
            // What the faults are there for.
        }
    }
}
