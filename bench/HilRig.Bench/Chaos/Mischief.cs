using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace HilRig.Bench.Chaos;

/// <summary>Everything that is done to a lab at random; each deed ends with the thing well again, as far as it lies with whoever did it.</summary>
/// <param name="hasTime">Whether a silence of most of a minute may be among it.</param>
/// <param name="seesJournals">Is shown the journals of each agent that was killed.</param>
internal sealed class Mischief(ChaosLab lab, Random random, bool hasTime, Action<string> seesJournals)
{
    /// <summary>Longer than a lease lives without a word from its agent, so that its run may be somebody else's.</summary>
    private static readonly (int Least, int Most) LongSilence = (32_000, 45_000);

    /// <summary>How often each deed was done.</summary>
    public Dictionary<string, int> Done { get; } = [];

    /// <summary>One deed, drawn by weight.</summary>
    public async Task DoAsync(CancellationToken cancellationToken)
    {
        var deeds = Deeds().ToList();
        var drawn = random.Next(deeds.Sum(deed => deed.Weight));
        var chosen = deeds.First(deed => (drawn -= deed.Weight) < 0);
        Done[chosen.Name] = Done.GetValueOrDefault(chosen.Name) + 1;
        await chosen.DoAsync(lab.Agents[random.Next(lab.Agents.Count)], cancellationToken);
    }

    private IEnumerable<(string Name, int Weight, Func<ChaosAgent, CancellationToken, Task> DoAsync)> Deeds() =>
    [
        ("server killed", 4, (_, _) => lab.RestartServerAsync()),
        ("server stopped", 3, (_, token) => StopAsync(lab.Server, random.Next(200, 4_000), token)),
        ("server's disk full", 3, FillServerAsync),
        ("agent killed", 6, (agent, _) => agent.RestartAsync(seesJournals)),
        ("agent stopped", 3, (agent, token) => StopAsync(agent.Process, random.Next(200, 5_000), token)),
        ("agent silent beyond its lease", hasTime ? 1 : 0, (agent, token) => StopAsync(agent.Process, random.Next(LongSilence.Least, LongSilence.Most), token)),
        ("agent's disk full", 3, FillAgentAsync),
        ("network parted", 4, PartAsync),
        ("pyOCD killed", 4, (agent, _) => KillProbeAsync(agent)),
        ("power cut by hand", 4, CutPowerAsync),
        ("board's doors frozen", 3, (agent, token) => StopAsync(agent.Board.Process, random.Next(100, 3_000), token)),
        ("board pulled and plugged in", 2, (agent, _) => agent.Board.ReplugAsync()),
    ];

    private static async Task StopAsync(Child process, int milliseconds, CancellationToken cancellationToken)
    {
        process.Signal("STOP");
        try
        {
            await Task.Delay(milliseconds, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            process.Signal("CONT");
        }
    }

    private async Task PartAsync(ChaosAgent agent, CancellationToken cancellationToken)
    {
        agent.Network.Part();
        await Task.Delay(random.Next(100, 8_000), cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        agent.Network.Join();
    }

    private Task FillServerAsync(ChaosAgent agent, CancellationToken cancellationToken) =>
        FillAsync(lab.Server, new FileInfo(lab.Database + "-wal"), random.Next(8_000), cancellationToken);

    private Task FillAgentAsync(ChaosAgent agent, CancellationToken cancellationToken)
    {
        var journals = Directory.Exists(agent.Journals) ? new DirectoryInfo(agent.Journals).GetFiles() : [];
        return journals.Length == 0 ? Task.CompletedTask : FillAsync(agent.Process, journals.MaxBy(file => file.Exists ? file.Length : 0)!, random.Next(4_000), cancellationToken);
    }

    /// <summary>No file of the process may grow beyond this one and a little more; a program that it starts meanwhile inherits that, and is freed with it.</summary>
    private async Task FillAsync(Child process, FileInfo longest, int room, CancellationToken cancellationToken)
    {
        process.Limit((longest.Exists ? longest.Length : 0) + room);
        await Task.Delay(random.Next(100, 1_500), cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        process.Limit(null);
    }

    private static async Task KillProbeAsync(ChaosAgent agent)
    {
        foreach (var id in agent.Process.Children())
        {
            using var kill = Process.Start("kill", ["-KILL", $"{id}"]);
            await kill.WaitForExitAsync();
        }
    }

    /// <summary>Somebody else's hand on the supply.</summary>
    private async Task CutPowerAsync(ChaosAgent agent, CancellationToken cancellationToken)
    {
        using var supply = new TcpClient();
        await supply.ConnectAsync("127.0.0.1", agent.Board.PowerPort, cancellationToken);
        await supply.GetStream().WriteAsync("OUTP OFF\n"u8.ToArray(), cancellationToken);
        await Task.Delay(random.Next(20, 800), CancellationToken.None);
        await supply.GetStream().WriteAsync(Encoding.ASCII.GetBytes("OUTP ON\nOUTP?\n"), CancellationToken.None);
        _ = await supply.GetStream().ReadAsync(new byte[8], cancellationToken);
    }
}
