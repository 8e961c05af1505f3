namespace HilRig.Bench.Corpus;

/// <summary>Somebody else fills the disk that the journal is on, at a random moment of the run, as far as the room that the agent keeps.</summary>
internal static class DiskFiller
{
    private const long Filling = 48L << 20;

    public static Trial Draw(Random random)
    {
        var moment = random.Next(100, 1500);
        return Trial.OfNight(random) with
        {
            Cycles = 60,
            Plan = plan => plan with { Data = plan.Data with { KeepFree = new DriveInfo(plan.Data.Path).AvailableFreeSpace - (Filling / 2) } },
            Meanwhile = async (bench, cancellationToken) =>
            {
                await Task.Delay(moment, cancellationToken);
                var bytes = new byte[Filling];
                Random.Shared.NextBytes(bytes);
                await File.WriteAllBytesAsync(Path.Combine(bench.Folder, "filling"), bytes, cancellationToken);
            },
        };
    }
}
