using System.Diagnostics;
using HilRig.Agent;
using HilRig.Model.Runs;
using HilRig.Tests.SystemTests;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard.Probe;

/// <summary>
/// The pyOCD that is not installed: Debian's 0.36, unpacked into a private folder. It reads past the D-cache by default
/// and asks for other registers when it connects (facts: pyocd §3.3, §6).
/// </summary>
public class OtherPyOcdTests
{
    /// <summary>Takes the machine's own mirror and keys; nothing is installed (facts: pyocd §1.1).</summary>
    private const string Fetch = """
        set -e
        d=$1; cd "$d"; chmod 755 .; mkdir -p lists/partial cache/archives/partial
        mirror=$(apt-get indextargets --format '$(ORIGIN)|$(REPO_URI)' 'Created-By: Packages' | awk -F'|' '$1=="Debian" && $2 !~ /security/ {print $2; exit}')
        echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg check-valid-until=no] $mirror trixie main" > s.list
        apt="apt-get -qq -o Dir::Etc::SourceList=$d/s.list -o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists=$d/lists -o Dir::State::status=/dev/null -o Dir::Cache=$d/cache -o Acquire::http::Timeout=10 -o Acquire::Retries=0"
        [ "$(id -u)" != 0 ] || apt="$apt -o APT::Sandbox::User=root"
        $apt update && $apt download python3-pyocd
        dpkg -x python3-pyocd_*.deb tree
        # Two modules that this version wants as packages are part of the standard library by now.
        for module in metadata resources; do echo "from importlib.$module import *" > tree/usr/lib/python3/dist-packages/importlib_$module.py; done
        echo fetched
        """;

    private const string Run = """
        import sys
        sys.path.insert(0, sys.argv.pop(1) + '/tree/usr/lib/python3/dist-packages')
        from pyocd.__main__ import main
        sys.exit(main())
        """;

    private string folder = "";

    [OneTimeSetUp]
    public async Task FetchOnce()
    {
        _ = PyOcd.Executable;
        if (SearchPath.Find("apt-get") is null || SearchPath.Find("dpkg") is null) Assert.Ignore("no Debian package of pyOCD 0.36 here: apt-get and dpkg are not on the PATH");
        folder = Directory.CreateTempSubdirectory("hilrig-pyocd-0.36-").FullName;
        await FetchAsync(folder);
    }

    [OneTimeTearDown]
    public void Delete()
    {
        if (folder.Length > 0) Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task PyOCD_0_36_connects_resets_and_reads_past_the_cache()
    {
        await using var board = new ServedChip();
        board.Chip.Cached[BareChip.Flash + 0x2000] = 0x00;
        var output = await PyOcd.RunScriptAsync(Run, folder, "commander", "-W", "-u", $"remote:127.0.0.1:{board.Port}", "-t", "cortex_m",
            "-c", "show hprot", "-c", "read32 0x10002000", "-c", "set hprot 0xb", "-c", "read32 0x10002000", "-c", "reset halt", "-c", "reg pc", "-c", "go", "-c", "status");
        Assert.That(output, Does.Match("(?s)0x3.*10002000:  ffffffff.*10002000:  ffffff00.*pc = 0x10000410.*Running"));
    }

    [Test]
    public async Task The_agent_drives_0_36_through_every_step_of_the_probe_and_records_its_version()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");
        board.OfferReleases();

        var run = await AgentRun.OfAsync(board, board.WriteSequence(ProbeStepTests.EveryStep), new Dictionary<string, string?> { ["PATH"] = $"{ProgramFolder()}:{Environment.GetEnvironmentVariable("PATH")}" }, "--image", ProbeStepTests.Image);

        Assert.That(run.Exit, Is.Zero, run.Output);
        Assert.That(((RunStarted)run.Events[0].Body).Versions["pyocd"], Does.StartWith("0.36.0"));
    }

    /// <summary>A folder with a program called pyocd that is the other one.</summary>
    private string ProgramFolder()
    {
        var interpreter = File.ReadLines(PyOcd.Executable).First()[2..].Trim();
        var program = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "bin")).FullName, "pyocd");
        File.WriteAllText(program, $"#!/usr/bin/env -S PYTHONPATH={folder}/tree/usr/lib/python3/dist-packages {interpreter}\nimport sys\nfrom pyocd.__main__ import main\nsys.exit(main())\n");
        Process.Start("chmod", ["+x", program]).WaitForExit();
        return Path.GetDirectoryName(program)!;
    }

    private static async Task FetchAsync(string folder)
    {
        try
        {
            if ((await PyOcd.RunAsync("/bin/bash", ["-c", Fetch, "fetch", folder], "")).Contains("fetched")) return;
        }
        catch (OperationCanceledException)
        {
            // Slower than the deadline counts as absent.
        }

        Assert.Ignore("no Debian package of pyOCD 0.36 to be had from this machine's mirror");
    }
}
