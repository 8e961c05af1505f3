using HilRig.Agent.Bootloader;
using HilRig.Agent.Places;
using HilRig.Agent.Probe;

namespace HilRig.Agent.Steps;

/// <summary>What becomes of a bootloader that lies in the flash it erases.</summary>
public enum BootloaderFate
{
    Erased,
}

/// <summary>
/// FlashEraseAllUnsecure: all flash, a bootloader in it too, which then says nothing any more; SWD says that it did. The argument is
/// there so that nobody loses a bootloader by the name of a step alone.
/// </summary>
public sealed record EraseAllUnsecureStep(BootloaderFate Bootloader) : IStep
{
    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        bench.Touched = bench.Board.Map.Flash;
        bench.History.MassErased();
        try
        {
            await bench.Bootloader.FlashEraseAllUnsecureAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            bench.History.Left(FlashContent.Partial);
            if (exception is not LinkSilenceException || !await IsBootloaderErasedAsync(bench, cancellationToken))
                throw;
            bench.History.Left(FlashContent.Blank);
        }
        // Its security byte is another one now, as it was told.
        bench.Configuration = null;
    }

    private static async Task<bool> IsBootloaderErasedAsync(Bench bench, CancellationToken cancellationToken)
    {
        var map = bench.Board.Map;
        var vectors = await bench.Probe.ReadMemoryAsync(map.Bootloader.Start, (int)(map.ConfigurationField.Start - map.Bootloader.Start), MemoryView.Array, cancellationToken);
        return !vectors.AsSpan().ContainsAnyExcept((byte)0xFF);
    }
}
