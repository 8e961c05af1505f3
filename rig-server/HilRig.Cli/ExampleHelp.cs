using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace HilRig.Cli;

/// <summary>A verb's help, and below it an example that works as it stands. A test parses each, and asks for one of every verb.</summary>
public sealed class ExampleHelp(HelpAction help) : SynchronousCommandLineAction
{
    /// <summary>By the verb's whole path.</summary>
    public static IReadOnlyDictionary<string, string> Examples { get; } = new Dictionary<string, string>
    {
        ["demo"] = "demo --exit",
        ["analyze"] = "analyze night.csv --known known-issues.yaml --json",
        ["reproduce"] = "reproduce events.jsonl --place kv58-1 --image app.bin --budget 150",
        ["investigate"] = "investigate reproducer.yaml --fingerprint f1/update/write-memory/10203 --place kv58-1 --other kv58-2",
        ["compare"] = "compare re-update.yaml --new kboot-2.1.0.bin --old kboot-2.0.0.bin --place kv58-1",
        ["bisect"] = "bisect reproducer.yaml --release kboot-1.9.0.bin kboot-2.0.0.bin kboot-2.1.0.bin --place kv58-1",
        ["sign-off register"] = "sign-off register signoff-2.1 plan.yaml",
        ["sign-off status"] = "sign-off status signoff-2.1 --json",
        ["sign-off approve"] = "sign-off approve signoff-2.1 --name ann",
        ["sign-off dossier"] = "sign-off dossier signoff-2.1 --out dossier.zip",
        ["verify"] = "verify dossier.zip",
        ["login"] = "login https://rig.example:5080 --name ann",
        ["doctor"] = "doctor --json",
        ["places"] = "places --json",
        ["run"] = "run smoke.yaml --place kv58-1 --image app.bin --cycles 100 --watch",
        ["steer"] = "steer r-20260121-220000-kv58-1-9f3a pause",
        ["runs"] = "runs --verdict fail --place kv58-1 --limit 5",
        ["campaigns order"] = "campaigns order nightly.yaml --board kv58 --limit 0.001 --boards 4 --release 2.1.0 --hours 22:00-06:00 --zone Europe/Berlin --image app.bin",
        ["campaigns list"] = "campaigns list --state running",
        ["campaigns show"] = "campaigns show c-20260121-220000-9f3a",
        ["campaigns watch"] = "campaigns watch c-20260121-220000-9f3a",
        ["campaigns pause"] = "campaigns pause c-20260121-220000-9f3a --because \"the bench is needed\"",
        ["campaigns resume"] = "campaigns resume c-20260121-220000-9f3a",
        ["campaigns stop"] = "campaigns stop c-20260121-220000-9f3a",
        ["campaigns priority"] = "campaigns priority c-20260121-220000-9f3a 10",
        ["report"] = "report --night 2026-01-21 --zone Europe/Berlin",
        ["flags"] = "flags --json",
        ["investigations"] = "investigations --json",
        ["releases"] = "releases",
        ["releases plan"] = "releases plan plan.yaml",
        ["releases show"] = "releases show 2.1.0+1f0c",
        ["releases approve"] = "releases approve 2.1.0+1f0c --head 9f3a1b2c",
        ["releases dossier"] = "releases dossier 2.1.0+1f0c --out dossier.zip",
        ["export"] = "export r-20260121-220000-kv58-1-9f3a --format junit --output run.junit.xml",
        ["import"] = "import history.csv --begins 2026-01-21T22:00",
        ["backup"] = "backup backup-2026-01-21",
        ["webhooks add"] = "webhooks add https://chat.example/hook --event flag-new",
        ["webhooks list"] = "webhooks list",
        ["webhooks remove"] = "webhooks remove w-9f3a1b2c",
        ["webhooks test"] = "webhooks test w-9f3a1b2c",
        ["webhooks deliveries"] = "webhooks deliveries w-9f3a1b2c --limit 5",
        ["people add"] = "people add bob --role operator --password-file password",
        ["people remove"] = "people remove bob",
        ["people list"] = "people list",
        ["audit"] = "audit --limit 20",
        ["agents invite"] = "agents invite bench-1",
        ["agents revoke"] = "agents revoke 9f3a1b2c3d4e",
        ["agents tokens"] = "agents tokens",
        ["completion"] = "completion",
    };

    /// <summary>Who asks for help need not give what the verb needs.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var exitCode = help.Invoke(parseResult);
        if (Examples.TryGetValue(PathOf(parseResult.CommandResult.Command), out var example))
            parseResult.InvocationConfiguration.Output.WriteLine($"Example:{Environment.NewLine}  ./rig {example}{Environment.NewLine}");
        return exitCode;
    }

    /// <summary>The verb's words, without the program's.</summary>
    public static string PathOf(Command command)
    {
        var parent = command.Parents.OfType<Command>().FirstOrDefault();
        return parent is null ? "" : $"{PathOf(parent)} {command.Name}".Trim();
    }
}
