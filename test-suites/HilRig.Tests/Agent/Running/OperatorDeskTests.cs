using HilRig.Agent.Running;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Running;

public class OperatorDeskTests
{
    private readonly List<string> said = [];
    private OperatorDesk desk = new();

    [SetUp]
    public void Leave()
    {
        desk = new OperatorDesk();
        said.Clear();
    }

    [Test]
    public async Task A_question_ends_with_its_answer_and_not_with_one_that_came_before_it()
    {
        desk.SitDown(said.Add);
        desk.Answer();

        var asking = desk.AskAsync("Turn the key", TimeSpan.FromMinutes(5), TimeProvider.System, CancellationToken.None);

        Assert.That((desk.IsThere, asking.IsCompleted), Is.EqualTo((true, false)));
        Assert.That(said, Is.EqualTo(new[] { "Turn the key - then press Enter (within 300 s)" }));
        desk.Answer();
        await asking.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public void A_question_that_nobody_answers_ends_by_its_deadline_or_by_a_stop()
    {
        desk.SitDown(said.Add);
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        Assert.That(() => desk.AskAsync("Turn the key", TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None), Throws.TypeOf<TimeoutException>());
        Assert.That(() => desk.AskAsync("Turn the key", TimeSpan.FromMinutes(5), TimeProvider.System, stop.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Nobody_is_there_where_nobody_sat_down() => Assert.That(desk.IsThere, Is.False);
}
