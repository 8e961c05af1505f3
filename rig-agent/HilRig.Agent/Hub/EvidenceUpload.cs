using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using HilRig.Agent.Evidence;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using Microsoft.Extensions.Logging;

namespace HilRig.Agent.Hub;

/// <summary>
/// Brings the evidence that events name to the server before the events themselves: whoever reads a failure there finds what was captured.
/// What the server holds leaves the agent's disk; a content that it refuses stays there and hinders nothing.
/// </summary>
public sealed class EvidenceUpload(Uri server, string folder, string? token, ILogger log) : IDisposable
{
    private readonly HttpClient client = AgentToken.Client(server, token);
    private readonly HashSet<string> refused = [];

    public async Task SendAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        var digests = batch.Events.Select(runEvent => runEvent.Body).OfType<StepEnded>().SelectMany(step => step.Evidence).Select(item => item.Digest).OfType<string>();
        foreach (var digest in digests.Distinct().Where(digest => !refused.Contains(digest)))
        {
            var path = EvidenceStore.PathOf(folder, digest);
            if (!File.Exists(path))
                continue;
            if (await Policies.Upload.ExecuteAsync(async attempt => await TrySendAsync(digest, path, attempt), cancellationToken))
                File.Delete(path);
            else
                refused.Add(digest);
        }
    }

    /// <summary>The server holds these events: a run that has ended needs its index no more, unless something stayed here.</summary>
    public void Acknowledge(EventBatch batch)
    {
        // Where nothing has ever failed there is no folder either.
        if (refused.Count == 0 && Directory.Exists(folder) && batch.Events.Any(runEvent => runEvent.Body is RunEnded))
            File.Delete(EvidenceStore.IndexOf(folder, batch.RunId));
    }

    public void Dispose() => client.Dispose();

    private async Task<bool> TrySendAsync(string digest, string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        await using var content = new GZipStream(file, CompressionMode.Decompress);
        using var body = new StreamContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using var answer = await client.PutAsync($"/api/v1/artifacts/{digest}", body, cancellationToken);
        if (answer.StatusCode >= HttpStatusCode.InternalServerError)
            throw new HttpRequestException($"the server answered {(int)answer.StatusCode} to evidence {digest}");
        if (!answer.IsSuccessStatusCode)
            Log.EvidenceRefused(log, digest, (int)answer.StatusCode);
        return answer.IsSuccessStatusCode;
    }
}
