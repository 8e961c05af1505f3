using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using HilRig.Agent.Evidence;
using HilRig.Agent.Hub;
using HilRig.Model.Runs;
using HilRig.Server.Security;
using HilRig.Tests.Server.Security;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace HilRig.Tests.Server.Operations;

/// <summary>Evidence from an agent's disk to the server's, each content once.</summary>
public sealed class EvidenceTests
{
    private const string Octets = "application/octet-stream";
    private static readonly byte[] Content = [.. "the last packets"u8];
    private static readonly string Digest = Convert.ToHexStringLower(SHA256.HashData(Content));
    private TestServer server = null!;
    private HttpClient agent = null!;

    [SetUp]
    public async Task Start()
    {
        server = await TestServer.StartAsync();
        agent = await server.ClientOfAsync(Role.Agent, "bench-1");
    }

    [TearDown]
    public async Task Stop()
    {
        agent.Dispose();
        await server.DisposeAsync();
    }

    [Test]
    public async Task A_content_is_stored_once_under_its_digest()
    {
        Assert.That(await PutAsync(agent, Digest, Content, Octets), Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await PutAsync(agent, Digest, Content, Octets), Is.EqualTo(HttpStatusCode.NoContent));

        Assert.That(await agent.GetByteArrayAsync($"/api/v1/artifacts/{Digest}"), Is.EqualTo(Content));
    }

    [Test]
    public async Task What_is_too_large_of_another_type_or_another_content_is_refused_and_not_stored()
    {
        using var admin = await server.ClientOfAsync(Role.Admin);
        var large = new byte[HilRig.Server.Storage.ArtifactStore.Largest + 1];

        Assert.That(await PutAsync(agent, Digest, [1, 2], Octets), Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await PutAsync(agent, "..%2F..%2Fhilrig.db", Content, Octets), Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await PutAsync(agent, Digest, Content, "text/html"), Is.EqualTo(HttpStatusCode.UnsupportedMediaType));
        Assert.That(await PutAsync(agent, Convert.ToHexStringLower(SHA256.HashData(large)), large, Octets), Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(await PutAsync(admin, Digest, Content, Octets), Is.EqualTo(HttpStatusCode.Forbidden), "evidence comes from agents");
        Assert.That(Directory.EnumerateFiles(Path.Combine(server.Directory, "artifacts")), Is.Empty);
    }

    [Test]
    public async Task An_agent_brings_what_its_events_name_keeps_what_is_refused_and_what_is_gone_hinders_nothing()
    {
        var folder = Path.Combine(server.Directory, "agent");
        var path = EvidenceStore.PathOf(folder, Digest);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest))
            await gzip.WriteAsync(Content);
        var (gone, forged) = (new string('0', 64), new string('1', 64));
        Directory.CreateDirectory(Path.GetDirectoryName(EvidenceStore.PathOf(folder, forged))!);
        File.Copy(path, EvidenceStore.PathOf(folder, forged));
        var run = new RunScript("r-1").Cycle(
            RunScript.CumulativeWrite, evidence: [new("link-trace", "last packets", "", null, Digest, Content.Length), new("registers", "registers", "", null, gone), new("registers", "registers", "", null, forged)]);
        using var upload = new EvidenceUpload(server.Url, folder, agent.DefaultRequestHeaders.Authorization!.Parameter, NullLogger.Instance);

        await upload.SendAsync(run.Batch(), default);

        Assert.That(await agent.GetByteArrayAsync($"/api/v1/artifacts/{Digest}"), Is.EqualTo(Content));
        Assert.That(File.Exists(path), Is.False, "the server holds it");
        Assert.That(File.Exists(EvidenceStore.PathOf(folder, forged)), Is.True, "nobody else holds it");
    }

    private static async Task<HttpStatusCode> PutAsync(HttpClient client, string digest, byte[] content, string type)
    {
        using var body = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        // The server need not read what it refuses by its length.
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/artifacts/{digest}") { Content = body, Headers = { ExpectContinue = true } };
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
