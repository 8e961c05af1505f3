using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace HilRig.Tests.Server.Webhooks;

/// <summary>Somebody's HTTP server that is told things; it answers as the test says, else 200.</summary>
internal sealed class HookListener : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Channel<Received> received = Channel.CreateUnbounded<Received>();
    private readonly Queue<int> answers;
    private readonly WebApplication app;

    private HookListener(IEnumerable<int> answers)
    {
        this.answers = new Queue<int>(answers);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        app = builder.Build();
        app.MapPost("/{**path}", AnswerAsync);
    }

    public sealed record Received(string Body, string Signature, string Event, string Delivery);

    public Uri Url => new(new Uri(app.Urls.First()), "/hook");

    /// <param name="answers">Statuses of the first answers, in their order; a redirect leads to the listener itself.</param>
    public static async Task<HookListener> StartAsync(params int[] answers)
    {
        var listener = new HookListener(answers);
        await listener.app.StartAsync();
        return listener;
    }

    public async Task<Received> NextAsync() => await received.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public bool IsSilent => !received.Reader.TryRead(out _);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var headers = context.Request.Headers;
        await received.Writer.WriteAsync(new Received(await reader.ReadToEndAsync(), $"{headers["HilRig-Signature"]}", $"{headers["HilRig-Event"]}", $"{headers["HilRig-Delivery"]}"));
        var status = answers.TryDequeue(out var next) ? next : 200;
        if (status is 302)
            context.Response.Headers.Location = "/elsewhere";
        context.Response.StatusCode = status;
    }
}
