using System.Diagnostics;
using HilRig.Agent.Probe;
using HilRig.Tests.SystemTests;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Probe;

/// <summary>Forced restarts of pyOCD in every way that it can fail: none is left over, each is counted, another probe notices nothing.</summary>
public class PyOcdRestartTests
{
    private const uint Flash = 0x10000000, Dtcm = 0x20000400;

    private static readonly int Restarts = Extent.IsFull ? 1000 : 8;

    private TestBoard board = null!;

    [OneTimeSetUp]
    public async Task StartBoard() => board = await TestBoard.StartAsync("--dcache", "off");

    [OneTimeTearDown]
    public void StopBoard() => board.Dispose();

    [Test]
    public async Task No_process_is_left_after_many_forced_restarts_and_another_probe_is_not_disturbed()
    {
        using var other = await TestBoard.StartAsync("--dcache", "off");
        await using var bystander = other.OpenProbe();
        var seed = Extent.IsFull ? Environment.TickCount : 5;
        TestContext.Out.WriteLine($"{Restarts} restarts, seed {seed}");
        var random = new Random(seed);
        using var stop = new CancellationTokenSource();
        var reading = ReadOnAsync(bystander, stop.Token);
        string uid;
        await using (var probe = board.OpenProbe())
        {
            uid = probe.Uid;
            var expected = await probe.ReadMemoryAsync(Flash, 0x8000, MemoryView.Array, default);
            for (var restart = 0; restart < Restarts; restart++)
            {
                var read = probe.ReadMemoryAsync(Flash, 0x8000, MemoryView.Array, default);
                await Task.Delay(random.Next(0, 12), CancellationToken.None);
                Signal("-KILL", probe.ProcessId!.Value);
                Assert.That(await read, Is.EqualTo(expected), "killed before the read had ended, it is repeated; else it had ended");
                await probe.ReadWordAsync(Flash, default);
            }
            Assert.That(probe.Restarts, Is.EqualTo(Restarts));
            Assert.That(Processes.With(uid), Has.Count.EqualTo(1));
        }
        await Processes.GoneAsync(uid);
        await stop.CancelAsync();
        Assert.That(await reading, Is.Positive);
        Assert.That(bystander.Restarts, Is.Zero);
    }

    [Test]
    public async Task Each_call_ends_when_pyOCD_hangs_in_it_and_the_next_one_works()
    {
        var calls = new Dictionary<string, Func<PyOcdProbe, Task>>
        {
            ["write"] = probe => probe.WriteMemoryAsync(Dtcm, new byte[64], MemoryView.Array, default),
            ["halt"] = probe => probe.HaltAsync(default),
            ["registers"] = probe => probe.ReadCoreRegistersAsync(["pc"], default),
            ["resume"] = probe => probe.ResumeAsync(default),
            ["reset"] = probe => probe.ResetAsync(ProbeReset.System, default),
            ["read"] = async probe => await OnlyOnceAsync(probe, () => probe.ReadMemoryAsync(Flash, 64, MemoryView.Array, default)),
            ["mdm"] = async probe => await OnlyOnceAsync(probe, () => probe.ReadMdmStatusAsync(default)),
        };
        // The small form takes some of them; all are asked the same way.
        foreach (var (name, call) in Extent.IsFull ? calls : calls.Take(2))
        {
            var settings = HilRig.Agent.Places.PlacesFile.Load(board.PlacesFile)[0].Probe;
            await using var probe = new PyOcdProbe(settings with { Timeouts = new ProbeTimeouts { Command = TimeSpan.FromSeconds(1.5), Reset = TimeSpan.FromSeconds(1.5) } });
            await probe.ConnectAsync(default);
            Signal("-STOP", probe.ProcessId!.Value);

            if (name is "read" or "mdm")
                await call(probe);
            else
                Assert.That(async () => await call(probe), Throws.TypeOf<ProbeException>().With.Message.Contains($"probe {probe.Uid}: pyOCD did not finish"), name);

            Assert.That(await probe.ReadMemoryAsync(Flash, 4, MemoryView.Array, default), Has.Length.EqualTo(4), name);
            Assert.That(probe.Restarts, Is.EqualTo(1), name);
        }
    }

    private static async Task<int> ReadOnAsync(PyOcdProbe probe, CancellationToken stop)
    {
        var first = await probe.ReadWordAsync(Flash, default);
        var reads = 0;
        for (; !stop.IsCancellationRequested || reads == 0; reads++)
            Assert.That(await probe.ReadWordAsync(Flash, default), Is.EqualTo(first));
        return reads;
    }

    private static async Task OnlyOnceAsync<T>(PyOcdProbe probe, Func<Task<T>> read)
    {
        await read();
        Assert.That(probe.Restarts, Is.EqualTo(1), "a reading call is repeated in a new process");
    }

    private static void Signal(string signal, int process) => Process.Start("kill", [signal, $"{process}"]).WaitForExit();
}
