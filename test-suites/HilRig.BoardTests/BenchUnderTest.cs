using HilRig.Agent.Places;
using NUnit.Framework;

namespace HilRig.BoardTests;

/// <summary>
/// The place that all sequences run on: <c>HILRIG_PLACE</c> of the file <c>HILRIG_PLACES</c>, or a healthy virtual board as a process.
/// </summary>
[SetUpFixture]
public sealed class BenchUnderTest
{
    private static VirtualBoardProcess? board;

    public static Place Place { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task Find()
    {
        var name = Environment.GetEnvironmentVariable("HILRIG_PLACE");
        var file = Environment.GetEnvironmentVariable("HILRIG_PLACES");
        if (name is null != file is null)
            throw new InvalidOperationException($"HILRIG_PLACE is `{name}` and HILRIG_PLACES is `{file}`: a bench needs both, the name of a place and the file that it stands in; without both a virtual board is used");
        if (file is null)
        {
            board = await VirtualBoardProcess.StartAsync();
            (name, file) = (VirtualBoardProcess.Name, board.PlacesFile);
        }
        var places = PlacesFile.Load(file);
        Place = places.FirstOrDefault(place => place.Name == name)
            ?? throw new InvalidOperationException($"HILRIG_PLACE: {file} has no place `{name}`; it has {string.Join(", ", places.Select(place => place.Name))}");
    }

    [OneTimeTearDown]
    public void End() => board?.Dispose();
}
