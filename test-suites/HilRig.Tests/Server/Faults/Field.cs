using System.Collections.Concurrent;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using Microsoft.AspNetCore.SignalR;

namespace HilRig.Tests.Server.Faults;

/// <summary>
/// Some places with an agent each, which vanish and come back at either of two servers, with their runs or without, and whose connections say
/// things twice. Keeps the record by which the servers are judged: what was handed to whom, and what was acknowledged.
/// </summary>
internal sealed class Field(IReadOnlyList<TestServer> servers, int places, int seed) : IAsyncDisposable
{
    private readonly Random random = new(seed);
    private readonly ConcurrentDictionary<(string Place, long Epoch), string> handed = new();
    private readonly FieldAgent[] agents = [.. Enumerable.Range(0, places).Select(number => new FieldAgent($"bench-{number}", $"kv58-{number}"))];

    /// <summary>Each epoch of each place, with the run that it was given to.</summary>
    public IReadOnlyDictionary<(string Place, long Epoch), string> Handed => handed;

    /// <summary>Of each run, the events that exist, and how many of them were ever acknowledged.</summary>
    public ConcurrentDictionary<string, (RunScript Run, long Acknowledged)> Runs { get; } = new();

    public int Refusals { get; private set; }

    public int Deaths { get; private set; }

    /// <summary>One agent does one thing.</summary>
    public async Task MoveAsync()
    {
        var agent = agents[random.Next(agents.Length)];
        if (agent.Connection is null)
        {
            await ArriveAsync(agent, forgets: random.Next(4) == 0);
            return;
        }
        if (random.Next(12) == 0)
        {
            Deaths++;
            await agent.VanishAsync();
            return;
        }
        await WorkAsync(agent, random.Next(5) == 0);
    }

    /// <summary>Everybody comes back and finishes what it has.</summary>
    public async Task FinishAsync()
    {
        foreach (var agent in agents)
        {
            if (agent.Connection is null)
                await ArriveAsync(agent, forgets: false);
            while (await WorkAsync(agent, ends: true))
            {
                // The next order may be there already.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in agents)
            await agent.VanishAsync();
    }

    private async Task ArriveAsync(FieldAgent agent, bool forgets)
    {
        if (forgets)
            agent.Runs.Clear();
        var connection = await TestAgent.ConnectAsync(servers[random.Next(servers.Count)]);
        var welcome = await connection.HelloAsync(agent.Name, [agent.Place], [.. agent.Runs.Values.Select(held => new RunPosition(held.Run.RunId, held.Run.Events.Count))]);
        if (welcome.Refusal is { } refusal)
            throw new AssertionFailure(refusal);
        agent.Connection = connection;
        foreach (var position in welcome.Runs.Where(position => Runs.TryGetValue(position.RunId, out var known) && position.Number < known.Acknowledged))
            throw new AssertionFailure($"{position.RunId}: {Runs[position.RunId].Acknowledged} was acknowledged and the server holds {position.Number}");
    }

    /// <summary>Takes new orders, goes on with its runs and sends; false where there was nothing to do.</summary>
    private async Task<bool> WorkAsync(FieldAgent agent, bool ends)
    {
        foreach (var order in agent.Connection!.TakeOrders())
            Take(agent, order);
        foreach (var (runId, (run, epoch)) in agent.Runs.ToList())
        {
            if (!agent.Ended.Contains(runId))
            {
                run.Cycle(random.Next(5) == 0 ? RunScript.CumulativeWrite : null);
                if (ends && agent.Ended.Add(runId))
                    run.End();
            }
            await SendAsync(agent, run, epoch);
        }
        return agent.Connection.HasOrders;
    }

    private void Take(FieldAgent agent, RunOrder order)
    {
        if (order.Place != agent.Place)
            throw new AssertionFailure($"{order.RunId} of {order.Place} was handed to {agent.Name}");
        if (handed.GetOrAdd((order.Place, order.Epoch), order.RunId) is var before && before != order.RunId)
            throw new AssertionFailure($"{order.Place}: epoch {order.Epoch} was given to {before} and to {order.RunId}");
        // Handed over once more, because nobody knew that it had arrived; under the epoch that holds now.
        var run = agent.Runs.TryGetValue(order.RunId, out var held) ? held.Run : new RunScript(order.RunId, order.Place);
        agent.Runs[order.RunId] = (run, order.Epoch);
        Runs.TryAdd(order.RunId, (run, 0));
    }

    private async Task SendAsync(FieldAgent agent, RunScript run, long epoch)
    {
        var from = (int)Math.Max(0, AcknowledgedOf(run) - random.Next(6));
        var events = run.Events.Skip(from).ToArray();
        if (random.Next(3) == 0)
            random.Shuffle(events);
        for (var times = random.Next(3) == 0 ? 2 : 1; times > 0; times--)
        {
            try
            {
                Note(run, await agent.Connection!.AppendAsync(new EventBatch(run.RunId, epoch, events)));
            }
            catch (HubException)
            {
                // Fenced: somebody else has the place, or had it. An agent sets such a run aside.
                Refusals++;
                agent.Runs.Remove(run.RunId);
                return;
            }
        }
        if (agent.Ended.Contains(run.RunId) && AcknowledgedOf(run) == run.Events.Count)
            agent.Runs.Remove(run.RunId);
    }

    private long AcknowledgedOf(RunScript run) => Runs[run.RunId] is var (known, acknowledged) && ReferenceEquals(known, run) ? acknowledged : 0;

    /// <summary>Whoever is acknowledged first has the run; an order that somebody took too late, or never sent an event of, leaves no trace.</summary>
    private void Note(RunScript run, long position)
    {
        if (position == 0)
            return;
        if (!ReferenceEquals(Runs[run.RunId].Run, run) && Runs[run.RunId].Acknowledged > 0)
            throw new AssertionFailure($"{run.RunId}: events of two agents were acknowledged");
        Runs[run.RunId] = (run, Math.Max(AcknowledgedOf(run), position));
    }

    private sealed class FieldAgent(string name, string place)
    {
        public string Name => name;

        public string Place => place;

        public TestAgent? Connection { get; set; }

        public Dictionary<string, (RunScript Run, long Epoch)> Runs { get; } = [];

        public HashSet<string> Ended { get; } = [];

        public async Task VanishAsync()
        {
            if (Connection is { } connection)
                await connection.DisposeAsync();
            Connection = null;
        }
    }
}
