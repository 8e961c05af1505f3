using System.Globalization;

namespace HilRig.Agent.Probe;

/// <summary>How the probe resets the board; pyOCD's names.</summary>
public enum ProbeReset
{
    /// <summary>AIRCR.SYSRESETREQ.</summary>
    System,

    /// <summary>The nRESET pin.</summary>
    Hardware,
}

/// <summary>Which memory the probe reads; HPROT of the AHB-AP decides.</summary>
public enum MemoryView
{
    /// <summary>Non-cacheable: the flash array.</summary>
    Array,

    /// <summary>Cacheable: what the core sees through its L1 D-cache.</summary>
    Core,
}

/// <summary>
/// A debug probe, by one long-lived pyOCD child. A session that failed is replaced before the next command;
/// only commands that read are repeated. One command at a time.
/// </summary>
public sealed class PyOcdProbe(string uid, string frequency) : IAsyncDisposable
{
    /// <summary>SCB CPUID: readable at any time, changes nothing.</summary>
    private const uint CpuId = 0xE000ED00;

    private const string MemoryFile = "memory.bin";

    private readonly SemaphoreSlim turn = new(1, 1);
    private PyOcdSession? session;
    private MemoryView? view;

    /// <summary>The core was halted and not yet let go: the next session owes it that, however the last one ended.</summary>
    private bool isHalted;

    public string Uid => uid;

    /// <summary>How many pyOCD processes were started in place of one that failed.</summary>
    public int Restarts { get; private set; }

    /// <summary>Connects now, so that a wrong uid is known before cycle 1.</summary>
    public Task ConnectAsync(CancellationToken cancellationToken) => OnceAsync(_ => Task.FromResult(true), cancellationToken);

    /// <summary>Reads <paramref name="length"/> bytes; the core runs on.</summary>
    public Task<byte[]> ReadMemoryAsync(uint address, int length, MemoryView view, CancellationToken cancellationToken) =>
        ReadingAsync(async pyOcd =>
        {
            await SelectAsync(pyOcd, view, cancellationToken);
            // By its bare name in pyOCD's own folder: a path with a space would be two arguments.
            var file = Path.Combine(pyOcd.WorkFolder, MemoryFile);
            File.Delete(file);
            await pyOcd.RunAsync($"savemem 0x{address:x8} 0x{length:x} {MemoryFile}", Policies.ProbeLongCommandDeadline, cancellationToken);
            var bytes = File.Exists(file) ? await File.ReadAllBytesAsync(file, cancellationToken) : [];
            return bytes.Length == length
                ? bytes
                : throw new ProbeException($"probe {uid}: read {bytes.Length} of {length} bytes at 0x{address:X8}", isWorthRestart: true);
        }, cancellationToken);

    /// <summary>Reads one aligned 32-bit word past the cache.</summary>
    public Task<uint> ReadWordAsync(uint address, CancellationToken cancellationToken) =>
        ReadingAsync(async pyOcd =>
        {
            await SelectAsync(pyOcd, MemoryView.Array, cancellationToken);
            var lines = await pyOcd.RunAsync($"read32 0x{address:x8}", Policies.ProbeCommandDeadline, cancellationToken);
            return ParseWord(lines, $"read32 0x{address:X8}");
        }, cancellationToken);

    /// <summary>Reads core registers by name (<c>pc</c>, <c>sp</c>, <c>xpsr</c>): halts, reads, lets go.</summary>
    public Task<IReadOnlyDictionary<string, uint>> ReadCoreRegistersAsync(IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        OnceAsync<IReadOnlyDictionary<string, uint>>(async pyOcd =>
        {
            isHalted = true;
            await pyOcd.RunAsync("halt", Policies.ProbeCommandDeadline, cancellationToken);
            try
            {
                var lines = await pyOcd.RunAsync("reg " + string.Join(' ', names), Policies.ProbeCommandDeadline, cancellationToken);
                return ParseRegisters(lines, names);
            }
            finally
            {
                if (pyOcd.IsUsable)
                    await LetGoAsync(pyOcd);
            }
        }, cancellationToken);

    /// <summary>Resets the board and lets it run. Never repeated: a second reset would be a second fact.</summary>
    public Task ResetAsync(ProbeReset reset, CancellationToken cancellationToken) =>
        OnceAsync(async pyOcd =>
        {
            var name = reset == ProbeReset.Hardware ? "hardware" : "sysresetreq";
            await pyOcd.RunAsync($"reset {name}", Policies.ProbeLongCommandDeadline, cancellationToken);
            return true;
        }, cancellationToken);

    /// <summary>
    /// The board lost power, and with it the debug port: powers the port up again in the running session
    /// by pyOCD's <c>initdp</c>, or begins a new one where that fails.
    /// </summary>
    public async Task ReviveAsync(CancellationToken cancellationToken)
    {
        view = null;
        try
        {
            await OnceAsync(async pyOcd =>
            {
                await pyOcd.RunAsync("initdp", Policies.ProbeLongCommandDeadline, cancellationToken);
                // pyOCD still believes in the AHB-AP's old CSW and would not write it again: two reads with different HPROT make it.
                foreach (var either in Enum.GetValues<MemoryView>())
                {
                    await SelectAsync(pyOcd, either, cancellationToken);
                    await pyOcd.RunAsync($"read32 0x{CpuId:x8}", Policies.ProbeCommandDeadline, cancellationToken);
                }
                return true;
            }, cancellationToken);
        }
        catch (ProbeException)
        {
            await ConnectAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (isHalted)
            await TryLetGoAsync();
        await DropAsync();
        turn.Dispose();
    }

    private Task<T> ReadingAsync<T>(Func<PyOcdSession, Task<T>> read, CancellationToken cancellationToken) =>
        Policies.ProbeRead.ExecuteAsync(async token => await OnceAsync(read, token), cancellationToken).AsTask();

    private async Task<T> OnceAsync<T>(Func<PyOcdSession, Task<T>> act, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            var pyOcd = await SessionAsync(cancellationToken);
            return await act(pyOcd);
        }
        catch (ProbeException exception) when (exception.IsWorthRestart)
        {
            Restarts++;
            await DropAsync();
            throw;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<PyOcdSession> SessionAsync(CancellationToken cancellationToken)
    {
        if (session is { IsUsable: true })
            return session;
        await DropAsync();
        session = await Policies.ProbeStart.ExecuteAsync(async token => await PyOcdSession.StartAsync(uid, frequency, token), cancellationToken);
        if (isHalted)
            await LetGoAsync(session);
        return session;
    }

    /// <summary>Not to be cancelled: a core that stays halted makes every later step fail.</summary>
    private async Task LetGoAsync(PyOcdSession pyOcd)
    {
        await pyOcd.RunAsync("go", Policies.ProbeCommandDeadline, CancellationToken.None);
        isHalted = false;
    }

    private async Task TryLetGoAsync()
    {
        try
        {
            using var deadline = new CancellationTokenSource(Policies.ProbeStartDeadline);
            await ConnectAsync(deadline.Token);
        }
        catch (Exception exception) when (exception is RigException or OperationCanceledException)
        {
            // The probe is gone; the next run's identification finds the halted core silent and resets it.
        }
    }

    /// <summary>Always said, since pyOCD's default differs by version (facts: 0.38 began to read through the cache).</summary>
    private async Task SelectAsync(PyOcdSession pyOcd, MemoryView wanted, CancellationToken cancellationToken)
    {
        if (view == wanted)
            return;
        view = null;
        await pyOcd.RunAsync(wanted == MemoryView.Core ? "set hprot 0xb" : "set hprot 0x3", Policies.ProbeCommandDeadline, cancellationToken);
        view = wanted;
    }

    private async Task DropAsync()
    {
        view = null;
        if (session is not { } old)
            return;
        session = null;
        await old.DisposeAsync();
    }

    /// <summary>A line reads <c>10000000:  20020000 10000411   | ... |</c>.</summary>
    private uint ParseWord(IReadOnlyList<string> lines, string command)
    {
        var text = lines.FirstOrDefault(line => line.Contains(':')) ?? "";
        var words = text[(text.IndexOf(':') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0 && uint.TryParse(words[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var word)
            ? word
            : throw new ProbeException($"probe {uid}: `{command}` gave `{text}`, expected a word in hex", isWorthRestart: true);
    }

    /// <summary>Lines read <c>pc: 0x10000410  (268436496)</c>, at times several to a line.</summary>
    private Dictionary<string, uint> ParseRegisters(IReadOnlyList<string> lines, IReadOnlyList<string> names)
    {
        var tokens = string.Join(' ', lines).Replace(":", " ", StringComparison.Ordinal).Replace("=", " ", StringComparison.Ordinal)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var values = new Dictionary<string, uint>();
        for (var index = 0; index + 1 < tokens.Length; index++)
        {
            if (names.Contains(tokens[index]) && Model.Sequences.Quantity.TryNumber(tokens[index + 1], out var value))
                values[tokens[index]] = value;
        }
        return values.Count == names.Count
            ? values
            : throw new ProbeException($"probe {uid}: `reg` gave `{string.Join(" / ", lines)}`, expected {string.Join(", ", names)}", isWorthRestart: true);
    }
}
