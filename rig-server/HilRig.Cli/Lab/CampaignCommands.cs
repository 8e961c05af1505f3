using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using HilRig.Model;
using HilRig.Model.Campaigns;
using HilRig.Model.Runs;

namespace HilRig.Cli.Lab;

/// <summary><c>campaigns order|list|show|watch|pause|resume|stop|priority</c>: runs over many boards with one goal.</summary>
internal static class CampaignCommands
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Command Create() => new("campaigns", "Runs over many boards with one goal")
    {
        CampaignOrder.Create(), List(), Show(), Watch(),
        Change("pause", "Give it no new run; what runs goes on to its end", "paused", "--because"),
        Change("resume", "Go on with it, and try places that were set aside again", "goes on", null),
        Change("stop", "End it; its runs stop after their step", "is stopped", null),
        Priority(),
    };

    private static Argument<string> Id() => new("campaign") { Description = "The campaign's id, as `campaigns list` shows it." };

    private static string PathOf(string id) => $"/api/v1/campaigns/{Uri.EscapeDataString(id)}";

    private static Command List()
    {
        var state = new Option<string?>("--state") { Description = "running, paused, met, missed or stopped; all without it." };
        var limit = new Option<int>("--limit") { Description = "How many, the newest first.", DefaultValueFactory = _ => 20 };
        var command = LabVerb.Create(
            "list", "Campaigns and how far they are",
            (parsed, server, cancellationToken) => server.GetAsync($"/api/v1/campaigns?limit={parsed.GetValue(limit)}{(parsed.GetValue(state) is { } one ? $"&state={Uri.EscapeDataString(one)}" : "")}", cancellationToken),
            (_, answer) => LabVerb.Lines(answer, "there is no campaign", view => Line(View(view))));
        command.Add(state);
        command.Add(limit);
        return command;
    }

    private static Command Show()
    {
        var id = Id();
        var command = LabVerb.Create(
            "show", "A campaign's goal, progress, bound and void cycles",
            (parsed, server, cancellationToken) => server.GetAsync(PathOf(parsed.GetRequiredValue(id)), cancellationToken), (_, answer) => Text(View(answer)));
        command.Add(id);
        return command;
    }

    private static Command Watch()
    {
        var id = Id();
        var command = LabVerb.Create("watch", "Stay until its goal is decided: exit code 0 where it is met, 1 where it is missed, 130 where it was stopped", async (parsed, server, output, cancellationToken) =>
        {
            using var progress = new WatchLine(Console.Error, !Console.IsErrorRedirected);
            while (true)
            {
                var answer = await server.GetAsync(PathOf(parsed.GetRequiredValue(id)), cancellationToken);
                var view = View(answer);
                progress.Show(view);
                if (!view.Campaign.IsOpen)
                {
                    LabVerb.Print(parsed, output, answer, (_, _) => [$"{view.Campaign.Id} {view.Campaign.State.ToString().ToLowerInvariant()}: {view.Campaign.Because}"]);
                    return view.Campaign.State switch
                    {
                        CampaignState.Met => ExitCode.Pass,
                        CampaignState.Missed => ExitCode.Fail,
                        _ => ExitCode.Stopped,
                    };
                }
                await Task.Delay(Pause, cancellationToken);
            }
        });
        command.Add(id);
        return command;
    }

    private static Command Change(string verb, string description, string word, string? reason)
    {
        var id = Id();
        var because = new Option<string?>("--because") { Description = "Why; shown to everybody who asks." };
        var command = LabVerb.Create(
            verb, description,
            (parsed, server, cancellationToken) => server.SendAsync(
                HttpMethod.Post, $"{PathOf(parsed.GetRequiredValue(id))}/{verb}{(reason is not null && parsed.GetValue(because) is { } why ? $"?because={Uri.EscapeDataString(why)}" : "")}", null, cancellationToken),
            (parsed, _) => [$"{parsed.GetValue(id)} {word}"]);
        command.Add(id);
        if (reason is not null)
            command.Add(because);
        return command;
    }

    private static Command Priority()
    {
        var id = Id();
        var priority = new Argument<int>("priority") { Description = "-100 to 100; higher ones first." };
        var command = LabVerb.Create(
            "priority", "Change its priority, and that of its runs that wait",
            (parsed, server, cancellationToken) => server.SendAsync(
                HttpMethod.Put, $"{PathOf(parsed.GetRequiredValue(id))}/priority", new { priority = parsed.GetValue(priority) }, cancellationToken),
            (parsed, _) => [$"{parsed.GetValue(id)} has priority {parsed.GetValue(priority)}"]);
        command.Add(id);
        command.Add(priority);
        return command;
    }

    internal static CampaignView View(JsonElement answer) => answer.Deserialize<CampaignView>(RunJson.Options)!;

    internal static string Line(CampaignView view) =>
        $"{view.Campaign.Id,-24} {view.Campaign.State.ToString().ToLowerInvariant(),-8} {view.Progress.Done,8} of {view.Progress.Target,-8} {view.Campaign.Plan.Name}";

    private static IEnumerable<string> Text(CampaignView view)
    {
        var (campaign, progress) = (view.Campaign, view.Progress);
        yield return Line(view);
        yield return $"  goal      {campaign.Plan.Goal}, release {campaign.Plan.Release ?? "as the agents find it"}, {campaign.Plan.Boards} or more boards, priority {campaign.Priority}";
        yield return string.Create(CultureInfo.InvariantCulture, $"  failed    {progress.Rate}; at most {progress.Bound:0.####%} at {campaign.Plan.Goal.Confidence:0.##%}");
        yield return $"  runs      {progress.RunsOver} over, {progress.RunsOpen} open, on {progress.Boards} boards";
        if (campaign.Plan.Schedule is { } schedule)
            yield return $"  hours     {schedule}";
        foreach (var voided in progress.Voided)
            yield return $"  void      {voided.Count}: {voided.Reason}";
        if ((campaign.Because ?? progress.Waiting) is { } because)
            yield return $"  {(campaign.IsOpen ? "waits" : "ended"),-9} {because}";
        if (progress.Forecast is { } forecast)
            yield return $"  forecast  {forecast:u} at the pace so far";
    }
}
