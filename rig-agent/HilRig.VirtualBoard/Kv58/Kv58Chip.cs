namespace HilRig.VirtualBoard.Kv58;

/// <summary>Finds the firmware that starts at a vector table; null when nothing known stands there.</summary>
public interface IFirmwareLoader
{
    /// <summary>What the core executes when it starts at <paramref name="vectorTable"/>. <paramref name="isReset"/> is false for a jump, which keeps caches and peripherals.</summary>
    Func<ValueTask>? Load(Kv58Chip chip, uint vectorTable, bool isReset);
}

/// <summary>
/// The KV58 as one state: flash, caches, UART, resets and supply, and the core's one thread of firmware. Everything
/// happens in <see cref="Advance"/>, under <see cref="Gate"/>.
/// </summary>
public sealed partial class Kv58Chip : IDebugTarget
{
    private readonly IFirmwareLoader loader;
    private readonly Random chance;
    private readonly BoardLog? log;
    private ResetCause? pendingReset;
    private uint? pendingJump;
    private bool isAdvancing;

    public Kv58Chip(ChipOptions options, IFirmwareLoader loader)
    {
        this.loader = loader;
        log = options.Log;
        MdmIdentification = options.MdmIdentification;
        Clock = options.Clock;
        Timers = new ChipTimers(Clock);
        chance = new Random(options.Seed);
        Cache = new DataCache(options.Cache, options.Seed);
        SystemControl = new SystemControl(Cache);
        Ftfe = new Ftfe(new FlashArray(options.Seed), Clock, chance);
        FlashBuffer = new FlashBuffer(Ftfe.Array);
        Ftfe.Array.HasEcc = options.HasEcc;
        SystemIntegration = new SystemIntegration(options.Name, options.Seed);
        Bus = new Bus(this);
        Core = new CoreDebug(this, options.Time);
        Core.Changed += () => Touched?.Invoke();
        Core.StartsFirmware = StartsAt;
        Ftfe.Launched += operation => log?.Write($"flash {operation}");
        Ftfe.Completed += operation => SystemControl.NoteFlashChanged(KvMap.FlashStart + (uint)operation.Offset + (uint)operation.Length - 1);
    }

    public Lock Gate { get; } = new();

    public BoardClock Clock { get; }

    public Bus Bus { get; }

    public DataCache Cache { get; }

    public SystemControl SystemControl { get; }

    public Ftfe Ftfe { get; }

    public FlashBuffer FlashBuffer { get; }

    public Uart Uart { get; } = new();

    public ResetControl ResetControl { get; } = new();

    public SystemIntegration SystemIntegration { get; }

    public CoreDebug Core { get; }

    /// <summary>Where firmware waits.</summary>
    public FirmwareThread Firmware { get; } = new();

    public bool IsPowered { get; private set; }

    public bool IsHeldInReset { get; private set; }

    /// <summary>The boot pin (PTE4) is held low: stay in the bootloader.</summary>
    public bool IsBootPinLow { get; set; }

    /// <summary>The real clock over the nominal one; not 1 when a fault disturbs it.</summary>
    public double ClockRatio { get; set; } = 1;

    /// <summary>Why the chip last started.</summary>
    public ResetCause LastReset { get; private set; }

    /// <summary>When time alone changes something; <see cref="BoardClock.Never"/> if never.</summary>
    public long NextDeadline => Math.Min(Timers.Deadline, !IsPowered ? BoardClock.Never : Math.Min(Ftfe.Deadline, Core.IsRunning ? Firmware.Deadline : BoardClock.Never));

    /// <summary>Moments that others have set.</summary>
    public ChipTimers Timers { get; }

    /// <summary>Raised at each start, when registers have their reset values and no instruction has run yet.</summary>
    public event Action<ResetCause>? Restarted;

    /// <summary>Raised after an access from outside the board's own thread may have changed what comes next.</summary>
    public event Action? Touched;

    /// <summary>Raised once, before the first start: the images are in flash and nothing has run.</summary>
    public event Action? FactoryDone;

    /// <summary>The supply comes or goes.</summary>
    public void SetPower(bool on)
    {
        if (on == IsPowered)
            return;
        log?.Write(on ? "power on" : "power off");
        IsPowered = on;
        if (on)
        {
            FactoryDone?.Invoke();
            FactoryDone = null;
            Reset(ResetCause.PowerOn);
            return;
        }
        Ftfe.Cut();
        Bus.LosePower(chance);
        Stop();
    }

    /// <summary>Brings flash, firmware and line up to now.</summary>
    public void Advance()
    {
        if (isAdvancing)
            return;
        isAdvancing = true;
        try
        {
            while (Progress())
            {
            }
        }
        finally
        {
            isAdvancing = false;
        }
    }

    /// <summary>A byte at the RX pin.</summary>
    public void Receive(ReceivedByte arrived)
    {
        if (!IsPowered || IsHeldInReset)
            return;
        Uart.Receive(arrived, Core.IsRunning);
        Advance();
    }

    /// <summary>The core goes on at another vector table without a reset: caches and peripherals stay as they are.</summary>
    public void Jump(uint vectorTable) => pendingJump = vectorTable;

    public void Reset(ResetCause cause)
    {
        pendingReset = cause;
        Advance();
        Touched?.Invoke();
    }

    private bool Progress()
    {
        var now = Clock.Now;
        // In the order in which it was due, however late this machine is; what is over is over before anything else of that moment.
        if (Timers.Deadline <= now && Timers.Deadline < Ftfe.Deadline)
        {
            Timers.DoNext();
            return true;
        }
        if (IsPowered && Ftfe.Advance(now))
            return true;
        if (!IsPowered)
            return false;
        if (pendingReset is { } cause && !IsHeldInReset)
        {
            pendingReset = null;
            Restart(cause);
            return true;
        }
        if (pendingJump is { } vectorTable)
        {
            pendingJump = null;
            Enter(vectorTable, isReset: false);
            return true;
        }
        if (!Core.IsRunning)
            return false;
        Uart.Service(isCoreRunning: true);
        return Firmware.Step(now, Uart.HasByte);
    }

    private void Restart(ResetCause cause)
    {
        LastReset = cause;
        log?.Write($"reset {cause}");
        ResetControl.Note(cause);
        if (cause != ResetCause.CoreOnly)
        {
            Ftfe.Reset();
            FlashBuffer.Reset();
            Uart.Reset();
        }
        SystemControl.Reset();
        Restarted?.Invoke(cause);
        Core.OnReset(cause, KvMap.FlashStart);
        Enter(KvMap.FlashStart, isReset: true);
    }

    private void Enter(uint vectorTable, bool isReset) => Firmware.Start(loader.Load(this, vectorTable, isReset));

    private void Stop()
    {
        pendingReset = null;
        pendingJump = null;
        Firmware.Start(null);
        Uart.Reset();
        SystemControl.Reset();
        Core.EnterReset();
    }
}
