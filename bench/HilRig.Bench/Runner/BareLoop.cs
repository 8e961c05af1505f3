using System.Diagnostics;
using HilRig.Agent.Bootloader;
using HilRig.Agent.Bootloader.Recipes;
using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Power;
using HilRig.Agent.Probe;
using HilRig.Agent.Serial;
using HilRig.Agent.Steps;
using HilRig.Model.Sequences;

namespace HilRig.Bench.Runner;

/// <summary>
/// The bare protocol: what the steps say to bootloader, debug port and supply, on connections that are open already, and nothing else: no
/// runner, no journal, no conditions, no witness.
/// </summary>
internal sealed class BareLoop(Place place, ReUpdate story) : IAsyncDisposable
{
    private readonly Image image = story.ImageOn(place);
    private readonly BootloaderClient client = new(SerialLinks.Open(place.SerialDevice, place.Baud, place.SerialDriver), new BootloaderTimeouts(), TimeProvider.System);
    private readonly PyOcdProbe probe = new(place.Probe);
    private BoardPower? power;
    private bool isBlank;

    /// <summary>Seconds for the cycles, setup and connecting not counted.</summary>
    public async Task<double> RunAsync(int cycles, CancellationToken cancellationToken)
    {
        await probe.ConnectAsync(cancellationToken);
        power = new BoardPower(place.Name, new ScpiSupply(place.Name, place.Power!.ScpiAddress!), probe, TimeProvider.System);
        foreach (var call in story.Setup())
            await DoAsync(call, cancellationToken);
        var began = Stopwatch.GetTimestamp();
        for (var cycle = 1; cycle <= cycles; cycle++)
        {
            foreach (var call in story.Cycle(cycle))
                await DoAsync(call, cancellationToken);
        }
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        await probe.DisposeAsync();
        await client.DisposeAsync();
    }

    private async Task DoAsync(StepCall call, CancellationToken cancellationToken)
    {
        var map = place.Board.Map;
        switch (StepBinder.Bind(call).Step)
        {
            case ResetStep reset:
                await ResetAsync(reset.By, cancellationToken);
                await EnterAsync(cancellationToken);
                break;
            case EraseAllStep:
                await client.FlashEraseAllAsync(cancellationToken);
                isBlank = true;
                break;
            case EraseRegionStep:
                await client.FlashEraseRegionAsync(image.Start, map.RoundUpToSector((uint)(image.End - image.Start)), cancellationToken);
                isBlank = true;
                break;
            case UpdateStep:
                await new KinetisFlashToolRecipe().RunAsync(client, image, map, cancellationToken);
                isBlank = false;
                break;
            case VerifyStep { By: Viewer.Swd }:
                var bytes = image.Segments[0].Bytes;
                var seen = await probe.ReadMemoryAsync(image.Start, bytes.Length, MemoryView.Array, cancellationToken);
                if (!(isBlank ? seen.All(value => value == 0xFF) : bytes.Span.SequenceEqual(seen)))
                    throw new InvalidOperationException("a healthy board does not hold what was written");
                break;
            default:
                throw new InvalidOperationException($"re-update has a step that this loop does not know: {call.Name}");
        }
    }

    private async Task ResetAsync(ResetKind kind, CancellationToken cancellationToken)
    {
        switch (kind)
        {
            case ResetKind.Bootloader:
                await client.ResetAsync(cancellationToken);
                break;
            case ResetKind.Probe:
                await probe.ResetAsync(ProbeReset.System, cancellationToken);
                break;
            default:
                await power!.CutAsync(cancellationToken);
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
                await power.RestoreAsync(cancellationToken);
                await probe.ReviveAsync(cancellationToken);
                break;
        }
    }

    private async Task EnterAsync(CancellationToken cancellationToken)
    {
        for (var left = 9; ; left--)
        {
            try
            {
                await client.PingAsync(cancellationToken);
                return;
            }
            catch (Exception exception) when (left > 0 && exception is LinkSilenceException or LinkProtocolException)
            {
                // It is still starting.
            }
        }
    }
}
