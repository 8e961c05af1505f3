using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using HilRig.Model;
using HilRig.Model.Runs;

namespace HilRig.Cli.Lab;

/// <summary>The server's API. What the server refuses in words becomes <see cref="BadInputException"/>, what it cannot do an <see cref="IOException"/>.</summary>
public sealed class LabServer : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly HttpClient client;

    public LabServer(SignedIn signedIn)
    {
        client = new HttpClient { BaseAddress = signedIn.Server, Timeout = Deadline };
        if (signedIn.Token is { } token)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, cancellationToken);

    /// <summary>The answer's JSON; undefined where it has none.</summary>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        var text = await SendForTextAsync(method, path, body, cancellationToken);
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    public async Task<string> SendForTextAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, options: RunJson.Options) };
        using var response = await ReachAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (response.IsSuccessStatusCode)
            return text;
        var detail = DetailOf(text) ?? $"{(int)response.StatusCode} {response.ReasonPhrase}";
        if (response.StatusCode is HttpStatusCode.Unauthorized)
            throw new BadInputException($"{client.BaseAddress} asks who you are: {detail}; run `login`");
        throw (int)response.StatusCode < 500
            ? new BadInputException(detail)
            : new IOException($"{client.BaseAddress} failed: {detail}; its log says more");
    }

    public void Dispose() => client.Dispose();

    private async Task<HttpResponseMessage> ReachAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await client.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw new IOException($"{client.BaseAddress} cannot be reached ({exception.Message}); is the server running, and is this its address? `login` chooses another");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"{client.BaseAddress} did not answer {request.RequestUri} within {Deadline.TotalSeconds:0} s");
        }
    }

    private static string? DetailOf(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(text) is { ValueKind: JsonValueKind.Object } problem && problem.TryGetProperty("detail", out var detail)
                ? detail.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
