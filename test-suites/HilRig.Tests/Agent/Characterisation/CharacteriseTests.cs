using System.Text.Json;
using HilRig.Tests.SystemTests;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Characterisation;

/// <summary><c>agent characterise</c> on virtual boards: one that is as the board type file assumes, and one that is not.</summary>
public class CharacteriseTests
{
    [Test]
    public async Task A_board_that_is_as_assumed_differs_in_nothing_and_its_flash_is_left_blank()
    {
        using var board = await TestBoard.StartAsync("--dcache", "on");

        var (exit, answer) = await AskAsync(board, "--flash-times");

        Assert.That(exit, Is.Zero);
        Assert.That(answer.Characteristics.Where(found => found is { Differs: true, Group: not "flash times" }), Is.Empty);
        Assert.That(Of(answer, "CCSIDR data").Note, Is.EqualTo("8 KB, 4 ways, 32-byte lines"));
        Assert.That(answer.Characteristics.Where(found => found.Group == "flash times").Select(found => found.Name), Is.EqualTo(new[] { "erase of a sector", "fill of 1 KB" }));
        await using var probe = board.OpenProbe();
        var last = await probe.ReadMemoryAsync(0x100F8000, 0x8000, HilRig.Agent.Probe.MemoryView.Array, CancellationToken.None);
        Assert.That(last, Is.All.EqualTo((byte)0xFF));
    }

    [Test]
    public async Task What_is_not_as_assumed_is_shown_beside_the_assumption_and_used_flash_is_not_erased()
    {
        using var board = await TestBoard.StartAsync("--cache", "16384,4", "--mdm-idr", "0x001C0020");

        var (exit, answer) = await AskAsync(board);

        Assert.That(exit, Is.Zero);
        Assert.That(answer.Differing, Is.EqualTo(2));
        Assert.That(answer.Characteristics.Where(found => found.Differs).Select(found => found.Name), Is.EqualTo(new[] { "MDM-AP IDR", "CCSIDR data" }));
        Assert.That(Of(answer, "MDM-AP IDR"), Is.EqualTo(new Characteristic("debug port", "MDM-AP IDR", "0x001C0020", "0x001C0030", true, "")));
        Assert.That(answer.Characteristics.Where(found => found.Group == "flash times"), Is.Empty, "nothing is erased unasked");
    }

    private static Characteristic Of(Answer answer, string name) => answer.Characteristics.Single(found => found.Name == name);

    private static async Task<(int Exit, Answer Answer)> AskAsync(TestBoard board, params string[] options)
    {
        using var agent = Child.Start("hilrig-agent", ["characterise", "--json", "--places", board.PlacesFile, "--place", board.Place, .. options]);
        var exit = await agent.ExitAsync();
        return (exit, JsonSerializer.Deserialize<Answer>(agent.Output, JsonSerializerOptions.Web)!);
    }

    private sealed record Characteristic(string Group, string Name, string? Found, string? Assumed, bool Differs, string Note);

    private sealed record Answer(string Board, int Differing, IReadOnlyList<Characteristic> Characteristics);
}
