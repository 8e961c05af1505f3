using System.CommandLine;

namespace HilRig.Cli.Lab;

/// <summary><c>webhooks add|list|remove|test|deliveries</c>: who is told of new flags, finished campaigns and wedged boards.</summary>
internal static class WebhookCommands
{
    public static Command Create() => new("webhooks", "Who is told of new flags, finished campaigns and wedged boards") { Add(), List(), Remove(), Test(), Deliveries() };

    private static Argument<string> Id() => new("webhook") { Description = "Its id, as `webhooks list` shows it." };

    private static string PathOf(string id) => $"/api/v1/webhooks/{Uri.EscapeDataString(id)}";

    private static Command Add()
    {
        var url = new Argument<string>("url") { Description = "Where the messages go." };
        var events = new Option<string[]>("--event") { Description = "flag-new, campaign-done or board-wedged; may be repeated, all without it." };
        var command = LabVerb.Create(
            "add", "Tell an address what happens; prints the secret of its signatures, once",
            (parsed, server, cancellationToken) => server.SendAsync(
                HttpMethod.Post, "/api/v1/webhooks", new { url = parsed.GetRequiredValue(url), events = parsed.GetValue(events) is { Length: > 0 } some ? some : null }, cancellationToken),
            (_, answer) => [$"{LabVerb.Text(answer.GetProperty("webhook"), "id")} {LabVerb.Text(answer, "secret")}"]);
        command.Add(url);
        command.Add(events);
        return command;
    }

    private static Command List() => LabVerb.Page(
        "list", "Who is told what", "/api/v1/webhooks", "id", "nobody is told anything",
        webhook => $"{LabVerb.Text(webhook, "id"),-12} {LabVerb.Text(webhook, "url")}  {string.Join(", ", webhook.GetProperty("events").EnumerateArray().Select(name => name.GetString()))}");

    private static Command Remove()
    {
        var id = Id();
        var command = LabVerb.Create(
            "remove", "Tell it nothing more", (parsed, server, cancellationToken) => server.SendAsync(HttpMethod.Delete, PathOf(parsed.GetRequiredValue(id)), null, cancellationToken),
            (parsed, _) => [$"{parsed.GetValue(id)} is told nothing more"]);
        command.Add(id);
        return command;
    }

    private static Command Test()
    {
        var id = Id();
        var command = LabVerb.Create(
            "test", "Send it a message that tells nothing", (parsed, server, cancellationToken) => server.SendAsync(HttpMethod.Post, $"{PathOf(parsed.GetRequiredValue(id))}/test", null, cancellationToken),
            (parsed, answer) => [$"{LabVerb.Text(answer, "deliveryId")} is on its way; `webhooks deliveries {parsed.GetValue(id)}` tells how it goes"]);
        command.Add(id);
        return command;
    }

    private static Command Deliveries()
    {
        var id = Id();
        var limit = new Option<int>("--limit") { Description = "How many, the newest first.", DefaultValueFactory = _ => 20 };
        var command = LabVerb.Create(
            "deliveries", "What it was told, and how that went",
            (parsed, server, cancellationToken) => server.GetAsync($"{PathOf(parsed.GetRequiredValue(id))}/deliveries?limit={parsed.GetValue(limit)}", cancellationToken),
            (_, answer) => LabVerb.Lines(answer, "it was told nothing yet", delivery =>
                $"{LabVerb.Text(delivery, "createdAt"),-34} {LabVerb.Text(delivery, "event"),-14} {LabVerb.Text(delivery, "state"),-10} {LabVerb.Text(delivery, "attempts")} attempts: {LabVerb.Text(delivery, "outcome")}  {LabVerb.Text(delivery, "subject")}"));
        command.Add(id);
        command.Add(limit);
        return command;
    }
}
