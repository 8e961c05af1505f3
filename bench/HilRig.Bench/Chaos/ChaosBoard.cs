using HilRig.Bench.Probe;

namespace HilRig.Bench.Chaos;

/// <summary>A virtual board over all its lives: the same doors and the same flash, another ailment of line or probe and a log of its own in each life.</summary>
internal sealed class ChaosBoard(string name, string folder, bool isSick, Random random) : IDisposable
{
    /// <summary>What line and probe of a bench do now and then; none of it is the board's.</summary>
    private static readonly string[] Ailments =
    [
        "flip:direction=both,p=0.0002", "drop:direction=both,p=0.00002", "duplicate:direction=in,p=0.00005", "split:direction=in,ms=20,p=0.0005",
        "probe-wait:p=0.0005,for=300", "probe-no-ack:p=0.0003,for=20", "probe-hang:p=0.00002,for=1",
    ];

    private readonly int ports = BoardProcess.FreePorts(2);
    private int lives;

    public string Name => name;

    /// <summary>With its D-cache on, so that its updates fail at times and the fault is the product's.</summary>
    public bool IsSick => isSick;

    public Child Process { get; private set; } = null!;

    public int PowerPort => ports + 1;

    /// <summary>What the board itself wrote down, life after life.</summary>
    public IEnumerable<string> Logs => Enumerable.Range(1, lives).Select(Log);

    public string PlaceEntry => $"""
          - name: {name}
            board: kv58
            serial: {"{"}device: {Path.Combine(folder, name)}, baud: 57600{"}"}
            probe: {"{"}uid: "remote:127.0.0.1:{ports}"{"}"}
            power: {"{"}scpi: "127.0.0.1:{PowerPort}"{"}"}
        """;

    public async Task StartAsync()
    {
        lives++;
        Process = Child.Start(
            "hilrig-board", "--name", name, "--serial", Path.Combine(folder, name), "--probe-port", $"{ports}", "--power-port", $"{PowerPort}", "--speed", "20", "--seed", $"{random.Next()}",
            "--state", Path.Combine(folder, "flash"), "--dcache", isSick ? "on" : "off", "--log", Log(lives), "--fault", Ailments[random.Next(Ailments.Length)]);
        await Process.WaitForAsync(" ready: ");
    }

    public async Task ReplugAsync()
    {
        await Process.CrashAsync();
        Process.Dispose();
        await StartAsync();
    }

    public void Dispose() => Process?.Dispose();

    private string Log(int life) => Path.Combine(folder, $"{name}.{life}.log");
}
