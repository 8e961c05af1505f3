using System.Diagnostics;
using System.Text.Json;

namespace HilRig.Tests.SystemTests;

/// <summary>
/// A program called <c>pyocd</c>, first on the PATH, that passes everything to the real one and misbehaves at chosen commands:
/// prints garbage, floods, dies, or never answers. What it has done is counted in a file, so that a restarted one goes on.
/// </summary>
public sealed class MisbehavingPyOcd
{
    private const string Script = """
        #!/usr/bin/python3
        import json, os, subprocess, sys, threading, time
        folder = os.path.dirname(os.path.abspath(__file__))
        plan = json.load(open(folder + '/plan.json'))
        real = subprocess.Popen([plan['real']] + sys.argv[1:], stdin=subprocess.PIPE, bufsize=0)
        threading.Thread(target=lambda: os._exit(real.wait()), daemon=True).start()
        for line in sys.stdin.buffer:
            deed = ''
            for n, (command, at, times, what) in enumerate(plan['deeds']):
                if not line.startswith(command.encode()): continue
                path = f'{folder}/seen-{n}'
                seen = os.path.getsize(path) if os.path.exists(path) else 0
                with open(path, 'ab') as count: count.write(b'.')
                if at <= seen < at + times: deed = what
            if deed: open(folder + '/done', 'a').write(deed + '\n')
            if deed == 'garbage': os.write(1, b'\x00\xff}{ 0x0x Saved all bytes\n10000000:  zz | |\n')
            if deed == 'flood':
                while True: os.write(1, b'x' * 65536)
            if deed == 'die': real.kill(); os._exit(3)
            if deed == 'hang': time.sleep(1e6)
            real.stdin.write(line)
        real.stdin.close()
        sys.exit(real.wait())
        """;

    private readonly string folder;

    /// <param name="deeds">Command's beginning, after how many of them, how often, and what: <c>garbage</c>, <c>flood</c>, <c>die</c>, <c>hang</c>.</param>
    public MisbehavingPyOcd(string inFolder, string real, params (string Command, int At, int Times, string What)[] deeds)
    {
        folder = Directory.CreateDirectory(Path.Combine(inFolder, "bin")).FullName;
        var program = Path.Combine(folder, "pyocd");
        File.WriteAllText(program, Script);
        Process.Start("chmod", ["+x", program]).WaitForExit();
        File.WriteAllText(Path.Combine(folder, "plan.json"), JsonSerializer.Serialize(new { real, deeds = deeds.Select(deed => new object[] { deed.Command, deed.At, deed.Times, deed.What }) }));
    }

    /// <summary>What it did, in order.</summary>
    public string[] Done => File.Exists(Path.Combine(folder, "done")) ? File.ReadAllLines(Path.Combine(folder, "done")) : [];

    /// <summary>For the agent's environment.</summary>
    public string SearchPath => $"{folder}:{Environment.GetEnvironmentVariable("PATH")}";
}
