using HilRig.Agent.Bootloader.Recipes;
using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Running;
using HilRig.Model.Runs;

namespace HilRig.Agent.Steps;

/// <summary>The ways of updating that <see cref="UpdateRecipes"/> knows.</summary>
public enum Recipe
{
    /// <summary>Erase all segments, write all; one connection.</summary>
    KinetisFlashTool,

    /// <summary>The same, one connection a command.</summary>
    Blhost,

    /// <summary>One connection, and everything read back through the bootloader.</summary>
    Rig,
}

/// <summary>Writes the image in the way of a host tool. On an error nothing is reset: the board keeps the state that made it fail.</summary>
public sealed record UpdateStep(Recipe Recipe = Recipe.KinetisFlashTool) : IStep
{
    public IReadOnlyDictionary<string, string> Conditions => new Dictionary<string, string> { [ConditionVocabulary.Recipe] = RecipeName };

    private string RecipeName => KebabCase.From(Recipe.ToString());

    public string? Refuse(Place place, Image? image) => image is null ? "it needs an image; name one by --image or `image:`" : null;

    public IReadOnlyList<IntendedContent> Intends(Bench bench) => [.. bench.Image!.Segments.Select(IntendedContent.Of)];

    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        var image = bench.Image!;
        bench.Touched = new AddressRange(image.Start, image.End);
        bench.History.UpdateBegan();
        bench.Erased.Written(bench.Touched.Value.Outwards(bench.Board.Map.SectorSize));
        try
        {
            await UpdateRecipes.Find(RecipeName)!.RunAsync(bench.Bootloader, image, bench.Board.Map, cancellationToken);
        }
        catch (ReadBackException exception)
        {
            throw new DutFailureException(new Failure("compare-bootloader", "mismatch", "", exception.Message), exception.Address);
        }
        if (Recipe is Recipe.Rig)
            bench.History.CoreHasRead();
        bench.Measure("bytes", image.ByteCount);
        bench.Erased.Erased(bench.Touched.Value);
        bench.Erased.Written(bench.Touched.Value);
        bench.History.Left(FlashContent.Application);
    }
}
