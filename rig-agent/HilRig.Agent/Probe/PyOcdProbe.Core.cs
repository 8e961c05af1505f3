namespace HilRig.Agent.Probe;

public sealed partial class PyOcdProbe
{
    /// <summary>Debug Halting Control and Status Register; bit 17 is S_HALT (Armv7-M ARM, C1.6.2).</summary>
    internal const uint Dhcsr = 0xE000EDF0;

    internal const uint HaltedBit = 1u << 17;

    internal static readonly string[] AfterGo = ["Successfully resumed", "Device entered", "Device is"];

    /// <summary>The core was halted and not yet let go: the next session owes it that, however the last one ended.</summary>
    private bool owesResume;

    /// <summary>Somebody works on the halted core; nobody lets it go meanwhile.</summary>
    private bool isHeld;

    /// <summary>What the core is doing. Read twice: S_RESET_ST also tells of a reset long ago, and the first read clears it.</summary>
    public async Task<CoreStatus> ReadCoreStatusAsync(CancellationToken cancellationToken) =>
        new((await ReadWordsAsync([Dhcsr, Dhcsr], cancellationToken))[1]);

    /// <summary>Halts the core until the result is disposed. A core that was found halted stays so.</summary>
    public async Task<HaltedCore> HaltAsync(CancellationToken cancellationToken)
    {
        await OnceAsync(async pyOcd =>
        {
            await SelectAsync(pyOcd, MemoryView.Array, cancellationToken);
            var dhcsr = (await pyOcd.RunAsync($"read32 0x{Dhcsr:x8}", Timeouts.Command, cancellationToken)).Words(1)[0];
            owesResume |= (dhcsr & HaltedBit) == 0;
            await StopAsync(pyOcd, Timeouts, cancellationToken);
            isHeld = true;
        }, cancellationToken);
        return new HaltedCore(this);
    }

    /// <summary>Lets the core run, whoever halted it.</summary>
    public Task ResumeAsync(CancellationToken cancellationToken) => OnceAsync(LetGoAsync, cancellationToken);

    /// <summary>Reads core registers by name (<c>pc</c>, <c>sp</c>, <c>xpsr</c>): halts, reads, lets go.</summary>
    public async Task<IReadOnlyDictionary<string, uint>> ReadCoreRegistersAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        await using var core = await HaltAsync(cancellationToken);
        return await core.ReadRegistersAsync(names, cancellationToken);
    }

    /// <summary>Resets the board and lets it run. Never repeated: a second reset would be a second fact.</summary>
    public Task ResetAsync(ProbeReset reset, CancellationToken cancellationToken) =>
        OnceAsync(async pyOcd =>
        {
            var name = reset switch { ProbeReset.Pin => "hardware", ProbeReset.System => "sysresetreq", _ => "core" };
            (await pyOcd.RunAsync($"reset {name}", Timeouts.Reset, cancellationToken)).Expect("Resetting target");
            owesResume = false;
        }, cancellationToken);

    /// <summary>The work on the halted core is over. A session that is gone leaves it to the next one to let the core go.</summary>
    internal async ValueTask ReleaseAsync()
    {
        isHeld = false;
        if (!owesResume)
            return;
        await turn.WaitAsync(CancellationToken.None);
        try
        {
            if (session is { IsUsable: true } pyOcd)
                await LetGoAsync(pyOcd);
        }
        catch (ProbeException)
        {
            hasFailed = true;
            await DropAsync();
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task SettleCoreAsync(PyOcdSession pyOcd)
    {
        if (owesResume && !isHeld)
            await LetGoAsync(pyOcd);
        else if (isHeld)
            await StopAsync(pyOcd, Timeouts, CancellationToken.None);
    }

    internal static async Task StopAsync(PyOcdSession pyOcd, ProbeTimeouts timeouts, CancellationToken cancellationToken) =>
        (await pyOcd.RunAsync("halt", timeouts.Command, cancellationToken)).Expect("Successfully halted");

    /// <summary>Not to be cancelled: a core that stays halted makes every later step fail.</summary>
    private async Task LetGoAsync(PyOcdSession pyOcd)
    {
        (await pyOcd.RunAsync("go", Timeouts.Command, CancellationToken.None)).Expect(AfterGo);
        owesResume = false;
    }

    private async Task TryLetGoAsync()
    {
        try
        {
            using var deadline = new CancellationTokenSource(Timeouts.Start);
            await ConnectAsync(deadline.Token);
        }
        catch (Exception exception) when (exception is RigException or OperationCanceledException)
        {
            // The probe is gone; the next run's identification finds the halted core silent and resets it.
        }
    }
}
