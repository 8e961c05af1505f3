using System.Diagnostics;
using System.Text;
using HilRig.Agent;
using HilRig.Agent.Places;
using HilRig.Agent.Probe;
using HilRig.Agent.Steps;
using HilRig.Model.Sequences;

namespace HilRig.Bench.Runner;

/// <summary>
/// The same steps as a shell script, as a lab without a rig has it: one process for each command to the bootloader (<c>blhost</c> where it
/// is on the PATH, else <c>agent kboot</c>) and one <c>pyocd</c> for each look or reset over SWD; the supply is the shell's own TCP. It
/// writes no log, asks no witness and judges nothing.
/// </summary>
internal sealed class ShellLoop(Place place, ReUpdate story, string folder)
{
    private readonly bool hasBlhost = SearchPath.Find("blhost") is not null;

    /// <summary>The tool in words.</summary>
    public string Tool => hasBlhost ? "blhost" : "agent kboot";

    /// <summary>Seconds for the cycles, setup not counted.</summary>
    public double Run(int cycles)
    {
        var image = story.ImageOn(place);
        File.WriteAllBytes(Path.Combine(folder, "image.bin"), image.Segments[0].Bytes.ToArray());
        File.WriteAllBytes(Path.Combine(folder, "blank.bin"), [.. Enumerable.Repeat((byte)0xFF, (int)image.ByteCount)]);
        RunScript(story.Setup());
        var began = Stopwatch.GetTimestamp();
        RunScript(Enumerable.Range(1, cycles).SelectMany(story.Cycle));
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private void RunScript(IEnumerable<StepCall> calls)
    {
        var script = new StringBuilder(Prelude());
        foreach (var call in calls)
            script.AppendLine(Lines(StepBinder.Bind(call).Step));
        var file = Path.Combine(folder, "loop.sh");
        File.WriteAllText(file, script.ToString());
        using var shell = Process.Start(new ProcessStartInfo("bash", [file]) { WorkingDirectory = folder, RedirectStandardError = true })!;
        var errors = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        if (shell.ExitCode != 0)
            throw new InvalidOperationException($"the shell loop ended with {shell.ExitCode}: {errors}");
    }

    private string Prelude()
    {
        var supply = place.Power!.ScpiAddress!.Split(':');
        var tool = hasBlhost ? $"blhost -p {place.SerialDevice},{place.Baud} --" : $"dotnet '{Path.Combine(AppContext.BaseDirectory, "hilrig-agent.dll")}' kboot --port {place.SerialDevice} --baud {place.Baud}";
        return $$"""
            set -euo pipefail
            boot() { {{tool}} "$@" >/dev/null; }
            swd() { '{{PyOcdProgram.Path}}' commander -W -u {{place.Probe.Uid}} -t cortex_m -M attach -O auto_unlock=false -c "$1" >/dev/null 2>&1; }
            supply() { printf '%s\nMEAS:VOLT?\n' "$1" >&3; read -r volts <&3; }
            power() { exec 3<>/dev/tcp/{{supply[0]}}/{{supply[1]}}; supply 'OUTP OFF'; sleep 0.05; supply 'OUTP ON'; exec 3>&-; }
            verify() { swd "savemem 0x{{story.ImageOn(place).Start:x}} {{story.ImageOn(place).ByteCount}} seen.bin"; cmp seen.bin "$1"; }
            holds=blank.bin

            """;
    }

    private string Lines(IStep step)
    {
        var start = $"0x{story.ImageOn(place).Start:x}";
        var length = place.Board.Map.RoundUpToSector((uint)story.ImageOn(place).ByteCount);
        var erase = hasBlhost ? $"boot flash-erase-region {start} {length}" : $"boot erase {start} {length}";
        return step switch
        {
            ResetStep { By: ResetKind.Bootloader } => "boot reset",
            ResetStep { By: ResetKind.Probe } => "swd 'reset sysresetreq'",
            ResetStep { By: ResetKind.Power } => "power",
            EraseAllStep => $"boot {(hasBlhost ? "flash-erase-all" : "erase-all")}; holds=blank.bin",
            EraseRegionStep => $"{erase}; holds=blank.bin",
            UpdateStep => $"{erase}; boot {(hasBlhost ? "write-memory" : "write")} {start} image.bin; holds=image.bin",
            VerifyStep { By: Viewer.Swd } => "verify $holds",
            _ => throw new InvalidOperationException($"re-update has a step that this loop does not know: {step.GetType().Name}"),
        };
    }
}
