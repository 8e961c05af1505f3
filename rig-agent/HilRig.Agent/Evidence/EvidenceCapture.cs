using System.Text;
using System.Text.Json;
using HilRig.Agent.Places;
using HilRig.Agent.Running;
using HilRig.Model.Runs;

namespace HilRig.Agent.Evidence;

/// <summary>
/// Captures what the board and the line look like at a failure, before any recovery. Order matters: first what is only
/// remembered, then what SWD reads while the core runs, then what halts it, last what makes the bootloader speak, because that
/// moves program counter, flash controller and cache. What is had is packed and written meanwhile, in order, by one task behind
/// the other. What cannot be had says why; capturing never throws.
/// </summary>
public sealed class EvidenceCapture(Bench bench, EvidenceStore store)
{
    private readonly List<Task<EvidenceItem>> items = [];
    private Task last = Task.CompletedTask;

    /// <summary>Why the probe, then the bootloader, need not be asked any more.</summary>
    private string? probeIsGone;
    private string? bootloaderIsSilent;

    /// <summary>Takes what is only remembered; touches no board.</summary>
    public void Remember(int cycle)
    {
        items.Clear();
        store.Begin(cycle);
        var trace = bench.Bootloader.Trace.Copy();
        Keep(EvidenceKinds.LinkTrace, "last packets on the line", () => (LinkEvidence.LastLines(trace), LinkEvidence.JsonLines(trace)));
        Keep(EvidenceKinds.LinkCapture, "the packets as pcapng", () => ("", LinkEvidence.Pcapng(trace)));
        Keep(EvidenceKinds.Claims, "what the bootloader was asked and what it claimed", () => LinkEvidence.Claims(trace));
        var acts = bench.Trace.Snapshot();
        Keep(EvidenceKinds.BenchTrace, "what probe and supply were told last", () => (BenchEvidence.LastLines(acts), BenchEvidence.JsonLines(acts)));
        Keep(EvidenceKinds.SerialCounters, "what was counted on the line", LinkEvidence.Counters(bench.Bootloader));
    }

    /// <summary>Takes the rest; answers all of it.</summary>
    /// <param name="suspect">Address at which the step saw something wrong; null where it named none.</param>
    public async Task<IReadOnlyList<EvidenceItem>> CaptureAsync(int index, WitnessReport witnesses, uint? suspect, CancellationToken cancellationToken)
    {
        probeIsGone = witnesses.Core != CoreState.Unknown ? null : $"not asked for: {witnesses.Probe}";
        bootloaderIsSilent = witnesses.Core is CoreState.Stuck or CoreState.LockedUp or CoreState.ResetLoop or CoreState.HeldInReset ? $"not asked for: {witnesses.Probe}" : null;
        KeepWitnesses(witnesses);

        SwdViews? swd = null;
        var where = bench.Touched is { } range ? $"flash {range}, vectors, BCA and FCF" : "vectors, BCA and FCF";
        var failure = await AttemptAsync(async () => swd = await ThreeViews.ReadAsync(bench, cancellationToken), () => probeIsGone, cancellationToken);
        await TakeOverSwdAsync(EvidenceKinds.Registers, "registers over SWD", () => CoreEvidence.ReadRegistersAsync(bench, cancellationToken), cancellationToken);
        await TakeOverSwdAsync(EvidenceKinds.CoreRegisters, "registers of the halted core", () => CoreEvidence.ReadCoreAsync(bench, cancellationToken), cancellationToken);

        if (swd is null)
            Miss(EvidenceKinds.Views, $"{where} as array, core and bootloader see it", failure);
        else
            await TakeViewsAsync(swd, where, suspect, cancellationToken);
        await TakePropertiesAsync(cancellationToken);
        var kept = await Task.WhenAll(items);
        store.Index(index, kept);
        return kept;
    }

    private void KeepWitnesses(WitnessReport witnesses)
    {
        Keep(EvidenceKinds.Witnesses, "what the witnesses say", witnesses.InWords);
        if (witnesses.Volts is { } volts)
            Keep(EvidenceKinds.Supply, "supply", FormattableString.Invariant($"{volts:0.000} V"));
        else
            Miss(EvidenceKinds.Supply, "supply", witnesses.Supply);
        if (witnesses.Mdm is { } status)
            Keep(EvidenceKinds.DebugPort, "MDM-AP status", status.ToString());
        else
            Miss(EvidenceKinds.DebugPort, "MDM-AP status", witnesses.MdmSilence);
    }

    private Task TakeOverSwdAsync(string kind, string title, Func<Task<string>> take, CancellationToken cancellationToken) =>
        TakeAsync(kind, title, take, () => probeIsGone, cancellationToken);

    private async Task TakeViewsAsync(SwdViews swd, string where, uint? suspect, CancellationToken cancellationToken)
    {
        var (page, whole, silence) = await ThreeViews.AskBootloaderAsync(bench, swd, suspect, bootloaderIsSilent, cancellationToken);
        bootloaderIsSilent = silence;
        Keep(EvidenceKinds.Views, $"{where} as array, core and bootloader see it{swd.Limit}", () => (Json(page), Encoding.UTF8.GetBytes(Json(whole))));
    }

    private async Task TakePropertiesAsync(CancellationToken cancellationToken)
    {
        var text = new StringWriter();
        var failure = await AttemptAsync(() => Bootloader.KbootInfo.PrintAsync(bench.Bootloader, text, cancellationToken), () => bootloaderIsSilent, cancellationToken);
        if (text.ToString() is { Length: > 0 } said)
            Keep(EvidenceKinds.Properties, failure is null ? "properties" : $"properties, broken off: {failure}", said.TrimEnd());
        else
            Miss(EvidenceKinds.Properties, "properties", failure);
    }

    private async Task TakeAsync(string kind, string title, Func<Task<string>> take, Func<string?> refuse, CancellationToken cancellationToken)
    {
        var text = "";
        if (await AttemptAsync(async () => text = await take(), refuse, cancellationToken) is { } failure)
            Miss(kind, title, failure);
        else
            Keep(kind, title, text);
    }

    /// <summary>Null where it went well, else why not. A probe that failed once is not asked again: each question would wait for it.</summary>
    private async Task<string?> AttemptAsync(Func<Task> take, Func<string?> refuse, CancellationToken cancellationToken)
    {
        if (refuse() is { } refusal)
            return refusal;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            await take();
            return null;
        }
        catch (OperationCanceledException)
        {
            return $"not to be had within the {Policies.EvidenceDeadline.TotalSeconds:0} s that evidence may take";
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            if (exception is Probe.ProbeException)
                probeIsGone = exception.Message;
            return exception.Message;
        }
    }

    private void Keep(string kind, string title, string text) => Keep(kind, title, () => (text, Encoding.UTF8.GetBytes(text)));

    private void Keep(string kind, string title, Func<(string Page, byte[] Whole)> compose)
    {
        var before = last;
        var kept = Task.Run(async () =>
        {
            await before;
            var (page, whole) = compose();
            return store.Keep(new EvidenceItem(kind, title, page, null), whole);
        });
        items.Add(kept);
        last = kept;
    }

    private void Miss(string kind, string title, string? why) => items.Add(Task.FromResult(new EvidenceItem(kind, title, "", why)));

    private static string Json(MemoryViews views) => JsonSerializer.Serialize(views, RunJson.Options);
}
