using System.Diagnostics;

namespace HilRig.Bench.Chaos;

/// <summary>Breaks a lab for so long, lets it come to rest, and has the checker look at what is left.</summary>
internal sealed class ChaosCampaign : IAsyncDisposable
{
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Brief = TimeSpan.FromMinutes(1);
    private const int LongestPause = 1_500;

    private readonly JournalWatch watch = new();
    private readonly Dictionary<string, List<(int From, int To)>> foreign = [];
    private readonly List<string> changed = [];

    private readonly ChaosLab lab;
    private readonly Random random;
    private readonly TextWriter output;

    private readonly TimeSpan duration;

    /// <param name="duration">How long things are broken; what comes after takes as long as it takes.</param>
    public ChaosCampaign(ChaosLab lab, TimeSpan duration, Random random, TextWriter output)
    {
        (this.lab, this.duration, this.random, this.output) = (lab, duration, random, output);
        Mischief = new Mischief(lab, random, hasTime: duration >= Brief, journals => changed.AddRange(watch.Read(journals)));
    }

    public Mischief Mischief { get; }

    /// <summary>Boards that did not come back after a run and were proven by hand.</summary>
    public int Unwedged { get; private set; }

    public async Task<ChaosFinding> RunAsync(CancellationToken cancellationToken)
    {
        await lab.StartAsync();
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < duration && !cancellationToken.IsCancellationRequested)
        {
            await lab.OrderAsync(cancellationToken);
            await Task.Delay(random.Next(LongestPause), cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Mischief.DoAsync(cancellationToken);
            await ProveBoardsAsync();
        }
        output.WriteLine($"{Mischief.Done.Values.Sum()} deeds done; waiting for everything to come to its end");
        var stuck = await SettleAsync();
        await lab.StopServerAsync();
        lab.Agents.ForEach(agent => agent.KeepWords());
        var finding = await ChaosCheck.FindAsync(lab, watch, (board, line) => foreign.GetValueOrDefault(board)?.Exists(range => line >= range.From && line < range.To) == true, stuck);
        finding.Lost.AddRange(changed);
        return finding;
    }

    public ValueTask DisposeAsync() => lab.DisposeAsync();

    /// <summary>Everything is well again; what does not end now is stuck.</summary>
    private async Task<IReadOnlyList<string>> SettleAsync()
    {
        var began = Stopwatch.GetTimestamp();
        IReadOnlyList<string>? open = null;
        while (Stopwatch.GetElapsedTime(began) < Rest)
        {
            if (await lab.OpenAsync(CancellationToken.None) is { } now && (open = now).Count == 0)
                return [];
            await ProveBoardsAsync();
            await Task.Delay(Glance, CancellationToken.None);
        }
        return open ?? ["the server cannot be asked"];
    }

    /// <summary>A board that is out of rotation is proven as a person would do it; what that does to the board is not the history's.</summary>
    private async Task ProveBoardsAsync()
    {
        foreach (var agent in lab.Agents.Where(agent => agent.IsWedged))
        {
            var open = await lab.OpenAsync(CancellationToken.None);
            if (open is null || open.Any(line => line.Contains(agent.Board.Name, StringComparison.Ordinal) && !line.Contains("waits", StringComparison.Ordinal)))
                continue;
            var from = BoardDiary.Lines(agent.Board.Logs);
            Unwedged += await agent.UnwedgeAsync() ? 1 : 0;
            if (!foreign.TryGetValue(agent.Board.Name, out var ranges))
                foreign[agent.Board.Name] = ranges = [];
            ranges.Add((from, BoardDiary.Lines(agent.Board.Logs)));
        }
    }
}
