using NUnit.Framework;

namespace HilRig.Tests.Architecture;

/// <summary>An interface is worth its indirection with two implementations, or where it guards a boundary.</summary>
public class InterfaceTests
{
    /// <summary>Interfaces with one implementation, each with the boundary that it guards.</summary>
    private static readonly Dictionary<string, string> Boundaries = new()
    {
        ["ICampaignReader"] = "pages know the model and not the server that stores",
        ["IComparisonReader"] = "pages know the model and not the server that stores",
        ["INightReader"] = "pages know the model and not the server that stores",
        ["IRunReader"] = "pages know the model and not the server that stores",
        ["ISettingsReader"] = "pages know the model and not the server that stores",
        ["ISignOffReader"] = "pages know the model and not the server that stores",
        ["IRigHub`1"] = "the wire contract from agent to server; SignalR implements the far end",
        ["IAgentClient"] = "the wire contract from server to agent; SignalR implements the far end",
        ["IDebugTarget"] = "the debug port knows what a core offers, not which chip it is on",
        ["IFirmwareLoader"] = "the chip starts whatever lies in its flash and knows no bootloader",
        ["ILineFault"] = "the line's clock knows no fault",
        ["IOrderStore"] = "dispatch knows no SQL",
        ["IRunStore"] = "the hub knows no SQL",
    };

    private static readonly Type[] Types = [.. Repository.Products.SelectMany(assembly => assembly.GetTypes())];

    private static IEnumerable<Type> Interfaces => Types.Where(type => type is { IsInterface: true, IsNested: false });

    [Test]
    public void An_interface_has_two_implementations_or_guards_a_boundary() =>
        Assert.That(Interfaces.Where(type => Implementations(type) < 2 && !Boundaries.ContainsKey(type.Name)), Is.Empty);

    [Test]
    public void Every_boundary_named_here_exists() =>
        Assert.That(Boundaries.Keys, Is.SubsetOf(Interfaces.Select(type => type.Name)));

    private static int Implementations(Type contract) => Types.Count(type => type is { IsInterface: false, IsAbstract: false } && Implements(type, contract));

    private static bool Implements(Type type, Type contract) =>
        contract.IsAssignableFrom(type) || type.GetInterfaces().Any(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == contract);
}
