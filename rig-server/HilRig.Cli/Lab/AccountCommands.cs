using System.CommandLine;

namespace HilRig.Cli.Lab;

/// <summary><c>people</c> and <c>agents</c>: what an admin does.</summary>
internal static class AccountCommands
{
    public static Command People()
    {
        var name = new Argument<string>("name") { Description = "The person's name." };
        var role = new Option<string>("--role") { Description = "viewer, operator, qa or admin.", Required = true };
        var passwordFile = new Option<FileInfo?>("--password-file") { Description = "File that holds the password; without it, it is read from standard input." };
        var keep = new Option<bool>("--keep-password") { Description = "Change the role alone." };
        var add = LabVerb.Create(
            "add", "Add a person, or change role and password",
            async (parsed, server, cancellationToken) => await server.SendAsync(
                HttpMethod.Put, $"/api/v1/people/{Uri.EscapeDataString(parsed.GetRequiredValue(name))}",
                new
                {
                    role = parsed.GetRequiredValue(role),
                    password = parsed.GetValue(keep) ? null : await LoginCommand.ReadPasswordAsync(parsed.GetValue(passwordFile), cancellationToken),
                },
                cancellationToken),
            (parsed, _) => [$"{parsed.GetValue(name)} may sign in as {parsed.GetValue(role)}"]);
        add.Add(name);
        add.Add(role);
        add.Add(passwordFile);
        add.Add(keep);
        var gone = new Argument<string>("name") { Description = "The person's name." };
        var remove = LabVerb.Create(
            "remove", "Remove a person; their sessions end at once",
            (parsed, server, cancellationToken) => server.SendAsync(HttpMethod.Delete, $"/api/v1/people/{Uri.EscapeDataString(parsed.GetRequiredValue(gone))}", null, cancellationToken),
            (parsed, _) => [$"{parsed.GetValue(gone)} may no longer sign in"]);
        remove.Add(gone);
        var list = LabVerb.Page(
            "list", "Who may sign in", "/api/v1/people", "name", "nobody: the server has no accounts", person => $"{LabVerb.Text(person, "name"),-24} {LabVerb.Text(person, "role")}");
        return new Command("people", "Who may sign in") { add, remove, list };
    }

    public static Command Agents()
    {
        var agent = new Argument<string>("agent") { Description = "The agent's name." };
        var invite = LabVerb.Create(
            "invite", "A code by which an agent gets its token, once, within an hour",
            (parsed, server, cancellationToken) => server.SendAsync(HttpMethod.Post, "/api/v1/enrolments", new { agent = parsed.GetRequiredValue(agent) }, cancellationToken),
            (parsed, answer) => [$"{LabVerb.Text(answer, "code")}", $"On its machine, within an hour: ./rig agent enrol {LabVerb.Text(answer, "code")} --server URL"]);
        invite.Add(agent);
        var id = new Argument<string>("token") { Description = "The token's id, as `agents tokens` shows it." };
        var revoke = LabVerb.Create(
            "revoke", "Revoke a token; its agent is disconnected",
            (parsed, server, cancellationToken) => server.SendAsync(HttpMethod.Delete, $"/api/v1/tokens/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", null, cancellationToken),
            (parsed, _) => [$"token {parsed.GetValue(id)} opens nothing any more"]);
        revoke.Add(id);
        var tokens = LabVerb.Page("tokens", "Tokens ever issued", "/api/v1/tokens", "id", "none", token =>
            $"{LabVerb.Text(token, "id")}  {LabVerb.Text(token, "role"),-9} {LabVerb.Text(token, "name"),-24} {(LabVerb.Text(token, "revoked").Length > 0 ? "revoked" : "valid")}");
        return new Command("agents", "Invite agents and revoke their tokens") { invite, revoke, tokens };
    }
}
