using HilRig.Server;
using HilRig.Tests.Server;
using HilRig.Tests.SystemTests;
using NUnit.Framework;

namespace HilRig.Tests.Cli;

/// <summary>A real server, and the home of a person who talks to it by the operator's command.</summary>
internal sealed class LabHome : IAsyncDisposable
{
    private readonly string home = Directory.CreateTempSubdirectory("hilrig-cli-").FullName;

    private LabHome(TestServer server) => Server = server;

    public TestServer Server { get; }

    public static async Task<LabHome> StartAsync(Func<ServerOptions, ServerOptions>? with = null) => new(await TestServer.StartAsync(with: with));

    public string PathOf(string name) => Path.Combine(home, name);

    /// <summary>Writes a file; answers its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    public Child Start(params string[] arguments) => Child.Start("hilrig", Environment, arguments);

    public async Task<string> SayAsync(int exitCode, params string[] arguments)
    {
        using var child = Start(arguments);
        Assert.That(await child.ExitAsync(), Is.EqualTo(exitCode), child.Output);
        return child.Output;
    }

    public Dictionary<string, string?> Environment => new() { ["HILRIG_CONFIG"] = home, ["HILRIG_SERVER"] = Server.Url.ToString(), ["HILRIG_TOKEN"] = null };

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(home, recursive: true);
    }
}
