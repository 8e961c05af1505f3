using HilRig.Server.Dispatch;
using NUnit.Framework;

namespace HilRig.Tests.Server.Dispatch;

/// <summary>The whole table, and that doing its action leads to a pair whose action changes nothing.</summary>
public sealed class ReconcilingTests
{
    [TestCase(StoredState.Free, ReportedState.Nothing, Settlement.Fill)]
    [TestCase(StoredState.Free, ReportedState.Holder, Settlement.Fill)]
    [TestCase(StoredState.Free, ReportedState.GivenUp, Settlement.Revive)]
    [TestCase(StoredState.Ordered, ReportedState.Nothing, Settlement.HandOver)]
    [TestCase(StoredState.Ordered, ReportedState.Holder, Settlement.Leave)]
    [TestCase(StoredState.Ordered, ReportedState.GivenUp, Settlement.HandOver)]
    [TestCase(StoredState.OrderedToStop, ReportedState.Nothing, Settlement.Cancel)]
    [TestCase(StoredState.OrderedToStop, ReportedState.Holder, Settlement.AskToStop)]
    [TestCase(StoredState.OrderedToStop, ReportedState.GivenUp, Settlement.Cancel)]
    [TestCase(StoredState.Running, ReportedState.Nothing, Settlement.GiveUp)]
    [TestCase(StoredState.Running, ReportedState.Holder, Settlement.Leave)]
    [TestCase(StoredState.Running, ReportedState.GivenUp, Settlement.GiveUp)]
    [TestCase(StoredState.RunningToStop, ReportedState.Nothing, Settlement.GiveUp)]
    [TestCase(StoredState.RunningToStop, ReportedState.Holder, Settlement.AskToStop)]
    [TestCase(StoredState.RunningToStop, ReportedState.GivenUp, Settlement.GiveUp)]
    public void Each_pair_has_one_action(StoredState stored, ReportedState reported, Settlement expected) =>
        Assert.That(Reconciling.Of(stored, reported), Is.EqualTo(expected));

    [Test]
    public void Every_pair_is_in_the_table_above() => Assert.That(
        typeof(ReconcilingTests).GetMethod(nameof(Each_pair_has_one_action))!.GetCustomAttributes(typeof(TestCaseAttribute), false),
        Has.Length.EqualTo(Enum.GetValues<StoredState>().Length * Enum.GetValues<ReportedState>().Length));

    [TestCase(Settlement.GiveUp)]
    [TestCase(Settlement.Cancel)]
    public void What_ends_an_order_leaves_a_free_place_that_is_filled_and_not_ended_again(Settlement ending)
    {
        var pairs = from stored in Enum.GetValues<StoredState>() from reported in Enum.GetValues<ReportedState>() where Reconciling.Of(stored, reported) == ending select reported;

        Assert.That(pairs, Is.Not.Empty.And.All.Not.EqualTo(ReportedState.Holder), "nothing is ended that its agent still holds");
        Assert.That(Reconciling.Of(StoredState.Free, ReportedState.Nothing), Is.EqualTo(Settlement.Fill));
    }
}
