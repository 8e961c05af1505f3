using System.Net;
using System.Net.Http.Json;
using HilRig.Model.Runs;
using HilRig.Server;
using HilRig.Server.Judging;
using HilRig.Server.Operations;
using HilRig.Server.Storage;
using HilRig.Server.Storage.Postgres;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace HilRig.Tests.Server;

/// <summary>A real server on a free port with a directory of its own; the directory outlives a restart and goes with the test.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly string directory;
    private RigServer server;

    private TestServer(string directory, DatabaseAddress? database, RigServer server)
    {
        this.directory = directory;
        Database = database;
        this.server = server;
        Http = new HttpClient { BaseAddress = server.Url };
    }

    public HttpClient Http { get; private set; }

    public Uri Url => server.Url;

    public string Directory => directory;

    /// <summary>Null for SQLite.</summary>
    public DatabaseAddress? Database { get; }

    public IServiceProvider Services => server.Services;

    /// <param name="database">PostgreSQL, which other servers may share, or null for SQLite.</param>
    public static async Task<TestServer> StartAsync(
        DatabaseAddress? database = null, TimeProvider? time = null, Func<string, long>? freeBytes = null, AutoInvestigate autoInvestigate = AutoInvestigate.Off, Func<ServerOptions, ServerOptions>? with = null)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("hilrig-server-").FullName;
        var options = OptionsOf(directory, 0, database) with { Time = time ?? TimeProvider.System, FreeBytes = freeBytes ?? DiskRoom.FreeBytes, AutoInvestigate = autoInvestigate };
        return new TestServer(directory, database, await RigServer.StartAsync(with?.Invoke(options) ?? options, CancellationToken.None));
    }

    /// <summary>A server on a directory that is there already.</summary>
    public static async Task<TestServer> StartOnAsync(string directory, DatabaseAddress? database = null) =>
        new(directory, database, await RigServer.StartAsync(OptionsOf(directory, 0, database), CancellationToken.None));

    /// <summary>Stops the server and starts another on the same directory and port.</summary>
    public async Task RestartAsync()
    {
        var port = Url.Port;
        await server.DisposeAsync();
        server = await RigServer.StartAsync(OptionsOf(directory, port, Database), CancellationToken.None);
    }

    public T Service<T>() where T : notnull => server.Services.GetRequiredService<T>();

    public async Task<T> GetAsync<T>(string path) => (await Http.GetFromJsonAsync<T>(path, RunJson.Options))!;

    public Task<HttpResponseMessage> PostAsync(string path, object body) => Http.PostAsJsonAsync(path, body, RunJson.Options);

    /// <summary>Takes in all that the runs have so far.</summary>
    public async Task StoreAsync(params IEnumerable<RunScript> runs)
    {
        foreach (var run in runs)
            Assert.That((await Service<IngestWriter>().AppendAsync(run.Batch(), default)).Refusal, Is.Null);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await server.DisposeAsync();
        System.IO.Directory.Delete(directory, recursive: true);
    }

    private static ServerOptions OptionsOf(string directory, int port, DatabaseAddress? database) => new(directory, IPAddress.Loopback, port) { Database = database };
}
