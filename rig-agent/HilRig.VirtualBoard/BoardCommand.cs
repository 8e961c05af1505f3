using System.CommandLine;
using System.Globalization;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Faults;
using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard;

/// <summary>The command line of <c>rig board</c>.</summary>
public sealed class BoardCommand
{
    private readonly Option<string> name = new("--name") { Description = "name of the board; goes into its unique id", DefaultValueFactory = _ => "kv58-1" };
    private readonly Option<string?> serial = new("--serial") { Description = "link that will point to the pseudo-terminal" };
    private readonly Option<int?> probePort = new("--probe-port") { Description = "TCP port of the debug probe (pyOCD: -u remote:127.0.0.1:PORT); 0 takes any" };
    private readonly Option<int?> powerPort = new("--power-port") { Description = "TCP port of the power supply (SCPI); 0 takes any" };
    private readonly Option<string?> dcache = new("--dcache") { Description = "on or off: whether the bootloader's startup enables the L1 D-cache" };
    private readonly Option<string?> firmware = new("--firmware") { Description = "fixed: invalidates the D-cache after erase and program; stock: never" };
    private readonly Option<FileInfo?> bootloader = new("--bootloader") { Description = "bootloader release to install at 0x10000000" };
    private readonly Option<FileInfo?> app = new("--app") { Description = "application to install at 0x1000A000" };
    private readonly Option<string?> state = new("--state") { Description = "folder that keeps the flash across restarts" };
    private readonly Option<int> seed = new("--seed") { Description = "all chance comes from it", DefaultValueFactory = _ => 1 };
    private readonly Option<double> speed = new("--speed") { Description = "divides flash times", DefaultValueFactory = _ => 1 };
    private readonly Option<int> baud = new("--baud") { Description = "paces the line, 10 bits a byte; without it unpaced" };
    private readonly Option<FileInfo?> faultFile = new("--faults") { Description = "file with one fault a line" };
    private readonly Option<string[]> fault = new("--fault") { Description = "NAME[:key=value,...]; may be repeated", DefaultValueFactory = _ => [] };
    private readonly Option<int?> count = new("--count") { Description = "boards in this process; ports count up, names and links get -001, -002, ..." };
    private readonly Option<bool> listFaults = new("--list-faults") { Description = "shows every fault with its parameters and symptoms" };
    private readonly Option<string?> cache = new("--cache") { Description = "D-cache as SIZE[,WAYS[,round-robin|random|lru]], by default 8192,4,round-robin" };
    private readonly Option<string?> mdm = new("--mdm-idr") { Description = "identification of the MDM-AP, by default 0x001C0030" };
    private readonly Option<bool> ecc = new("--ecc") { Description = "programming flash twice spoils its ECC" };
    private readonly Option<FileInfo?> log = new("--log") { Description = "file for the event log; same seed and inputs, same bytes" };

    public RootCommand Build()
    {
        var root = new RootCommand("A virtual KV58 board: serial link, debug probe and power supply.")
        {
            name, serial, probePort, powerPort, dcache, firmware, bootloader, app, state, seed, speed, baud, faultFile, fault, listFaults, cache, ecc, mdm, count, log,
        };
        root.SetAction((result, cancellationToken) => RunAsync(result, cancellationToken));
        root.Subcommands.Add(MakeImageCommand.Build());
        root.Subcommands.Add(MakeReleaseCommand.Build());
        return root;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        if (result.GetValue(listFaults))
        {
            foreach (var line in FaultCatalog.Describe())
                Console.WriteLine(line);
            return 0;
        }
        using var log = OpenLog(result.GetValue(this.log));
        var boards = new List<RunningBoard>();
        try
        {
            var plans = Plan(result);
            var images = new BoardImages(ReadImage(bootloader, result), OnOff(result.GetValue(dcache)), ReadImage(app, result), result.GetValue(state));
            foreach (var (options, doors) in plans)
                boards.Add(new RunningBoard(options, doors, images, log is null ? null : new BoardLog(log, options.Name)));
            Console.WriteLine(ReadyLine.Write([.. plans.Zip(boards, (plan, board) => (plan.Options.Name, board.Doors))]));
            await EndAsync(cancellationToken);
            return 0;
        }
        finally
        {
            foreach (var board in boards)
                board.Dispose();
        }
    }

    private List<(BoardOptions Options, BoardDoors Doors)> Plan(ParseResult result)
    {
        var howMany = result.GetValue(count);
        Require(howMany is null or (>= 1 and <= 999), "--count", "a number from 1 to 999");
        Require(result.GetValue(speed) > 0, "--speed", "a number greater than 0");
        Require(result.GetValue(baud) >= 0, "--baud", "a rate in bits a second");
        var link = result.GetValue(serial) ?? throw new UsageException("--serial: is missing; give the path of the link to the serial device");
        var plans = new List<(BoardOptions, BoardDoors)>();
        for (var index = 0; index < (howMany ?? 1); index++)
        {
            var suffix = howMany is null ? "" : $"-{index + 1:D3}";
            var options = new BoardOptions
            {
                Name = result.GetValue(name) + suffix,
                Seed = result.GetValue(seed) + index,
                Speed = result.GetValue(speed),
                Baud = result.GetValue(baud),
                Firmware = new FirmwareOptions(OnOff(result.GetValue(dcache)), Fixed(result.GetValue(firmware))),
                Cache = Cache(result.GetValue(cache)),
                HasEcc = result.GetValue(ecc),
                MdmIdentification = Identification(result.GetValue(mdm)),
                Faults = ReadFaults(result),
            };
            plans.Add((options, new BoardDoors(link + suffix, Port(probePort, result, index), Port(powerPort, result, index))));
        }
        return plans;
    }

    private static int Port(Option<int?> option, ParseResult result, int index)
    {
        var first = result.GetValue(option) ?? throw new UsageException($"{option.Name}: is missing; give a TCP port, or 0 for any");
        var port = first == 0 ? 0 : first + index;
        Require(port is >= 0 and <= 65535, option.Name, "a TCP port from 1 to 65535, or 0 for any");
        return port;
    }

    private static byte[]? ReadImage(Option<FileInfo?> option, ParseResult result)
    {
        if (result.GetValue(option) is not { } file)
            return null;
        if (!file.Exists)
            throw new UsageException($"{option.Name} {file}: no such file; give the path of an image");
        var room = option.Name == "--app" ? FirmwareImage.MaxApplicationSize : FirmwareImage.MaxBootloaderSize;
        return file.Length <= room ? File.ReadAllBytes(file.FullName)
            : throw new UsageException($"{option.Name} {file}: {file.Length} bytes, {room} fit; give a smaller image");
    }

    private List<string> ReadFaults(ParseResult result)
    {
        var faults = new List<string>();
        if (result.GetValue(faultFile) is { } file)
        {
            if (!file.Exists)
                throw new UsageException($"--faults {file}: no such file; give a file with one fault a line");
            faults.AddRange(File.ReadLines(file.FullName).Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0));
        }
        faults.AddRange(result.GetValue(fault) ?? []);
        return faults;
    }

    private static StreamWriter? OpenLog(FileInfo? file)
    {
        try
        {
            return file is null ? null : new StreamWriter(file.FullName) { AutoFlush = true };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--log {file}: cannot be written ({error.Message.TrimEnd('.')}); choose another file");
        }
    }

    private static CacheGeometry Cache(string? text) => text is null ? new CacheGeometry()
        : CacheGeometry.Parse(text) ?? throw new UsageException($"--cache {text}: expected SIZE[,WAYS[,round-robin|random|lru]] with powers of two, for example 16384,4,lru");

    private static uint Identification(string? text) => text is null ? CoreIdentification.MdmAccessPort
        : text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && uint.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var word) ? word
        : throw new UsageException($"--mdm-idr {text}: expected a word such as 0x001C0020");

    private static bool? OnOff(string? text) => text switch
    {
        null => null,
        "on" => true,
        "off" => false,
        _ => throw new UsageException($"--dcache {text}: expected on or off"),
    };

    private static bool? Fixed(string? text) => text switch
    {
        null => null,
        "fixed" => true,
        "stock" => false,
        _ => throw new UsageException($"--firmware {text}: expected fixed or stock"),
    };

    private static void Require(bool holds, string option, string expected)
    {
        if (!holds)
            throw new UsageException($"{option}: expected {expected}");
    }

    private static async Task EndAsync(CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource();
        await using (cancellationToken.Register(ended.SetResult))
            await ended.Task;
    }
}
