using CliWrap;
using CliWrap.Buffered;
using HilRig.Tests.Architecture;
// Within HilRig the bare name is the namespace of the operator's command.
using Programs = CliWrap.Cli;

namespace HilRig.Tests.Launcher;

/// <summary>
/// A checkout with the real launcher, one source file and a <c>dotnet</c> that is a script: it notes how it was called, and says and
/// returns what the test has laid down for it.
/// </summary>
internal sealed class Checkout : IDisposable
{
    private const string Script = """
        #!/bin/bash
        here=$(dirname -- "$(readlink -f -- "$0")")
        echo "$PWD|${HILRIG_FULL:-}|$*" >>"$here/calls"
        case $1 in
          --list-sdks) echo '10.0.100 [/sdk]'; exit ;;
          build) name=build ;;
          *) name=$(basename "$1" .dll) ;;
        esac
        [ -e "$here/$name.says" ] && cat "$here/$name.says"
        [ -e "$here/$name.waits" ] && read -r _ <"$here/$name.waits"
        [ -e "$here/$name.returns" ] && exit "$(cat "$here/$name.returns")"
        exit 0
        """;

    private const string SdkQuestion = "--list-sdks";

    public Checkout()
    {
        foreach (var folder in new[] { "build", "rig-agent", "test-suites", "tools" })
            Directory.CreateDirectory(Path.Combine(Folder, folder));
        foreach (var file in new[] { "rig", "build/launcher.sh", "build/run-tests.sh", "build/publish.sh", "build/licences.sh" })
            File.Copy(Path.Combine(Repository.Root, file), Path.Combine(Folder, file));
        Write("rig-agent/Board.cs", "class Board;");
        foreach (var tool in new[] { "pyocd", "chromium" })
            WriteProgram(tool, "#!/bin/sh\n");
        WriteProgram("dotnet", Script);
        Environment = new()
        {
            ["PATH"] = $"{Path.Combine(Folder, "tools")}:/usr/bin:/bin",
            ["HOME"] = Folder,
            ["HILRIG_FULL"] = null,
            ["HILRIG_TEST_LIMIT"] = null,
        };
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("hilrig-launcher-").FullName;

    /// <summary>What the launcher inherits, besides what the tests themselves inherited.</summary>
    public Dictionary<string, string?> Environment { get; }

    /// <summary>Each call of dotnet as <c>folder|HILRIG_FULL|arguments</c>, the question for its version left out.</summary>
    public IReadOnlyList<string> Calls => [.. AllCalls.Where(call => !call.EndsWith(SdkQuestion, StringComparison.Ordinal))];

    /// <summary>Launchers that came as far as looking for an SDK: the last thing before they build or wait for another's build.</summary>
    public int SdkQuestions => AllCalls.Count(call => call.EndsWith(SdkQuestion, StringComparison.Ordinal));

    public int Builds => Calls.Count(call => call.Contains("|build ", StringComparison.Ordinal));

    private IEnumerable<string> AllCalls => File.Exists(Path.Combine(Folder, "tools/calls")) ? File.ReadAllLines(Path.Combine(Folder, "tools/calls")) : [];

    public string Write(string path, string text)
    {
        var full = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }

    /// <summary>What dotnet says and returns when it builds (<c>build</c>) or runs an assembly of this name.</summary>
    public void Answer(string name, string says, int returns)
    {
        Write($"tools/{name}.says", says);
        Write($"tools/{name}.returns", $"{returns}");
    }

    /// <summary>Lets dotnet, after what it says, wait for a line on the pipe that is returned.</summary>
    public string MakeWait(string name)
    {
        var pipe = Path.Combine(Folder, "tools", $"{name}.waits");
        System.Diagnostics.Process.Start("mkfifo", [pipe]).WaitForExit();
        return pipe;
    }

    /// <summary>A test project whose program ends with the summary that the test platform prints.</summary>
    public void TestProject(string name, int passed, int failed = 0, int skipped = 0, string before = "")
    {
        Write($"test-suites/{name}/{name}.csproj", "<Project><PropertyGroup><IsTestProject>true</IsTestProject></PropertyGroup></Project>");
        var summary = $"Test run summary: whatever\n  total: {passed + failed + skipped}\n  failed: {failed}\n  succeeded: {passed}\n  skipped: {skipped}\n  duration: 1s\n";
        Answer(name, before + summary, passed + failed + skipped == 0 ? 8 : failed > 0 ? 2 : 0);
    }

    public CommandTask<BufferedCommandResult> Rig(params string[] arguments) => RigIn(Folder, arguments);

    public CommandTask<BufferedCommandResult> RigIn(string folder, params string[] arguments) => Programs.Wrap(Path.Combine(Folder, "rig"))
        .WithArguments(arguments)
        .WithWorkingDirectory(folder)
        .WithEnvironmentVariables(Environment)
        .WithValidation(CommandResultValidation.None)
        .ExecuteBufferedAsync();

    /// <summary>Links to the system's tools in place of the system's folders, so that dotnet can be missing.</summary>
    public void TakeDotnetAway()
    {
        var tools = Directory.CreateDirectory(Path.Combine(Folder, "links")).FullName;
        foreach (var tool in Directory.EnumerateFiles("/usr/bin").Where(tool => Path.GetFileName(tool) != "dotnet"))
            File.CreateSymbolicLink(Path.Combine(tools, Path.GetFileName(tool)), tool);
        Environment["PATH"] = tools;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private void WriteProgram(string name, string text)
    {
        var program = Write($"tools/{name}", text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
