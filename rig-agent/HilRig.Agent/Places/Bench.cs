using HilRig.Agent.Bootloader;
using HilRig.Agent.Images;
using HilRig.Agent.Power;
using HilRig.Agent.Probe;
using HilRig.Agent.Running;
using HilRig.Agent.Serial;
using HilRig.Model.Runs;

namespace HilRig.Agent.Places;

/// <summary>A place opened for a run: everything a step may touch.</summary>
public sealed class Bench : IAsyncDisposable
{
    private readonly Dictionary<string, double> measurements = [];
    private readonly List<Attachment> attachments = [];
    private LineManner manner;

    private Bench(Place place, BootloaderClient bootloader, PyOcdProbe probe, BoardPower? power, ScpiSupply? supply, StoppableLink line, BoardHistory history, BenchTrace trace, TimeProvider time)
    {
        Place = place;
        Bootloader = bootloader;
        Probe = probe;
        Power = power;
        Supply = supply;
        Line = line;
        History = history;
        Trace = trace;
        Time = time;
        manner = LineManner.Of(place);
        Erased = new ErasedFlash(place.Board.Map);
        NoteLine();
    }

    public Place Place { get; }

    public BoardType Board => Place.Board;

    /// <summary>The image that updates write; null where the caller named none.</summary>
    public Image? Image { get; private set; }

    public BootloaderClient Bootloader { get; }

    public PyOcdProbe Probe { get; }

    /// <summary>Null where nothing switches the board's power.</summary>
    public BoardPower? Power { get; }

    /// <summary>The SCPI supply, whose digital port holds the boot pin and whose trigger input may be wired; null where there is none.</summary>
    public ScpiSupply? Supply { get; }

    /// <summary>The serial line under <see cref="Bootloader"/>, where a cut may be aimed at a byte.</summary>
    public StoppableLink Line { get; }

    /// <summary>How the line is to be spoken on from here on.</summary>
    public LineManner Manner
    {
        get => manner;
        set
        {
            manner = value;
            Line.PauseAs(value.Pause);
            NoteLine();
        }
    }

    /// <summary>Whom a step may ask; nobody unless the run has a terminal.</summary>
    public OperatorDesk Operator { get; set; } = new();

    public BoardHistory History { get; }

    /// <summary>What probe and supply were told last.</summary>
    public BenchTrace Trace { get; }

    /// <summary>The flash that the run's steps erased and did not write since.</summary>
    public ErasedFlash Erased { get; }

    /// <summary>The present step writes where <see cref="Erased"/> does not say it may: flash in use, as far as the run knows.</summary>
    public bool WritesOverUse { get; set; }

    public TimeProvider Time { get; }

    /// <summary>The flash that the present step reads or changes: what evidence looks at. Null where it touches none.</summary>
    public AddressRange? Touched { get; set; }

    /// <summary>The chip's unique id; <c>unknown</c> until the board was identified.</summary>
    public string BoardId { get; set; } = "unknown";

    /// <summary>The core's caches as last read; null until then.</summary>
    public CoreCaches? Caches { get; set; }

    /// <summary>The chip's flash configuration field as SWD read it when the board was identified; no step may change it.</summary>
    public ReadOnlyMemory<byte>? Configuration { get; set; }

    /// <summary>The part is secured from its last reset on: SWD reaches the debug port and no memory, and whatever looks there has to do without.</summary>
    public bool IsSecured { get; set; }

    /// <summary>Opens serial port and probe; touches the board only by attaching to its debug port.</summary>
    public static async Task<Bench> OpenAsync(Place place, Image? image, TimeProvider time, CancellationToken cancellationToken)
    {
        var trace = new BenchTrace(time);
        var supply = place.Power?.ScpiAddress is { } address ? new ScpiSupply(place.Name, address, trace) : null;
        IPowerSwitch? power = place.Power?.Command is { } command ? new CommandSwitch(place.Name, command, trace) : supply;
        var probe = new PyOcdProbe(place.Probe, trace);
        var boardPower = power is null ? null : new BoardPower(place.Name, power, probe, time);
        if (boardPower is not null)
            await boardPower.RestoreAsync(cancellationToken);
        var link = new StoppableLink(baud => SerialLinks.Open(place.SerialDevice, baud, place.SerialDriver), place.Baud);
        var bootloader = new BootloaderClient(link, new BootloaderTimeouts(), time);
        try
        {
            await probe.AttachAsync(place.Name, cancellationToken);
            var bench = new Bench(place, bootloader, probe, boardPower, supply, link, new BoardHistory { Fixed = FixedConditions(place) }, trace, time);
            bench.History.LineCounted(bootloader.Counters.Line - bootloader.Counters.Line);
            bench.Take(image, new Dictionary<string, string>());
            return bench;
        }
        catch
        {
            await probe.DisposeAsync();
            await bootloader.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sets what the steps to come write, and under which values of the sequence's parameters.</summary>
    public void Take(Image? image, IReadOnlyDictionary<string, string> parameters)
    {
        if (Image is not null && Image != image)
            History.ImageChanged();
        Image = image;
        History.Varying = new Dictionary<string, string>(parameters.Select(pair => KeyValuePair.Create(ConditionVocabulary.OfParameter(pair.Key), pair.Value)))
        {
            [ConditionVocabulary.Image] = image?.Name ?? "none",
        };
    }

    /// <summary>Opens the line at another rate: for the moment in which a board starts and measures it.</summary>
    /// <exception cref="SerialLinkException">It cannot run at it; it goes on at the one it had.</exception>
    public async Task RunAtAsync(int baud, CancellationToken cancellationToken)
    {
        if (Line.Baud == baud)
            return;
        Line.RunNextAt(baud);
        await Bootloader.ReopenAsync(cancellationToken);
        NoteLine();
    }

    /// <summary>Notes a figure of the present step; the same name twice adds up.</summary>
    public void Measure(string name, double value) => measurements[name] = measurements.GetValueOrDefault(name) + value;

    /// <summary>Keeps something with the present step, however it ends; <paramref name="content"/> is the text itself where not given.</summary>
    public void Attach(string kind, string title, string text, byte[]? content = null) =>
        attachments.Add(new Attachment(kind, title, text, content ?? System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Takes what was attached since the last call.</summary>
    public IReadOnlyList<Attachment> TakeAttachments()
    {
        Attachment[] taken = [.. attachments];
        attachments.Clear();
        return taken;
    }

    /// <summary>Takes the figures noted since the last call.</summary>
    public IReadOnlyDictionary<string, double> TakeMeasurements()
    {
        var taken = new Dictionary<string, double>(measurements);
        measurements.Clear();
        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        await Probe.DisposeAsync();
        await Bootloader.DisposeAsync();
    }

    private void NoteLine() => History.OfLine = new Dictionary<string, string>
    {
        [ConditionVocabulary.Baud] = $"{Line.Baud}",
        [ConditionVocabulary.Gap] = manner.Pause.ToString(),
    };

    private static Dictionary<string, string> FixedConditions(Place place) => new()
    {
        [ConditionVocabulary.UsbLatency] = UsbLatency.Read(place.SerialDevice) is { } latency ? $"{latency}" : "none",
        [ConditionVocabulary.Board] = place.Name,
    };
}

/// <summary>What a step wants kept with its result.</summary>
/// <param name="Kind">One of <see cref="Model.Runs.EvidenceKinds"/>.</param>
/// <param name="Title">One line that says what a reader sees.</param>
/// <param name="Text">What belongs on a page; empty where the content is no text.</param>
public sealed record Attachment(string Kind, string Title, string Text, byte[] Content);
