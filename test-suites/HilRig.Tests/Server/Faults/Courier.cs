using HilRig.Model.Rig;

namespace HilRig.Tests.Server.Faults;

/// <summary>
/// An agent that has a run's events on its disk and brings them to a server that dies, through a network that duplicates and reorders:
/// what was acknowledged it forgets, what was not it sends again.
/// </summary>
internal sealed class Courier(Uri server, string agent, RunScript run, int seed)
{
    private const int LargestBatch = 40;
    private readonly Random random = new(seed);

    /// <summary>Highest number that the server has ever acknowledged.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Returns when everything is acknowledged.</summary>
    public async Task BringAsync(CancellationToken cancellationToken)
    {
        while (Acknowledged < run.Events.Count)
        {
            try
            {
                await ConnectOnceAsync(cancellationToken);
            }
            catch (Exception exception) when (exception is not (AssertionFailure or OperationCanceledException) || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                await Task.Delay(20, cancellationToken);
            }
        }
    }

    private async Task ConnectOnceAsync(CancellationToken cancellationToken)
    {
        await using var connection = await TestAgent.ConnectAsync(server);
        var welcome = await connection.HelloAsync(agent, [run.Place], [new RunPosition(run.RunId, run.Events.Count)]).WaitAsync(cancellationToken);
        if (welcome.Refusal is { } refusal)
            throw new AssertionFailure($"{agent} was refused: {refusal}");
        var held = welcome.Runs.Single().Number;
        if (held < Acknowledged)
            throw new AssertionFailure($"{run.RunId}: {Acknowledged} was acknowledged and the server holds {held}");
        Acknowledged = held;
        while (Acknowledged < run.Events.Count)
            await SendAsync(connection, cancellationToken);
    }

    private async Task SendAsync(TestAgent connection, CancellationToken cancellationToken)
    {
        var back = random.Next(4) == 0 ? random.Next(1, LargestBatch) : 0;
        var ahead = random.Next(5) == 0 ? random.Next(1, LargestBatch) : 0;
        var from = (int)Math.Max(0, Acknowledged - back + ahead);
        var events = run.Events.Skip(from).Take(random.Next(1, LargestBatch)).ToArray();
        if (random.Next(3) == 0)
            random.Shuffle(events);
        var batch = new EventBatch(run.RunId, 0, events);
        var position = await connection.AppendAsync(batch).WaitAsync(cancellationToken);
        if (random.Next(4) == 0)
            position = Math.Max(position, await connection.AppendAsync(batch).WaitAsync(cancellationToken));
        if (position < Acknowledged)
            throw new AssertionFailure($"{run.RunId}: {Acknowledged} was acknowledged, then {position}");
        Acknowledged = position;
    }
}

/// <summary>The rig broke a promise; never tried again.</summary>
internal sealed class AssertionFailure(string message) : Exception(message);
