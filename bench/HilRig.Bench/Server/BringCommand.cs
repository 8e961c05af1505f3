using System.CommandLine;
using HilRig.Agent;
using HilRig.Agent.Hub;
using HilRig.Agent.Running;
using HilRig.Model.Rig;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HilRig.Bench.Server;

/// <summary>
/// <c>bench bring</c>: an agent without boards. What it writes is known beforehand, its journals, its sender and its link are the agent's own; so
/// whoever kills it, its server or the network between can say what must be stored in the end.
/// </summary>
internal static class BringCommand
{
    public static Command Create()
    {
        var server = new Option<string>("--server") { Description = "The server's address", Required = true };
        var data = new Option<string>("--data") { Description = "Folder for journals", Required = true };
        var name = new Option<string>("--name") { Description = "The agent's name; its run is r-NAME", Required = true };
        var events = new Option<int>("--events") { Description = "Events of its run", Required = true };
        var jumps = new Option<bool>("--clock-jumps") { Description = "Its clock jumps by up to ten minutes, now and then" };
        var command = new Command("bring", "An agent without boards, for tests that kill it") { server, data, name, events, jumps };
        command.SetAction((parsed, token) => RunAsync(
            new Uri(parsed.GetRequiredValue(server)), new StateFolder(parsed.GetRequiredValue(data)), parsed.GetRequiredValue(name), parsed.GetValue(events),
            parsed.GetValue(jumps) ? new JumpingClock(Environment.TickCount) : TimeProvider.System, token));
        return command;
    }

    private static async Task RunAsync(Uri server, StateFolder folder, string name, int events, TimeProvider time, CancellationToken cancellationToken)
    {
        var run = BenchRun.Of($"r-{name}", events);
        using var shelf = new JournalShelf(folder.Runs, time, AfterCrash.Resume);
        using var sender = new EventSender(shelf, NullLogger.Instance);
        using var evidence = new EvidenceUpload(server, folder.Evidence, null, NullLogger.Instance);
        using var logging = LoggerFactory.Create(builder => builder.AddSimpleConsole(options => options.SingleLine = true));
        var link = new ServerLink(server, name, () => [new PlaceInfo(name, "kv58", [])], shelf, sender, new NoBoards(), evidence, new TelemetryLane(), null, logging.CreateLogger("agent"));
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var linking = link.RunAsync(done.Token);
        // A run that was retired before the last kill is written again; the server has it, and takes nothing twice.
        shelf.TryBegin(new RunOrder(run.RunId, 1, name, "bring.yaml", "sequence: bring", null, null, 1, 1, null), out var journal);
        Console.WriteLine($"{run.RunId} goes on after event {journal.LastNumber}");
        await Task.Run(() => Write(journal, run, sender, done.Token), done.Token);
        while (shelf.All().Count > 0)
            await Task.Delay(20, done.Token);
        Console.WriteLine($"{run.RunId} is stored");
        await done.CancelAsync();
        await linking;
    }

    /// <summary>The last event of three waits for the disk, as it does at the end of a step.</summary>
    private static void Write(RunJournal journal, BenchRun run, EventSender sender, CancellationToken cancellationToken)
    {
        for (var number = (int)journal.LastNumber; number < run.Events.Count && !cancellationToken.IsCancellationRequested; number++)
        {
            if (number % 3 == 2 || number == run.Events.Count - 1)
            {
                journal.Append(run.Events[number].Body);
                sender.Wake();
            }
            else
            {
                journal.Note(run.Events[number].Body);
            }
        }
    }

    private sealed class NoBoards : IAgentClient
    {
        public Task StartRun(RunOrder order) => Task.CompletedTask;

        public Task StopRun(string runId) => Task.CompletedTask;

        public Task SteerRun(string runId, RunSteering steering) => Task.CompletedTask;
    }
}

/// <summary>A clock that somebody sets anew at random moments: up to ten minutes forward or back.</summary>
public sealed class JumpingClock(int seed) : TimeProvider
{
    private const int SteadyReads = 200;
    private static readonly TimeSpan Farthest = TimeSpan.FromMinutes(10);
    private readonly Random random = new(seed);
    private readonly Lock gate = new();
    private TimeSpan offset;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            if (random.Next(SteadyReads) == 0)
                Jump();
            return System.GetUtcNow() + offset;
        }
    }

    /// <summary>Sets it anew at once.</summary>
    public void Jump()
    {
        lock (gate)
            offset = Farthest * ((2 * random.NextDouble()) - 1);
    }
}
