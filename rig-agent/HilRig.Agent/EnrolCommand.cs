using System.CommandLine;
using System.Net;
using System.Net.Http.Json;
using HilRig.Agent.Hub;
using HilRig.Agent.Running;
using HilRig.Model;

namespace HilRig.Agent;

/// <summary><c>agent enrol</c>: turns an admin's one-time code into this agent's token.</summary>
public static class EnrolCommand
{
    private sealed record Enrolled(string Agent, string Token);

    public static Command Create()
    {
        var code = new Argument<string>("code") { Description = "The code that an admin's `./rig agents invite` printed" };
        var server = new Option<string>("--server") { Description = "The server's address", DefaultValueFactory = _ => ServeCommand.DefaultServer };
        var data = new Option<string>("--data") { Description = "The agent's folder, in which the token is kept", DefaultValueFactory = _ => StateFolder.Default };
        var command = new Command("enrol", "Get this agent's token from a server that has accounts, once") { code, server, data };
        command.SetAction((parsed, cancellationToken) => EnrolAsync(
            ServeCommand.Address(parsed.GetRequiredValue(server)), parsed.GetRequiredValue(code), parsed.GetRequiredValue(data), cancellationToken));
        return command;
    }

    private static async Task<int> EnrolAsync(Uri server, string code, string data, CancellationToken cancellationToken)
    {
        using var client = AgentToken.Client(server, null);
        using var response = await SendAsync(client, code, cancellationToken);
        if (response.StatusCode is HttpStatusCode.Unauthorized)
            throw new BadInputException("code: the server does not know it: it is mistyped, was used, or is older than an hour; ask an admin for another");
        if (!response.IsSuccessStatusCode)
            throw new RigException("server", $"server {server} answered {(int)response.StatusCode} to the enrolment; its log says more");
        var enrolled = (await response.Content.ReadFromJsonAsync<Enrolled>(cancellationToken))!;
        AgentToken.Save(data, enrolled.Token);
        Console.WriteLine($"enrolled as {enrolled.Agent}; the token is in {AgentToken.FileIn(data)}. Start it: ./rig agent serve --server {server} --name {enrolled.Agent} --data {data}");
        return ExitCode.Pass;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string code, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Policies.ConnectDeadline);
        try
        {
            return await client.PostAsJsonAsync("/api/v1/enrol", new { code }, deadline.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new RigException("server", $"server {client.BaseAddress} cannot be reached ({exception.Message}); is it running, and is the address right?");
        }
    }
}
