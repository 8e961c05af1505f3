using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HilRig.Bench.Pages;

/// <summary>A headless Chromium with one page, driven by its DevTools protocol: navigate, and evaluate in the page.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const string Announcement = "DevTools listening on ";
    private static readonly string[] Programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private readonly Process process;
    private readonly string profile;
    private readonly ClientWebSocket socket = new();
    private int sent;
    private string? session;

    private Chromium(Process process, string profile) => (this.process, this.profile) = (process, profile);

    /// <summary>Null where this machine has none.</summary>
    public static async Task<Chromium?> StartAsync(CancellationToken cancellationToken)
    {
        if (Programs.FirstOrDefault(File.Exists) is not { } program)
            return null;
        var profile = Directory.CreateTempSubdirectory("hilrig-chromium-").FullName;
        var start = new ProcessStartInfo(program) { RedirectStandardError = true };
        foreach (var argument in new[] { "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-port=0", $"--user-data-dir={profile}", "--window-size=1280,900", "about:blank" })
            start.ArgumentList.Add(argument);
        var chromium = new Chromium(Process.Start(start)!, profile);
        var line = "";
        while (!line.StartsWith(Announcement, StringComparison.Ordinal))
            line = await chromium.process.StandardError.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("Chromium ended before it listened");
        _ = chromium.process.StandardError.ReadToEndAsync(cancellationToken);
        await chromium.socket.ConnectAsync(new Uri(line[Announcement.Length..]), cancellationToken);
        var target = await chromium.AskAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank" }, cancellationToken);
        var attached = await chromium.AskAsync("Target.attachToTarget", new JsonObject { ["targetId"] = (string)target["targetId"]!, ["flatten"] = true }, cancellationToken);
        chromium.session = (string)attached["sessionId"]!;
        await chromium.AskAsync("Page.enable", [], cancellationToken);
        return chromium;
    }

    /// <summary>Runs a script in every page to come, before its own.</summary>
    public Task BeforeEachPageAsync(string script, CancellationToken cancellationToken) =>
        AskAsync("Page.addScriptToEvaluateOnNewDocument", new JsonObject { ["source"] = script }, cancellationToken);

    public async Task GoToAsync(Uri address, CancellationToken cancellationToken)
    {
        await AskAsync("Page.navigate", new JsonObject { ["url"] = address.ToString() }, cancellationToken);
        await EvaluateAsync("new Promise(done => document.readyState === 'complete' ? done(0) : addEventListener('load', () => done(0)))", cancellationToken);
    }

    /// <summary>The number that an expression, or its promise, comes to.</summary>
    public async Task<double> EvaluateAsync(string expression, CancellationToken cancellationToken)
    {
        var answer = await AskAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true }, cancellationToken);
        return answer["exceptionDetails"] is { } error
            ? throw new InvalidOperationException($"the page says: {error.ToJsonString()}")
            : (double)answer["result"]!["value"]!;
    }

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(profile, recursive: true);
    }

    private async Task<JsonNode> AskAsync(string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        var id = ++sent;
        var question = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (session is not null)
            question["sessionId"] = session;
        await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(question), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        while (true)
        {
            var said = await ReceiveAsync(cancellationToken);
            if ((int?)said["id"] != id)
                continue;
            return said["result"] ?? throw new InvalidOperationException($"{method}: {said["error"]?.ToJsonString()}");
        }
    }

    private async Task<JsonNode> ReceiveAsync(CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        var buffer = new byte[1 << 16];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            message.Write(buffer.AsSpan(0, part.Count));
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(message.ToArray())!;
    }
}
