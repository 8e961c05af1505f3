using HilRig.Server.Security;
using HilRig.Tests.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server.Security;

/// <summary>People, tokens and the audit of what became of them, on either database.</summary>
public sealed class AccountStoreTests(DatabaseKind kind) : DatabaseFixture(kind)
{
    private readonly HandClock time = new(RunScript.Evening);
    private PersonStore people = null!;
    private TokenStore tokens = null!;

    [SetUp]
    public void Open() => (people, tokens) = (new PersonStore(Database, time), new TokenStore(Database, time));

    [Test]
    public async Task A_person_is_added_checked_changed_and_removed_and_each_is_on_record()
    {
        Assert.That(await people.HasAccountsAsync(default), Is.False);
        await people.SaveAsync("ann", Role.Admin, Accounts.Password, "command line", default);
        await people.SaveAsync("bob", Role.Viewer, Accounts.Password, "ann", default);
        await people.SaveAsync("bob", Role.Qa, null, "ann", default);

        Assert.That((await people.CheckAsync("bob", Accounts.Password, default))?.Role, Is.EqualTo(Role.Qa), "the password stays");
        Assert.That(await people.CheckAsync("bob", "another", default), Is.Null);
        Assert.That(await people.RemoveAsync("bob", "ann", default), Is.True);
        Assert.That((await people.ListAsync(default)).Select(person => person.Name), Is.EqualTo(new[] { "ann" }));
        var record = await new Audit(Database).ListAsync(null, "bob", long.MaxValue, 10, default);
        Assert.That(record.Select(entry => $"{entry.Who}: {entry.Action}"), Is.EqualTo(new[] { "ann: remove person", "ann: change person", "ann: add person" }));
    }

    [Test]
    public async Task A_code_is_good_once_and_for_an_hour_and_a_token_until_it_expires_or_is_revoked()
    {
        var (soon, late) = (await tokens.InviteAsync("bench-1", "ann", default), await tokens.InviteAsync("bench-2", "ann", default));
        var agent = (await tokens.EnrolAsync(soon, default))!;
        Assert.That(await tokens.EnrolAsync(soon, default), Is.Null, "a code is good once");
        time.Move(TimeSpan.FromMinutes(61));
        Assert.That(await tokens.EnrolAsync(late, default), Is.Null, "and for an hour");

        var machine = await tokens.IssueAsync("ci", Role.Operator, 1, "ann", default);
        Assert.That((await tokens.CheckAsync(machine, default))?.Role, Is.EqualTo(Role.Operator));
        time.Move(TimeSpan.FromDays(1.1));
        Assert.That(await tokens.CheckAsync(machine, default), Is.Null, "a day is over");
        Assert.That((await tokens.CheckAsync(agent.Token, default))?.Name, Is.EqualTo("bench-1"), "an agent's does not expire");
        Assert.That(await tokens.RevokeAsync(agent.Token.Split('_')[1], "ann", default), Is.Not.Null);
        Assert.That(await tokens.CheckAsync(agent.Token, default), Is.Null);
        Assert.That(await tokens.RevokeAsync(agent.Token.Split('_')[1], "ann", default), Is.Null, "once is enough");
    }
}
