using System.CommandLine;
using HilRig.Model;
using HilRig.Model.Runs;

namespace HilRig.Cli.Investigations;

/// <summary>What experiments on boards have in common on the command line.</summary>
internal sealed class ExperimentOptions(string budgetDescription, int budget)
{
    private readonly Option<string[]> place = new("--place") { Description = "Place to run on; several run at the same time", Required = true, AllowMultipleArgumentsPerToken = true };
    private readonly Option<string> places = new("--places") { Description = "The places file", DefaultValueFactory = _ => "places.yaml" };
    private readonly Option<string?> image = new("--image") { Description = "What updates write" };
    private readonly Option<int> mostCycles = new("--budget") { Description = budgetDescription, DefaultValueFactory = _ => budget };
    private readonly Option<string?> fingerprint = new("--fingerprint") { Description = "The failure in question (f1/step/operation/code); any of the product's where not given" };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { place, places, image, mostCycles, fingerprint })
            command.Add(option);
    }

    public int BudgetOf(ParseResult parsed) => parsed.GetValue(mostCycles) is >= 2 and var cycles ? cycles : throw new BadInputException("--budget must be 2 or more cycles");

    public Fingerprint? FingerprintOf(ParseResult parsed) => parsed.GetValue(fingerprint) is { } key ? Parse(key) : null;

    /// <summary>Gives the boards a folder for as long as the experiment takes.</summary>
    public async Task<int> WithBoardsAsync(ParseResult parsed, Func<Boards, Task<int>> experiment)
    {
        var folder = Directory.CreateTempSubdirectory("hilrig-experiment-").FullName;
        try
        {
            return await experiment(new Boards(parsed.GetRequiredValue(places), parsed.GetRequiredValue(place), parsed.GetValue(image), folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static Fingerprint Parse(string key) =>
        key.Split('/') is ["f1", var step, var operation, var code]
            ? new Fingerprint(step, operation, code, "")
            : throw new BadInputException($"--fingerprint must be f1/step/operation/code, not `{key}`");
}
