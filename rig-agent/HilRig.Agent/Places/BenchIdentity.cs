using System.Security.Cryptography;
using HilRig.Agent.Bootloader;
using HilRig.Agent.Probe;
using HilRig.Agent.Running;
using HilRig.Kboot;

namespace HilRig.Agent.Places;

/// <param name="BoardId">The chip's unique id in hex.</param>
/// <param name="BootloaderVersion">Property 0x01, for example <c>K2.0.0</c>.</param>
/// <param name="BootloaderDigest">SHA-256 of the reserved flash region as SWD reads it: tells releases of one version apart.</param>
public sealed record BoardIdentity(string BoardId, string BootloaderVersion, string BootloaderDigest);

/// <summary>Makes sure that serial port and probe lead to the same board, before anything is changed on it.</summary>
public static class BenchIdentity
{
    public static async Task<BoardIdentity> IdentifyAsync(this Bench bench, CancellationToken cancellationToken)
    {
        await ResetWitness.NoteAsync(bench, cancellationToken);
        await ReachBootloaderAsync(bench, cancellationToken);
        var claimed = string.Concat((await bench.Bootloader.GetPropertyAsync(PropertyTag.UniqueDeviceId, 0, cancellationToken)).Select(word => $"{word:X8}"));
        var seen = "";
        foreach (var address in bench.Board.UniqueId)
            seen += $"{await bench.Probe.ReadWordAsync(address, cancellationToken):X8}";
        if (claimed != seen)
            throw new RigException("probe", $"place {bench.Place.Name}: {bench.Place.SerialDevice} leads to the board {claimed}, probe {bench.Place.Probe.Uid} to the board {seen}; swap the cables or mend the places file");

        bench.BoardId = seen;
        var version = new VersionWord((await bench.Bootloader.GetPropertyAsync(PropertyTag.BootloaderVersion, 0, cancellationToken))[0]);
        var image = await bench.Probe.ReadMemoryAsync(bench.Board.Map.Bootloader.Start, (int)bench.Board.Map.Bootloader.Size, MemoryView.Array, cancellationToken);
        bench.Configuration = await bench.Probe.ReadMemoryAsync(bench.Board.Map.ConfigurationField.Start, (int)bench.Board.Map.ConfigurationField.Size, MemoryView.Array, cancellationToken);
        await ResetWitness.NoteAsync(bench, cancellationToken);
        return new BoardIdentity(claimed, version.ToString(), Convert.ToHexStringLower(SHA256.HashData(image)));
    }

    /// <summary>A ping touches nothing; only a board that does not answer it is asked for its bootloader, or reset.</summary>
    private static async Task ReachBootloaderAsync(Bench bench, CancellationToken cancellationToken)
    {
        try
        {
            await bench.Bootloader.ResynchroniseAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is LinkSilenceException or LinkProtocolException)
        {
            if (bench.Place.Entry == BootloaderEntry.Application)
                await bench.EnterBootloaderAsync(cancellationToken);
            else
                await bench.ResetAsync(ResetKind.Probe, cancellationToken);
        }
    }
}
