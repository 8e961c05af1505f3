using System.Diagnostics;
using System.Text.RegularExpressions;
using HilRig.Tests.Architecture;
using HilRig.Tests.SystemTests;
using NUnit.Framework;
using YamlDotNet.Serialization;

namespace HilRig.Tests.Launcher;

/// <summary>Compose files and Dockerfiles against what there is: files, verbs, options, services, volumes, secrets.</summary>
public sealed partial class ComposeTests
{
    private static readonly Dictionary<string, object> Lab = Read("docker-compose.yml");
    private static readonly Dictionary<string, object> Hardware = Read("docker-compose.hardware.yml");
    private static readonly string[] Programs = ["hilrig-server", "hilrig-agent"];

    private static Dictionary<object, object> Services => (Dictionary<object, object>)Lab["services"];

    private static IEnumerable<(string Name, Dictionary<object, object> Service)> All =>
        Services.Concat((Dictionary<object, object>)Hardware["services"]).Select(pair => ((string)pair.Key, (Dictionary<object, object>)pair.Value));

    [Test]
    public void The_lab_is_server_database_and_agent() => Assert.That(Services.Keys, Is.SupersetOf(new[] { "server", "postgres", "agent" }));

    [Test]
    public void What_services_depend_on_mount_and_are_told_in_secret_is_there()
    {
        foreach (var (name, service) in All)
        {
            Assert.That(Keys(service, "depends_on"), Is.SubsetOf(Services.Keys), name);
            Assert.That(List(service, "secrets"), Is.SubsetOf(((Dictionary<object, object>)Lab["secrets"]).Keys), name);
            var volumes = List(service, "volumes").Select(volume => volume.Split(':')[0]).Where(volume => !volume.StartsWith('/') && !volume.StartsWith('.'));
            Assert.That(volumes, Is.SubsetOf(((Dictionary<object, object>)Lab["volumes"]).Keys), name);
            Assert.That(Hardware.Keys.Concat(Lab.Keys), Does.Not.Contain("name"), "older clients refuse it");
        }
    }

    [Test]
    public void A_service_waits_for_health_only_of_one_that_has_a_check()
    {
        foreach (var (name, service) in All.Where(pair => pair.Service.TryGetValue("depends_on", out var needed) && needed is Dictionary<object, object>))
        {
            foreach (var (other, how) in (Dictionary<object, object>)service["depends_on"])
            {
                if ((string)((Dictionary<object, object>)how)["condition"] == "service_healthy")
                    Assert.That(((Dictionary<object, object>)Services[other]).ContainsKey("healthcheck") || Dockerfile((string)other).Contains("HEALTHCHECK", StringComparison.Ordinal), $"{name} waits for {other}");
            }
        }
    }

    [Test]
    public async Task Every_option_and_verb_is_one_that_the_program_knows()
    {
        var commands = All.Where(pair => pair.Service.ContainsKey("command")).Select(pair => (pair.Name, Words: List(pair.Service, "command").ToList()));
        foreach (var (name, words) in commands)
        {
            var program = name == "agent" ? "hilrig-agent" : "hilrig-server";
            var rest = words.SkipWhile(word => word == "dotnet" || word.StartsWith("/app/", StringComparison.Ordinal)).ToList();
            var verb = rest[0].StartsWith('-') ? [] : rest.Take(1);
            using var help = Child.Start(program, [.. verb, "--help"]);
            Assert.That(await help.ExitAsync(), Is.Zero, help.Output);
            foreach (var option in rest.Where(word => word.StartsWith("--", StringComparison.Ordinal)))
                Assert.That(help.Output, Does.Match($@"(^|\s){option}\b"), $"{name}: {program} {string.Join(' ', verb)} has no {option}");
        }
    }

    [TestCase("rig-server/Dockerfile")]
    [TestCase("rig-agent/Dockerfile")]
    public void A_Dockerfile_builds_in_stages_from_projects_that_are_there_and_runs_as_nobody_special(string path)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, path));

        Assert.That(From().Count(text), Is.EqualTo(2));
        Assert.That(text.LastIndexOf("USER $APP_UID", StringComparison.Ordinal), Is.GreaterThan(text.LastIndexOf("RUN ", StringComparison.Ordinal)));
        Assert.That(text, Does.Contain("HEALTHCHECK"));
        var projects = Publish().Matches(text).Select(match => match.Groups[1].Value).ToList();
        Assert.That(projects, Is.Not.Empty);
        foreach (var project in projects)
            Assert.That(Directory.EnumerateFiles(Path.Combine(Repository.Root, project), "*.csproj"), Is.Not.Empty, project);
        foreach (var program in Assemblies().Matches(text).Select(match => match.Groups[1].Value))
            Assert.That(Programs, Does.Contain(program));
    }

    [Test]
    public async Task The_servers_own_check_of_its_health_tells_ready_from_not_there()
    {
        await using var server = await Server.TestServer.StartAsync();
        using var ready = Child.Start("hilrig-server", "health", "--port", $"{server.Url.Port}");
        Assert.That(await ready.ExitAsync(), Is.Zero, ready.Output);

        using var away = Child.Start("hilrig-server", "health", "--port", "1");
        Assert.That(await away.ExitAsync(), Is.EqualTo(3));
    }

    [Test]
    public void Docker_compose_takes_the_files()
    {
        var client = new[] { ("docker", "compose"), ("docker-compose", "") }.FirstOrDefault(candidate => Run(candidate.Item1, [candidate.Item2, "version"]) == 0);
        if (client.Item1 is null)
            Assert.Ignore("there is no docker client with compose here");
        string[] files = ["-f", Path.Combine(Repository.Root, "docker-compose.yml")];

        Assert.That(Run(client.Item1, [client.Item2, .. files, "config", "--quiet"]), Is.Zero);
        Assert.That(Run(client.Item1, [client.Item2, .. files, "-f", Path.Combine(Repository.Root, "docker-compose.hardware.yml"), "config", "--quiet"]), Is.Zero);
    }

    private static string Dockerfile(string service) =>
        ((Dictionary<object, object>)Services[service]).TryGetValue("build", out var build)
            ? File.ReadAllText(Path.Combine(Repository.Root, (string)((Dictionary<object, object>)build)["dockerfile"]))
            : "";

    private static IEnumerable<string> List(Dictionary<object, object> service, string key) =>
        service.TryGetValue(key, out var list) ? ((List<object>)list).Cast<string>() : [];

    private static Dictionary<object, object>.KeyCollection Keys(Dictionary<object, object> service, string key) =>
        (service.TryGetValue(key, out var map) ? (Dictionary<object, object>)map : []).Keys;

    private static Dictionary<string, object> Read(string file) =>
        new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(File.ReadAllText(Path.Combine(Repository.Root, file)));

    private static int? Run(string program, IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments.Where(argument => argument.Length > 0)) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex("^FROM ", RegexOptions.Multiline)]
    private static partial Regex From();

    [GeneratedRegex(@"dotnet publish (\S+)")]
    private static partial Regex Publish();

    [GeneratedRegex(@"/app/(hilrig-\w+)\.dll")]
    private static partial Regex Assemblies();
}
