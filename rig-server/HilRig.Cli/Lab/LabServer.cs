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

    // A large history is stored, or a large database copied, before the answer begins.
    private static readonly TimeSpan LongDeadline = TimeSpan.FromMinutes(30);
    private readonly HttpClient client;

    public LabServer(SignedIn signedIn)
    {
        client = new HttpClient { BaseAddress = signedIn.Server, Timeout = Timeout.InfiniteTimeSpan };
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

    public Task<string> SendForTextAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken) =>
        SendAsync(method, path, body is null ? null : JsonContent.Create(body, options: RunJson.Options), Deadline, content => content.ReadAsStringAsync(cancellationToken), cancellationToken);

    /// <summary>Sends a file; the answer's JSON.</summary>
    public async Task<JsonElement> UploadAsync(string path, byte[] file, string type, CancellationToken cancellationToken)
    {
        var content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        return JsonSerializer.Deserialize<JsonElement>(await SendAsync(HttpMethod.Post, path, content, LongDeadline, answer => answer.ReadAsStringAsync(cancellationToken), cancellationToken));
    }

    /// <summary>Reads an answer of any size.</summary>
    public Task DownloadAsync(HttpMethod method, string path, Func<Stream, Task> read, CancellationToken cancellationToken) => SendAsync(
        method, path, null, LongDeadline,
        async content =>
        {
            await using var stream = await content.ReadAsStreamAsync(cancellationToken);
            await read(stream);
            return true;
        },
        cancellationToken);

    public void Dispose() => client.Dispose();

    private async Task<T> SendAsync<T>(HttpMethod method, string path, HttpContent? body, TimeSpan deadline, Func<HttpContent, Task<T>> read, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(deadline);
        using var request = new HttpRequestMessage(method, path) { Content = body };
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (response.IsSuccessStatusCode)
                return await read(response.Content);
            var detail = DetailOf(await response.Content.ReadAsStringAsync(patience.Token)) ?? $"{(int)response.StatusCode} {response.ReasonPhrase}";
            if (response.StatusCode is HttpStatusCode.Unauthorized)
                throw new BadInputException($"{client.BaseAddress} asks who you are: {detail}; run `login`");
            throw (int)response.StatusCode < 500
                ? new BadInputException(detail)
                : new IOException($"{client.BaseAddress} failed: {detail}; its log says more");
        }
        catch (HttpRequestException exception)
        {
            throw new IOException($"{client.BaseAddress} cannot be reached ({exception.Message}); is the server running, and is this its address? `login` chooses another");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"{client.BaseAddress} did not answer {path} within {deadline.TotalSeconds:0} s");
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
