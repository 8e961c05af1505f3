using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using HilRig.Model;
using HilRig.Model.Runs;
using HilRig.Model.SignOffs;

namespace HilRig.Cli.Lab;

/// <summary><c>releases</c>: what ran; <c>releases plan|show|approve|dossier</c>: a release's sign-off at the server.</summary>
internal static class ReleaseCommands
{
    private const string SignOffs = "/api/v1/sign-offs";
    private const int ShortestHead = 8;

    public static Command Create()
    {
        var command = LabVerb.Create(
            "releases", "Releases that ran, with their cycles and flags; below it, their sign-offs at the server", (_, server, cancellationToken) => server.GetAsync("/api/v1/releases", cancellationToken),
            (_, answer) => LabVerb.Lines(answer, "no run has begun yet", Line));
        foreach (var verb in new[] { Plan(), Show(), Approve(), Dossier() })
            command.Add(verb);
        return command;
    }

    private static Argument<string> Release() => new("release") { Description = "The release's name, as `releases` shows it." };

    private static Command Plan()
    {
        var plan = new Argument<string>("plan") { Description = "The plan (YAML), as docs/sign-off.md describes it." };
        var command = LabVerb.Create(
            "plan", "Fix the plan of a release's sign-off; after the first sample it cannot change",
            (parsed, server, cancellationToken) => server.SendAsync(HttpMethod.Post, SignOffs, new { plan = GivenFile.Text(parsed.GetRequiredValue(plan), "a plan (YAML)") }, cancellationToken),
            (_, answer) => Text(View(answer)));
        command.Add(plan);
        return command;
    }

    private static Command Show()
    {
        var release = Release();
        var command = LabVerb.Create("show", "Its sign-off: exit code 0 where the bound is reached, 1 where it is missed, 3 where the rig spoiled it, 4 where cycles are missing", async (parsed, server, output, cancellationToken) =>
        {
            var view = await FindAsync(server, parsed.GetRequiredValue(release), cancellationToken);
            LabVerb.Print(parsed, output, JsonSerializer.SerializeToElement(view, RunJson.Options), (_, _) => Text(view));
            return view.Stage switch
            {
                SignOffStage.Reached or SignOffStage.Approved => ExitCode.Pass,
                SignOffStage.Missed => ExitCode.Fail,
                SignOffStage.Void => ExitCode.RigError,
                _ => ExitCode.Undetermined,
            };
        });
        command.Add(release);
        return command;
    }

    private static Command Approve()
    {
        var release = Release();
        var head = new Option<string>("--head") { Description = "The head of the chain that `releases show` names, or its first eight digits: what you approve is what you have read.", Required = true };
        var command = LabVerb.Create(
            "approve", "Give your word for its sign-off's contents as they are; two people's with the role qa are needed",
            async (parsed, server, cancellationToken) =>
            {
                var view = await FindAsync(server, parsed.GetRequiredValue(release), cancellationToken);
                if (view.Head is { } now && !(parsed.GetRequiredValue(head) is { Length: >= ShortestHead } read && now.StartsWith(read, StringComparison.OrdinalIgnoreCase)))
                    throw new BadInputException($"--head: the contents' head is {now}, not `{parsed.GetValue(head)}`: they changed since you read them, or fewer than {ShortestHead} digits were given; read `releases show {view.Release}` again");
                return await server.SendAsync(HttpMethod.Post, $"{SignOffs}/{view.Id}/approvals", null, cancellationToken);
            },
            (_, answer) => Text(View(answer)));
        command.Add(release);
        command.Add(head);
        return command;
    }

    private static Command Dossier()
    {
        var release = Release();
        var file = new Option<FileInfo>("--out") { Description = "The zip to write; one that is there is written over.", DefaultValueFactory = _ => new FileInfo("dossier.zip") };
        var command = LabVerb.Create("dossier", "Fetch its sign-off's dossier: plan, events, figures, page and approvals, as `verify` recomputes them", async (parsed, server, output, cancellationToken) =>
        {
            var view = await FindAsync(server, parsed.GetRequiredValue(release), cancellationToken);
            var target = parsed.GetRequiredValue(file);
            // Whole or not at all: half a dossier under its name would pass for one.
            var part = new FileInfo($"{target.FullName}.part");
            await server.DownloadAsync(HttpMethod.Get, $"{SignOffs}/{view.Id}/dossier", async content =>
            {
                await using var stream = part.Create();
                await content.CopyToAsync(stream, cancellationToken);
            }, cancellationToken);
            part.MoveTo(target.FullName, overwrite: true);
            var bytes = part.Length;
            LabVerb.Print(parsed, output, JsonSerializer.SerializeToElement(new { file = target.FullName, bytes }), (_, _) => [$"{target.FullName}: {bytes} bytes; {view.Sentence}"]);
            return ExitCode.Pass;
        });
        command.Add(release);
        command.Add(file);
        return command;
    }

    /// <summary>Each release has one sign-off.</summary>
    private static async Task<SignOffView> FindAsync(LabServer server, string release, CancellationToken cancellationToken)
    {
        var all = (await server.GetAsync(SignOffs, cancellationToken)).Deserialize<List<SignOffView>>(RunJson.Options)!;
        return all.Find(view => view.Release == release)
            ?? throw new BadInputException($"release `{release}` has no sign-off here; {(all.Count == 0 ? "there is none yet" : $"there is one of {string.Join(", ", all.Select(view => view.Release))}")}; `releases plan PLAN.yaml` begins one");
    }

    private static SignOffView View(JsonElement answer) => answer.Deserialize<SignOffView>(RunJson.Options)!;

    private static string Line(JsonElement release)
    {
        var cycles = release.GetProperty("cycles");
        return $"{LabVerb.Text(release, "release"),-24} {LabVerb.Text(release, "runs"),6} runs {LabVerb.Text(cycles, "failures"),6} of {LabVerb.Text(cycles, "trials"),-9} cycles failed, " +
            $"{LabVerb.Text(release, "voided")} void  {LabVerb.Text(release, "productFlags")} flags";
    }

    private static IEnumerable<string> Text(SignOffView view)
    {
        yield return $"{view.Release}: {view.StageWord.ToLowerInvariant()}: {view.Sentence}";
        yield return string.Create(CultureInfo.InvariantCulture, $"  plan      {view.Digest}, fixed {view.RegisteredAt:u} by {view.By}; {view.Runs} runs, {view.RunsOpen} of them go on");
        foreach (var voided in view.Voided)
            yield return $"  void      {voided.Count}: {voided.Reason}";
        foreach (var missing in view.Missing)
            yield return $"  missing   {missing}";
        foreach (var approval in view.Approvals)
            yield return $"  approved  {approval.At:u} by {approval.Name}";
        if (view.Head is { } head)
            yield return $"  head      {head}";
    }
}
