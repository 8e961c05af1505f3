using System.Data.Common;
using Dapper;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Storage;

namespace HilRig.Server.Discrimination;

/// <summary>Which runs were looked into, what was ordered to tell whose fault their samples were, and what came of it.</summary>
public sealed class DiscriminationStore(IDatabase database)
{
    private const int RunsAtOnce = 20;

    private const string Select =
        "SELECT run_id AS RunId, number AS Number, cycle AS Cycle, step AS Step, layer AS Layer, because AS Because, reruns AS Reruns, at_ns AS At, state AS State FROM attribution";

    private sealed record Row(string RunId, long Number, long Cycle, string Step, string Layer, string Because, string Reruns, long At, string State);

    /// <summary>Runs that ended since the last look, the oldest first, with the place that each had and its priority.</summary>
    public async Task<IReadOnlyList<(RunOrder Order, int Priority)>> ListEndedAsync(CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var ended = await reader.QueryAsync<(string Body, string Place, long Priority)>(new CommandDefinition(
            $"SELECT body, place, priority FROM run_order WHERE looked_into = 0 AND state = 'ended' ORDER BY position LIMIT {RunsAtOnce}", cancellationToken: cancellationToken));
        return [.. ended.Select(row => (StoredText.FromJson<RunOrder>(row.Body) with { Place = row.Place }, (int)row.Priority))];
    }

    /// <summary>Every place there is; those of other servers' agents too.</summary>
    public async Task<IReadOnlyList<PlaceInfo>> ListPlacesAsync(CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var places = await reader.QueryAsync<(string Name, string BoardType, string Tags)>(new CommandDefinition("SELECT name, board_type, tags FROM place ORDER BY name", cancellationToken: cancellationToken));
        return [.. places.Select(row => new PlaceInfo(row.Name, row.BoardType, StoredText.FromJson<List<string>>(row.Tags)))];
    }

    /// <summary>Orders what is to be repeated of a run, once: where another server was first, nothing.</summary>
    public Task<bool> AskAsync(string runId, IReadOnlyList<Question> questions, DateTimeOffset at, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            if (await transaction.Connection!.ExecuteAsync("UPDATE run_order SET looked_into = 1 WHERE run_id = @runId AND looked_into = 0", new { runId }, transaction) == 0)
                return false;
            foreach (var question in questions)
                await AskAsync(transaction, question, at);
            if (questions.Count > 0)
                await database.NotifyAsync(transaction, Notice.Orders);
            return true;
        },
        cancellationToken);

    /// <summary>Questions whose repetitions are all over, or that have waited for too long, each with the runs that were ordered for it.</summary>
    public async Task<IReadOnlyList<(OpenQuestion Question, IReadOnlyList<RunOrder> Orders)>> ListAnswerableAsync(DateTimeOffset waitedSince, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var open = await reader.QueryAsync<Row>(new CommandDefinition($"{Select} WHERE state = 'open' ORDER BY at_ns", cancellationToken: cancellationToken));
        var answerable = new List<(OpenQuestion, IReadOnlyList<RunOrder>)>();
        foreach (var row in open)
        {
            var orders = (await reader.QueryAsync<(string Body, string Place, string State)>(new CommandDefinition(
                "SELECT body, place, state FROM run_order WHERE rerun_of = @Subject ORDER BY position", new { Subject = SubjectOf(row.RunId, row.Number) }, cancellationToken: cancellationToken))).AsList();
            if (row.At < StoredText.ToNanoseconds(waitedSince) || orders.TrueForAll(order => order.State is not ("queued" or "leased")))
                answerable.Add((new OpenQuestion(row.RunId, row.Number, StoredText.FromJson<List<Rerun>>(row.Reruns)), [.. orders.Select(order => StoredText.FromJson<RunOrder>(order.Body) with { Place = order.Place })]));
        }
        return answerable;
    }

    /// <summary>Writes the answer, once.</summary>
    public Task<int> AnswerAsync(OpenQuestion question, Layer layer, string because, IReadOnlyList<Rerun> reruns, CancellationToken cancellationToken) => database.WriteAsync(
        transaction => transaction.Connection!.ExecuteAsync(
            "UPDATE attribution SET layer = @Layer, because = @because, reruns = @Reruns, state = 'answered' WHERE run_id = @RunId AND number = @Number AND state = 'open'",
            new { Layer = StoredText.ToText(layer), because, Reruns = StoredText.ToJson(reruns), question.RunId, question.Number }, transaction),
        cancellationToken);

    /// <summary>What is known beyond the verdicts of a run's samples, in their order.</summary>
    public async Task<IReadOnlyList<Attributed>> ListAsync(string runId, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var rows = await reader.QueryAsync<Row>(new CommandDefinition($"{Select} WHERE run_id = @runId ORDER BY number", new { runId }, cancellationToken: cancellationToken));
        return
        [
            .. rows.Select(row => new Attributed(
                row.Number, (int)row.Cycle, row.Step, StoredText.ToEnum<Layer>(row.Layer), row.Because, StoredText.FromJson<List<Rerun>>(row.Reruns), row.State == "open")),
        ];
    }

    private static string SubjectOf(string runId, long number) => $"{runId}#{number}";

    private static async Task AskAsync(DbTransaction transaction, Question question, DateTimeOffset at)
    {
        await transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO attribution (run_id, number, cycle, step, layer, because, reruns, at_ns, state)
            VALUES (@RunId, @Number, @Cycle, @Step, 'undetermined', @Because, @Reruns, @At, 'open') ON CONFLICT (run_id, number) DO NOTHING
            """,
            new
            {
                question.RunId,
                question.Number,
                question.Cycle,
                question.Step,
                Because = question.Orders.Count == 0 ? "no place is there to compare with" : $"{question.Orders.Count} repetitions are ordered",
                Reruns = StoredText.ToJson(question.Known),
                At = StoredText.ToNanoseconds(at),
            },
            transaction);
        foreach (var (order, priority) in question.Orders)
            await OrderStore.InsertAsync(transaction, order, new OrderTerms(priority, RerunOf: SubjectOf(question.RunId, question.Number)), $"run {question.RunId}", at);
    }
}

/// <summary>A sample that is undetermined, and the runs that shall tell whose fault it was.</summary>
/// <param name="Known">Repetitions that the agent made by itself.</param>
public sealed record Question(string RunId, long Number, int Cycle, string Step, IReadOnlyList<Rerun> Known, IReadOnlyList<(RunOrder Order, int Priority)> Orders);

public sealed record OpenQuestion(string RunId, long Number, IReadOnlyList<Rerun> Known);

/// <summary>What repetitions over the farm made of an undetermined sample; the sample itself stays as it was judged.</summary>
/// <param name="Number">The event that ended the step.</param>
/// <param name="Layer">Where it belongs; undetermined where they could not say.</param>
/// <param name="IsOpen">True while repetitions are under way.</param>
public sealed record Attributed(long Number, int Cycle, string Step, Layer Layer, string Because, IReadOnlyList<Rerun> Reruns, bool IsOpen);
